"""Which articles differ between an index and its copy: compared by id and generation, never by clocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.stores.elastic_client import ElasticAddress, translated

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

MARKS_PAGE = 10_000

Mark = tuple[str, int | None]
"""An article's id with its generation (where it is copied from) or origin (in the copy)."""


def differences(client: Elasticsearch, address: ElasticAddress, *, old: str, new: str) -> Iterator[Mark]:
    """(article, its generation in the old index, None where it is gone there) of all that must be carried over.

    An article of the new index without an `origin` was written there by somebody else, after the aliases were moved: it
    is newer and stays. Both indexes must have been refreshed.
    """
    ours, theirs = _marks(client, address, old, "generation"), _marks(client, address, new, "origin")
    a, b = next(ours, None), next(theirs, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a[0].encode() < b[0].encode()):
            assert a is not None
            yield a
            a = next(ours, None)
        elif a is None or b[0].encode() < a[0].encode():
            if b[1] is not None:
                yield b[0], None
            b = next(theirs, None)
        else:
            if b[1] is not None and b[1] != a[1]:
                yield a
            a, b = next(ours, None), next(theirs, None)


def _marks(client: Elasticsearch, address: ElasticAddress, index: str, name: str) -> Iterator[Mark]:
    """Every article with its mark, by id."""
    after: list[Any] | None = None
    while True:
        body: dict[str, Any] = {
            "query": {"term": {"type": "article"}},
            "sort": [{"article": "asc"}],
            "size": MARKS_PAGE,
            "source_includes": ["article", name],
            "allow_partial_search_results": False,
        }
        if after is not None:
            body["search_after"] = after
        with translated(address):
            hits = client.search(index=index, **body)["hits"]["hits"]
        for hit in hits:
            yield hit["_source"]["article"], hit["_source"].get(name)
        if len(hits) < MARKS_PAGE:
            return
        after = hits[-1]["sort"]
