"""The vector of a question, made while the store counts its words: the two need nothing of each other.

A thread of its own is worth it: both wait for most of their time outside Python (onnxruntime or torch, SQLite or the
network), and embedding is a third of a search.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import numpy as np
import numpy.typing as npt

from engine.ports import Embedder
from engine.query import SearchRequest
from engine.search_plan import Plan

Vector = npt.NDArray[np.float32]


class QueryVectors:
    """Begins to embed a plan's words when it is told to, and gives their vector when it is asked for."""

    def __init__(self, embedder: Embedder | None, request: SearchRequest, *, context_share: float) -> None:
        self._embedder = embedder
        self._request = request
        self._share = context_share
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding")
        self._begun: dict[str, Future[Vector]] = {}

    @property
    def possible(self) -> bool:
        """Whether there is a model."""
        return self._embedder is not None

    def __enter__(self) -> QueryVectors:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.shutdown(wait=True)

    def begin(self, planned: Plan) -> None:
        meaning = planned.meaning.strip()
        if self._embedder is None or self._request.mode == "keyword" or planned.clause is None or not meaning:
            return
        if meaning not in self._begun:
            self._begun[meaning] = self._worker.submit(self._embed, self._embedder, meaning)

    def of(self, planned: Plan) -> Vector | None:
        """None where there is nothing to embed, or nothing to embed with. What the embedder raises is raised here."""
        self.begin(planned)
        begun = self._begun.get(planned.meaning.strip())
        return None if begun is None else begun.result()

    def _embed(self, embedder: Embedder, meaning: str) -> Vector:
        context = self._request.context
        if not context:
            return np.asarray(embedder.embed([meaning])[0], np.float32)
        own, around = embedder.embed([meaning, context])
        blended = (1 - self._share) * own + self._share * around
        return np.asarray(blended / np.linalg.norm(blended), np.float32)
