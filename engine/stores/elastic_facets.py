"""Aggregations of the server's as facets of ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from engine.query import FacetCount, FacetName


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
