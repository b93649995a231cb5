"""Gold attributions as labels for the tagger's words, and the label set itself.

Two label sets side by side: source, cue and content exclude each other; the channel has one of its own, since it may
lie inside a cue's or content's reach. Attributions nested in another's content are left out: mixed in, they cost five
points of joint F1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.attribution.tagger_text import Window
from engine.learning.corpus import GoldDocument, GoldQuote

IGNORED: Final = -100
MAIN_LABELS: Final = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
CHANNEL_LABELS: Final = ("O", "B-channel", "I-channel")

_Mark = tuple[str, int, int]


def labels_of(document: GoldDocument, found: Sequence[Window]) -> list[tuple[list[int], list[int]]]:
    """For each window, main and channel labels of its words."""
    kept = [quote for quote in document["quotes"] if not quote["nested"]]
    main = _marks(len(document["text"]), kept, ("content",))
    for at, mark in enumerate(_marks(len(document["text"]), kept, ("source", "cue"))):
        main[at] = mark or main[at]  # a source or cue wins over content that it lies in
    channel = _marks(len(document["text"]), document["quotes"], ("channel",))
    return [(_labels(window, main, MAIN_LABELS), _labels(window, channel, CHANNEL_LABELS)) for window in found]


def _marks(length: int, quotes: Sequence[GoldQuote], roles: Sequence[str]) -> list[_Mark | None]:
    """For each character the role, attribution and piece that holds it."""
    marks: list[_Mark | None] = [None] * length
    for number, quote in enumerate(quotes):
        for role in roles:
            for piece, (start, end) in enumerate(quote[role]):  # type: ignore[literal-required]
                marks[start:end] = [(role, number, piece)] * (min(end, length) - start)
    return marks


def _labels(window: Window, marks: Sequence[_Mark | None], names: Sequence[str]) -> list[int]:
    labels, previous = [], None
    for word in window.words:
        mark = marks[word.start]
        if mark is None:
            labels.append(0)
        else:
            labels.append(names.index(f"{'I' if mark == previous else 'B'}-{mark[0]}"))
        previous = mark
    return labels
