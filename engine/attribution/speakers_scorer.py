"""The weights of the reference scorer, as `python -m engine.learning.references` has fitted them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WEIGHTS = Path(__file__).parent / "model" / "references.json"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights by feature; `least` is the share of all candidates' exponentials below which nobody is meant."""

    weights: Mapping[str, float]
    least: float = 0.0

    def of(self, values: Mapping[str, float]) -> float:
        return sum(self.weights.get(name, 0.0) * value for name, value in values.items())


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Scorer]:
    """By kind of pronoun: he (and she), it, they."""
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))["scorers"]
    return {kind: Scorer(fitted["weights"], fitted["least"]) for kind, fitted in told.items()}
