"""Rules over what a trained tagger found, for two shapes that it meets too seldom to learn.

They read wording alone and add or take away single segments; everything else stays as the network saw it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.attribution.segments import Block, Segment
from engine.models import Span

NEAR = 3
"""Characters between "according to" and the source that it names."""

_ACCORDING = re.compile(r"according to$", re.IGNORECASE)
_WHOM = re.compile(
    r" ?((?:(?:the|a|an|its|his|her|their|some|several|other|local|senior) )?[^\W_][^,.;:\"()]{1,60}?)"
    r"(?=, |[.;]|$)"
)
_NOT_WHOM = re.compile(r"(?:plan|schedule|form|tradition|custom|need|taste|age|size|rank|merit)s?$")
_LONGEST = 8
"""Words between "according to" and its comma that are a source's name; longer runs are clauses."""


def mended(even: str, blocks: Sequence[Block], tagged: Sequence[Sequence[Segment]]) -> list[tuple[Segment, ...]]:
    """The blocks' segments mended; `even` is the plain text (`engine.text.plain`)."""
    return [
        tuple(sorted(_named(even, block, _without_subject(even, block, segments)), key=lambda s: s.span))
        for block, segments in zip(blocks, tagged, strict=True)
    ]


def _without_subject(even: str, block: Block, segments: Sequence[Segment]) -> list[Segment]:
    """ "'Enough is enough': talks end in Velden": what follows the colon is what happened, and not who spoke.

    A headline names the speaker of the words before a colon or dash by the name alone ("'Enough': Ruiz").
    """
    if not block.headline:
        return list(segments)
    signs = [s for s in segments if s.role == "cue" and s.span.of(even).strip() in (":", "-")]
    for sign in signs:
        subject = next((s for s in segments if s.role == "source" and 0 <= s.span.start - sign.span.end <= 2), None)
        spoken = even[: sign.span.start].rstrip().endswith(("'", '"'))
        if subject is not None and spoken and re.match(r" [a-z]", even[subject.span.end : block.span.end]):
            return [s for s in segments if s is not sign and s is not subject]
    return list(segments)


def _named(even: str, block: Block, segments: Sequence[Segment]) -> list[Segment]:
    """With the source after each "according to" that was left without one."""
    found = list(segments)
    sources = [s.span for s in segments if s.role == "source"]
    for cue in [s.span for s in segments if s.role == "cue" and _ACCORDING.search(s.span.of(even))]:
        if any(source.end > cue.start and source.start <= cue.end + NEAR for source in sources):
            continue
        whom = _WHOM.match(even, cue.end, min(block.span.end, cue.end + 80))
        if whom is None or len(whom[1].split()) > _LONGEST or _NOT_WHOM.search(whom[1]):
            continue
        span = Span(whom.start(1), whom.end(1))
        found = [piece for s in found if (piece := _clear_of(even, s, span))]
        found.append(Segment("source", span, 0.5))
    return found


def _clear_of(even: str, segment: Segment, span: Span) -> Segment | None:
    """The segment without the words of the span it began on: a content that began too early."""
    if segment.role == "cue" or not span.start <= segment.span.start < span.end:
        return segment
    start = span.end
    while start < segment.span.end and even[start] in " ,;:":
        start += 1
    return Segment(segment.role, Span(start, segment.span.end), segment.certainty) if start < segment.span.end else None
