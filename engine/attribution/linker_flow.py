"""Linking across blocks: colons, quotations over paragraphs, continuations, block quotations that lost their marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.attribution.attribution import CONTINUATION, LOST_MARKS
from engine.attribution.linker_draft import Draft, Page
from engine.attribution.segments import Segment
from engine.models import Span

_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|us|ours)\b|\b[Dd]o you\b")
CONTINUES_OVER = 2
"""Blocks: a quotation with nobody named goes on over one paragraph in which nobody speaks, not over more."""
_MOST_FIRST_PERSON_BLOCKS = 2
"""More unmarked paragraphs in the first person than this, and the writer is speaking: a column, a diary."""


def goes_on_from(page: Page, number: int, bare: Draft, telling: Sequence[Draft]) -> Draft | None:
    """The attribution whose quotation was left open at the end of the block before, to be reopened by this one."""
    if number == 0 or not telling:
        return None
    last = max((q for q in page.quotations[number - 1] if q.depth == 0), key=lambda q: q.span, default=None)
    block = page.blocks[number].span
    begins = not page.plain[block.start : bare.content[0].span.start].strip()
    if last is None or not last.reopened or not begins:
        return None
    return next((d for d in reversed(telling) if any(last.span.overlaps(c.span) for c in d.content)), None)


def continuations(page: Page, telling: Sequence[Draft]) -> None:
    """Flags quoted words without cue or source that follow an attributed statement closely.

    They keep an id of their own; the resolver lets them inherit the speaker.
    """
    previous: Draft | None = None
    for draft in telling:
        alone = not draft.cue and not draft.source and not page.blocks[draft.block].headline
        near = previous is not None and draft.block - previous.block <= CONTINUES_OVER
        if alone and near:
            draft.flags.add(CONTINUATION)
        previous = draft if not alone or near else None


def lost_marks(page: Page, telling: Sequence[Draft]) -> list[Draft]:
    """Paragraphs in the first person between two attributed ones: block quotations set without their marks.

    Only where such paragraphs are rare in the article, so that a columnist's own words are left alone.
    """
    spoken = {draft.block for draft in telling}
    alone = [n for n in range(len(page.blocks)) if n not in spoken and _first_person(page, n)]
    if len(alone) > _MOST_FIRST_PERSON_BLOCKS:
        return []
    between = [n for n in alone if n - 1 in spoken and n + 1 in spoken and not page.blocks[n].headline]
    return [_whole(page, n) for n in between]


def _first_person(page: Page, number: int) -> bool:
    return not page.quotations[number] and bool(_FIRST_PERSON.search(page.blocks[number].span.of(page.plain)))


def _whole(page: Page, number: int) -> Draft:
    span = page.blocks[number].span
    words = span.of(page.plain)
    start = span.start + len(words) - len(words.lstrip())
    return Draft([Segment("content", Span(start, start + len(words.strip())), 0.5)], flags={LOST_MARKS}, block=number)
