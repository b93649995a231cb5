"""A text cut into pieces by the spans that mark it, for escaping piece by piece. The pieces joined are the text."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.models import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """`names` are the layers that cover the piece; `ends` those whose last span ends with it."""

    text: str
    names: frozenset[str]
    ends: tuple[str, ...] = ()


def segments(text: str, layers: Mapping[str, Iterable[Span]]) -> list[Segment]:
    """Spans may overlap, within a layer and between them; what leaves the text is cut off."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    last: dict[str, int] = {}
    for name, spans in layers.items():
        for span in spans:
            if span.start < len(text):
                end = min(span.end, len(text))
                opening.setdefault(span.start, []).append(name)
                closing.setdefault(end, []).append(name)
                last[name] = max(last.get(name, 0), end)
    cuts = sorted({0, len(text), *opening, *closing})
    open_layers: dict[str, int] = dict.fromkeys(layers, 0)
    pieces: list[Segment] = []
    for start, end in itertools.pairwise(cuts):
        for name in opening.get(start, ()):
            open_layers[name] += 1
        covering = frozenset(name for name, depth in open_layers.items() if depth)
        ends = tuple(name for name in layers if last.get(name) == end)
        pieces.append(Segment(text[start:end], covering, ends))
        for name in closing.get(end, ()):
            open_layers[name] -= 1
    return pieces
