"""The first places of the fused ranking in a reranker's order."""

from __future__ import annotations

from dataclasses import replace

from engine.fusion import Fused
from engine.ports import Reranker
from engine.search_pages import Reorder
from engine.stores.base import Store


def reordering(store: Store, reranker: Reranker, query: str, depth: int) -> Reorder | None:
    """None where there is no text to rank by. A reranked passage has the score 1 + the reranker's, so that scores fall
    along the whole ranking; of equal ones the better fused comes first."""
    if not query.strip():
        return None

    def reorder(head: list[Fused]) -> list[Fused]:
        passages = store.passages([fused.key for fused in head[:depth]])
        first = [fused for fused in head[:depth] if fused.key in passages]
        scores = reranker.scores(query, [passages[fused.key].text for fused in first])
        ranked = [replace(fused, score=1 + score) for fused, score in zip(first, scores, strict=True)]
        return sorted(ranked, key=lambda fused: -fused.score) + head[depth:]

    return reorder
