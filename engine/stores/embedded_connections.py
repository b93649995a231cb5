"""Connections to the embedded store's file: one a thread, every foreign error in our words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.errors import StoreConflictError, StoreError, StoreUnavailableError
from engine.stores.embedded_schema import create_or_check

BUSY_SECONDS = 30.0
"""How long a writer waits for another to finish an article before it gives up."""
CACHE_KIB = 64 * 1024
MIGRATING = ".migrating"
"""Ends the name of the file that `onrecord migrate` fills."""

FileId = tuple[int, int]
"""Device and inode: two files that had one name one after the other differ in it."""


@dataclass(frozen=True, slots=True)
class Opened:
    connection: sqlite3.Connection
    file: FileId


class Connections:
    """Opens the file, checks it, and hands every thread its own connection.

    Where `onrecord migrate` has put another file in its place, the next call opens that one.
    """

    def __init__(
        self, path: Path, *, create: bool, busy_seconds: float = BUSY_SECONDS, any_version: bool = False
    ) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._any_version = any_version
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, Opened] = {}
        self._closed = False
        self._readonly = False
        if not path.exists():
            self._make(path, create)
        with translated(path):
            try:
                create_or_check(self._of_thread().connection, str(path), any_version=any_version)
            except sqlite3.OperationalError as error:
                if "readonly" not in str(error) and "unable to open" not in str(error):
                    raise
                self.close()
                self._closed, self._readonly = False, True
                create_or_check(self._of_thread().connection, str(path), any_version=any_version)

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
        return self.opened().connection

    def opened(self) -> Opened:
        """This thread's connection, and which file it reads."""
        with translated(self.path):
            return self._of_thread()

    def _of_thread(self) -> Opened:
        thread = threading.current_thread()
        now = _file_id(self.path)
        with self._lock:
            if self._closed:
                raise StoreUnavailableError(f"the store {self.path} has been closed")
            opened = self._open.get(thread)
            # A file that is gone (None) is read on by those who have it open.
            if opened is not None and now in (None, opened.file):
                return opened
            if opened is not None:
                self._open.pop(thread).connection.close()
            for gone in [t for t in self._open if not t.is_alive()]:
                self._open.pop(gone).connection.close()
            connection = self._connect()
            # Connecting alone opens nothing: the first statement does.
            connection.execute("PRAGMA schema_version").fetchone()
            if opened is not None:
                create_or_check(connection, str(self.path), any_version=self._any_version)
            opened = self._open[thread] = Opened(connection, now or _file_id(self.path) or (0, 0))
            return opened

    def _connect(self) -> sqlite3.Connection:
        mode = "ro" if self._readonly else "rwc"
        name = f"{self.path.absolute().as_uri()}?mode={mode}"
        # check_same_thread: only close() and the pruning of dead threads reach over.
        connection = sqlite3.connect(
            name, uri=True, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE VIRTUAL TABLE temp.word_places USING fts5vocab(main, search_stems, instance)")
        connection.execute("PRAGMA foreign_keys = OFF")  # the writer keeps them; checking each would cost a lookup
        return connection

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for opened in self._open.values():
                opened.connection.close()
            self._open.clear()


def _file_id(path: Path) -> FileId | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
        if path.with_name(path.name + MIGRATING).exists():
            return StoreConflictError(f"the store {path} is being rebuilt by onrecord migrate; write when that is done")
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
