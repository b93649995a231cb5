"""A stream of articles into Elasticsearch: batches in flight, bounded memory, outcomes in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from engine.stores.base import PreparedArticle, PutOutcome

BATCH_PASSAGES = 400
BATCH_ARTICLES = 64
BATCH_SECONDS = 0.5
"""A batch is sent when it holds so much, or when its first article has waited so long (for the ones after it)."""
IN_FLIGHT = 4
"""Batches on their way at once: as many as `helpers.parallel_bulk` has threads. They bound the memory, too: about ten
megabytes each."""
FIRST_REFRESH_SECONDS = 0.25
LONGEST_REFRESH_SECONDS = 16.0
"""Outcomes are told when they are searchable: soon at first, then at doubling intervals, because a refresh after every
batch would make thousands of small segments, and every merge of two builds their vectors' graph anew."""


@dataclass(slots=True)
class Putter:
    """`write` makes a batch durable (and is told when it came), `refresh` makes all that was written searchable."""

    write: Callable[[list[PreparedArticle], int], list[PutOutcome]]
    refresh: Callable[[], None]
    clock: Callable[[], float] = time.monotonic
    _waiting: deque[Future[list[PutOutcome]]] = field(default_factory=deque)
    _written: list[PutOutcome] = field(default_factory=list)
    _refreshed: float = 0.0
    _interval: float = FIRST_REFRESH_SECONDS

    def put(self, articles: Iterable[PreparedArticle]) -> Iterator[PutOutcome]:
        """Outcomes in the order of the articles, each once it is durable and searchable."""
        self._refreshed = self.clock()
        busy: set[str] = set()
        pool = ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="onrecord-bulk")
        try:
            for batch in batches(articles, clock=self.clock):
                ids = {prepared.attributed.article.id for prepared in batch}
                if ids & busy:  # the same article again: after the one on its way
                    self._gather(all_of_it=True)
                    busy.clear()
                busy |= ids
                self._waiting.append(pool.submit(self.write, batch, time.time_ns()))
                self._gather()
                if not self._waiting:
                    busy.clear()
                if self.clock() - self._refreshed > self._interval:
                    self._gather(all_of_it=True)  # nothing half-written may become searchable
                    busy.clear()
                    self._interval = min(2 * self._interval, LONGEST_REFRESH_SECONDS)
                    yield from self._told()
            self._gather(all_of_it=True)
            yield from self._told()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _gather(self, *, all_of_it: bool = False) -> None:
        """Take what is done, in order; wait where too much is on its way."""
        while self._waiting and (all_of_it or len(self._waiting) >= IN_FLIGHT or self._waiting[0].done()):
            self._written += self._waiting.popleft().result()

    def _told(self) -> Iterator[PutOutcome]:
        if self._written:
            self.refresh()
        self._refreshed = self.clock()
        told, self._written = self._written, []
        yield from told


def batches(
    articles: Iterable[PreparedArticle], *, clock: Callable[[], float] = time.monotonic
) -> Iterator[list[PreparedArticle]]:
    """Different articles each; one article with more passages than a batch should hold is a batch of its own."""
    batch: list[PreparedArticle] = []
    ids: set[str] = set()
    passages, began = 0, clock()
    for prepared in articles:
        id = prepared.attributed.article.id
        if batch and (id in ids or passages + len(prepared.passages) > BATCH_PASSAGES):
            yield batch
            batch, ids, passages = [], set(), 0
        if not batch:
            began = clock()
        batch.append(prepared)
        ids.add(id)
        passages += len(prepared.passages)
        if len(batch) >= BATCH_ARTICLES or passages >= BATCH_PASSAGES or clock() - began > BATCH_SECONDS:
            yield batch
            batch, ids, passages = [], set(), 0
    if batch:
        yield batch
