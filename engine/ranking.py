"""The numbers of ranking, read from `index_config/ranking.json` (or a newsroom's own file)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import SettingsError
from engine.fusion import Fusion
from engine.models import PassageType
from engine.stores.base import FieldWeights
from index_config import read_text


@dataclass(frozen=True, slots=True)
class LiftWeights:
    """What a wish for a speaker or a context is worth; see `engine.stores.base.Lift`.

    `context_vector` is the share of the context's vector in the query's. `named_semantic` and `named_floor` are for a
    speaker whom the question names: their statements come first, and may be farther from the topic than others'.
    """

    keyword: float
    speaker_keyword: float
    speaker_semantic: float
    context_vector: float
    named_semantic: float
    named_floor: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """`depth` places of each ranking are fused; what follows comes in keyword order.

    A neighbour's cosine is at least `floor`.
    Where fewer than `relax_below` passages hold all words, the `relaxed_depth` best of those with any are taken.
    """

    depth: int
    relaxed_depth: int
    relax_below: int
    floor: float
    fusion: Fusion
    statement: FieldWeights
    paragraph: FieldWeights
    lift: LiftWeights
    rerank_depth: int = 50
    """So many of the fused ranking are read by a reranker, where there is one."""

    def fusion_of(self, passages: PassageType) -> Fusion:
        """Statements of one article are by different people: what one of them has is no evidence for another."""
        return replace(self.fusion, article=0.0) if passages == "statement" else self.fusion

    def weights(self, passages: PassageType) -> FieldWeights:
        return self.statement if passages == "statement" else self.paragraph


def load_ranking(path: Path | None = None) -> Ranking:
    """Raises SettingsError on a number that is missing or unknown."""
    name = str(path) if path else "ranking.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8") if path else read_text(name))
        return Ranking(
            depth=int(found["depth"]),
            relaxed_depth=int(found["relaxed_depth"]),
            relax_below=int(found["relax_below"]),
            floor=float(found["semantic_floor"]),
            fusion=Fusion(**found["fusion"]),
            statement=FieldWeights(**found["weights"]["statement"]),
            paragraph=FieldWeights(**found["weights"]["paragraph"]),
            lift=LiftWeights(**found["lift"]),
            rerank_depth=int(found["rerank_depth"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{name}: {error!r} is not what the ranking needs") from error
