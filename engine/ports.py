"""What the use cases need from outside: an embedder, perhaps a reranker (the store: `engine/stores/base.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Unit-length float32 vectors, shape (texts, dimensions)."""


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which vectors these are. Two runtimes of the same weights share one identity."""

    name: str
    weights_sha256: str
    dimensions: int
    precision: str = "float32"


class Embedder(Protocol):
    """Turns text into vectors; the same text always gives the same vector, whatever else is in the batch."""

    @property
    def identity(self) -> ModelIdentity: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimensions), unit length. Text past the model's window is cut at its end."""
        ...


class Reranker(Protocol):
    """Reads a query and a text together, which is finer than comparing their vectors and a thousand times dearer."""

    @property
    def name(self) -> str:
        """The model, as the user named it."""
        ...

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the query, 0..1; the same whatever else is in the batch."""
        ...
