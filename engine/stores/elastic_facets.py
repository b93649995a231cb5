"""Bodies of aggregations that count facets; pure, as `elastic_query` is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.query import FacetName

Body = dict[str, Any]

KNOWN_VALUES = 300
"""So many values of a facet are asked for at least, so that neighbours can be counted without asking again."""

FACET_FIELDS: dict[FacetName, str] = {
    "speaker": "speakers",
    "via": "via",
    "outlet": "outlet",
    "kind": "kinds",
    "act": "acts",
    "form": "forms",
    "language": "language",
}
_REACH: Body = {"first": {"min": {"field": "day"}}, "last": {"max": {"field": "day"}}}


def facet_aggregations(facets: Sequence[FacetName], *, size: int) -> Body:
    return {name: facet_aggregation(name, size=size) for name in facets}


def facet_aggregation(facet: FacetName, *, size: int) -> Body:
    """Values with their counts and the reach of their days, by count, then value."""
    if facet in ("month", "day"):
        shown = "yyyy-MM" if facet == "month" else "yyyy-MM-dd"
        histogram = {"field": "day", "calendar_interval": facet, "format": shown, "min_doc_count": 1}
        return {"date_histogram": histogram, "aggs": _REACH}
    terms: Body = {
        "field": FACET_FIELDS[facet],
        "size": max(size, KNOWN_VALUES),
        "shard_size": max(1000, size),  # counts are exact unless a shard holds more values than this
        "order": [{"_count": "desc"}, {"_key": "asc"}],
    }
    return {"terms": terms, "aggs": _REACH}


def every_value(facet: FacetName, *, after: Body | None, page: int) -> Body:
    """A page of all values of a facet, in the order of the values (for facets without a limit)."""
    composite: Body = {"size": page, "sources": [{"value": {"terms": {"field": FACET_FIELDS[facet]}}}]}
    if after is not None:
        composite["after"] = after
    return {"composite": composite, "aggs": _REACH}
