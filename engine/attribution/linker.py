"""Segments -> attributions, over the whole article.

Inside a block: marks decide edges (`linker_marks`), nearest pairs are linked (`linker_pairs`), sources mended
(`linker_sources`). Here: what reaches from one block into the next (`linker_flow` has the rules).
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.attribution.attribution import HEADLINE, UNBALANCED_QUOTE
from engine.attribution.linker_draft import Draft, Page, ends_with_colon, in_marks
from engine.attribution.linker_flow import continuations, goes_on_from, lost_marks
from engine.attribution.linker_marks import by_marks, over_abbreviations, speech_marks, with_mended_cues
from engine.attribution.linker_pairs import paired
from engine.attribution.linker_sources import mended_sources
from engine.attribution.quotes import quotations
from engine.attribution.segments import Block, Segment
from engine.text import plain


def page_of(text: str, blocks: Sequence[Block]) -> Page:
    return Page(plain(text), blocks, quotations(text, blocks))


def linked(page: Page, segments: Sequence[Sequence[Segment]]) -> list[Draft]:
    """The article's attributions in the order of their first words, from one sequence of segments for each block."""
    telling: list[Draft] = []
    waiting: Draft | None = None  # a cue whose block ended with a colon: the next block's quotations are its content
    for number in range(len(page.blocks)):
        bare, cued = _of_block(page, number, segments[number])
        reached = waiting is not None and bool(bare) and not cued
        if waiting is not None and reached:
            waiting.content += [content for draft in bare for content in draft.content]
            telling += [] if any(draft is waiting for draft in telling) else [waiting]
            bare = []
        elif bare and (holder := goes_on_from(page, number, bare[0], telling)):
            holder.content += bare.pop(0).content
        telling += [draft for draft in (*bare, *cued) if draft.content]
        if ends_with_colon(page, number) and cued:
            waiting = max(cued, key=lambda draft: draft.anchor)
        elif not reached:
            waiting = None
    telling += lost_marks(page, telling)
    telling.sort(key=lambda draft: min(content.span for content in draft.content))
    continuations(page, telling)
    for draft in telling:
        _flag(page, draft)
    return telling


def _of_block(page: Page, number: int, segments: Sequence[Segment]) -> tuple[list[Draft], list[Draft]]:
    """The block's quoted contents without a cue, and its cues.

    Unmarked content without a cue is left out (+0.8 joint): nothing in the text says that anybody said it.
    """
    marks = speech_marks(page, number, segments)
    drafts = paired(
        page, number, over_abbreviations(page, by_marks(page, with_mended_cues(page, segments), marks)), marks
    )
    mended_sources(page, number, drafts)
    cued = [draft for draft in drafts if draft.cue]
    bare = [draft for draft in drafts if not draft.cue and all(in_marks(c.span, marks) for c in draft.content)]
    return sorted(bare, key=lambda draft: draft.anchor), cued


def _flag(page: Page, draft: Draft) -> None:
    if page.blocks[draft.block].headline:
        draft.flags.add(HEADLINE)
    broken = [q.span for q in page.quotations[draft.block] if q.unbalanced]
    if any(quotation.overlaps(content.span) for quotation in broken for content in draft.content):
        draft.flags.add(UNBALANCED_QUOTE)
