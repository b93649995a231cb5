"""A kept ranking as a string: the server's point in time and the retrieval that is asked of it, nothing else.

So every process on every machine can turn the page, and nothing is written for it. The string comes back from users:
it holds no query body and nothing that is executed, and every field is checked as it is read.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from datetime import date
from typing import Any

import numpy as np

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Word
from engine.errors import QueryError
from engine.query import Filters
from engine.stores.base import FieldWeights, Lift, Retrieval

LONGEST = 100_000
"""Bytes of a snapshot unpacked; a string that grows larger is no cursor of ours."""

_FILTER_TUPLES = ("speakers", "forms", "kinds", "acts", "via", "outlets", "languages")


def write_snapshot(point: str, retrieval: Retrieval) -> str:
    """Deflated JSON in letters that a url takes. The vector (4 bytes a dimension) is most of it."""
    vector = retrieval.vector
    fields = {
        "point": point,
        "passages": retrieval.passages,
        "clause": _clause_json(retrieval.clause),
        "vector": None if vector is None else base64.b64encode(vector.astype("<f4").tobytes()).decode(),
        "filters": _filters_json(retrieval.filters),
        "restriction": _clause_json(retrieval.restriction),
        "depth": retrieval.depth,
        "best": retrieval.best,
        "floor": retrieval.floor,
        "weights": [getattr(retrieval.weights, name) for name in ("text", "title", "speaker", "context")],
        "lift": _lift_json(retrieval.lift),
        "order": retrieval.order,
        "facets": list(retrieval.facets),
        "facet_size": retrieval.facet_size,
    }
    packed = zlib.compress(json.dumps(fields, separators=(",", ":")).encode("ascii"), 9)
    return base64.urlsafe_b64encode(packed).decode("ascii")


def read_snapshot(snapshot: str, *, depth: int, start: str | None) -> tuple[str, Retrieval]:
    """The point in time and the retrieval as it was asked; `depth` counts for further stretches of the ranking."""
    try:
        unpacker = zlib.decompressobj()
        packed = base64.b64decode(snapshot.encode("ascii"), altchars=b"-_", validate=True)
        fields = json.loads(unpacker.decompress(packed, LONGEST))
        retrieval = _retrieval(fields, depth=int(fields["depth"]) if start is None else depth, start=start)
        return str(fields["point"]), retrieval
    except (ValueError, TypeError, LookupError, AttributeError, zlib.error, binascii.Error, RecursionError) as error:
        raise QueryError("the cursor is not one of this store's, or damaged: search again") from error


def _retrieval(fields: dict[str, Any], *, depth: int, start: str | None) -> Retrieval:
    vector = fields["vector"]
    return Retrieval(
        passages=_one_of(fields["passages"], ("statement", "paragraph")),
        clause=_clause(fields["clause"]),
        vector=None if vector is None else np.frombuffer(base64.b64decode(vector), "<f4").astype(np.float32),
        filters=_filters(fields["filters"]),
        restriction=_clause(fields["restriction"]),
        depth=depth,
        best=None if fields["best"] is None else int(fields["best"]),
        floor=float(fields["floor"]),
        weights=FieldWeights(*map(float, fields["weights"])),
        lift=None if fields["lift"] is None else _lift(*fields["lift"]),
        order=_one_of(fields["order"], ("relevance", "newest")),
        facets=tuple(_one_of(name, _FACETS) for name in fields["facets"]),
        facet_size=None if fields["facet_size"] is None else int(fields["facet_size"]),
        start=start,
    )


_FACETS = ("speaker", "outlet", "via", "kind", "act", "form", "month", "day", "language")


def _one_of(value: Any, allowed: tuple[str, ...]) -> Any:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {allowed}")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not all(isinstance(value, str) for value in values):
        raise TypeError("not texts")
    return tuple(values)


def _lift(clause: Any, speakers: Any, *rates: Any) -> Lift:
    keyword, speaker_keyword, speaker_semantic, floor = rates
    return Lift(
        clause=_clause(clause),
        speakers=_texts(speakers),
        keyword=float(keyword),
        speaker_keyword=float(speaker_keyword),
        speaker_semantic=float(speaker_semantic),
        speaker_floor=None if floor is None else float(floor),
    )


def _lift_json(lift: Lift | None) -> list[Any] | None:
    if lift is None:
        return None
    rates = (lift.keyword, lift.speaker_keyword, lift.speaker_semantic, lift.speaker_floor)
    return [_clause_json(lift.clause), list(lift.speakers), *rates]


def _filters_json(filters: Filters | None) -> dict[str, Any] | None:
    if filters is None:
        return None
    said: dict[str, Any] = {name: list(getattr(filters, name)) for name in _FILTER_TUPLES if getattr(filters, name)}
    said |= {name: day.isoformat() for name in ("after", "before") if (day := getattr(filters, name)) is not None}
    if filters.excluded is not None:
        said["excluded"] = _filters_json(filters.excluded)
    return said


def _filters(said: dict[str, Any]) -> Filters:
    excluded = said.get("excluded")
    return Filters(
        **{name: _texts(said.get(name, ())) for name in _FILTER_TUPLES},  # type: ignore[arg-type]
        after=date.fromisoformat(said["after"]) if "after" in said else None,
        before=date.fromisoformat(said["before"]) if "before" in said else None,
        excluded=None if excluded is None else _filters(excluded),
    )


def _clause_json(clause: Clause | None) -> list[Any] | None:
    match clause:
        case None:
            return None
        case Word():
            return ["word", *clause.words]
        case Prefix(word):
            return ["prefix", word]
        case Phrase():
            return ["phrase", clause.slop, *clause.words]
        case AllOf(clauses):
            return ["all", *map(_clause_json, clauses)]
        case AnyOf(clauses):
            return ["any", *map(_clause_json, clauses)]
        case Not(inner):
            return ["not", _clause_json(inner)]


def _clause(said: list[Any] | None) -> Clause | None:
    return None if said is None else _some_clause(said)


def _some_clause(said: list[Any]) -> Clause:
    kind, *rest = said
    match kind:
        case "word":
            return Word(_texts(rest))
        case "prefix":
            return Prefix(*_texts(rest))
        case "phrase":
            return Phrase(_texts(rest[1:]), int(rest[0]))
        case "all":
            return AllOf(tuple(map(_some_clause, rest)))
        case "any":
            return AnyOf(tuple(map(_some_clause, rest)))
        case "not":
            return Not(_some_clause(rest[0]))
    raise ValueError(f"not a clause: {kind!r}")
