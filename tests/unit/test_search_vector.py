"""The question's vector is made beside the counting of its words."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from engine.errors import ModelError
from engine.ports import Vectors
from engine.query import SearchRequest
from engine.registry import Registry
from engine.search_plan import plan
from engine.search_vector import QueryVectors
from tests.builders import WordEmbedder

REGISTRY = Registry.of(())


class _Waiting(WordEmbedder):
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked: list[list[str]] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(list(texts))
        self.go.wait(10)
        return super().embed(texts)


class _Broken(WordEmbedder):
    def embed(self, texts: Sequence[str]) -> Vectors:
        raise ModelError(f"cannot read {len(texts)} texts")


def vectors(embedder: WordEmbedder | None, request: SearchRequest) -> QueryVectors:
    return QueryVectors(embedder, request, context_share=0.25)


def test_embedding_begins_before_it_is_asked_for_and_is_done_once() -> None:
    embedder, request = _Waiting(), SearchRequest(q="safe zones")
    planned = plan(request, REGISTRY)
    with vectors(embedder, request) as found:
        found.begin(planned)  # does not wait
        embedder.go.set()
        one, two = found.of(planned), found.of(planned)
    assert one is not None
    assert np.array_equal(one, WordEmbedder().embed(["safe zones"])[0])
    assert one is two
    assert embedder.asked == [["safe zones"]]


@pytest.mark.parametrize("request_", [SearchRequest(q="safe zones", mode="keyword"), SearchRequest(q=""),
                                      SearchRequest(q="speaker:ruiz")])  # fmt: skip
def test_where_no_meaning_is_asked_for_nothing_is_embedded(request_: SearchRequest) -> None:
    embedder = _Waiting()
    with vectors(embedder, request_) as found:
        assert found.of(plan(request_, REGISTRY)) is None
    assert embedder.asked == []


def test_a_context_has_its_share_at_unit_length() -> None:
    request = SearchRequest(q="safe zones", context="refugees")
    with vectors(WordEmbedder(), request) as found:
        vector = found.of(plan(request, REGISTRY))
    own, around = WordEmbedder().embed(["safe zones", "refugees"])
    assert vector is not None
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-6)
    assert vector == pytest.approx((0.75 * own + 0.25 * around) / np.linalg.norm(0.75 * own + 0.25 * around), abs=1e-6)


def test_what_the_model_raises_reaches_who_asked() -> None:
    request = SearchRequest(q="safe zones")
    with vectors(_Broken(), request) as found, pytest.raises(ModelError, match="1 texts"):
        found.of(plan(request, REGISTRY))


def test_without_a_model_there_is_no_vector() -> None:
    request = SearchRequest(q="safe zones")
    with vectors(None, request) as found:
        assert not found.possible
        assert found.of(plan(request, REGISTRY)) is None
