"""Merging two rankings into one. Pure: both stores are fused by the same lines.

Reciprocal ranks: G.V. Cormack, C.L.A. Clarke, S. Buettcher, SIGIR 2009. Weighted sums of normalised scores: S. Bruch,
S. Gai, A. Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023 (better where scores mean
something; theoretical minima instead of observed ones keep them stable).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.stores.base import Key, Ranked

Method = Literal["weighted", "reciprocal"]


@dataclass(frozen=True, slots=True)
class Fusion:
    """How to fuse. `semantic` is the weight of the vector ranking, the keyword ranking has the rest of 1."""

    method: Method = "weighted"
    semantic: float = 0.5
    floor: float = 0.0
    """The cosine that counts as nothing; neighbours are only taken well above it (`Ranking.floor`)."""
    constant: int = 60
    """Of the reciprocal ranks: the higher, the less the first places stand out."""
    article: float = 0.0
    """Share (0..1) of what an article's other passages have more than its best one, given to that one: an article
    whose words stand in one paragraph and whose meaning in the next is found by both."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A passage with its places (from 1) in both rankings and the fused score, 0..1."""

    key: Key
    score: float
    keyword_rank: int | None
    semantic_rank: int | None


def fuse(keyword: Sequence[Ranked], semantic: Sequence[Ranked], fusion: Fusion) -> list[Fused]:
    """Best first. Ties go to the better keyword place, then to the better semantic one, so the order is total."""
    keyword_places = {ranked.key: place for place, ranked in enumerate(keyword, 1)}
    semantic_places = {ranked.key: place for place, ranked in enumerate(semantic, 1)}
    if fusion.method == "weighted":
        keyword_shares, semantic_shares = _of_best(keyword), _above_floor(semantic, fusion.floor)
    else:
        keyword_shares, semantic_shares = (_reciprocal(r, fusion.constant) for r in (keyword, semantic))
    both = {
        key: ((1 - fusion.semantic) * keyword_shares.get(key, 0.0), fusion.semantic * semantic_shares.get(key, 0.0))
        for key in dict.fromkeys([*keyword_places, *semantic_places])
    }
    gains = _gains(both, {r.key: r.article for r in (*keyword, *semantic)}, fusion) if fusion.article else {}
    fused = [
        Fused(key, sum(shares) + gains.get(key, 0.0), keyword_places.get(key), semantic_places.get(key))
        for key, shares in both.items()
    ]
    last = len(keyword) + len(semantic) + 1
    return sorted(fused, key=lambda f: (-f.score, f.keyword_rank or last, f.semantic_rank or last))


def _gains(
    both: Mapping[Key, tuple[float, float]], articles: Mapping[Key, Key | None], fusion: Fusion
) -> dict[Key, float]:
    """What the best passage of each article gains from the others: never more than the best of either share."""
    best: dict[Key, tuple[Key, float, float, float]] = {}
    for key, (words, meaning) in both.items():
        article = articles[key]
        if article is None:
            continue
        first, score, most_words, most_meaning = best.get(article, (key, -1.0, 0.0, 0.0))
        if words + meaning > score:
            first, score = key, words + meaning
        best[article] = (first, score, max(most_words, words), max(most_meaning, meaning))
    return {first: fusion.article * (words + meaning - score) for first, score, words, meaning in best.values()}


def _of_best(ranking: Sequence[Ranked]) -> dict[Key, float]:
    """BM25 has no fixed top: shares of the best score (0 is its floor)."""
    best = max((ranked.score for ranked in ranking), default=0.0)
    return {ranked.key: ranked.score / best if best > 0 else 0.0 for ranked in ranking}


def _above_floor(ranking: Sequence[Ranked], floor: float) -> dict[Key, float]:
    """A cosine's own scale: 0 at the floor, 1 at the same text."""
    return {ranked.key: max(0.0, (ranked.score - floor) / (1 - floor)) for ranked in ranking}


def _reciprocal(ranking: Sequence[Ranked], constant: int) -> dict[Key, float]:
    """Scaled so that the first place has 1."""
    return {ranked.key: (constant + 1) / (constant + place) for place, ranked in enumerate(ranking, 1)}
