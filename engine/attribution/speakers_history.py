"""What stands before a place of the article: mentions, statements resolved so far, marked speech."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.attribution.speakers_cast import Figure
from engine.attribution.speakers_reading import Reading
from engine.attribution.speakers_scorer import Scorer, shipped
from engine.models import Form, Span

LOOK_BACK = 60
"""Mentions or statements before a place that are looked at; a bound on the work for each pronoun."""
LONGEST_QUOTATION = 3_000
"""Characters before a place in which the mark is looked for that opened the quotation around it."""
NEIGHBOURS = 4

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Said:
    """Who was found to speak at a place."""

    position: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a pronoun may mean: every figure with its features, the last mentioned first."""

    pronoun: str
    position: int
    ranked: list[tuple[Figure, Features]]


@dataclass(slots=True)
class History:
    """What stands before a pronoun: mentions of the text, statements resolved so far, marked speech."""

    reading: Reading
    said: list[Said]
    quoted: list[Span]
    starts: list[int]
    paragraphs: list[int]
    own: tuple[Span, ...] = ()
    """The content of the attribution that is being resolved."""
    scorers: Mapping[str, Scorer] = field(default_factory=shipped)
    choices: list[Choice] = field(default_factory=list)
    """What was weighed for each pronoun, for those who fit the weights."""

    def is_quoted(self, position: int) -> bool:
        at = bisect_left(self.starts, position + 1) - 1
        return at >= 0 and position < self.quoted[at].end

    def is_marked(self, position: int) -> bool:
        """Is a quotation open at the position, by the marks of its paragraph?"""
        at = bisect_left(self.paragraphs, position + 1) - 1
        start = max(self.paragraphs[at] if at >= 0 else 0, position - LONGEST_QUOTATION)
        before = self.reading.text[start:position]
        opened = sum(before.count(mark) for mark in "“„«‘") - sum(before.count(mark) for mark in "”»")
        return opened > 0 or before.count('"') % 2 == 1

    def around(self, position: int) -> list[Said]:
        """Some statements before and after."""
        at = bisect_left([said.position for said in self.said], position)
        return self.said[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]

    def paragraph(self, position: int) -> int:
        return bisect_left(self.paragraphs, position + 1)

    def speakers_before(self, position: int) -> list[Said]:
        """The statements before, latest first."""
        at = bisect_left([s.position for s in self.said[-LOOK_BACK:]], position)
        return self.said[-LOOK_BACK:][:at][::-1]


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a source means, and in which form it says so."""

    figures: tuple[Figure, ...]
    form: Form
    affiliation: Figure | None = None


NOBODY = Found((), "none")


def mentioned(figure: Figure, span: Span) -> Figure:
    """The figure, with the span's place among those at which the article mentions it."""
    if not figure.places or figure.places[-1] < span.start:
        figure.places.append(span.start)
    return figure
