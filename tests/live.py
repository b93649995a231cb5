"""The real thing: the command line as a subprocess, the service as a live server on a free loopback port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
Result = subprocess.CompletedProcess[str]
Command = Callable[..., Result]
PATIENCE = 600.0
"""Seconds before a command is given up: far above what it takes, for a machine that is busy with other things."""


def environment(**more: str) -> dict[str, str]:
    """A clean one: no setting of the developer's reaches the tests."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ONRECORD_", "NO_COLOR", "COLUMNS"))
    }
    return kept | {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"} | more


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "api.cli", *arguments]


def run(*arguments: str, stdin: str | bytes | None = None, cwd: Path | None = None, **more: str) -> Result:
    raw = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        command(*arguments),
        input=raw,
        capture_output=True,
        env=environment(**more),
        cwd=cwd,
        timeout=PATIENCE,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The url of a store that holds the bundled sample; tests may read it and not write."""
    url = f"sqlite:{tmp_path_factory.mktemp('sample store')}/archive.sqlite"
    done = run("index", str(ROOT / "api" / "sample" / "articles"), "--store", url)
    assert done.returncode == 0, done.stderr
    return url


@pytest.fixture
def onrecord(tmp_path: Path) -> Command:
    """Runs the command with a store of the test's own."""

    def onrecord(*arguments: str, **more: Any) -> Result:
        return run(*arguments, **{"ONRECORD_STORE": f"sqlite:{tmp_path}/archive.sqlite", "cwd": tmp_path} | more)

    return onrecord


class Service:
    """A server of this run's own."""

    def __init__(self, store: str, log: Path, **more: str) -> None:
        self._log = open(log, "w+", encoding="utf-8")  # noqa: SIM115
        self.process = subprocess.Popen(
            command("serve", "--port", "0", "--store", store), stdout=subprocess.PIPE, stderr=self._log, text=True,
            env=environment(**more),
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "http://127.0.0.1:" in line, self.log()
        self.url = line.split()[2].rstrip("/")
        self.client = httpx.Client(base_url=self.url, timeout=60)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self.client.get("/healthz")
                return
            except httpx.TransportError:
                assert time.monotonic() < deadline, self.log()
                time.sleep(0.05)

    def log(self) -> str:
        self._log.flush()
        return Path(self._log.name).read_text(encoding="utf-8")

    def stop(self) -> int:
        self.client.close()
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()
        return code


@pytest.fixture(scope="session")
def service(sample_store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(sample_store, tmp_path_factory.mktemp("service") / "log")
    yield service
    service.stop()


@pytest.fixture(scope="session")
def client(service: Service) -> httpx.Client:
    return service.client
