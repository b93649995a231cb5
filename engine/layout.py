"""Where the paragraphs of a text stand: the white space of a page, and nothing of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from engine.models import Span

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"


def is_blank(text: str) -> bool:
    """Nothing a reader could see."""
    return not text.strip().strip(_INVISIBLE).strip()


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    if is_blank(piece):
        return None
    left = len(piece) - len(piece.lstrip())
    return Span(start + left, start + len(piece.rstrip()))


def _blocks(text: str) -> list[list[Span]]:
    """Runs of lines with no blank line between them."""
    blocks: list[list[Span]] = []
    previous_end = -1
    for match in _LINE.finditer(text):
        line = _trimmed(text, match.start(), match.end())
        if line is None:
            previous_end = -1
            continue
        gap = text[previous_end : match.start()] if previous_end >= 0 else None
        if gap is not None and (gap in ("\r\n",) or len(gap) == 1):
            blocks[-1].append(line)
        else:
            blocks.append([line])
        previous_end = match.end()
    return blocks


def _wrap_width(text: str, blocks: Sequence[Sequence[Span]]) -> int | None:
    """The column at which the text was wrapped by machine, or None where each line is a paragraph of its own."""
    inner = [len(line) for block in blocks for line in block[:-1]]
    if len(inner) < 4:
        return None
    width = max(inner)
    # Mail and wire services wrap at 60 to 100 columns; in wrapped text a line is full but for its last word.
    if not 50 <= width <= 120 or median(inner) < 0.8 * width:
        return None
    # A wrapped line goes on in the middle of a sentence: most next lines begin in lower case or in no case at all.
    continued = [text[line.start] for block in blocks for line in block[1:]]
    running = sum(not c.isupper() and (c.isalpha() or c.isdigit()) for c in continued)
    return width if running * 2 >= len(continued) else None


def split(text: str) -> tuple[Span, ...]:
    """The paragraphs: every non-blank line is in exactly one, in order, without the white space around it.

    A line is a paragraph, except in text wrapped at a fixed width, where a run of full lines is one.
    """
    blocks = _blocks(text)
    width = _wrap_width(text, blocks)
    paragraphs: list[Span] = []
    for block in blocks:
        if width and len(block) > 1 and all(len(line) >= 0.6 * width for line in block[:-1]):
            paragraphs.append(Span(block[0].start, block[-1].end))
        else:
            paragraphs.extend(block)
    return tuple(paragraphs)
