"""How sure an attribution is, as a calibrated chance.

"Right" means that content and source are both right: the content's words overlap the gold's by at least 0.8 (Jaccard)
and the sources share a word, or both are empty. That is the joint measure of `engine/learning/evaluate.py`. The chance
is a logistic function of a few features of the tagger's certainty and the linker's findings, fitted on text that the
tagger was not trained on; its weights are data beside the model (`model/<means>/confidence.json`), written by
`engine/learning/calibrate.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from engine.attribution.linker_draft import Draft, Page
from engine.attribution.segments import Segment
from engine.errors import ModelError
from engine.models import Kind

_SURE, _UNSURE = 0.9999, 0.0001
"""Certainties are kept off 0 and 1, where a logit has no value."""


@dataclass(frozen=True, slots=True)
class Calibration:
    weights: Mapping[str, float]

    @classmethod
    def load(cls, means: str) -> Calibration:
        """Raises ModelError where the weights are missing or malformed."""
        return cls.read(Path(str(resources.files("engine.attribution") / "model" / means / "confidence.json")))

    @classmethod
    def read(cls, place: Path) -> Calibration:
        try:
            weights = json.loads(place.read_text(encoding="utf-8"))["weights"]
            return cls({str(name): float(weight) for name, weight in weights.items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as cause:
            raise ModelError(f"confidence weights cannot be read from {place}: {cause}") from cause

    def of(self, page: Page, draft: Draft, kind: Kind) -> float:
        """The chance that content and source are right, to three decimals."""
        score = sum(self.weights.get(name, 0.0) * value for name, value in features(page, draft, kind).items())
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 3)


def features(page: Page, draft: Draft, kind: Kind) -> dict[str, float]:
    return {
        "bias": 1.0,
        "content": _logit(draft.content),
        "cue": _logit(draft.cue),
        "source": _logit(draft.source),
        "no cue": float(not draft.cue),
        "no source": float(not draft.source),
        "direct": float(kind == "direct"),
        "mixed": float(kind == "mixed"),
        "further pieces": float(min(4, len(draft.content) - 1)),
        "headline": float(page.blocks[draft.block].headline),
        "flagged": float(bool(draft.flags - {"headline"})),
        "source far": _far(draft),
        "length": math.log(sum(len(content.span) for content in draft.content)),
    }


def _logit(segments: Sequence[Segment]) -> float:
    """Of the least certain piece; 0 where there is none (a feature of its own says so)."""
    if not segments:
        return 0.0
    least = min(_SURE, max(_UNSURE, min(segment.certainty for segment in segments)))
    return math.log(least / (1 - least))


def _far(draft: Draft) -> float:
    """Log of the characters between source and cue (or content)."""
    if not draft.source:
        return 0.0
    source, anchor = draft.source[0].span, draft.anchor
    return math.log1p(max(0, anchor.start - source.end, source.start - anchor.end))
