"""Within one block: which content and which source belong to which cue. Nearest pairs first, one of each to one cue."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from engine.attribution.linker_draft import Draft, Page, ends_with_colon, in_marks, sentence_between
from engine.attribution.quotes import Quotation
from engine.attribution.segments import Segment
from engine.models import Span

OVER_A_SENTENCE = 150
"""Characters that an end of sentence between two segments adds; content further off than this is not a cue's own."""
OVER_A_CUE = 40
"""Distance that another cue between the two adds."""

MARKED_FIRST = 10
"""Characters by which words in marks are nearer to a cue than others: “A,” he said of B. (+0.3 direct)"""
FURTHEST_SOURCE = 400
_NEIGHBOURS = 6
"""Cues looked at on each side of a segment. More never win, and a bound keeps the work linear."""


def paired(page: Page, number: int, segments: Sequence[Segment], marks: Sequence[Quotation]) -> list[Draft]:
    """The block's attributions, with cues that found no content still among them (the next block may bring it)."""
    cues = sorted((s for s in segments if s.role == "cue"), key=lambda s: s.span)
    contents = sorted((s for s in segments if s.role == "content"), key=lambda s: s.span)
    drafts = [Draft(cue=[cue], block=number) for cue in cues]
    left = _own_contents(page.plain, drafts, contents, marks)
    drafts += _leftovers(page.plain, number, drafts, left, marks)
    telling = sorted((d for d in drafts if d.content or _awaits(page, number, d)), key=lambda d: d.anchor)
    _sources(page.plain, telling, [s for s in segments if s.role == "source"])
    _channels(page.plain, telling, [s for s in segments if s.role == "channel"])
    return drafts


def distance(plain: str, one: Span, other: Span, cues: Sequence[Span]) -> int:
    """Characters between two spans, more over a sentence's end or another cue; 0 where they overlap."""
    low, high = (one.end, other.start) if one.end <= other.start else (other.end, one.start)
    if low >= high:
        return 0
    between = bisect_right(cues, high, key=lambda c: c.end) - bisect_left(cues, low, key=lambda c: c.start)
    return high - low + OVER_A_SENTENCE * sentence_between(plain, low, high) + OVER_A_CUE * max(0, between)


def _near(drafts: Sequence[Draft], span: Span) -> range:
    """Indices of the drafts whose anchors lie around the span."""
    first = bisect_left(drafts, span.start, key=lambda d: d.anchor.start)
    last = bisect_left(drafts, span.end, key=lambda d: d.anchor.start)
    return range(max(0, first - _NEIGHBOURS), min(len(drafts), last + _NEIGHBOURS))


def _own_contents(
    plain: str, drafts: Sequence[Draft], contents: Sequence[Segment], marks: Sequence[Quotation]
) -> list[Segment]:
    cues = [d.anchor for d in drafts]
    pairs = sorted(
        (distance(plain, content.span, drafts[j].anchor, cues) - MARKED_FIRST * in_marks(content.span, marks), i, j)
        for i, content in enumerate(contents)
        for j in _near(drafts, content.span)
    )
    placed: set[int] = set()
    for far, i, j in pairs:
        if far < OVER_A_SENTENCE and i not in placed and not drafts[j].content:
            placed.add(i)
            drafts[j].content.append(contents[i])
    return [content for i, content in enumerate(contents) if i not in placed]


def _leftovers(
    plain: str, number: int, drafts: Sequence[Draft], left: Sequence[Segment], marks: Sequence[Quotation]
) -> list[Draft]:
    """A further piece joins the nearest cue when it and what the cue has are in marks, or unmarked in one sentence.

    Otherwise it stands alone, and is kept if it is in marks: quoted words without a cue of their own.
    """
    alone, cues = [], [d.anchor for d in drafts]
    for content in left:
        near = sorted(_near(drafts, content.span), key=lambda j: (distance(plain, content.span, cues[j], cues), j))
        fits = [j for j in near if drafts[j].content and _of_one_piece(plain, content, drafts[j].content, marks)]
        if near and not drafts[near[0]].content:
            drafts[near[0]].content.append(content)
        elif fits and (fits[0] == near[0] or in_marks(content.span, marks)):
            drafts[fits[0]].content.append(content)
        else:
            alone.append(Draft([content], block=number))
    return alone


def _of_one_piece(plain: str, content: Segment, others: Sequence[Segment], marks: Sequence[Quotation]) -> bool:
    marked = in_marks(content.span, marks)
    if marked:
        return all(in_marks(other.span, marks) for other in others)
    if any(in_marks(other.span, marks) for other in others):
        return False
    low = min(content.span.end, *(other.span.end for other in others))
    high = max(content.span.start, *(other.span.start for other in others))
    return not sentence_between(plain, low, high)


def _awaits(page: Page, number: int, draft: Draft) -> bool:
    """A cue in the last sentence of a block that ends with a colon: its content is in the next block."""
    end = page.blocks[number].span.end
    return ends_with_colon(page, number) and not sentence_between(page.plain, draft.anchor.end, end)


def _sources(plain: str, telling: Sequence[Draft], sources: Sequence[Segment]) -> None:
    """One source to one cue, nearest first; then a source may serve a second cue of its sentence."""
    cues = sorted(d.anchor for d in telling if d.cue)
    pairs = sorted(
        (distance(plain, source.span, telling[i].anchor, cues), i, j)
        for j, source in enumerate(sources)
        for i in _near(telling, source.span)
    )
    used: set[int] = set()
    for far, i, j in pairs:
        if far < FURTHEST_SOURCE and j not in used and not telling[i].source:
            used.add(j)
            telling[i].source.append(sources[j])
    for draft in telling:
        if not draft.source and draft.cue:
            shared = _last_in_sentence(plain, sources, draft.anchor.start)
            draft.source += [shared] if shared else []


def _last_in_sentence(plain: str, sources: Sequence[Segment], at: int) -> Segment | None:
    """The last source that ends before `at` in the same sentence."""
    place = bisect_left(sources, at + 1, key=lambda s: s.span.end) - 1
    if place < 0 or sentence_between(plain, sources[place].span.end, at):
        return None
    return sources[place]


def _channels(plain: str, telling: Sequence[Draft], channels: Sequence[Segment]) -> None:
    """A channel belongs to the nearest attribution of its block."""
    cues = sorted(d.anchor for d in telling if d.cue)
    for channel in channels:
        near = _near(telling, channel.span)
        if near:
            telling[
                min(near, key=lambda i: (distance(plain, channel.span, telling[i].anchor, cues), i))
            ].channel.append(channel)
