"""A real cluster of three nodes with TLS and passwords: one of them is killed while we write and search."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
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
from tests.elasticsearch.node import USER, Cluster, Node

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow, pytest.mark.timeout(2400)]

ARTICLES = 100
PARAGRAPHS = 500
"""Fifty thousand passages together; a bulk request holds one article of this size."""


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
    with closing(open_elastic(kept)) as empty:
        assert empty.counts().articles == 0
    client.snapshot.restore(repository="backup", snapshot="first", indices=["kept-*"], wait_for_completion=True)
    assert store.articles() == before
    assert [o.outcome for o in store.put([simple("new", "Another bridge")])] == ["added"]
    assert store.retrieve(Retrieval("statement", clause=terms("bridge"))).total == 31
    store.close()


# --- a node dies ---------------------------------------------------------------------------------------------------


def heavy(number: int, random: np.random.Generator) -> PreparedArticle:
    """Short paragraphs with random vectors."""
    paragraphs = [f"Paragraph {n} of article {number} on the bridge" for n in range(PARAGRAPHS)]
    one = article(f"a{number:04}", *paragraphs, outlet=f"Outlet {number % 7}")
    vectors = random.standard_normal((PARAGRAPHS, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    attributed = AttributedArticle(one, ())
    return PreparedArticle(attributed, passages_of(attributed), vectors, fingerprint(one, means="cluster"))


ASKED = Retrieval("paragraph", clause=terms("bridge"), vector=embed(["bridge"])[0], facets=("outlet",))


@dataclass(slots=True)
class Watcher:
    """Searches until it is told to stop, and keeps when it was answered and when it was told that it cannot be."""

    store: ElasticStore
    done: threading.Event = field(default_factory=threading.Event)
    answered: list[float] = field(default_factory=list)
    failed: list[tuple[float, str]] = field(default_factory=list)

    def watch(self) -> None:
        while not self.done.wait(0.3):
            try:
                found = self.store.retrieve(ASKED)
                assert found.total >= len(found.keyword) > 0
                self.answered.append(time.monotonic())
            except (StoreUnavailableError, StoreConflictError) as error:
                self.failed.append((time.monotonic(), str(error)))


@contextmanager
def searching(watcher: Watcher) -> Iterator[Watcher]:
    thread = threading.Thread(target=watcher.watch)
    thread.start()
    try:
        yield watcher
    finally:
        watcher.done.set()
        thread.join()


def primary_node(cluster: Cluster, client: Elasticsearch) -> Node:
    shards = client.cat.shards(index="busy-000001", format="json").body
    name = next(shard["node"] for shard in shards if shard["prirep"] == "p")  # type: ignore[index]
    return next(node for node in cluster.nodes if node.name == name)


@dataclass(slots=True)
class Killing:
    """Kills a node in the midst of a stream of articles: some are acknowledged, some on their way, most to come."""

    cluster: Cluster
    client: Elasticsearch
    told: list[str] = field(default_factory=list)
    killed: Node | None = None
    moment: float = 0.0

    def articles(self) -> Iterator[PreparedArticle]:
        random = np.random.default_rng(3)
        for number in range(ARTICLES):
            if self.killed is None and len(self.told) >= ARTICLES / 10 and number >= len(self.told) + 3:
                self.killed = primary_node(self.cluster, self.client)
                self.killed.kill()
                self.moment = time.monotonic()
            yield heavy(number, random)


def test_a_node_killed_while_we_write_and_search_costs_nothing_that_was_acknowledged(
    cluster: Cluster, address: ElasticAddress, client: Elasticsearch
) -> None:
    busy = replace(address, index="busy")
    with (
        closing(open_elastic(busy, identity=IDENTITY, layout=Layout(shards=2))) as store,
        closing(open_elastic(busy, identity=IDENTITY)) as second,
    ):
        list(store.put([simple("first", "The first bridge")]))
        cluster.wait(nodes=3, status="green")  # a second copy of each shard is there
        killing = Killing(cluster, client)
        with searching(Watcher(second)) as watcher:
            for outcome in store.put(killing.articles()):
                assert outcome.outcome == "added", outcome
                killing.told.append(outcome.article)
        killed, told, all_of_them = killing.killed, killing.told, ARTICLES * PARAGRAPHS + 1
        assert killed is not None
        assert len(told) == ARTICLES
        assert sum(moment > killing.moment for moment in watcher.answered) > 3, watcher.failed[-3:]

        for _ in range(10):  # the dead one is still in the list of hosts
            assert second.retrieve(ASKED).total == all_of_them
        assert set(store.fingerprints(told)) == set(told)
        assert store.counts().paragraphs == all_of_them

        killed.start()
        cluster.wait(nodes=3, status="green", node=next(node for node in cluster.nodes if node is not killed))
        shards = client.cat.shards(index="busy-000001", format="json").body
        states = [shard["state"] for shard in shards]  # type: ignore[index]
        assert len(states) == 4
        assert set(states) <= {"STARTED", "RELOCATING"}  # one that moves to the node come back serves meanwhile
        with closing(open_elastic(replace(busy, urls=(killed.url,)), identity=IDENTITY)) as healed:
            assert healed.counts().paragraphs == all_of_them
            assert healed.retrieve(ASKED).total == all_of_them
