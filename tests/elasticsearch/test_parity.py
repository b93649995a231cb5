"""The same answers from both stores: matched sets, totals, filters and facets identical, rankings nearly so.

What may differ, and why: see docs/elasticsearch.md ("What differs from the embedded store").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.query import SearchAnswer, SearchRequest
from engine.registry import Registry
from engine.search import search
from engine.stores.base import Store
from engine.stores.elastic import open_elastic
from engine.stores.elastic_client import ElasticAddress
from engine.stores.embedded import open_embedded
from tests.elasticsearch.parity import HashedWords, corpus, queries

pytestmark = pytest.mark.elasticsearch

LEAST_OVERLAP = 0.95
MOST_MISSED = 0.02
"""A graph (HNSW) finds 99 of a hundred neighbours of the two hundred nearest; the embedded store compares all."""

Pair = tuple[Store, Store]


@pytest.fixture(scope="module")
def stores(elasticsearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    from elasticsearch import Elasticsearch

    folder = tmp_path_factory.mktemp("parity")
    name = f"onrecord-test-parity-{folder.name}".lower()
    elastic = open_elastic(ElasticAddress((elasticsearch_url,), index=name), identity=HashedWords.identity)
    embedded = open_embedded(Path(folder) / "store.db", identity=HashedWords.identity, cache=Path(folder))
    articles = corpus()
    for store in (elastic, embedded):
        assert {outcome.outcome for outcome in store.put(articles)} == {"added"}
    yield elastic, embedded
    elastic.close()
    embedded.close()
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.indices.delete(index=f"{name}-000001")


@pytest.fixture(scope="module")
def asked() -> list[SearchRequest]:
    return queries(corpus())


def answer(store: Store, request: SearchRequest) -> SearchAnswer:
    return search(store, HashedWords(), Registry.of(()), request)


@pytest.fixture(scope="module")
def answers(stores: Pair, asked: list[SearchRequest]) -> list[tuple[SearchRequest, SearchAnswer, SearchAnswer]]:
    """Each request with the server's answer and the embedded store's; keyword queries with all that match."""
    both = []
    for request in asked:
        whole = replace(request, limit=1000) if request.mode == "keyword" else request
        both.append((request, answer(stores[0], whole), answer(stores[1], whole)))
    return both


Answers = list[tuple[SearchRequest, SearchAnswer, SearchAnswer]]


def test_there_are_two_hundred_queries_and_most_find_something(answers: Answers) -> None:
    assert len(answers) >= 200
    assert sum(theirs.total > 0 for _, _, theirs in answers) > 0.8 * len(answers)


def test_counts_speakers_and_articles_are_the_same(stores: Pair) -> None:
    elastic, embedded = stores
    assert elastic.counts() == embedded.counts()
    assert elastic.scope() == embedded.scope()
    assert elastic.speakers() == embedded.speakers()
    assert elastic.articles(limit=500) == embedded.articles(limit=500)


def test_totals_facets_and_notes_are_the_same_but_where_the_graph_misses_a_neighbour(answers: Answers) -> None:
    """Keyword queries without exception; of the others a few, whose last neighbour the server's graph did not find."""
    differing = [
        (request.mode, request.q, request.passages, request.filters, ours.total, theirs.total)
        for request, ours, theirs in answers
        if (ours.total, ours.facets, ours.notes) != (theirs.total, theirs.facets, theirs.notes)
    ]
    assert [one for one in differing if one[0] == "keyword"] == []
    assert len(differing) <= MOST_MISSED * len(answers), differing


def test_a_keyword_query_matches_the_same_set(answers: Answers) -> None:
    """Compared where one page holds it all."""
    compared = 0
    for request, ours, theirs in answers:
        if request.mode == "keyword" and theirs.total <= 1000:
            assert {hit.id for hit in ours.hits} == {hit.id for hit in theirs.hits}, request
            compared += 1
    assert compared > 60


def test_rankings_overlap_in_the_top_ten(answers: Answers) -> None:
    overlaps: dict[str, float] = {}
    for number, (request, ours, theirs) in enumerate(answers):
        left, right = ({hit.id for hit in found.hits[:10]} for found in (ours, theirs))
        if right:
            overlaps[f"{number} {request.mode} {request.passages} {request.q!r}"] = len(left & right) / len(right)
    mean = sum(overlaps.values()) / len(overlaps)
    worst = sorted((share, query) for query, share in overlaps.items() if share < 1)
    assert mean >= LEAST_OVERLAP, (mean, worst)
    print(f"top-ten overlap {mean:.4f} over {len(overlaps)} queries; below 1: {worst}")
