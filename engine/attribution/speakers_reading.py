"""An article as read for its names: who is mentioned where, and where its sentences begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.attribution.names import Word
from engine.attribution.speakers_cast import Cast, Figure

EDITION = re.compile(r"^the\s+|\s*[,(].*$", re.IGNORECASE)
"""What is no part of an outlet's name: "The Brisco Gazette, English edition"."""


def own_name(outlet: str) -> str:
    return EDITION.sub("", outlet.strip()) or outlet


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at a place. `first` where it opens its sentence; `oblique` where it is "of" or "to" it."""

    start: int
    end: int
    figure: Figure
    first: bool
    oblique: bool = False
    speaks: bool = False


@dataclass(slots=True)
class Reading:
    """An article as read: figures, their mentions in order, where sentences begin."""

    text: str
    words: list[Word]
    cast: Cast
    mentions: list[Mention]
    sentences: list[int]
    capitals: frozenset[str] = frozenset()
    """All capitalised words, as written."""
    strangers: list[Mention] = field(default_factory=list)
    """People whom the article only describes and may mean by a pronoun: "a driver", "officials"."""
    pronouns: dict[str, list[int]] = field(default_factory=dict)
    """By kind (male, female, it, they), the sentences in which a pronoun of the kind stands, in order."""

    def sentence(self, position: int) -> int:
        return bisect_right(self.sentences, position)


_BEFORE_QUOTE = frozenset("“”\"«»„‘'’")


def sentence_starts(text: str, found: Sequence[Word]) -> list[int]:
    """Where sentences begin: after a full stop (no initial, no short title) and before a capital, or on a new line."""
    starts: list[int] = [found[0].start] if found else []
    for at in range(1, len(found)):
        word, before = found[at], found[at - 1]
        if before.kind == "line":
            starts.append(word.start)
        elif (word.capital or word.kind == "number" or word.text in _BEFORE_QUOTE) and text[before.end : word.start]:
            end = at - 1
            while (
                end > 0
                and found[end].text in _BEFORE_QUOTE
                and found[end].end == found[end + 1].start - (1 if end == at - 1 else 0)
            ):
                end -= 1
            if found[end].text in ".!?…" and found[end].kind == "mark":
                starts.append(word.start)
    return starts
