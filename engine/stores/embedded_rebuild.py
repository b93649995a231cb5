"""`onrecord migrate` on the embedded store: a new file is filled beside the old one and takes its place when whole.

Nobody else may write meanwhile: writers wait, then are told that the store is being rebuilt (StoreConflictError).
Readers go on, and afterwards go over to the new file by themselves if they have its model. Whoever was about to write
into the old file is refused by it. Killed at any moment, the old file is whole, answers and can be written.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import StoreError, StoreUnavailableError
from engine.models import AttributedArticle, Skipped
from engine.ports import ModelIdentity
from engine.stores.base import PreparedArticle
from engine.stores.embedded import EmbeddedStore, open_embedded
from engine.stores.embedded_connections import BUSY_SECONDS, translated
from engine.stores.embedded_moving import (
    close_to_writers,
    new_file_of,
    only_rebuilder,
    open_to_writers,
    remove_store,
    take_place,
)

COPY_ARTICLES = 32

Prepare = Callable[[Sequence[AttributedArticle], Sequence[str]], Iterable[PreparedArticle | Skipped]]
"""Makes stored articles ready anew; their fingerprints are given and kept."""


@dataclass(frozen=True, slots=True)
class EmbeddedRebuild:
    articles: int
    seconds: float


def rebuild_embedded(
    path: Path,
    *,
    identity: ModelIdentity,
    prepare: Prepare,
    watch: Callable[[int, int], None],
    busy_seconds: float = BUSY_SECONDS,
) -> EmbeddedRebuild:
    """`watch` is told articles done and articles there are. A failure leaves the old file as it was.

    Raises StoreConflictError (somebody writes or rebuilds), StoreError (an article cannot be made ready) and the
    store's errors.
    """
    began = time.monotonic()
    if not path.exists():
        raise StoreUnavailableError(f"there is no store at {path} to rebuild")
    path = path.resolve()  # a link goes on pointing to the store
    new = new_file_of(path)
    with only_rebuilder(path):
        remove_store(new)  # of one that was killed
        try:
            with _closed_to_writers(path, busy_seconds), contextlib.closing(_opened(path)) as old:
                done = _filled(new, old, identity, prepare, watch)
            shutil.copymode(path, new)
            take_place(new, path)
        except BaseException:
            remove_store(new)
            with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection, translated(path):
                open_to_writers(connection)
            raise
    return EmbeddedRebuild(done, time.monotonic() - began)


def _opened(path: Path) -> EmbeddedStore:
    return open_embedded(path, create=False, any_version=True)


@contextlib.contextmanager
def _closed_to_writers(path: Path, busy_seconds: float) -> Iterator[None]:
    """The write lock; at a good end whoever still holds the old file is refused by it, and its log is emptied."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=busy_seconds)) as lock:
        with translated(path):
            lock.execute("BEGIN IMMEDIATE")
        yield
        close_to_writers(lock, path)


def _filled(
    new: Path, old: EmbeddedStore, identity: ModelIdentity, prepare: Prepare, watch: Callable[[int, int], None]
) -> int:
    total, done = old.scope().articles, 0
    with contextlib.closing(open_embedded(new, identity=identity)) as target:
        for page in _pages(old):
            _copy(page, old, target, prepare)
            done += len(page)
            watch(done, total)
    return done


def _pages(store: EmbeddedStore) -> Iterator[list[AttributedArticle]]:
    after: str | None = None
    while page := store.articles(after_id=after, limit=COPY_ARTICLES):
        yield page
        after = page[-1].article.id


def _copy(page: Sequence[AttributedArticle], old: EmbeddedStore, new: EmbeddedStore, prepare: Prepare) -> None:
    marks = old.fingerprints([attributed.article.id for attributed in page])
    prepared = prepare(page, [marks[attributed.article.id] for attributed in page])
    for outcome in new.put(map(_ready, prepared)):
        if outcome.outcome == "refused":
            raise StoreError(f"article {outcome.article} cannot be stored anew: {outcome.reason}")


def _ready(prepared: PreparedArticle | Skipped) -> PreparedArticle:
    if isinstance(prepared, Skipped):
        raise StoreError(f"{prepared.input} cannot be made ready anew: {prepared.reason}")
    return prepared
