"""Sees to it that no server outlives the tests, however they end.

`Run` owns a folder of nodes. A guard process holds the reading end of a pipe whose writing end only the tests hold:
when they end, in order or killed, the guard reads the end of file, kills the nodes' process groups and removes the
folder. Both hold a lock on the folder; a folder whose lock is free was left by a guard that died too (a power cut), and
the next run reaps it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

STOP_SECONDS = 10.0
"""How long a node may take to close in order before it is killed."""


def kill_group(pid: int, *, how: signal.Signals = signal.SIGKILL) -> None:
    """Signal a node's process group; one that is gone already is fine."""
    try:
        os.killpg(pid, how)
    except (ProcessLookupError, PermissionError):
        return


def _is_node_of(pid: int, folder: Path) -> bool:
    """Whether this process is still the one we started there: process ids are used again."""
    said = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(folder) in said.stdout


def clear(folder: Path) -> int:
    """Kill what still runs of a folder and remove it; how many nodes had to be killed."""
    killed = 0
    for file in folder.glob("*/pid"):
        pid = int(file.read_text() or 0)
        if pid and _is_node_of(pid, folder):
            kill_group(pid)
            killed += 1
    for _ in range(50):  # a killed server may still be closing files for a moment
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.1)
    return killed


def reap(runs: Path) -> int:
    """Clear the folders that nobody guards any more; how many nodes had to be killed."""
    killed = 0
    for folder in sorted(runs.glob("*/")) if runs.is_dir() else ():
        try:
            with (folder / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                killed += clear(folder)
        except (BlockingIOError, FileNotFoundError):
            continue
    return killed


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the guard of a folder; closing its stdin ends the run. The caller holds the lock of the folder's maker."""
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o644)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock, True)
    command = [sys.executable, str(Path(__file__).resolve()), str(folder)]
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=(lock,), start_new_session=True, cwd="/")
    os.close(lock)  # the guard's own copy keeps the lock
    return guard


def stop(guard: subprocess.Popen[bytes]) -> None:
    assert guard.stdin is not None
    guard.stdin.close()
    guard.wait(timeout=60)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    clear(Path(sys.argv[1]))
