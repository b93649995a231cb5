"""A source said a content, tied by a cue: the find of tagger and linker, before anybody is named."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from engine.models import Kind, Span

CONTINUATION = "continuation"
"""Flag: no source of its own; the quotation goes on after the one before it, whose speaker it inherits."""
HEADLINE = "headline"
"""Flag: stands in a title or heading."""
UNBALANCED_QUOTE = "unbalanced-quote"
"""Flag: a mark has no partner; the quotation was closed at the paragraph's end, or opened at its start."""
LOST_MARKS = "lost-marks"
"""Flag: a block quotation set without marks, plain from the cue beside it."""

NEGATIVE_SOURCE = "negative-source"
"""Flag: the source is "nobody" or "neither": no statement was made by anybody, and none is attributed."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Spans of one attribution within an article, each tuple in the order of the text and free of overlaps.

    `cue`, `source` and `channel` may be empty; an attribution without source is kept, so that its words are shown
    with speaker unknown. `confidence` is the calibrated chance that content and source are both right.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    channel: tuple[Span, ...] = ()
    kind: Kind = "indirect"
    confidence: float = 1.0
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("an attribution without content")
        for spans in (self.content, self.cue, self.source, self.channel):
            if any(a.end > b.start for a, b in pairwise(spans)):
                raise ValueError(f"spans overlap or are out of order: {spans}")
