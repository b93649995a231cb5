"""The embedded store under the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.ports import ModelIdentity
from engine.stores.base import Store
from engine.stores.embedded import EmbeddedStore, open_embedded
from tests.contract.builders import IDENTITY
from tests.contract.store_contract import StoreContract
from tests.contract.writing import OpenStore


class TestEmbeddedStore(StoreContract):
    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Iterator[OpenStore]:
        opened: list[EmbeddedStore] = []

        def open_store(identity: ModelIdentity | None) -> Store:
            store = open_embedded(tmp_path / "store.db", identity=identity, cache=tmp_path / "cache")
            opened.append(store)
            return store

        yield open_store
        for store in opened:
            store.close()

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store(IDENTITY)
