"""From the network's scores to segments: the best label sequence (A. Viterbi, 1967) and how sure each run of it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from engine.attribution.segments import Role, Segment
from engine.models import Span

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Labels in BIO form, the log-probability of each after each, and how much "O" is held back (nats).

    Holding O back buys recall: a tagger trained on few cues is too shy of those that it has not met.
    """

    names: tuple[str, ...]
    transitions: Floats
    held_back: float = 0.0

    def decode(self, scores: Floats, words: Sequence[Span]) -> list[Segment]:
        """Segments of one window from its (words, labels) scores."""
        if not len(words):
            return []
        logs = scores - scores.max(axis=1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        weighed = logs.copy()
        weighed[:, 0] -= self.held_back
        return self._segments(best_path(weighed, self.transitions), logs, words)

    def _segments(self, path: Sequence[int], logs: Floats, words: Sequence[Span]) -> list[Segment]:
        found: list[Segment] = []
        first = 0
        for at in range(1, len(path) + 1):
            goes_on = at < len(path) and self._continues(path[at - 1], path[at])
            if not goes_on:
                if path[first]:
                    role = cast(Role, self.names[path[first]].split("-")[1])
                    sure = float(np.exp(np.mean(logs[range(first, at), path[first:at]])))
                    span = Span(words[first].start, words[at - 1].end)
                    found.append(Segment(role, span, round(sure, 4)))
                first = at
        return found

    def _continues(self, label: int, following: int) -> bool:
        """I after B or I of the same role; an I that follows anything else begins a segment of its own."""
        name = self.names[following]
        return name.startswith("I-") and self.names[label][2:] == name[2:]


def best_path(logs: Floats, transitions: Floats) -> list[int]:
    """The label sequence of highest sum of scores and transitions, begun as if after label 0; first among equals."""
    best = logs[0] + transitions[0]
    back = np.zeros(logs.shape, np.int64)
    columns = np.arange(logs.shape[1])
    for at in range(1, len(logs)):
        reached = best[:, None] + transitions
        back[at] = reached.argmax(axis=0)
        best = reached[back[at], columns] + logs[at]
    path = [int(best.argmax())]
    for at in range(len(logs) - 1, 0, -1):
        path.append(int(back[at, path[-1]]))
    return path[::-1]
