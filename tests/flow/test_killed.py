"""An index run that is killed at any moment and started again loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from engine.errors import OnRecordError
from engine.stores.embedded import open_embedded
from tests.builders import write_news
from tests.live import ROOT, command, environment, run

ARTICLES = 80
BY_RULES = ("--attribution", "rules")
"""The means does not matter here, and this one is quickest."""
PATIENCE = 120.0


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_news(tmp_path_factory.mktemp("news") / "news.jsonl", range(ARTICLES))


@pytest.fixture(scope="module")
def whole(news: Path) -> str:
    """The export of a run that nobody disturbed."""
    store = f"sqlite:{news.parent}/whole.sqlite"
    assert run("index", str(news), "--store", store, "--workers", "1", *BY_RULES).returncode == 0
    return run("export", "--store", store).stdout


def stored(path: Path) -> int:
    """Articles that another process would find there now."""
    if not path.exists():
        return -1
    try:
        store = open_embedded(path, create=False)
    except OnRecordError:  # half-made: no schema yet
        return -1
    try:
        return store.counts().articles
    finally:
        store.close()


def workers_of(pid: int) -> list[int]:
    """Processes whose parent is this one (Linux)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def started(news: Path, path: Path, workers: str) -> subprocess.Popen[bytes]:
    arguments = ("index", str(news), "--store", f"sqlite:{path}", "--workers", workers, *BY_RULES)
    return subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=ROOT
    )


def wait_for(path: Path, articles: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while stored(path) < articles and process.poll() is None:
        assert time.monotonic() < deadline, "the run never came so far"
        time.sleep(0.002)


@pytest.mark.parametrize(
    ("after", "workers"),
    [(-1, "1"), (0, "1"), (1, "1"), (30, "1"), (60, "1"), (1, "2"), (40, "2")],
    ids=["before-the-file", "at-the-empty-file", "first", "third", "late", "first-of-workers", "half-of-workers"],
)
def test_a_killed_run_started_again_gives_the_archive_of_an_undisturbed_one(
    news: Path, whole: str, tmp_path: Path, after: int, workers: str
) -> None:
    path = tmp_path / "archive.sqlite"
    process = started(news, path, workers)
    wait_for(path, after, process)
    children = workers_of(process.pid)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    kept = stored(path)
    assert kept <= ARTICLES
    deadline = time.monotonic() + PATIENCE
    while not all(gone(child) for child in children):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.05)
    again = run("index", str(news), "--store", f"sqlite:{path}", "--workers", "1", "--json", *BY_RULES)
    assert again.returncode == 0, again.stderr
    assert f'"articles": {ARTICLES}, "added": {ARTICLES - max(kept, 0)}, "unchanged": {max(kept, 0)}' in again.stdout
    assert run("export", "--store", f"sqlite:{path}").stdout == whole


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_stop_reports_what_it_kept(news: Path, tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "archive.sqlite"
    process = started(news, path, "2")
    wait_for(path, 1, process)
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=60)
    kept = stored(path)
    if process.returncode == 0:
        assert kept == ARTICLES  # it was done before the signal came
        return
    assert process.returncode == 130
    assert f"{kept:,} new".encode() in out
    assert b"goes on from there" in err
    assert b"Traceback" not in err
