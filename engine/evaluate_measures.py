"""Measures of rankings against judgements, with what chance may do to them.

nDCG with gains 2^grade - 1 (K. Järvelin, J. Kekäläinen, TOIS 2002), MRR, recall; 95 % intervals by bootstrap over the
queries, of a difference over the differences of each query (M.D. Smucker, J. Allan, B. Carterette, CIKM 2007).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESULTS = 100
"""Documents a query, as the contract says."""
RESAMPLES = 1_000
SEED = 13

Run = dict[str, list[tuple[str, float]]]
"""By query: documents with their scores, best first."""
Judgements = Mapping[str, Mapping[str, int]]
NAMES = ("ndcg@10", "mrr@10", "recall@100")


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over the queries with the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def record(self) -> dict[str, float]:
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


def measures(run: Run, judgements: Judgements) -> dict[str, Measure]:
    """Over the judged queries; one without an answer counts as nought."""
    return _means(_table(run, judgements))


def gains(run: Run, other: Run, judgements: Judgements) -> dict[str, Measure]:
    """What `run` has more than `other`; chance explains it where the interval holds 0."""
    return _means(_table(run, judgements) - _table(other, judgements))


def _table(run: Run, judgements: Judgements) -> npt.NDArray[np.float64]:
    """A row for each judged query, a column for each of NAMES."""
    rows = [_measured([id for id, _ in run.get(query, [])], judged) for query, judged in sorted(judgements.items())]
    return np.array(rows, np.float64).reshape(-1, len(NAMES))


def _means(table: npt.NDArray[np.float64]) -> dict[str, Measure]:
    chance = np.random.default_rng(SEED)
    samples = table[chance.integers(0, len(table), (RESAMPLES, len(table)))].mean(axis=1)
    low, high = np.quantile(samples, (0.025, 0.975), axis=0)
    return {name: Measure(float(table[:, i].mean()), float(low[i]), float(high[i])) for i, name in enumerate(NAMES)}


def _measured(ranked: Sequence[str], judged: Mapping[str, int]) -> tuple[float, float, float]:
    gains = [2 ** max(0, judged.get(id, 0)) - 1 for id in ranked[:10]]
    ideal = sorted((2 ** max(0, grade) - 1 for grade in judged.values()), reverse=True)[:10]
    relevant = {id for id, grade in judged.items() if grade > 0}
    first = next((place for place, gain in enumerate(gains, 1) if gain), 0)
    recall = len(relevant & set(ranked[:RESULTS])) / len(relevant) if relevant else 0.0
    return _discounted(gains) / (_discounted(ideal) or 1.0), 1 / first if first else 0.0, recall


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))
