"""Connections to the embedded store's file: one a thread, every foreign error in our words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import StoreConflictError, StoreError, StoreUnavailableError
from engine.stores.embedded_schema import create_or_check

BUSY_SECONDS = 30.0
"""How long a writer waits for another to finish an article before it gives up."""
CACHE_KIB = 64 * 1024


class Connections:
    """Opens the file, checks it, and hands every thread its own connection."""

    def __init__(self, path: Path, *, create: bool, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, sqlite3.Connection] = {}
        self._closed = False
        self._readonly = False
        if not path.exists():
            self._make(path, create)
        with translated(path):
            try:
                create_or_check(self.get(), str(path))
            except sqlite3.OperationalError as error:
                if "readonly" not in str(error) and "unable to open" not in str(error):
                    raise
                self.close()
                self._closed, self._readonly = False, True
                create_or_check(self.get(), str(path))

    @staticmethod
    def _make(path: Path, create: bool) -> None:
        if not create:
            raise StoreUnavailableError(f"there is no store at {path}; index something first: onrecord index PATH")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the folder of the store cannot be made: {path.parent}: {error.strerror}") from error

    def get(self) -> sqlite3.Connection:
        """This thread's connection."""
        thread = threading.current_thread()
        with self._lock:
            if self._closed:
                raise StoreUnavailableError(f"the store {self.path} has been closed")
            connection = self._open.get(thread)
            if connection is None:
                for gone in [t for t in self._open if not t.is_alive()]:
                    self._open.pop(gone).close()
                connection = self._open[thread] = self._connect()
            return connection

    def _connect(self) -> sqlite3.Connection:
        mode = "ro" if self._readonly else "rwc"
        name = f"{self.path.absolute().as_uri()}?mode={mode}"
        # check_same_thread: only close() and the pruning of dead threads reach over.
        connection = sqlite3.connect(
            name, uri=True, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = OFF")  # the writer keeps them; checking each would cost a lookup
        return connection

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for connection in self._open.values():
                connection.close()
            self._open.clear()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """sqlite3's errors as ours, with what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _translation(error, path) from error


def _translation(error: sqlite3.DatabaseError, path: Path) -> StoreError:
    said = str(error)
    if "locked" in said or "busy" in said:
        return StoreConflictError(f"the store {path} is busy: another process is writing; try again")
    if "full" in said:
        return StoreError(f"the disk of the store {path} is full; make room and run the same command again")
    if "readonly" in said or "read-only" in said:
        return StoreError(f"the store {path} cannot be written: {said}")
    if "not a database" in said:
        return StoreError(f"{path} is not a SQLite file; name another file or move this one away")
    if "malformed" in said or "corrupt" in said:
        return StoreError(f"the store {path} is damaged ({said}); restore a copy or index again into a new file")
    if "unable to open" in said:
        return StoreUnavailableError(f"the store {path} cannot be opened: {said}")
    return StoreError(f"the store {path}: {said}")
