"""From a request to what the store is asked: clauses, restrictions, filters, lifts, the text to embed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Query, Word, clause_text
from engine.errors import QueryError
from engine.models import ACTS, FORMS, KINDS, PassageType, Speaker
from engine.query import MAX_LIMIT, Filters, SearchRequest
from engine.query_clean import sentence
from engine.query_language import parse
from engine.query_words import FUNCTION_WORDS
from engine.registry import Registry
from engine.text import words

MAX_LIFT_WORDS = 12
"""Words of a context or of a question's frame that are asked for as lifts: each costs a look at its postings."""
MAX_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """`clause` is what must match; `relaxed` what is tried when too few do; `restriction` what binds neighbours too.

    `speakers` are those named in plain words. `filters` still hold the names that the user gave.
    """

    passages: PassageType
    filters: Filters
    clause: Clause | None
    relaxed: Clause | None
    restriction: Clause | None
    optional: Clause | None
    speakers: tuple[Speaker, ...]
    meaning: str
    notes: tuple[str, ...]
    nothing: bool = False
    """There is a query, and not one word in it to look for."""


def plan(request: SearchRequest, registry: Registry) -> Plan:
    """Raises QueryError on a limit or a filter that cannot be."""
    check(request)
    query = request.query or parse(request.q)
    named, required = _speakers_named(query.required, registry)
    excluded = tuple(Not(clause) for clause in query.excluded)
    binding = tuple(clause for clause in required if _binds(clause))
    loose = tuple(clause for clause in required if not _binds(clause))
    relaxed = AllOf((*binding, AnyOf(loose), *excluded)) if len(loose) > 1 else None
    optional = tuple(w for w in query.optional if not set(w.words) <= FUNCTION_WORDS)
    filters = merged(request.filters, query)
    return Plan(
        passages=request.passages if query.within is None else ("statement", "paragraph")[query.within == "paragraphs"],
        filters=filters,
        clause=_all((*required, *excluded)),
        relaxed=relaxed,
        restriction=_all((*binding, *excluded)),
        optional=any_of(optional[:MAX_LIFT_WORDS]),
        speakers=named,
        meaning=sentence(request.meaning or _meaning(request, query, required)),
        notes=tuple(dict.fromkeys((*request.notes, *query.notes))),
        nothing=bool(request.q.strip()) and not (required or excluded) and filters == Filters(),
    )


def check(request: SearchRequest) -> None:
    if not 1 <= request.limit <= MAX_LIMIT:
        raise QueryError(f"limit is {request.limit}; it may be 1 to {MAX_LIMIT}")
    if request.mode not in ("hybrid", "keyword", "semantic"):
        raise QueryError(f"mode is {request.mode!r}; it may be hybrid, keyword or semantic")
    if request.passages not in ("statement", "paragraph"):
        raise QueryError(f"there are no passages {request.passages!r}; they are statement or paragraph")
    for name, values, allowed in (
        ("form", request.filters.forms, FORMS),
        ("kind", request.filters.kinds, KINDS),
        ("act", request.filters.acts, ACTS),
    ):
        for value in values:
            if value not in allowed:
                raise QueryError(f"{name} is {value!r}; it may be {', '.join(allowed)}")
    filters = request.filters
    if filters.after and filters.before and filters.after > filters.before:
        raise QueryError(f"after ({filters.after}) lies behind before ({filters.before}): no day is between them")


_FIELDS = {
    "speaker": "speakers", "via": "via", "outlet": "outlets", "kind": "kinds", "act": "acts", "form": "forms",
    "lang": "languages",
}  # fmt: skip


def merged(filters: Filters, query: Query) -> Filters:
    """The request's filters with those typed into the box; of two dates the narrower one holds."""
    added: dict[str, Any] = {
        field: tuple(dict.fromkeys((*getattr(filters, field), *query.values(name)))) for name, field in _FIELDS.items()
    }
    days = {name: [date.fromisoformat(value) for value in query.values(name)] for name in ("after", "before")}
    added["after"] = max([d for d in (filters.after, *days["after"]) if d], default=None)
    added["before"] = min([d for d in (filters.before, *days["before"]) if d], default=None)
    without: dict[str, tuple[str, ...]] = {}
    for name, value in query.excluded_filters:
        if name in _FIELDS:
            without[_FIELDS[name]] = (*without.get(_FIELDS[name], ()), value)
    excluded = replace(filters.excluded or Filters(), **cast(dict[str, Any], without)) if without else filters.excluded
    return replace(filters, **added, excluded=excluded)


def _binds(clause: Clause) -> bool:
    """Whether it is meant to the letter (a phrase, a beginning): then it holds for semantic neighbours, too."""
    match clause:
        case Phrase() | Prefix() | Not():
            return True
        case Word():
            return False
        case AllOf(clauses) | AnyOf(clauses):
            return any(map(_binds, clauses))


def _all(clauses: Sequence[Clause]) -> Clause | None:
    if not clauses:
        return None
    return clauses[0] if len(clauses) == 1 else AllOf(tuple(clauses))


def any_of(clauses: Sequence[Clause]) -> Clause | None:
    """One clause of several, None of none."""
    if not clauses:
        return None
    return clauses[0] if len(clauses) == 1 else AnyOf(tuple(clauses))


def words_clause(text: str) -> Clause | None:
    """Any of a text's content words; None where it has none."""
    content = [word for word, _ in words(text) if word not in FUNCTION_WORDS]
    return any_of([Word((word,)) for word in dict.fromkeys(content)][:MAX_LIFT_WORDS])


def _speakers_named(required: tuple[Clause, ...], registry: Registry) -> tuple[tuple[Speaker, ...], tuple[Clause, ...]]:
    """Persons of the registry that the plain words name, and the words left to match.

    A name lifts its statements and need not stand in others', unless there is nothing else to look for. States and
    bodies are too often the subject ("Russia sanctions"): their words stay required.
    """
    found: list[Speaker] = []
    left: list[Clause] = []
    start = 0
    while start < len(required):
        speaker, size = _name_at(required[start:], registry)
        if speaker is None:
            left.append(required[start])
        else:
            found.append(speaker)
        start += size
    if not left:
        return tuple(dict.fromkeys(found)), required
    return tuple(dict.fromkeys(found)), tuple(left)


def _name_at(clauses: tuple[Clause, ...], registry: Registry) -> tuple[Speaker | None, int]:
    """The longest name at the beginning of the clauses, and how many it takes (1 where there is none)."""
    longest = next((i for i, c in enumerate(clauses[:MAX_NAME_WORDS]) if not isinstance(c, Word)), MAX_NAME_WORDS)
    for size in range(min(longest, len(clauses)), 0, -1):
        name = " ".join(w for clause in clauses[:size] if isinstance(clause, Word) for w in clause.words)
        entry = registry.find(name)
        if entry is not None and entry.kind == "person":
            return entry.speaker, size
    return None, 1


def _meaning(request: SearchRequest, query: Query, required: Sequence[Clause]) -> str:
    """The user's own sentence, unless there is more in it than words: then the words that are looked for."""
    plain = query.required == tuple(required) and all(isinstance(c, Word) for c in required)
    if plain and not (query.filters or query.excluded or query.excluded_filters or query.within):
        return request.q
    return " ".join(clause_text(clause).strip('"*()') for clause in required)
