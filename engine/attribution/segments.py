"""What a tagger gives to the linker: blocks of text, and segments in them with their roles.

Two taggers speak this language, the neural one (`tagger.py`) and the rules (`rules.py`): one linker serves both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from engine.models import SPOKEN_ROLES, Article, Span

Role = Literal["source", "cue", "content", "channel"]
ROLES: tuple[Role, ...] = get_args(Role)

LONGEST_BLOCK = 6_000
"""Code points. News paragraphs are shorter; a text without paragraph breaks is cut, so that work stays linear."""
_CUT = re.compile(r"(?<=[.?!])[\"'”’»]?\s+|\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph in which statements are looked for, or a part of a very long one."""

    span: Span
    headline: bool = False
    goes_on: bool = False
    """Cut for its length: the next block is of the same paragraph."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text with one role. `certainty` (0..1) is the tagger's own probability, not yet calibrated."""

    role: Role
    span: Span
    certainty: float = 1.0


class Tagger(Protocol):
    """Finds segments block by block; one answer for each block, in the order of the blocks."""

    def tag(self, text: str, blocks: Sequence[Block]) -> list[tuple[Segment, ...]]: ...


_LETTER = re.compile(r"[^\W\d_]")


def has_letters(text: str, span: Span) -> bool:
    """Whether anybody could be named or anything said in the stretch: signs, emoji and figures alone say nothing."""
    return _LETTER.search(text, span.start, span.end) is not None


def spoken_blocks(article: Article) -> tuple[Block, ...]:
    """The article's title, headings and body, the longest cut at a sentence's end or, failing that, at white space."""
    found: list[Block] = []
    for paragraph in article.paragraphs:
        if paragraph.role in SPOKEN_ROLES:
            pieces = _cut(article.text, paragraph.span)
            found += (Block(piece, paragraph.role != "body", piece != pieces[-1]) for piece in pieces)
    return tuple(found)


def _cut(text: str, span: Span) -> list[Span]:
    pieces, start = [], span.start
    while span.end - start > LONGEST_BLOCK:
        limit = start + LONGEST_BLOCK
        sentence = space = 0
        for gap in _CUT.finditer(text, start + LONGEST_BLOCK // 2, limit):
            space = gap.end()
            sentence = space if text[gap.start() - 1] in ".?!" else sentence
        end = sentence or space or limit
        pieces.append(Span(start, end))
        start = end
    if start < span.end:
        pieces.append(Span(start, span.end))
    return pieces
