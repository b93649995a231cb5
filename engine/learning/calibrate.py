"""Fits the confidence of one means of attribution, and says how honest it is.

Right means right content and right source (see `engine/attribution/confidence.py`). The weights are those of a logistic
regression with a small ridge penalty, fitted by Newton's method on articles that the tagger was not trained on; figures
come from cross-validation over articles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.attribution import Attributor
from engine.attribution.confidence import features
from engine.attribution.gold import gold_article
from engine.attribution.linker_draft import Draft, merged
from engine.learning.evaluate import ScoredText, right_pairs

Floats = npt.NDArray[np.float64]

RIDGE = 1.0
"""Penalty on every weight but the bias: a few hundred attributions should not buy large weights."""
FOLDS = 10
_STEPS = 30


@dataclass(frozen=True, slots=True)
class Sample:
    """One attribution: its features, whether it was right, the article it is of."""

    features: Mapping[str, float]
    right: bool
    article: str


def samples_of(attributor: Attributor, documents: Sequence[Mapping[str, Any]]) -> list[Sample]:
    samples = []
    for document in documents:
        page, drafts = attributor.drafts(gold_article(document))
        found = [_quote(draft) for draft, _ in drafts]
        pairs = right_pairs(ScoredText(document["text"]), document["quotes"], found)
        right = {j for _, j, agree in pairs if agree}
        for number, (draft, kind) in enumerate(drafts):
            samples.append(Sample(features(page, draft, kind), number in right, document["doc_id"]))
    return samples


def _quote(draft: Draft) -> dict[str, list[list[int]]]:
    return {
        role: [[span.start, span.end] for span in merged(segment.span for segment in segments)]
        for role, segments in (("content", draft.content), ("source", draft.source))
    }


def fit(samples: Sequence[Sample]) -> dict[str, float]:
    """Weights by feature name."""
    names = sorted({name for sample in samples for name in sample.features})
    table = np.array([[sample.features.get(name, 0.0) for name in names] for sample in samples])
    right = np.array([sample.right for sample in samples], float)
    penalty = np.diag([0.0 if name == "bias" else RIDGE for name in names]) + 1e-6 * np.eye(len(names))
    weights = np.zeros(len(names))
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (chances - right) + penalty @ weights
        curve = (table.T * (chances * (1 - chances))) @ table + penalty
        weights = weights - np.linalg.solve(curve, slope)
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def chances_of(weights: Mapping[str, float], samples: Sequence[Sample]) -> Floats:
    scores = [sum(weights.get(name, 0.0) * value for name, value in sample.features.items()) for sample in samples]
    chances: Floats = 1 / (1 + np.exp(-np.clip(np.array(scores), -30, 30)))
    return chances


def cross_validated(samples: Sequence[Sample]) -> Floats:
    """Each sample's chance by weights fitted without any article of its fold."""
    articles = sorted({sample.article for sample in samples})
    fold_of = {article: number % FOLDS for number, article in enumerate(articles)}
    chances = np.zeros(len(samples))
    for fold in range(min(FOLDS, len(articles))):
        inside = [i for i, sample in enumerate(samples) if fold_of[sample.article] == fold]
        weights = fit([sample for sample in samples if fold_of[sample.article] != fold])
        chances[inside] = chances_of(weights, [samples[i] for i in inside])
    return chances


def report(chances: Floats, samples: Sequence[Sample]) -> dict[str, Any]:
    """Expected calibration error over ten equal bins (M. P. Naeini et al., 2015), and precision by tenth."""
    right = np.array([sample.right for sample in samples], float)
    bins = np.minimum((chances * 10).astype(int), 9)
    tenths = []
    error = 0.0
    for number in range(10):
        inside = bins == number
        if inside.any():
            mean, precision = float(chances[inside].mean()), float(right[inside].mean())
            error += float(inside.mean()) * abs(mean - precision)
            tenths.append({"from": number / 10, "n": int(inside.sum()), "precision": round(precision, 3)})
    return {"n": len(samples), "right": round(float(right.mean()), 3), "ece": round(error, 3), "tenths": tenths}


def calibrate(attributor: Attributor, documents: Sequence[Mapping[str, Any]], place: Path) -> dict[str, Any]:
    """Fits, writes `place` (confidence.json), and returns the cross-validated report that stands there too."""
    samples = samples_of(attributor, documents)
    figures = report(cross_validated(samples), samples)
    written = {"weights": fit(samples), "cross_validated": figures}
    place.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return figures
