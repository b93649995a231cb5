"""Direct, indirect or mixed, from the marks alone (GUIDELINES, decision 8)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from engine.attribution.attribution import LOST_MARKS
from engine.attribution.linker_draft import Draft, Page, word_count
from engine.models import Kind, Span


def kind_of(page: Page, draft: Draft) -> Kind:
    """`direct`: every word inside marks, or a block quotation that lost them; `mixed`: some; `indirect`: none."""
    if LOST_MARKS in draft.flags:
        return "direct"
    inside = outside = 0
    for content in draft.content:
        marked = [quotation for quotation in _quotations_at(page, content.span) if quotation.overlaps(content.span)]
        within = sum(_words_shared(page.plain, content.span, quotation) for quotation in marked)
        inside += within
        outside += word_count(page.plain, content.span.start, content.span.end) - within
    if not inside:
        return "indirect"
    return "mixed" if outside > 0 else "direct"


def _quotations_at(page: Page, span: Span) -> Sequence[Span]:
    """Outermost quotations of the block that holds the span (no content crosses a block's end)."""
    number = bisect_right(page.blocks, span.start, key=lambda block: block.span.start) - 1
    return [q.span for q in page.quotations[number] if q.depth == 0]


def _words_shared(plain: str, content: Span, quotation: Span) -> int:
    return word_count(plain, max(content.start, quotation.start), min(content.end, quotation.end))
