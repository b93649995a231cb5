"""What the routes work with: one store, one embedder, one attributor, each opened when it is first needed.

The store may be away when the service starts, or go away while it runs: every request tries it again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from api import wiring
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.attribution import Attributor
    from engine.ports import Embedder, Reranker
    from engine.registry import Registry
    from engine.stores.base import Store

Made = TypeVar("Made")


class Services:
    """Opened once, shared by all threads, closed at the end."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.RLock()
        self._made: dict[str, object] = {}

    @property
    def store(self) -> Store:
        return self._once(
            "store", lambda: wiring.open_store(self.settings, identity=self.embedder.identity, create=True)
        )

    @property
    def embedder(self) -> Embedder:
        return self._once("embedder", lambda: wiring.load_embedder(self.settings))

    @property
    def reranker(self) -> Reranker | None:
        """None where the settings name none."""
        if self.settings.reranker is None:
            return None
        return self._once("reranker", lambda: wiring.load_reranker(self.settings))

    @property
    def registry(self) -> Registry:
        return self._once("registry", lambda: wiring.load_registry(self.settings))

    @property
    def attributor(self) -> Attributor:
        return self._once("attributor", lambda: wiring.load_attributor(self.settings, registry=self.registry)[0])

    def _once(self, name: str, make: Callable[[], Made]) -> Made:
        """Made under a lock, and kept only when it could be made: what fails is tried again by the next request."""
        made = self._made.get(name)
        if made is None:
            with self._lock:
                made = self._made.get(name)
                if made is None:
                    made = self._made[name] = make()
        return made  # type: ignore[return-value]

    def close(self) -> None:
        store = self._made.pop("store", None)
        if store is not None:
            store.close()  # type: ignore[attr-defined]
