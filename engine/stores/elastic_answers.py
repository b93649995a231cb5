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
from engine.stores.elastic_facets import FACET_FIELDS
from engine.stores.elastic_query import MATCHES


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


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage near to the vector: whether the clause matches it, too, and what the facets count of it."""

    ranked: Ranked
    id: str
    matches: bool
    fields: dict[str, list[str]]

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.fields["day"][0]) if "day" in self.fields else None

    def values(self, facet: FacetName) -> list[str]:
        if facet in ("month", "day"):
            return [day[: 7 if facet == "month" else 10] for day in self.fields.get("day", ())]
        return self.fields.get(FACET_FIELDS[facet], [])


def neighbours_of(found: dict[str, dict[str, Any]], retrieval: Retrieval) -> list[Neighbour]:
    """Those at or above the floor, lifted where they are to be, the nearest `depth` of them; ties by passage id."""
    lift = retrieval.lift
    raised = frozenset(lift.speakers) if lift is not None and lift.speaker_semantic else frozenset()
    by_key: dict[str, Neighbour] = {}
    for name in ("semantic", "lifted"):
        for hit in found[name]["hits"]["hits"] if name in found else ():
            cosine = dot_product(float(hit["_score"]))
            fields = hit["fields"]
            lifted = lift is not None and raised.intersection(fields.get("speakers", ()))
            if cosine < (lift.floor(retrieval.floor) if lift is not None and lifted else retrieval.floor):
                continue
            if lift is not None and lifted:
                cosine += lift.speaker_semantic
            matches = MATCHES in hit.get("matched_queries", ())
            ranked = Ranked(key_of(hit), cosine, str(hit["_routing"]))
            by_key[key_of(hit)] = Neighbour(ranked, fields["id"][0], matches, fields)
    return sorted(by_key.values(), key=lambda one: (-one.ranked.score, one.id))[: retrieval.depth]


def dot_product(score: float) -> float:
    """The product behind a score of `max_inner_product`: 1 + p, or 1 / (1 - p) below zero."""
    return score - 1.0 if score >= 1.0 else 1.0 - 1.0 / score


def key_of(hit: dict[str, Any]) -> str:
    return str(hit["_routing"]) + str(hit["_id"])


def document_id(ranked: Ranked) -> str:
    return str(ranked.key)[ID_LETTERS:]


def total_of(answer: dict[str, Any]) -> int:
    return int(answer["hits"]["total"]["value"])


def facet_counts(
    facet: FacetName, buckets: Sequence[dict[str, Any]], size: int | None, more: Sequence[Neighbour] = ()
) -> tuple[FacetCount, ...]:
    """Buckets as counts, and of `more` passages that the buckets do not know; by count, then value."""
    counts: dict[str, tuple[int, date | None, date | None]] = {}
    for bucket in buckets:
        value = str(bucket["key_as_string"] if facet in ("month", "day") else bucket["key"])
        counts[value] = int(bucket["doc_count"]), day_of(bucket["first"]), day_of(bucket["last"])
    for one in more:
        for value in one.values(facet):
            count, first, last = counts.get(value, (0, None, None))
            days = [day for day in (first, last, one.day) if day is not None]
            counts[value] = count + 1, min(days, default=None), max(days, default=None)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1][0], entry[0]))[:size]
    return tuple(FacetCount(value, value, *said) for value, said in ordered)


def countable(facet: FacetName, aggregation: dict[str, Any], more: Sequence[Neighbour]) -> bool:
    """Whether the buckets know all that is needed to count `more`: every value, or at least all of theirs."""
    if not aggregation.get("sum_other_doc_count"):
        return True
    known = {bucket["key"] for bucket in aggregation["buckets"]}
    return all(value in known for one in more for value in one.values(facet))


def day_of(metric: dict[str, Any]) -> date | None:
    """The day of a min or max over the field `day`; None where no passage was dated."""
    return date.fromisoformat(metric["value_as_string"]) if metric.get("value") is not None else None
