"""`onrecord migrate` on the embedded store: a new file is filled beside the old one and takes its place when whole.

Nobody else may write meanwhile: writers wait, then are told that the store is busy. Readers go on, and a service that
is running reads the old file until it is started again. Whoever has the old file open for writing is refused by it.
Killed at any moment, the old file is whole and can be read; `onrecord migrate` run again finishes the work.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import StoreConflictError, StoreError
from engine.models import AttributedArticle, Skipped
from engine.ports import ModelIdentity
from engine.stores.base import PreparedArticle
from engine.stores.embedded import EmbeddedStore, open_embedded
from engine.stores.embedded_connections import BUSY_SECONDS

COPY_ARTICLES = 32

Prepare = Callable[[Sequence[AttributedArticle], Sequence[str]], Iterable[PreparedArticle | Skipped]]
"""Makes stored articles ready anew; their fingerprints are given and kept."""

_MOVED = tuple(
    f"CREATE TRIGGER IF NOT EXISTS moved_{deed} BEFORE {deed} ON articles BEGIN SELECT RAISE(ABORT, "
    "'this store is being rebuilt by onrecord migrate: run that to its end, then this command again'); END"
    for deed in ("INSERT", "UPDATE", "DELETE")
)


@dataclass(frozen=True, slots=True)
class EmbeddedRebuild:
    articles: int
    seconds: float


def rebuild_embedded(
    path: Path, *, identity: ModelIdentity, prepare: Prepare, watch: Callable[[int, int], None]
) -> EmbeddedRebuild:
    """`watch` is told articles done and articles there are. A failure leaves the old file as it was.

    Raises StoreConflictError (somebody writes), StoreError (an article cannot be made ready) and the store's errors.
    """
    began = time.monotonic()
    new = path.with_name(path.name + ".migrating")
    _remove(new)
    try:
        with _closed_to_writers(path), contextlib.closing(open_embedded(path, create=False)) as old:
            total = old.counts().articles
            with contextlib.closing(open_embedded(new, identity=identity)) as target:
                done = _copy(old, target, prepare, lambda done: watch(done, total))
        # All of the old file's log is in the file, and nobody adds to it: a log left here would be taken for the new's.
        _remove_log(path)
        os.replace(new, path)
    except BaseException:
        _remove(new)
        raise
    return EmbeddedRebuild(done, time.monotonic() - began)


@contextlib.contextmanager
def _closed_to_writers(path: Path) -> Iterator[None]:
    """The write lock; at a good end whoever still holds the old file is refused by it, and its log is emptied."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)) as lock:
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise StoreConflictError(f"{path} is being written; try again when that is done") from error
        yield
        for trigger in _MOVED:
            lock.execute(trigger)
        lock.execute("COMMIT")
        (busy, _, _) = lock.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreConflictError(f"{path} is being read by a long search; run onrecord migrate once more")


def _copy(old: EmbeddedStore, new: EmbeddedStore, prepare: Prepare, watch: Callable[[int], None]) -> int:
    done = 0
    after: str | None = None
    while page := old.articles(after_id=after, limit=COPY_ARTICLES):
        marks = old.fingerprints([attributed.article.id for attributed in page])
        prepared = prepare(page, [marks[attributed.article.id] for attributed in page])
        for outcome in new.put(map(_ready, prepared)):
            if outcome.outcome == "refused":
                raise StoreError(f"article {outcome.article} cannot be stored anew: {outcome.reason}")
            done += 1
        watch(done)
        after = page[-1].article.id
    return done


def _ready(prepared: PreparedArticle | Skipped) -> PreparedArticle:
    if isinstance(prepared, Skipped):
        raise StoreError(f"{prepared.input} cannot be made ready anew: {prepared.reason}")
    return prepared


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_log(path)


def _remove_log(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
