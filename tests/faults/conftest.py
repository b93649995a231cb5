"""A store behind a proxy that can be told to answer badly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.stores.elastic import ElasticStore, open_elastic
from engine.stores.elastic_client import ElasticAddress
from tests.contract.builders import IDENTITY, simple
from tests.elasticsearch.proxy import Proxy, proxy_to
from tests.faults.elastic import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def proxy(elasticsearch_url: str) -> Iterator[Proxy]:
    with proxy_to(elasticsearch_url) as proxy:
        yield proxy


@pytest.fixture
def address(proxy: Proxy, index_prefix: str) -> ElasticAddress:
    return ElasticAddress((proxy.url,), index=index_prefix)


@pytest.fixture
def store(address: ElasticAddress, clock: Clock) -> Iterator[ElasticStore]:
    store = open_elastic(address, identity=IDENTITY, pauses=clock.pauses())
    list(store.put([simple("first", "The first bridge")]))
    yield store
    store.close()
