"""Answers of the server's as nouns of ours: places in a ranking, neighbours, facets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.errors import QueryError
from engine.query import FacetCount, FacetName
from engine.stores.base import Ranked, Retrieval
from engine.stores.elastic_documents import ID_LETTERS


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a ranking a page begins: how many came before, and the sort values of the last of them."""

    done: int = 0
    after: list[Any] | None = None

    @classmethod
    def read(cls, start: str | None) -> Place:
        if start is None:
            return cls()
        try:
            done, after = json.loads(start)
            return cls(int(done), list(after))
        except (ValueError, TypeError) as error:
            raise QueryError("the cursor is not one of this store's: search again") from error

    def written(self) -> str:
        return json.dumps([self.done, self.after])


def neighbours_of(found: dict[str, dict[str, Any]], retrieval: Retrieval) -> tuple[Ranked, ...]:
    """Those at or above the floor, lifted where they are to be, the nearest `depth` of them; ties by passage id."""
    lift = retrieval.lift
    raised = frozenset(lift.speakers) if lift is not None and lift.speaker_semantic else frozenset()
    by_key: dict[str, tuple[float, str]] = {}
    for name in ("semantic", "lifted"):
        for hit in found[name]["hits"]["hits"] if name in found else ():
            cosine = dot_product(float(hit["_score"]))
            if cosine < retrieval.floor:
                continue
            fields = hit["fields"]
            if lift is not None and raised.intersection(fields.get("speakers", ())):
                cosine += lift.speaker_semantic
            by_key[key_of(hit)] = (cosine, fields["id"][0])
    ordered = sorted(by_key.items(), key=lambda entry: (-entry[1][0], entry[1][1]))
    return tuple(Ranked(key, cosine) for key, (cosine, _) in ordered[: retrieval.depth])


def dot_product(score: float) -> float:
    """The product behind a score of `max_inner_product`: 1 + p, or 1 / (1 - p) below zero."""
    return score - 1.0 if score >= 1.0 else 1.0 - 1.0 / score


def key_of(hit: dict[str, Any]) -> str:
    return str(hit["_routing"]) + str(hit["_id"])


def document_id(ranked: Ranked) -> str:
    return str(ranked.key)[ID_LETTERS:]


def total_of(answer: dict[str, Any]) -> int:
    return int(answer["hits"]["total"]["value"])


def facet_counts(facet: FacetName, buckets: Sequence[dict[str, Any]], size: int | None) -> tuple[FacetCount, ...]:
    """Buckets as counts, by count, then value."""
    dates = facet in ("month", "day")
    counts = [
        FacetCount(
            value=str(value := bucket["key_as_string"] if dates else bucket["key"]),
            label=str(value),
            count=int(bucket["doc_count"]),
            first=day_of(bucket["first"]),
            last=day_of(bucket["last"]),
        )
        for bucket in buckets
    ]
    return tuple(sorted(counts, key=lambda c: (-c.count, c.value))[:size])


def day_of(metric: dict[str, Any]) -> date | None:
    """The day of a min or max over the field `day`; None where no passage was dated."""
    return date.fromisoformat(metric["value_as_string"]) if metric.get("value") is not None else None
