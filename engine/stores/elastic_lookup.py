"""Bodies for looking things up by name: articles in order, scope, speakers. Pure, as `elastic_query` is."""

from __future__ import annotations

from collections.abc import Sequence

from engine.query import Filters
from engine.stores.elastic_query import Body, filter_queries

MOST_EXACT_COUNT = 40_000
"""Up to so many different values a count of them is as good as exact (HyperLogLog++; the server's own maximum)."""


def articles_query(filters: Filters | None) -> Body:
    must, never = filter_queries(None, filters or Filters())
    return {"bool": {"filter": must, "must_not": never}}


def articles_body(*, after_id: str | None, limit: int, filters: Filters | None) -> Body:
    """Whole articles by id."""
    body: Body = {
        "query": articles_query(filters),
        "sort": [{"article": "asc"}],
        "size": limit,
        "_source": ["kept.record", "generation"],
    }
    if after_id:
        body["search_after"] = [after_id]
    return body


def scope_body(filters: Filters | None) -> Body:
    return {
        "query": articles_query(filters),
        "size": 0,
        "track_total_hits": True,
        "aggs": {
            "outlets": {"cardinality": {"field": "outlet", "precision_threshold": MOST_EXACT_COUNT}},
            "first": {"min": {"field": "day"}},
            "last": {"max": {"field": "day"}},
        },
    }


def counts_body() -> Body:
    """How many documents of each type, and how many different speakers have a statement."""
    speakers = {"cardinality": {"field": "speakers", "precision_threshold": MOST_EXACT_COUNT}}
    return {
        "query": {"terms": {"type": ["article", "paragraph", "statement"]}},
        "size": 0,
        "aggs": {
            "types": {"terms": {"field": "type"}},
            "statements": {"filter": {"term": {"type": "statement"}}, "aggs": {"speakers": speakers}},
        },
    }


def speaker_prefix_body(prefix: str, *, size: int, after: str | None) -> Body:
    """Speakers of whose id, name, or a word of it, this is the beginning; by id."""
    body: Body = {
        "query": {"bool": {"filter": [{"term": {"type": "speaker"}}, {"prefix": {"name_starts": prefix}}]}},
        "sort": [{"id": "asc"}],
        "size": size,
        "_source": ["id", "name"],
    }
    if after is not None:
        body["search_after"] = [after]
    return body


def holders_body(ids: Sequence[str], *, article: str) -> Body:
    """A statement of another article that has one of these ids."""
    held: list[Body] = [{"term": {"type": "statement"}}, {"terms": {"id": list(ids)}}]
    query = {"bool": {"filter": held, "must_not": [{"term": {"article": article}}]}}
    return {"query": query, "size": 1, "source_includes": ["id", "article"]}


def statement_body(id: str) -> Body:
    query = {"bool": {"filter": [{"term": {"type": "statement"}}, {"term": {"id": id}}]}}
    return {"query": query, "size": 1, "_source": ["id", "type", "kept"]}
