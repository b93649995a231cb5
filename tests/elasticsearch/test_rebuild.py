"""`migrate` on a real node: the old index answers and takes writes, a failure leaves it alone, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch

from engine.errors import ModelMismatchError, StoreConflictError, StoreUnavailableError, StoreVersionError
from engine.models import AttributedArticle
from engine.ports import ModelIdentity
from engine.stores.base import PreparedArticle, Retrieval
from engine.stores.elastic import ElasticStore, open_elastic
from engine.stores.elastic_client import ElasticAddress
from engine.stores.elastic_index import Layout
from engine.stores.elastic_rebuild import rebuild
from tests.contract.builders import IDENTITY, embed, prepared, simple, terms
from tests.elasticsearch.proxy import proxy_to

pytestmark = pytest.mark.elasticsearch

NEW = ModelIdentity("twice-as-wide", "2" * 64, 2 * IDENTITY.dimensions)


def widened(articles: Sequence[AttributedArticle], marks: Sequence[str]) -> Iterable[PreparedArticle]:
    """Made ready with another model: its vectors are the old ones beside themselves."""
    for ready in _again(articles, marks):
        vectors = embed([passage.text for passage in ready.passages])
        yield replace(ready, vectors=(vectors.repeat(2, axis=1) / 2**0.5).astype("float32"))


@pytest.fixture
def address(elasticsearch_url: str, index_prefix: str) -> ElasticAddress:
    return ElasticAddress((elasticsearch_url,), index=index_prefix)


@pytest.fixture
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        yield client


@pytest.fixture
def store(address: ElasticAddress) -> Iterator[ElasticStore]:
    store = open_elastic(address, identity=IDENTITY)
    list(store.put([simple(f"a{n:03}", f"Bridge {n} was closed") for n in range(70)]))
    yield store
    store.close()


def indexes(client: Elasticsearch, address: ElasticAddress) -> list[str]:
    return sorted(client.indices.get(index=f"{address.index}-*"))


def bridges(store: ElasticStore) -> int:
    return store.retrieve(Retrieval("statement", clause=terms("bridge"))).total


def test_a_rebuilt_index_holds_the_same_articles_with_the_new_model(
    store: ElasticStore, address: ElasticAddress, client: Elasticsearch
) -> None:
    before = store.articles(limit=100)
    marks = store.fingerprints([a.article.id for a in before])
    report = rebuild(address, identity=NEW, prepare=widened)
    assert (report.articles, report.index, report.deleted) == (
        70,
        f"{address.index}-000002",
        (f"{address.index}-000001",),
    )
    assert indexes(client, address) == [report.index]
    new = open_elastic(address, identity=NEW)
    assert new.articles(limit=100) == before
    assert new.fingerprints(list(marks)) == marks
    assert new.identity == NEW
    near = new.retrieve(Retrieval("statement", vector=embed(["bridge 7"])[0].repeat(2) / 2**0.5, depth=5))
    assert len(near.semantic) == 5
    assert next(iter(new.put([simple("b", "A new bridge")]))).outcome == "refused"  # the old model's vectors
    new.close()


def test_a_program_with_the_old_model_is_told_so_and_writes_nothing(
    store: ElasticStore, address: ElasticAddress
) -> None:
    rebuild(address, identity=NEW, prepare=widened)
    with pytest.raises(ModelMismatchError, match="onrecord migrate"):
        list(store.put([simple("b", "A new bridge")]))
    with pytest.raises(ModelMismatchError, match="twice-as-wide"):
        bridges(store)
    new = open_elastic(address, identity=NEW)
    assert new.article("b") is None
    new.close()


def test_the_same_model_in_another_layout_is_taken_over_by_running_programs(
    store: ElasticStore, address: ElasticAddress, client: Elasticsearch
) -> None:
    report = rebuild(address, identity=IDENTITY, prepare=_again, layout=Layout(shards=2, vectors="hnsw"))
    assert bridges(store) == 70
    assert [o.outcome for o in store.put([simple("b", "A new bridge")])] == ["added"]
    assert bridges(store) == 71
    made = client.indices.get(index=report.index)[report.index]
    assert made["settings"]["index"]["number_of_shards"] == "2"
    assert made["mappings"]["properties"]["statement_vector"]["index_options"]["type"] == "hnsw"


def _again(articles: Sequence[AttributedArticle], marks: Sequence[str]) -> Iterable[PreparedArticle]:
    for attributed, mark in zip(articles, marks, strict=True):
        yield replace(prepared(attributed.article, *attributed.statements), fingerprint=mark)


def test_a_failure_half_way_leaves_the_old_index_serving_and_writable(
    store: ElasticStore, address: ElasticAddress, client: Elasticsearch
) -> None:
    def fails(articles: Sequence[AttributedArticle], marks: Sequence[str]) -> Iterable[PreparedArticle]:
        if articles[0].article.id >= "a032":
            raise RuntimeError("the machine is out of memory")
        return widened(articles, marks)

    with pytest.raises(RuntimeError, match="out of memory"):
        rebuild(address, identity=NEW, prepare=fails)
    assert indexes(client, address) == [f"{address.index}-000001"]
    assert bridges(store) == 70
    assert [o.outcome for o in store.put([simple("b", "A new bridge")])] == ["added"]
    assert bridges(store) == 71
    assert rebuild(address, identity=NEW, prepare=widened).articles == 71


def test_what_is_written_and_deleted_meanwhile_is_carried_over(store: ElasticStore, address: ElasticAddress) -> None:
    busy = threading.Event()

    def while_others_write(articles: Sequence[AttributedArticle], marks: Sequence[str]) -> Iterable[PreparedArticle]:
        if not busy.is_set():
            busy.set()
            list(store.put([simple("a000", "A tunnel instead", means="2"), simple("z", "A late bridge")]))
            store.delete(["a001", "a069"])
        return _again(articles, marks)

    report = rebuild(address, identity=IDENTITY, prepare=while_others_write, layout=Layout(vectors="hnsw"))
    assert report.articles == 69
    ids = [a.article.id for a in store.articles(limit=100)]
    assert "z" in ids
    assert not {"a001", "a069"} & set(ids)
    assert bridges(store) == 68
    assert store.counts().statements == 69


def test_writers_at_work_through_a_rebuild_lose_nothing_they_were_told_is_written(
    store: ElasticStore, address: ElasticAddress
) -> None:
    told: list[str] = []
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            for outcome in store.put([simple(f"w{number + n:05}", f"Bridge {n} of many") for n in range(5)]):
                assert outcome.outcome == "added"
                told.append(outcome.article)
            number += 5

    writer = threading.Thread(target=write)
    writer.start()
    report = rebuild(address, identity=IDENTITY, prepare=_again, layout=Layout(vectors="hnsw"))
    done.set()
    writer.join()
    assert told
    assert set(store.fingerprints(told)) == set(told)
    assert bridges(store) == 70 + len(told)
    assert report.index.endswith("-000002")


def test_a_half_filled_index_of_a_migrate_that_died_is_removed_once_it_is_old(
    store: ElasticStore, address: ElasticAddress, client: Elasticsearch
) -> None:
    assert store.identity == IDENTITY
    name = f"{address.index}-000002"
    body = client.indices.get(index=f"{address.index}-000001")[f"{address.index}-000001"]["mappings"]
    meta = {"onrecord": {**body["_meta"]["onrecord"], "building": True}}
    meta["onrecord"]["beat"] = time.time()
    client.indices.create(index=name, mappings={**body, "_meta": meta}, settings=_analysis(client, address))
    with pytest.raises(StoreConflictError, match="another migrate"):
        rebuild(address, identity=NEW, prepare=widened)
    meta["onrecord"]["beat"] = time.time() - 3600
    client.indices.put_mapping(index=name, meta=meta)
    report = rebuild(address, identity=NEW, prepare=widened)
    assert name in report.deleted
    assert report.articles == 70
    assert indexes(client, address) == [report.index]


def _analysis(client: Elasticsearch, address: ElasticAddress) -> dict[str, object]:
    settings = client.indices.get_settings(index=address.index)[f"{address.index}-000001"]["settings"]["index"]
    return {"analysis": settings["analysis"], "mapping.nested_objects.limit": 100_000}


def test_an_interrupted_move_is_finished_by_the_next_migrate(
    store: ElasticStore, address: ElasticAddress, client: Elasticsearch
) -> None:
    """The aliases were moved, then the line went dead: the old index may hold what was written last."""
    old, new = f"{address.index}-000001", f"{address.index}-000002"
    assert store.counts().articles == 70
    with proxy_to(address.urls[0]) as proxy:
        proxy.rule = lambda request: "drop" if request.path.startswith(f"/{old}/_settings") else None
        with pytest.raises(StoreUnavailableError):
            rebuild(replace(address, urls=(proxy.url,)), identity=NEW, prepare=widened)
    assert indexes(client, address) == [old, new]
    assert list(client.indices.get_alias(name=address.index)) == [new]
    report = rebuild(address, identity=NEW, prepare=widened)
    assert report.deleted == (old,)
    assert indexes(client, address) == [new]
    opened = open_elastic(address, identity=NEW)
    assert opened.counts().articles == 70
    opened.close()


def test_a_move_whose_answer_was_lost_does_not_cost_the_new_index(
    store: ElasticStore, address: ElasticAddress, client: Elasticsearch
) -> None:
    assert store.counts().articles == 70
    with proxy_to(address.urls[0]) as proxy:
        proxy.rule = lambda request: "drop answer" if request.path.startswith("/_aliases") else None
        with pytest.raises(StoreUnavailableError):
            rebuild(replace(address, urls=(proxy.url,)), identity=NEW, prepare=widened)
    assert list(client.indices.get_alias(name=address.index)) == [f"{address.index}-000002"]
    assert rebuild(address, identity=NEW, prepare=widened).deleted == (f"{address.index}-000001",)
    opened = open_elastic(address, identity=NEW)
    assert opened.counts().articles == 70
    opened.close()


def test_there_is_nothing_to_rebuild_where_nothing_was_indexed(address: ElasticAddress) -> None:
    with pytest.raises(StoreUnavailableError, match="to rebuild"):
        rebuild(address, identity=NEW, prepare=widened)


def test_an_index_of_an_older_mapping_is_refused_with_the_command_and_can_be_rebuilt(
    store: ElasticStore, address: ElasticAddress, client: Elasticsearch
) -> None:
    name = f"{address.index}-000001"
    meta = client.indices.get_mapping(index=name)[name]["mappings"]["_meta"]
    meta["onrecord"]["mapping_version"] = 0
    client.indices.put_mapping(index=name, meta=meta)
    with pytest.raises(StoreVersionError, match="onrecord migrate"):
        open_elastic(address, identity=IDENTITY)
    assert rebuild(address, identity=IDENTITY, prepare=_again).articles == 70
    assert bridges(store) == 70
    meta["onrecord"]["mapping_version"] = 99
    client.indices.put_mapping(index=address.index, meta=meta)
    with pytest.raises(StoreVersionError, match="upgrade On Record"):
        open_elastic(address, identity=IDENTITY)
