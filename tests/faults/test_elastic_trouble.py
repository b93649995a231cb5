"""Trouble between us and the server: refused, dropped, slow, away, read-only; by a proxy before a real node."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from elasticsearch import Elasticsearch

from engine.errors import (
    SettingsError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
    StoreVersionError,
)
from engine.stores.base import PreparedArticle, Retrieval
from engine.stores.elastic import ElasticStore, open_elastic
from engine.stores.elastic_bulk import Pauses
from engine.stores.elastic_client import ElasticAddress
from tests.contract.builders import IDENTITY, article, embed, prepared, simple, terms
from tests.elasticsearch.proxy import Fault, Proxy, Request, proxy_to

pytestmark = pytest.mark.elasticsearch


@dataclass(slots=True)
class Clock:
    """Time that passes only by sleeping, so that two minutes of trouble take none."""

    now: float = 0.0
    slept: int = 0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += 1

    def pauses(self) -> Pauses:
        return Pauses(sleep=self.sleep, clock=lambda: self.now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def proxy(elasticsearch_url: str) -> Iterator[Proxy]:
    with proxy_to(elasticsearch_url) as proxy:
        yield proxy


@pytest.fixture
def address(proxy: Proxy, index_prefix: str) -> ElasticAddress:
    return ElasticAddress((proxy.url,), index=index_prefix, timeout_seconds=5)


@pytest.fixture
def store(address: ElasticAddress, clock: Clock) -> Iterator[ElasticStore]:
    store = open_elastic(address, identity=IDENTITY, pauses=clock.pauses())
    list(store.put([simple("first", "The first bridge")]))
    yield store
    store.close()


def bridges(store: ElasticStore) -> int:
    return store.retrieve(Retrieval("statement", clause=terms("bridge"))).total


def outcomes(store: ElasticStore, count: int = 10) -> list[str]:
    return [o.outcome for o in store.put(simple(f"a{n}", f"Bridge {n}") for n in range(count))]


def bulk(request: Request) -> bool:
    return request.path.partition("?")[0].endswith("/_bulk")


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


def test_a_search_that_meets_a_dropped_line_or_a_busy_node_is_asked_again(store: ElasticStore, proxy: Proxy) -> None:
    for fault in ("drop", 503, 429):
        left = [fault]
        proxy.rule = lambda request, left=left: left.pop() if left and "_msearch" in request.path else None  # type: ignore[misc]
        assert bridges(store) == 1
        assert not left


def test_a_server_that_stays_busy_is_a_typed_error_not_an_empty_answer(store: ElasticStore, proxy: Proxy) -> None:
    proxy.rule = lambda request: 503 if "_msearch" in request.path else None
    with pytest.raises(StoreUnavailableError, match="503"):
        bridges(store)
    proxy.rule = lambda request: 429 if "_msearch" in request.path else None
    with pytest.raises(StoreConflictError, match="busy"):
        bridges(store)


def test_a_slow_server_is_given_up_after_the_time_set(
    store: ElasticStore, address: ElasticAddress, proxy: Proxy
) -> None:
    def slow(request: Request) -> None:
        if "_msearch" in request.path:
            time.sleep(2)

    assert bridges(store) == 1
    proxy.rule = slow
    quick = open_elastic(replace(address, timeout_seconds=0.5), identity=IDENTITY)
    with pytest.raises(StoreUnavailableError, match=r"did not answer within 0\.5 s"):
        bridges(quick)
    quick.close()


def test_a_server_that_is_away_is_named(index_prefix: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = ElasticAddress((f"http://someone:secret@127.0.0.1:{port}",), index=index_prefix)
    with pytest.raises(StoreUnavailableError, match="cannot be reached") as caught:
        open_elastic(address, identity=IDENTITY)
    assert str(port) in str(caught.value)
    assert "secret" not in str(caught.value)


def test_something_else_on_the_port_is_not_taken_for_elasticsearch(index_prefix: str) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"version": {"number": "7.0.0"}}')

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = ElasticAddress((f"http://127.0.0.1:{server.server_address[1]}",), index=index_prefix)
        with pytest.raises(StoreVersionError, match="not Elasticsearch"):
            open_elastic(address, identity=IDENTITY)
        server.shutdown()


def test_one_dead_host_of_two_is_passed_by(store: ElasticStore, address: ElasticAddress) -> None:
    both = replace(address, urls=("http://127.0.0.1:9", *address.urls))
    second = open_elastic(both, identity=IDENTITY)
    for _ in range(6):
        assert bridges(second) == 1
    assert [o.outcome for o in second.put([simple("b", "Another bridge")])] == ["added"]
    second.close()
    assert bridges(store) == 2


def test_a_read_only_index_is_said_soon_and_written_again_when_it_opens(
    store: ElasticStore, address: ElasticAddress, elasticsearch_url: str, clock: Clock
) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.put_settings(index=address.index, settings={"index.blocks.read_only_allow_delete": True})
        with pytest.raises(StoreConflictError, match="read-only"):
            outcomes(store)
        assert clock.now < 30
        assert bridges(store) == 1
        client.indices.put_settings(index=address.index, settings={"index.blocks.read_only_allow_delete": None})
    assert outcomes(store) == ["added"] * 10


def test_an_index_that_is_closed_is_a_typed_error(
    store: ElasticStore, address: ElasticAddress, elasticsearch_url: str
) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.close(index=address.index)
        with pytest.raises(StoreError):
            bridges(store)
        client.indices.open(index=address.index, wait_for_active_shards="1")
    assert bridges(store) == 1


def test_an_index_that_another_program_made_is_refused(address: ElasticAddress, elasticsearch_url: str) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.create(index=address.index)
        with pytest.raises(StoreVersionError, match="ONRECORD_INDEX"):
            open_elastic(address, identity=IDENTITY)
        client.indices.delete(index=address.index)
        client.indices.create(index=f"{address.index}-theirs", aliases={address.index: {}})
        with pytest.raises(StoreVersionError, match="not made by On Record"):
            open_elastic(address, identity=IDENTITY)


def test_a_deleted_index_is_not_made_anew_by_a_writer_that_did_not_notice(
    store: ElasticStore, address: ElasticAddress, elasticsearch_url: str
) -> None:
    """The server would make an index of its own guess at the first bulk request, and searches would find rubbish."""
    with Elasticsearch(elasticsearch_url) as client:
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


@pytest.mark.parametrize(
    "wrong",
    [
        {"urls": ("ftp://x",)},
        {"urls": ()},
        {"urls": ("http://h:1",), "index": "Upper"},
        {"urls": ("http://h:1",), "index": "a*b"},
        {"urls": ("http://h:1",), "index": "_a"},
        {"urls": ("http://h:1",), "user": "u"},
        {"urls": ("http://h:1",), "api_key": "k", "user": "u", "password": "p"},
    ],
)
def test_an_address_that_cannot_be_is_refused_before_anything_is_sent(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        ElasticAddress(**wrong)  # type: ignore[arg-type]
