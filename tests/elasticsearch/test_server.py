"""The tool that the other tests stand on: fetching, starting, and above all leaving nothing behind."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.elasticsearch import guard, server
from tests.elasticsearch.node import Cluster

ROOT = Path(__file__).parents[2]


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("sonarqube-1/elasticsearch/config/elasticsearch.yml", "a: 1\n")
        packed.writestr("sonarqube-1/elasticsearch/lib/deep/one.jar", "jar")
        packed.writestr("sonarqube-1/lib/elasticsearch/other.jar", "not the server's")
        packed.writestr("sonarqube-1/web/index.html", "not the server's")


def _maven_that_fetches(folder: Path, archive: Path) -> None:
    """A program named mvn that puts our archive where Maven would."""
    script = folder / "mvn"
    target = "org/example/server/1/server-1.zip"
    script.write_text(
        f'#!/bin/sh\nfor a in "$@"; do case $a in -Dmaven.repo.local=*) repo=${{a#*=}};; esac; done\n'
        f'mkdir -p "$repo/$(dirname {target})" && cp {archive} "$repo/{target}"\n'
    )
    script.chmod(0o755)


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> server.Release:
    archive = tmp_path / "a.zip"
    _archive(archive)
    (tmp_path / "bin").mkdir()
    _maven_that_fetches(tmp_path / "bin", archive)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("ONRECORD_TEST_CACHE", str(tmp_path / "cache"))
    return server.Release("1", "org.example:server:1:zip", hashlib.sha256(archive.read_bytes()).hexdigest(), 17)


def test_only_the_servers_own_folder_is_unpacked_and_the_archive_is_not_kept(release: server.Release) -> None:
    home = server.server_home(release)
    files = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
    assert files == ["config/elasticsearch.yml", "lib/deep/one.jar"]
    assert not (home.parent / "maven").exists()


def test_a_server_in_the_cache_is_not_fetched_again(release: server.Release, monkeypatch: pytest.MonkeyPatch) -> None:
    home = server.server_home(release)
    monkeypatch.setenv("PATH", "/nowhere")
    assert server.server_home(release) == home


def test_an_archive_with_another_checksum_is_refused_and_nothing_is_unpacked(release: server.Release) -> None:
    other = server.Release("1", release.archive, "0" * 64, 17)
    with pytest.raises(server.ServerUnavailableError, match="sha256"):
        server.server_home(other)
    assert not (server.cache_folder() / "elasticsearch-1").exists()


def test_without_maven_the_reason_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ONRECORD_TEST_CACHE", str(tmp_path / "cache"))
    with pytest.raises(server.ServerUnavailableError, match="Maven"):
        server.server_home(server.RELEASES["9.4"])


def test_a_java_too_old_is_named_with_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "old/bin/java"
    java.parent.mkdir(parents=True)
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_99\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    impossible = server.Release("1", "a:b:1:zip", "", 999)
    with pytest.raises(server.ServerUnavailableError, match=r"Java 999 or later; found: .*old \(8\)"):
        server.java_home(impossible)


def test_the_version_asked_for_must_be_one_we_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_TEST_ELASTICSEARCH_VERSION", "7.17")
    with pytest.raises(ValueError, match=r"7\.17"):
        server.chosen_release()


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_missing_server_fails_in_ci_and_is_a_loud_skip_on_a_laptop(tmp_path: Path, ci: str) -> None:
    """Run on a machine without Maven and with an empty cache."""
    test = "tests/elasticsearch/test_node.py::test_the_node_is_the_version_that_was_asked_for"
    environment = {"PATH": "/nowhere", "ONRECORD_TEST_CACHE": str(tmp_path), "HOME": str(tmp_path), "CI": ci}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == (1 if ci else 0), ran.stdout
    assert ("Elasticsearch is required in CI" if ci else "ELASTICSEARCH WAS NOT TESTED") in ran.stdout


def _gone(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _wait_until(true: object) -> None:
    deadline = time.monotonic() + 30
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


_SLEEPER = """
import subprocess, sys
from pathlib import Path
from tests.elasticsearch import guard
folder = Path(sys.argv[1])
(folder / "node-1").mkdir(parents=True)
watch = guard.start(folder)
code = "import time; time.sleep(600)"
node = subprocess.Popen([sys.executable, "-c", code, str(folder)], start_new_session=True)
(folder / "node-1/pid").write_text(str(node.pid))
print(node.pid, watch.pid, flush=True)
node.wait()
"""


def _start_run(folder: Path) -> tuple[subprocess.Popen[str], int, int]:
    run = subprocess.Popen([sys.executable, "-c", _SLEEPER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    with run.stdout:
        node, watch = map(int, run.stdout.readline().split())
    return run, node, watch


def test_nodes_end_with_the_tests_even_when_those_are_killed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run, node, _ = _start_run(folder)
    run.send_signal(signal.SIGKILL)
    run.wait()
    _wait_until(lambda: _gone(node) and not folder.exists())


def test_a_run_that_lost_its_guard_too_is_reaped_by_the_next_one(tmp_path: Path) -> None:
    folder = tmp_path / "runs/one"
    run, node, watch = _start_run(folder)
    os.kill(watch, signal.SIGKILL)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert not _gone(node)
    _wait_until(lambda: guard.reap(tmp_path / "runs") == 1)
    _wait_until(lambda: _gone(node))
    assert not folder.exists()


def test_a_run_that_still_goes_on_is_not_reaped(tmp_path: Path) -> None:
    folder = tmp_path / "runs/one"
    run, node, _ = _start_run(folder)
    assert guard.reap(tmp_path / "runs") == 0
    assert not _gone(node)
    run.kill()
    run.wait()
    _wait_until(lambda: _gone(node))


def test_a_process_that_took_over_an_old_id_is_left_alone(tmp_path: Path) -> None:
    """The pid file of a run long dead may name a process that is not ours any more."""
    (tmp_path / "runs/one/node-1").mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True) as other:
        (tmp_path / "runs/one/node-1/pid").write_text(str(other.pid))
        assert guard.reap(tmp_path / "runs") == 0
        assert other.poll() is None
        other.kill()
    assert not (tmp_path / "runs/one").exists()


@pytest.mark.elasticsearch
def test_nothing_of_the_server_belongs_to_root(elasticsearch_node: Cluster) -> None:
    owner = (elasticsearch_node.nodes[0].folder / "data").stat().st_uid
    assert owner != 0
