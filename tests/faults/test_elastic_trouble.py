"""Trouble while writing: refused, dropped, read-only, cut off half-way, raced. By a proxy before a real node."""

from __future__ import annotations

import threading

import pytest
from elasticsearch import Elasticsearch

from engine.errors import (
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
)
from engine.stores.base import PreparedArticle, Retrieval
from engine.stores.elastic import ElasticStore, open_elastic
from engine.stores.elastic_bulk import Pauses
from engine.stores.elastic_client import ElasticAddress
from tests.contract.builders import IDENTITY, article, embed, prepared, simple
from tests.elasticsearch.proxy import Fault, Proxy, Request
from tests.faults.elastic import Clock, bridges, bulk, outcomes

pytestmark = pytest.mark.elasticsearch


@pytest.mark.parametrize("fault", [429, 502, 503, 504, "drop", "drop answer"])
def test_two_minutes_of_trouble_lose_and_double_nothing(
    store: ElasticStore, proxy: Proxy, clock: Clock, fault: Fault
) -> None:
    proxy.rule = lambda request: fault if bulk(request) and clock.now < 120 else None
    assert outcomes(store) == ["added"] * 10
    assert clock.now >= 120
    assert bridges(store) == 11
    assert store.counts().articles == 11


def test_pauses_grow_and_no_two_writers_wait_alike() -> None:
    first, second = Pauses(chance=lambda: 0.1), Pauses(chance=lambda: 0.9)
    waits = [first.before(attempt) for attempt in range(12)]
    assert waits == sorted(waits)
    assert waits[-1] <= 15
    assert all(first.before(attempt) != second.before(attempt) for attempt in range(12))


@pytest.mark.parametrize("fault", [503, "drop"])
def test_trouble_that_does_not_end_is_said_and_what_was_told_stays(
    store: ElasticStore, proxy: Proxy, clock: Clock, fault: Fault
) -> None:
    proxy.rule = lambda request: fault if bulk(request) else None
    with pytest.raises(StoreUnavailableError, match="run the same command again"):
        outcomes(store)
    assert 150 <= clock.now < 200
    proxy.rule = lambda _: None
    assert bridges(store) == 1
    assert outcomes(store) == ["added"] * 10
    assert bridges(store) == 11


def test_a_read_only_index_is_said_soon_and_written_again_when_it_opens(
    store: ElasticStore, address: ElasticAddress, elasticsearch_url: str, clock: Clock
) -> None:
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.indices.put_settings(index=address.index, settings={"index.blocks.read_only_allow_delete": True})
        with pytest.raises(StoreConflictError, match="read-only"):
            outcomes(store)
        assert clock.now < 30
        assert bridges(store) == 1
        client.indices.put_settings(index=address.index, settings={"index.blocks.read_only_allow_delete": None})
    assert outcomes(store) == ["added"] * 10


def test_a_deleted_index_is_not_made_anew_by_a_writer_that_did_not_notice(
    store: ElasticStore, address: ElasticAddress, elasticsearch_url: str
) -> None:
    """The server would make an index of its own guess at the first bulk request, and searches would find rubbish."""
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.indices.delete(index=f"{address.index}-000001")
        with pytest.raises(StoreConflictError, match="open the store again"):
            outcomes(store)
        assert not client.indices.get(index=f"{address.index}*").body
    assert outcomes(store) == ["added"] * 10


def test_an_article_half_written_by_a_writer_that_died_is_completed_by_the_next(
    store: ElasticStore, address: ElasticAddress, proxy: Proxy, clock: Clock
) -> None:
    """The line is cut for good between the passages and the commit: new articles and one being replaced."""
    before = store.article("first")
    seen = [0]

    def cut(request: Request) -> Fault | None:
        seen[0] += bulk(request)
        return "drop" if seen[0] >= 3 else None

    proxy.rule = cut
    with pytest.raises(StoreUnavailableError):
        list(store.put([simple("first", "The first tunnel, not a crossing"), simple("new", "A new bridge")]))
    proxy.rule = lambda _: None
    assert store.article("first") == before
    assert store.article("new") is None
    assert set(store.fingerprints(["first", "new"])) <= {"first"}
    again = open_elastic(address, identity=IDENTITY)
    told = [
        o.outcome
        for o in again.put([simple("first", "The first tunnel, not a crossing"), simple("new", "A new bridge")])
    ]
    assert told == ["replaced", "added"]
    assert bridges(again) == 1
    assert again.counts().statements == again.counts().articles == 2
    again.close()
    assert clock.now >= 150


def test_an_answer_lost_after_the_commit_is_still_told_as_added(store: ElasticStore, proxy: Proxy) -> None:
    lost = [0]

    def lose_each_first(request: Request) -> Fault | None:
        if bulk(request):
            lost[0] += 1
            return "drop answer" if lost[0] % 2 else None
        return None

    proxy.rule = lose_each_first
    assert outcomes(store, 5) == ["added"] * 5
    assert bridges(store) == 6


def test_two_writers_of_the_same_articles_leave_one_version_whole(store: ElasticStore, address: ElasticAddress) -> None:
    def version(name: str, n: int, round: int) -> PreparedArticle:
        text = f"“{name} version {round} of {n}” said Ana Ruiz."
        extra = [f"{name} paragraph {p} of bridge {round}" for p in range(1 + (round + len(name)) % 3)]
        return prepared(article(f"both{n}", text, *extra), means=f"{name}{round}")

    failures: list[BaseException] = []

    def write(name: str) -> None:
        mine = open_elastic(address, identity=IDENTITY)
        try:
            for round in range(6):
                told = [o.outcome for o in mine.put(version(name, n, round) for n in range(8))]
                assert set(told) <= {"added", "replaced", "unchanged"}, told
        except (StoreError, AssertionError) as error:
            failures.append(error)
        mine.close()

    writers = [threading.Thread(target=write, args=(name,)) for name in ("left", "rightmost")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    for n in range(8):
        whole = store.article(f"both{n}")
        assert whole is not None
        expected = {p.span.of(whole.article.text) for p in whole.article.paragraphs}
        asked = Retrieval("paragraph", vector=embed(["version"])[0], floor=-1.0, depth=1000)
        shown = store.passages([ranked.key for ranked in store.retrieve(asked).semantic])
        assert {p.text for p in shown.values() if p.article.id == f"both{n}"} == expected
