"""What a line of text shows by itself: how long it is, and whether it is set like prose or like a title or caption.

`Lines` holds the answers for all lines of a page, each found once: the readers look at a line many times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.furniture import Furniture, furniture_of
from engine.text import plain

_WIDE = re.compile("[\u2e80-\u9fff\u3040-\u30ff\uac00-\ud7af]")

LONGEST_DISPLAY_WORDS = 25
"""Titles, headings and captions are shorter; real news titles end at about 20 words."""

LONGEST_JUDGED = 2_000
"""Characters. Longer paragraphs are body without a look."""

_CLOSERS = "\"')]»"
_TERMINALS = ".!?:;…。！？؟।۔"
SPEECH_BREAK = re.compile(r"[,.!?…][\"']\s+\w")
ENDS_IN_CUE = re.compile(r"\b(?:said|says|added|told\s+\w+|reported|stated|noted|announced|explained)$", re.IGNORECASE)
_ASKS_OR_QUOTES = re.compile(r"[?!…][\"')]*$|\.\"$")


def word_count(line: str) -> int:
    """Words; in scripts without spaces two characters count as one."""
    spaced = len(line.split())
    return spaced if line.isascii() else max(spaced, len(_WIDE.findall(line[:LONGEST_JUDGED])) // 2)


def _is_finished(flat: str) -> bool:
    """Whether the line ends a sentence, whatever closing marks follow, or a piece of speech (`,"`)."""
    bare = flat.rstrip()
    while bare and (bare[-1] in _CLOSERS or bare[-1].isspace()):
        bare = bare[:-1]
    return bare[-1:] in _TERMINALS if bare else False


def is_display(line: str) -> bool:
    """Set like a title, heading or caption: short, and no finished sentence."""
    if len(line) > LONGEST_JUDGED:
        return False
    flat = plain(line).strip()
    if _is_finished(flat) or flat.endswith((',"', ';"')) or word_count(flat) > LONGEST_DISPLAY_WORDS:
        return False
    if not any(c.isalnum() for c in flat):
        return False
    return not (ENDS_IN_CUE.search(flat[-40:]) and SPEECH_BREAK.search(flat))


def may_be_title(line: str) -> bool:
    """A display line, or a short one that asks, exclaims or ends in a quotation."""
    return is_display(line) or _asks(line)


def _asks(line: str) -> bool:
    flat = plain(line).strip()
    ends = bool(_ASKS_OR_QUOTES.search(flat[-40:]))
    return ends and word_count(flat) <= LONGEST_DISPLAY_WORDS and not SPEECH_BREAK.search(flat)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page: for each its furniture mark and whether it is set for display."""

    text: Sequence[str]
    marks: Sequence[Furniture | None]
    display: Sequence[bool]

    @classmethod
    def of(cls, text: Iterable[str]) -> Lines:
        lines = list(text)
        return cls(lines, [furniture_of(line) for line in lines], [is_display(line) for line in lines])

    def may_be_title(self, i: int) -> bool:
        return self.display[i] or _asks(self.text[i])
