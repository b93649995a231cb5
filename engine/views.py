"""Views on who said what: by speaker, over time, side by side, and what is like a statement.

All ask `engine.search`, so that a view counts what a search with the same filters finds. Counts come from keyword
matches unless the request says otherwise: a neighbour in meaning is good to show and wrong to count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

from engine.clauses import AnyOf
from engine.errors import NotFoundError, QueryError
from engine.ports import Embedder
from engine.query import MAX_LIMIT, Hit, SearchRequest
from engine.query_language import plain_query
from engine.registry import Registry
from engine.search import search
from engine.stores.base import Store, StoredPassage

Step = Literal["day", "week", "month"]
STEPS: tuple[Step, ...] = get_args(Step)
MOST_COMPARED = 10


@dataclass(frozen=True, slots=True)
class Sources:
    """What every view reads from."""

    store: Store
    embedder: Embedder | None
    registry: Registry


@dataclass(frozen=True, slots=True)
class SpeakerTally:
    """`first` and `last` are the days of the dated statements."""

    id: str
    name: str
    statements: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class WhoAnswer:
    """Speakers by number of matching statements; `unnamed` statements have no speaker that is known."""

    total: int
    unnamed: int
    speakers: tuple[SpeakerTally, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """The statements of one day, week (from Monday) or month, which begins on `start`; `hits` are its first ones."""

    start: date
    count: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class TimelineAnswer:
    step: Step
    total: int
    undated: int
    buckets: tuple[Bucket, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One speaker's side of a comparison."""

    asked: str
    total: int
    hits: tuple[Hit, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimilarAnswer:
    """`of` is the statement that was given by its id."""

    of: StoredPassage | None
    hits: tuple[Hit, ...]
    notes: tuple[str, ...]


def who(sources: Sources, request: SearchRequest) -> WhoAnswer:
    """Who says it most. `request.limit` is the number of speakers."""
    asked = replace(
        request, passages="statement", cursor=None, limit=1, facets=("speaker",), facet_size=None, fold=False
    )
    answer = search(sources.store, sources.embedder, sources.registry, asked)
    counts = answer.facets.get("speaker", ())
    named = replace(asked, limit=1, filters=replace(asked.filters, forms=("anonymous", "none")))
    unnamed = 0 if asked.filters.forms else _unnamed(sources, named)
    speakers = tuple(SpeakerTally(c.value, c.label, c.count, c.first, c.last) for c in counts[: request.limit])
    return WhoAnswer(answer.total, unnamed, speakers, answer.notes)


def _unnamed(sources: Sources, request: SearchRequest) -> int:
    answer = search(sources.store, sources.embedder, sources.registry, request)
    return max(0, answer.total - sum(c.count for c in answer.facets.get("speaker", ())))


def timeline(sources: Sources, request: SearchRequest, *, step: Step = "month", each: int = 5) -> TimelineAnswer:
    """Counts over time with the first `each` statements of every bucket, oldest bucket first."""
    # Copies stand on days of their own, and each is counted there.
    asked = replace(
        request, passages="statement", cursor=None, limit=MAX_LIMIT, facets=("day",), facet_size=None, fold=False
    )
    answer = search(sources.store, sources.embedder, sources.registry, asked)
    counts: dict[date, int] = {}
    for count in answer.facets.get("day", ()):
        start = _start(date.fromisoformat(count.value), step)
        counts[start] = counts.get(start, 0) + count.count
    shown: dict[date, list[Hit]] = {start: [] for start in counts}
    for hit in sorted(answer.hits, key=lambda hit: (hit.article.published or "", hit.article.id, hit.spans)):
        if hit.article.published:
            start = _start(date.fromisoformat(hit.article.published[:10]), step)
            if start in shown and len(shown[start]) < each:
                shown[start].append(hit)
    buckets = tuple(Bucket(start, counts[start], tuple(shown[start])) for start in sorted(counts))
    return TimelineAnswer(step, answer.total, answer.total - sum(counts.values()), buckets, answer.notes)


def _start(day: date, step: Step) -> date:
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day


def compare(sources: Sources, request: SearchRequest, speakers: Sequence[str]) -> tuple[Column, ...]:
    """What each of several speakers says on one question, in the order given. Raises QueryError."""
    if not 2 <= len(speakers) <= MOST_COMPARED:
        raise QueryError(f"compare takes 2 to {MOST_COMPARED} speakers, not {len(speakers)}")
    columns = []
    for speaker in speakers:
        asked = replace(request, passages="statement", filters=replace(request.filters, speakers=(speaker,)))
        answer = search(sources.store, sources.embedder, sources.registry, asked)
        columns.append(Column(speaker, answer.total, answer.hits, answer.notes))
    return tuple(columns)


def similar(
    sources: Sources, *, statement: str | None = None, text: str | None = None, limit: int = 20
) -> SimilarAnswer:
    """Statements like a stored statement or like any text, best first. Raises NotFoundError, QueryError."""
    of = stored(sources.store, statement) if statement else None
    words = of.text if of else (text or "").strip()
    if not words:
        raise QueryError("give the id of a statement, or a text")
    plain = plain_query(words)
    query = replace(plain, required=(AnyOf(plain.required),)) if len(plain.required) > 1 else plain
    request = SearchRequest(q=words, query=query, meaning=words, limit=min(limit + 1, MAX_LIMIT))
    answer = search(sources.store, sources.embedder, sources.registry, request)
    hits = tuple(hit for hit in answer.hits if of is None or hit.id != of.id)
    return SimilarAnswer(of, hits[:limit], answer.notes)


def stored(store: Store, id: str) -> StoredPassage:
    """Raises NotFoundError."""
    passage = store.statement(id)
    if passage is None:
        raise NotFoundError(f"there is no statement {id!r}")
    return passage
