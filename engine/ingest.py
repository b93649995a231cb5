"""The write path: articles are read, attributed, cut into passages, embedded and stored.

An article is durable and searchable once it is counted, and what is not counted yet is not there at all: a run that
is killed at any moment and started again loses nothing and doubles nothing. Articles whose fingerprint is stored
already are not attributed again, so a second run over the same input costs little more than reading it.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from engine.ingest_workers import Pool
from engine.models import Article, Skipped
from engine.passages import fingerprint
from engine.prepare import Preparer
from engine.stores.base import PreparedArticle, PutOutcome, Store

LOOKUP_ARTICLES = 64
"""Articles whose fingerprints are asked for at once: one question to the store for many, few enough to hold."""

CHUNK_ARTICLES = 8
"""Articles attributed and embedded together: enough passages to sort by length, and little is lost by a kill."""

CHUNK_CHARACTERS = 200_000
"""A chunk is closed earlier when its articles are long, so that memory does not grow with them."""


SEVERAL = "+"
"""Ends the stored fingerprint of an article whose id came in several versions in one input. Without it the first
version would be written over the last, and the last over the first, each time the same input is indexed again."""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What became of a run. `articles` are those that are now stored as given: added, replaced or unchanged.

    `paragraphs` and `statements` are those written by this run. `duplicates` counts articles whose id stood in the
    same input before: the last one is kept. `left_out` names what was passed by on purpose (hidden files), which is no
    failure; `omitted_blocks` and `omitted_words` count what of the pages is no article text (menus, share lines).
    """

    articles: int
    added: int
    unchanged: int
    replaced: int
    duplicates: int
    paragraphs: int
    statements: int
    skipped: tuple[Skipped, ...]
    seconds: float
    interrupted: bool = False
    left_out: tuple[Skipped, ...] = ()
    omitted_blocks: int = 0
    omitted_words: int = 0

    def record(self) -> dict[str, Any]:
        """As `onrecord index --json` ends."""
        names = ("articles", "added", "unchanged", "replaced", "duplicates", "paragraphs", "statements")
        return {name: getattr(self, name) for name in names} | {
            "skipped": [skipped_record(skipped) for skipped in self.skipped],
            "left_out": [skipped_record(skipped) for skipped in self.left_out],
            "omitted": {"blocks": self.omitted_blocks, "words": self.omitted_words},
            "seconds": round(self.seconds, 3),
            **({"interrupted": True} if self.interrupted else {}),
        }


def skipped_record(skipped: Skipped) -> dict[str, Any]:
    line = {} if skipped.line is None else {"line": skipped.line}
    return {"input": skipped.input, **line, "reason": skipped.reason}


@dataclass(frozen=True, slots=True)
class Progress:
    """One article or input line is done: `input` names its file, `characters` is the length of its text.

    `refused` is an article that was made ready and that the store would not take: worth another try later.
    """

    what: Literal["added", "replaced", "unchanged", "skipped"]
    input: str
    characters: int = 0
    paragraphs: int = 0
    refused: Article | None = None


Watch = Callable[[Progress], None]


def index_articles(
    articles: Iterable[Article | Skipped],
    *,
    store: Store,
    preparer: Preparer,
    pool: Pool | None = None,
    watch: Watch | None = None,
) -> IndexReport:
    """Store the articles. One that fails is a skip with its reason; StoreError and ModelError end the run.

    With a `pool` attribution and embedding run in its processes; the answer is the same. A KeyboardInterrupt stops
    after the article being written and is told in the report.
    """
    run = _Run(store, preparer, watch or _unwatched)
    chunks = _chunks(run.changed(articles))
    prepared = map(preparer.prepare, chunks) if pool is None else pool.prepare(chunks)
    interrupted = False
    try:
        for outcome in store.put(run.storable(prepared)):
            run.count(outcome)
    except KeyboardInterrupt:
        interrupted = True
    return run.report(interrupted=interrupted)


def _unwatched(progress: Progress) -> None:
    del progress


def _chunks(articles: Iterator[Article]) -> Iterator[tuple[Article, ...]]:
    chunk: list[Article] = []
    for article in articles:
        chunk.append(article)
        if len(chunk) == CHUNK_ARTICLES or sum(len(a.text) for a in chunk) > CHUNK_CHARACTERS:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)


@dataclass(slots=True)
class _Run:
    """The counts of one run, and the articles that are on their way to the store."""

    store: Store
    preparer: Preparer
    watch: Watch
    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    left_out: list[Skipped] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)
    held: dict[str, tuple[Article, str]] = field(default_factory=dict)
    waiting: deque[Article] = field(default_factory=deque)
    started: float = field(default_factory=time.perf_counter)

    def changed(self, articles: Iterable[Article | Skipped]) -> Iterator[Article]:
        """Those that are not stored as they are; the others, and what could not be read, are counted on the way."""
        stream = iter(articles)
        while batch := list(itertools.islice(stream, LOOKUP_ARTICLES)):
            read = [entry for entry in batch if isinstance(entry, Article)]
            stored = self.store.fingerprints([a.id for a in read if a.id not in self.seen])
            for entry in batch:
                if isinstance(entry, Skipped):
                    self.skip(entry)
                elif self._is_new(entry, stored):
                    yield entry
        for article, mark in self.held.values():
            if self.seen[article.id] != mark:
                yield article
            else:
                self.leave(article)

    def _is_new(self, article: Article, stored: dict[str, str]) -> bool:
        """The last article of an id seen in this run is what the store will hold, so it is what counts.

        An id that came in several versions before waits for the input's end: only then is it known which is the last.
        """
        before = self.seen.get(article.id)
        mark = fingerprint(article, means=self.preparer.means)
        self._take_in(article, mark, before)
        was = stored.get(article.id, "")
        if article.id in self.held or (before is None and was.endswith(SEVERAL)):
            earlier, held_for = self.held.get(article.id, (None, was.removesuffix(SEVERAL)))
            self.held[article.id] = article, held_for
            if earlier is not None:
                self.leave(earlier)
            return False
        if mark != (before or was):
            return True
        self.leave(article)
        return False

    def _take_in(self, article: Article, mark: str, before: str | None) -> None:
        self.seen[article.id] = mark
        if before is not None:
            self.counts["duplicates"] += 1
            if before != mark:
                self.several.add(article.id)
        if article.omitted is not None:
            self.counts["omitted_blocks"] += article.omitted.blocks
            self.counts["omitted_words"] += article.omitted.words

    def leave(self, article: Article) -> None:
        """The article is stored as it is, or a later version of it in the same input is."""
        self.counts["unchanged"] += 1
        self.watch(Progress("unchanged", article.input or "", len(article.text)))

    def storable(self, chunks: Iterable[list[PreparedArticle | Skipped]]) -> Iterator[PreparedArticle]:
        for chunk in chunks:
            for prepared in chunk:
                if isinstance(prepared, Skipped):
                    self.skip(prepared)
                else:
                    article = prepared.attributed.article
                    self.waiting.append(article)
                    yield self._marked(prepared) if article.id in self.several else prepared

    def _marked(self, prepared: PreparedArticle) -> PreparedArticle:
        return replace(prepared, fingerprint=prepared.fingerprint + SEVERAL)

    def skip(self, skipped: Skipped, refused: Article | None = None) -> None:
        if skipped.deliberate:
            self.left_out.append(skipped)
            return
        self.skipped.append(skipped)
        self.watch(Progress("skipped", skipped.input, refused=refused))

    def count(self, outcome: PutOutcome) -> None:
        article = self.waiting.popleft()
        name = article.input or article.id
        if outcome.outcome == "refused":
            reason = f"article {article.id}: {outcome.reason or 'refused by the store'}"
            self.skip(Skipped(name, reason), refused=article)
            return
        self.counts[outcome.outcome] += 1
        self.counts["paragraphs"] += outcome.paragraphs
        self.counts["statements"] += outcome.statements
        self.watch(Progress(outcome.outcome, name, len(article.text), outcome.paragraphs))

    def report(self, *, interrupted: bool) -> IndexReport:
        done = {name: self.counts[name] for name in ("added", "unchanged", "replaced")}
        return IndexReport(
            articles=sum(done.values()),
            **done,
            duplicates=self.counts["duplicates"],
            paragraphs=self.counts["paragraphs"],
            statements=self.counts["statements"],
            skipped=tuple(self.skipped),
            seconds=time.perf_counter() - self.started,
            interrupted=interrupted,
            left_out=tuple(self.left_out),
            omitted_blocks=self.counts["omitted_blocks"],
            omitted_words=self.counts["omitted_words"],
        )
