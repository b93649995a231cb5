"""The linker's working material: one attribution while its pieces are being gathered, and small measures on text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.attribution.attribution import Attribution
from engine.attribution.quotes import Quotation
from engine.attribution.segments import Block, Segment
from engine.models import Kind, Span

SENTENCE_END = re.compile(r"[.?!][\"']{0,2}\s")
"""On plain text. Abbreviations are not told apart: between two segments a false end costs little."""
_WORD = re.compile(r"\w+(?:'\w+)*")


@dataclass(slots=True)
class Draft:
    """One attribution in the making. Only the linker sees it; it leaves as a frozen `Attribution`."""

    content: list[Segment] = field(default_factory=list)
    cue: list[Segment] = field(default_factory=list)
    source: list[Segment] = field(default_factory=list)
    channel: list[Segment] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    block: int = 0

    @property
    def anchor(self) -> Span:
        """Where a source or channel is measured from: the cue, else the first content."""
        return (self.cue or self.content)[0].span


@dataclass(frozen=True, slots=True)
class Page:
    """What every rule may read: the plain text (one glyph for each kind of mark), the blocks and their quotations."""

    plain: str
    blocks: Sequence[Block]
    quotations: Sequence[Sequence[Quotation]]


def word_count(plain: str, start: int, end: int) -> int:
    return sum(1 for _ in _WORD.finditer(plain, start, end))


def sentence_between(plain: str, start: int, end: int) -> bool:
    return start < end and SENTENCE_END.search(plain, start, end) is not None


def in_marks(span: Span, quotations: Iterable[Quotation]) -> bool:
    return any(quotation.span.contains(span) for quotation in quotations)


def ends_with_colon(page: Page, number: int) -> bool:
    span = page.blocks[number].span
    return page.plain[max(span.start, span.end - 40) : span.end].rstrip().endswith(":")


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In the order of the text, overlapping or touching ones made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def finished(draft: Draft, kind: Kind, confidence: float) -> Attribution:
    roles = (draft.content, draft.cue, draft.source, draft.channel)
    content, cue, source, channel = (merged(segment.span for segment in role) for role in roles)
    return Attribution(content, cue, source, channel, kind, confidence, tuple(sorted(draft.flags)))
