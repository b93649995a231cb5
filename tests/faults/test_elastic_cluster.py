"""A real cluster of three nodes with TLS and passwords: one of them is killed while we write and search."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from engine.errors import StoreConflictError, StoreError, StoreUnavailableError
from engine.models import AttributedArticle
from engine.passages import fingerprint, passages_of
from engine.stores.base import PreparedArticle, Retrieval
from engine.stores.elastic import ElasticStore, open_elastic
from engine.stores.elastic_client import ElasticAddress
from engine.stores.elastic_index import Layout
from tests.contract.builders import DIMENSIONS, IDENTITY, article, embed, simple, terms
from tests.elasticsearch.node import USER, Cluster

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow, pytest.mark.timeout(900)]

ARTICLES = 1000
PARAGRAPHS = 50
"""Fifty thousand passages together."""


@pytest.fixture(scope="module")
def cluster(own_cluster: Callable[..., Cluster]) -> Cluster:
    return own_cluster(nodes=3, heap="512m", secure=True)


@pytest.fixture(scope="module")
def address(cluster: Cluster) -> ElasticAddress:
    return ElasticAddress(
        tuple(node.url for node in cluster.nodes), user=USER, password=cluster.password, ca_file=str(cluster.ca_file)
    )


@pytest.fixture(scope="module")
def client(cluster: Cluster) -> Iterator[Elasticsearch]:
    urls = [node.url for node in cluster.nodes]
    login = (USER, cluster.password or "")
    with Elasticsearch(urls, basic_auth=login, ca_certs=str(cluster.ca_file), request_timeout=60) as client:
        yield client


# --- security ------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_told_and_not_shown(address: ElasticAddress) -> None:
    with pytest.raises(StoreError, match="refused the credentials") as caught:
        open_elastic(replace(address, password="not-this-one"), identity=IDENTITY)
    assert "not-this-one" not in str(caught.value)


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(address: ElasticAddress) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError, match="certificate"):
        open_elastic(replace(address, ca_file=None), identity=IDENTITY)
    assert time.monotonic() - began < 20


def test_an_api_key_with_the_documented_rights_is_enough(address: ElasticAddress, client: Elasticsearch) -> None:
    rights = {"index": [{"names": ["keyed*"], "privileges": ["manage", "read", "write"]}], "cluster": ["monitor"]}
    key = client.security.create_api_key(name="newsroom", role_descriptors={"onrecord": rights})["encoded"]
    keyed = replace(address, user=None, password=None, api_key=key, index="keyed")
    store = open_elastic(keyed, identity=IDENTITY)
    assert [o.outcome for o in store.put([simple("a", "The bridge was closed")])] == ["added"]
    asked = Retrieval("statement", clause=terms("bridge"), vector=embed(["bridge"])[0], paged=True, facets=("speaker",))
    assert store.retrieve(asked).total == 1
    store.close()
    with pytest.raises(StoreError, match="does not allow"):
        open_elastic(replace(keyed, index="elsewhere"), identity=IDENTITY)


def test_a_key_that_may_only_read_searches_and_is_refused_writing(
    address: ElasticAddress, client: Elasticsearch
) -> None:
    shown = replace(address, index="shown")
    writer = open_elastic(shown, identity=IDENTITY)
    list(writer.put([simple("a", "The bridge was closed")]))
    writer.close()
    rights = {"index": [{"names": ["shown*"], "privileges": ["read", "view_index_metadata"]}], "cluster": ["monitor"]}
    key = client.security.create_api_key(name="reader", role_descriptors={"onrecord": rights})["encoded"]
    reader = open_elastic(replace(shown, user=None, password=None, api_key=key), identity=IDENTITY)
    assert reader.retrieve(Retrieval("statement", clause=terms("bridge"))).total == 1
    with pytest.raises(StoreError, match="does not allow"):
        list(reader.put([simple("b", "The road was closed")]))
    reader.close()


# --- snapshots -----------------------------------------------------------------------------------------------------


def test_a_snapshot_restores_a_deleted_index_with_its_alias(
    cluster: Cluster, address: ElasticAddress, client: Elasticsearch
) -> None:
    kept = replace(address, index="kept")
    store = open_elastic(kept, identity=IDENTITY)
    list(store.put([simple(f"a{n}", f"Bridge {n}") for n in range(30)]))
    before = store.articles()
    folder = {"type": "fs", "settings": {"location": str(cluster.repository)}}
    client.snapshot.create_repository(name="backup", repository=folder)
    client.snapshot.create(repository="backup", snapshot="first", indices=["kept-*"], wait_for_completion=True)
    client.indices.delete(index="kept-000001")
    assert open_elastic(kept).counts().articles == 0
    client.snapshot.restore(repository="backup", snapshot="first", indices=["kept-*"], wait_for_completion=True)
    assert store.articles() == before
    assert [o.outcome for o in store.put([simple("new", "Another bridge")])] == ["added"]
    assert store.retrieve(Retrieval("statement", clause=terms("bridge"))).total == 31
    store.close()


# --- a node dies ---------------------------------------------------------------------------------------------------


def heavy(number: int, random: np.random.Generator) -> PreparedArticle:
    """Fifty short paragraphs with random vectors."""
    paragraphs = [f"Paragraph {n} of article {number} on the bridge" for n in range(PARAGRAPHS)]
    one = article(f"a{number:04}", *paragraphs, outlet=f"Outlet {number % 7}")
    vectors = random.standard_normal((PARAGRAPHS, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    attributed = AttributedArticle(one, ())
    return PreparedArticle(attributed, passages_of(attributed), vectors, fingerprint(one, means="cluster"))


@dataclass(slots=True)
class Watcher:
    """Searches as long as it may, and counts what it got."""

    store: ElasticStore
    done: threading.Event = field(default_factory=threading.Event)
    answered: list[float] = field(default_factory=list)
    failed: list[tuple[float, str]] = field(default_factory=list)

    def watch(self) -> None:
        asked = Retrieval("paragraph", clause=terms("bridge"), vector=embed(["bridge"])[0], facets=("outlet",))
        while not self.done.is_set():
            try:
                found = self.store.retrieve(asked)
                assert found.total >= len(found.keyword)
                self.answered.append(time.monotonic())
            except (StoreUnavailableError, StoreConflictError) as error:
                self.failed.append((time.monotonic(), str(error)))
            time.sleep(0.05)


def primary_node(cluster: Cluster, client: Elasticsearch) -> int:
    shards = client.cat.shards(index="busy-000001", format="json").body
    name = next(shard["node"] for shard in shards if shard["prirep"] == "p")  # type: ignore[index]
    return [node.name for node in cluster.nodes].index(name)


def test_a_node_killed_while_we_write_and_search_costs_nothing_that_was_acknowledged(
    cluster: Cluster, address: ElasticAddress, client: Elasticsearch
) -> None:
    busy = replace(address, index="busy")
    store = open_elastic(busy, identity=IDENTITY, layout=Layout(shards=2))
    random = np.random.default_rng(3)
    watcher = Watcher(open_elastic(busy, identity=IDENTITY))
    searching = threading.Thread(target=watcher.watch)
    told: list[str] = []
    killed, killed_at = None, 0.0
    for outcome in store.put(heavy(number, random) for number in range(ARTICLES)):
        assert outcome.outcome == "added", outcome
        told.append(outcome.article)
        if len(told) == 1:
            searching.start()
        if killed is None and len(told) > ARTICLES / 4:
            killed = cluster.nodes[primary_node(cluster, client)]
            killed.kill()
            killed_at = time.monotonic()
    time.sleep(2)
    watcher.done.set()
    searching.join()
    assert killed is not None
    assert len(told) == ARTICLES

    after = [moment for moment in watcher.answered if moment > killed_at]
    assert len(after) > 10, watcher.failed[-3:]
    late = [why for moment, why in watcher.failed if moment > killed_at + 60]
    assert not late, "a minute after the kill searches must have gone over to the living"

    assert set(store.fingerprints(told)) == set(told)
    assert store.counts().paragraphs == ARTICLES * PARAGRAPHS
    assert store.retrieve(Retrieval("paragraph", clause=terms("bridge"))).total == ARTICLES * PARAGRAPHS

    killed.start()
    living = next(node for node in cluster.nodes if node is not killed)
    cluster.wait(nodes=3, status="green", node=living)
    assert store.counts().paragraphs == ARTICLES * PARAGRAPHS
    for copy in client.cat.shards(index="busy-000001", format="json").body:
        assert copy["state"] == "STARTED"  # type: ignore[index]
    for other in cluster.nodes:
        if other is not killed:
            other.kill()
            break
    cluster_survives = open_elastic(replace(busy, urls=tuple(n.url for n in cluster.nodes)), identity=IDENTITY)
    assert cluster_survives.counts().paragraphs == ARTICLES * PARAGRAPHS
    cluster_survives.close()
    store.close()
    watcher.store.close()
