"""The Elasticsearch store under the contract of all stores, on a real node."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.ports import ModelIdentity
from engine.stores.base import Store
from engine.stores.elastic import ElasticStore, open_elastic
from engine.stores.elastic_client import ElasticAddress
from tests.contract.builders import IDENTITY
from tests.contract.store_contract import StoreContract
from tests.contract.writing import OpenStore

pytestmark = pytest.mark.elasticsearch


class TestElasticStore(StoreContract):
    @pytest.fixture
    def open_store(self, elasticsearch_url: str, index_prefix: str) -> Iterator[OpenStore]:
        opened: list[ElasticStore] = []

        def open_store(identity: ModelIdentity | None) -> Store:
            store = open_elastic(ElasticAddress((elasticsearch_url,), index=index_prefix), identity=identity)
            opened.append(store)
            return store

        yield open_store
        for store in opened:
            store.close()

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store(IDENTITY)
