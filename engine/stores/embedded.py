"""The embedded store: one SQLite file, nothing else to install, the same promises as the server's.

Keyword search by FTS5, vectors by exact search over a matrix in memory: flat cost, full recall under any filter.
Good to about half a million passages and a handful of busy users; not for network drives (WAL needs shared memory).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path

from engine.errors import ModelMismatchError, UsageError
from engine.identity import digest
from engine.models import AttributedArticle
from engine.ports import ModelIdentity
from engine.query import Filters
from engine.stores.base import (
    Counts,
    Key,
    PreparedArticle,
    PutOutcome,
    Retrieval,
    Retrieved,
    Scope,
    SpeakerCount,
    StoredPassage,
)
from engine.stores.embedded_connections import BUSY_SECONDS, Connections, FileId, Opened, translated
from engine.stores.embedded_filter import article_passes, facets_of, passing
from engine.stores.embedded_moving import reopen_if_abandoned
from engine.stores.embedded_parked import ParkedRankings
from engine.stores.embedded_postings import Postings
from engine.stores.embedded_read import Reader
from engine.stores.embedded_retrieve import retrieve
from engine.stores.embedded_snapshot import Snapshot, empty_snapshot, refreshed
from engine.stores.embedded_write import batches, delete_articles, write_batch
from engine.text import fold

_DEAD_SHARE = 0.25
"""When more rows than this are of removed passages, the next refresh reads all anew and lets the memory go."""


def open_embedded(
    path: Path,
    *,
    identity: ModelIdentity | None = None,
    create: bool = True,
    busy_seconds: float = BUSY_SECONDS,
    cache: Path | None = None,
    any_version: bool = False,
) -> EmbeddedStore:
    """Without `identity` the store can be read and searched by keywords, and not written while it has no model.
    With `any_version` one made by an older On Record is opened, too: only its articles may be read.

    Raises ModelMismatchError, StoreVersionError, StoreUnavailableError (no such file and not `create`), StoreError.
    """
    connections = Connections(path, create=create, busy_seconds=busy_seconds, any_version=any_version)
    store = EmbeddedStore(connections, identity, (cache or user_cache_path("onrecord")) / "pages")
    try:
        store.check_model()
    except ModelMismatchError:
        store.close()
        raise
    return store


class EmbeddedStore:
    """See `engine.stores.base.Store`."""

    def __init__(self, connections: Connections, identity: ModelIdentity | None, pages: Path) -> None:
        self._connections = connections
        self._wanted = identity
        self._pages = pages
        self._lock = threading.Lock()
        self._file: FileId | None = None
        self._forget()

    def _forget(self) -> None:
        """What was remembered of the file that was here before."""
        self._snapshot: Snapshot | None = None
        self._postings = Postings()
        self._parked: ParkedRankings | None = None

    @property
    def identity(self) -> ModelIdentity | None:
        with self._reading() as connection:
            return Reader(connection).identity()

    @property
    def location(self) -> str:
        return f"sqlite:{self._connections.path}"

    def check_model(self) -> None:
        self._check(self.identity)

    def _check(self, stored: ModelIdentity | None) -> None:
        wanted = self._wanted
        if stored and wanted and replace(stored, name="") != replace(wanted, name=""):
            raise ModelMismatchError(
                f"the store {self._connections.path} holds vectors of {stored.name} ({stored.weights_sha256[:12]}…, "
                f"{stored.dimensions} dimensions), not of {wanted.name} ({wanted.weights_sha256[:12]}…, "
                f"{wanted.dimensions} dimensions); rebuild it with the new model: onrecord migrate "
                "(if that has just been done, start this program again)"
            )

    def put(self, articles: Iterable[PreparedArticle]) -> Iterator[PutOutcome]:
        reopen_if_abandoned(self._connections.get(), self._connections.path)
        for batch in batches(articles):
            model = self._model_for_writing()
            with translated(self._connections.path):
                outcomes = write_batch(self._connections.get(), batch, model)
            yield from outcomes

    def _model_for_writing(self) -> ModelIdentity:
        stored = self.identity
        if stored is not None:
            self.check_model()
            return stored
        if self._wanted is None:
            raise UsageError("a new store cannot be written without a model; open it with one")
        return self._wanted

    def fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        with self._reading() as connection:
            return Reader(connection).fingerprints(ids)

    def delete(self, ids: Sequence[str]) -> tuple[str, ...]:
        reopen_if_abandoned(self._connections.get(), self._connections.path)
        with translated(self._connections.path):
            return delete_articles(self._connections.get(), ids)

    def article(self, id: str) -> AttributedArticle | None:
        with self._reading() as connection:
            return Reader(connection).article(id)

    def articles(
        self, *, after_id: str | None = None, limit: int = 100, filters: Filters | None = None
    ) -> list[AttributedArticle]:
        with self._reading() as connection:
            chosen = None if filters is None else self._articles_passing(connection, filters)
            return Reader(connection).articles(after_id, limit, chosen)

    def statement(self, id: str) -> StoredPassage | None:
        with self._reading() as connection:
            return Reader(connection).statement(id)

    def passages(self, keys: Sequence[Key]) -> dict[Key, StoredPassage]:
        with self._reading() as connection:
            return Reader(connection).passages(keys)

    def speakers(self, *, prefix: str = "", limit: int | None = None) -> list[SpeakerCount]:
        with self._reading() as connection:
            snapshot = self._current(connection)
        facets = facets_of(snapshot, "statement", snapshot.statements.alive, names=("speaker",), size=None)
        wanted = fold(prefix.strip())
        found = [
            SpeakerCount(c.value, c.label, c.count, c.first, c.last)
            for c in facets["speaker"]
            if any(word.startswith(wanted) for word in (fold(c.value), fold(c.label), *fold(c.label).split()))
        ]
        return found[:limit]

    def counts(self) -> Counts:
        with self._reading() as connection:
            snapshot = self._current(connection)
            articles = Reader(connection).count("articles")
        pairs, alive = snapshot.statements.pairs["speaker"], snapshot.statements.alive
        return Counts(
            articles=articles,
            paragraphs=int(snapshot.paragraphs.alive.sum()),
            statements=int(alive.sum()),
            speakers=len(np.unique(pairs.codes[alive[pairs.rows]])),
        )

    def scope(self, filters: Filters | None = None) -> Scope:
        with self._reading() as connection:
            chosen = None if filters is None else self._articles_passing(connection, filters)
            headers = [header for header in Reader(connection).headers() if chosen is None or header[0] in chosen]
        days = sorted(day for _, _, _, day in headers if day)
        first, last = (date.fromisoformat(days[0]), date.fromisoformat(days[-1])) if days else (None, None)
        return Scope(len(headers), len({outlet for _, outlet, _, _ in headers if outlet}), first, last)

    def _articles_passing(self, connection: sqlite3.Connection, filters: Filters) -> set[int]:
        """Numbers of articles; filters on statements choose those that hold such a statement."""
        numbers = {
            number
            for number, outlet, language, day in Reader(connection).headers()
            if article_passes(filters, outlet, language, date.fromisoformat(day) if day else None)
        }
        if filters.on_statements or (filters.excluded and filters.excluded.on_statements):
            snapshot = self._current(connection)
            mask = passing(snapshot, "statement", filters)
            numbers &= set(snapshot.statements.articles[mask].tolist())
        return numbers

    def retrieve(self, retrieval: Retrieval) -> Retrieved:
        with self._reading() as connection:
            kept = self._kept_rankings(connection)
            if retrieval.snapshot is None:
                head, parked = retrieve(self._current(connection), connection, retrieval, self._postings)
        if retrieval.snapshot is not None:
            parked = kept.get(retrieval.snapshot)
            head = parked.head if retrieval.start is None else parked.after(int(retrieval.start), retrieval.depth)
            return replace(head, snapshot=retrieval.snapshot)
        if not retrieval.paged or head.total <= retrieval.page_size:
            return head
        return replace(head, snapshot=kept.keep(parked))

    def _kept_rankings(self, connection: sqlite3.Connection) -> ParkedRankings:
        """Of this very file: a rebuilt one has other numbers."""
        kept = self._parked
        if kept is None:
            made = Reader(connection).made()
            kept = self._parked = ParkedRankings(self._pages / digest(str(self._connections.path), made))
        return kept

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One read transaction: all that is read belongs to one state of the file."""
        opened = self._connections.opened()
        connection = opened.connection
        if opened.file != self._file:
            self._changed_over(opened)
        with translated(self._connections.path):
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    def _changed_over(self, opened: Opened) -> None:
        """The first file, or another in its place (`onrecord migrate`): of our model, or it is refused."""
        with self._lock:
            if self._file is not None:
                with translated(self._connections.path):
                    self._check(Reader(opened.connection).identity())
            if self._file != opened.file:
                self._file = opened.file
                self._forget()

    def _current(self, connection: sqlite3.Connection) -> Snapshot:
        """The snapshot of the state that the connection reads; afterwards nobody gets an older one."""
        while True:
            reader = Reader(connection)
            generation = reader.generation()
            with self._lock:
                snapshot = self._snapshot
                if snapshot is None or snapshot.generation < generation:
                    snapshot = self._snapshot = self._refreshed(snapshot, connection, generation)
            if snapshot.generation == generation:
                return snapshot
            # Another thread has read a later state meanwhile: read that one as well.
            connection.execute("ROLLBACK")
            connection.execute("BEGIN")

    def _refreshed(self, snapshot: Snapshot | None, connection: sqlite3.Connection, generation: int) -> Snapshot:
        if snapshot is not None:
            dead = sum(int(len(s.alive) - s.alive.sum()) for s in (snapshot.statements, snapshot.paragraphs))
            if dead > _DEAD_SHARE * (snapshot.statements.size + snapshot.paragraphs.size):
                snapshot = None
        if snapshot is None:
            model = Reader(connection).identity() or self._wanted
            snapshot = empty_snapshot(model.dimensions if model else 0)
        return refreshed(snapshot, connection, generation)

    def backup(self, target: Path) -> None:
        """A live copy of the file, whole whoever writes meanwhile."""
        with translated(target), sqlite3.connect(target) as copy:
            self._connections.get().backup(copy)
        copy.close()

    def close(self) -> None:
        self._connections.close()
