"""Trouble while reading and opening: away, slow, busy, another program, half a cluster, a wrong address."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch

from engine.errors import (
    SettingsError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
    StoreVersionError,
)
from engine.stores.elastic import ElasticStore, open_elastic
from engine.stores.elastic_client import ElasticAddress
from engine.stores.elastic_index import Layout, describe, own_alias
from index_config.elasticsearch import index_body
from tests.contract.builders import IDENTITY, simple
from tests.elasticsearch.proxy import Proxy, Request
from tests.faults.elastic import bridges

pytestmark = pytest.mark.elasticsearch


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


@pytest.mark.parametrize(
    ("product", "message"), [(None, "not Elasticsearch"), ("Elasticsearch", r"is 8\.11\.4; On Record needs 8\.19")]
)
def test_something_else_on_the_port_or_a_server_too_old_is_named(
    index_prefix: str, product: str | None, message: str
) -> None:
    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            if product:
                self.send_header("X-elastic-product", product)
            self.end_headers()
            self.wfile.write(b'{"version": {"number": "8.11.4"}, "tagline": "You Know, for Search"}')

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with http.server.HTTPServer(("127.0.0.1", 0), Answers) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        address = ElasticAddress((f"http://127.0.0.1:{server.server_address[1]}",), index=index_prefix)
        with pytest.raises(StoreVersionError, match=message):
            open_elastic(address, identity=IDENTITY)
        server.shutdown()
        serving.join()


def test_a_shard_that_nobody_holds_is_an_error_and_not_half_an_answer(
    address: ElasticAddress, elasticsearch_url: str
) -> None:
    """Two shards, and a node that may hold only one of them."""
    meta = describe(IDENTITY, Layout(shards=2))
    body = index_body(dimensions=IDENTITY.dimensions, vectors="int8_hnsw", shards=2, meta=meta)
    body["settings"]["index"]["routing.allocation.total_shards_per_node"] = 1
    aliases: dict[str, dict[str, str]] = {address.index: {}, own_alias(address.index, IDENTITY): {}}
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.indices.create(index=f"{address.index}-000001", aliases=aliases, wait_for_active_shards="0", **body)
        client.cluster.health(index=address.index, wait_for_active_shards="1", timeout="60s")
        store = open_elastic(address, identity=IDENTITY)
        with pytest.raises(StoreUnavailableError, match="could not search 1 of 2 shards"):
            bridges(store)
        with pytest.raises(StoreUnavailableError):
            store.counts()
        store.close()


def test_one_dead_host_of_two_is_passed_by(store: ElasticStore, address: ElasticAddress) -> None:
    both = replace(address, urls=("http://127.0.0.1:9", *address.urls))
    second = open_elastic(both, identity=IDENTITY)
    for _ in range(6):
        assert bridges(second) == 1
    assert [o.outcome for o in second.put([simple("b", "Another bridge")])] == ["added"]
    second.close()
    assert bridges(store) == 2


def test_an_index_that_is_closed_is_a_typed_error(
    store: ElasticStore, address: ElasticAddress, elasticsearch_url: str
) -> None:
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.indices.close(index=address.index)
        with pytest.raises(StoreError):
            bridges(store)
        client.indices.open(index=address.index, wait_for_active_shards="1")
    assert bridges(store) == 1


def test_an_index_that_another_program_made_is_refused(address: ElasticAddress, elasticsearch_url: str) -> None:
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.indices.create(index=address.index)
        with pytest.raises(StoreVersionError, match="ONRECORD_INDEX"):
            open_elastic(address, identity=IDENTITY)
        client.indices.delete(index=address.index)
        client.indices.create(index=f"{address.index}-theirs", aliases={address.index: {}})
        with pytest.raises(StoreVersionError, match="not made by On Record"):
            open_elastic(address, identity=IDENTITY)


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
