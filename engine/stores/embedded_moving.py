"""How one file of the embedded store takes another's place while others have it open.

The rebuilder alone holds a lock (flock on a file beside the store, which a killed process lets go). At the end the old
file is marked as closed, so that whoever waited to write into it is refused rather than lost; then its log is emptied
and the new file renamed over it. Were the rebuilder killed between the two, the next writer finds the lock free and
takes the mark away.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from engine.errors import StoreConflictError, StoreError
from engine.stores.embedded_connections import MIGRATING, translated
from engine.stores.embedded_schema import CLOSED


def new_file_of(path: Path) -> Path:
    return path.with_name(path.name + MIGRATING)


@contextlib.contextmanager
def only_rebuilder(path: Path) -> Iterator[None]:
    """Raises StoreConflictError where another process rebuilds the store."""
    import fcntl  # Unix only

    lock = path.with_name(path.name + MIGRATING + ".lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"{lock} cannot be made: {error.strerror}") from error
    try:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who held it before may have removed it meanwhile: then this lock keeps nobody out.
            if lock.exists() and lock.stat().st_ino == os.fstat(handle).st_ino:
                try:
                    yield
                finally:
                    lock.unlink(missing_ok=True)
                return
        raise StoreConflictError(f"{path} is being rebuilt by onrecord migrate; try again when that is done")
    finally:
        os.close(handle)


def close_to_writers(lock: sqlite3.Connection, path: Path) -> None:
    """Ends the write transaction of `lock`; afterwards the file has no log, and nobody writes into it."""
    with translated(path):
        lock.execute("INSERT INTO store VALUES (?, 'by onrecord migrate')", (CLOSED,))
        lock.execute("COMMIT")
        (busy, _, _) = lock.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreConflictError(f"{path} is being read by a long search; run onrecord migrate once more")


def open_to_writers(connection: sqlite3.Connection) -> None:
    """Only for the rebuilder itself, and for whoever knows that it is dead."""
    connection.execute("DELETE FROM store WHERE key = ?", (CLOSED,))


def reopen_if_abandoned(connection: sqlite3.Connection, path: Path) -> None:
    """Before writing. Raises StoreConflictError where the rebuilder lives."""
    with translated(path):
        if connection.execute("SELECT 1 FROM store WHERE key = ?", (CLOSED,)).fetchone():
            with only_rebuilder(path):
                open_to_writers(connection)


def take_place(new: Path, path: Path) -> None:
    """Durable when it returns. The new file has no log, and a log left here would be taken for its own."""
    _synced(new)
    remove_log(path)
    os.replace(new, path)
    _synced(path.parent)


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_store(path: Path) -> None:
    path.unlink(missing_ok=True)
    remove_log(path)


def remove_log(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
