"""Whom a pronoun means: the likeliest of those mentioned before it, by gender, number, recency and who is speaking.

After Lappin and Leass (1994): salience falls with the distance in sentences and rises for subjects and speakers.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from engine.attribution.speakers_cast import Figure
from engine.attribution.speakers_lexicon import lexicon
from engine.attribution.speakers_reading import Mention, Reading
from engine.models import Span

LOOK_BACK = 60
"""Mentions before a pronoun that may be meant; a bound on the work for each pronoun."""
MALE, FEMALE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
THING = frozenset({"it", "its", "itself"})
MANY = frozenset({"they", "them", "their", "theirs", "themselves"})
SOMEBODY = "somebody"
"""Stands for a description that tells no gender: any one person with a name."""
RELATIVE = frozenset({"who", "whom", "whose", "which", "that"})
FIRST = frozenset({"i", "me", "my", "mine", "we", "us", "our", "ours"})
LONGEST_QUOTATION = 3_000
"""Characters before a place in which the mark is looked for that opened the quotation around it."""
NEIGHBOURS = 4
NEAR = 40
"""Characters between a relative pronoun and what it belongs to."""

# Weights of salience, fitted by hand on the training part of the corpus (tests/gold/test_speakers.py holds the result).
SENTENCE, PARAGRAPH, SUBJECT, SPEAKING, GENDER_SURE, QUOTED = -1.5, -1.35, 0.9, 1.6, 1.5, -3.2
UNSURE, UNNAMED, OBLIQUE = -1.0, -0.8, -1.5


@dataclass(frozen=True, slots=True)
class Said:
    """Who was found to speak at a place."""

    position: int
    figures: tuple[Figure, ...]


@dataclass(slots=True)
class History:
    """What stands before a pronoun: mentions of the text, statements resolved so far, marked speech."""

    reading: Reading
    said: list[Said]
    quoted: list[Span]
    starts: list[int]
    paragraphs: list[int]

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


def fits(figure: Figure, pronoun: str) -> bool:
    if pronoun in MALE or pronoun in FEMALE:
        if figure.kind in ("body", "state", "outlet", "document") or figure.plural or figure.members:
            return False
        if not figure.name and not figure.gender and not figure.roles & lexicon().people:
            return False
        return figure.gender in (None, "male" if pronoun in MALE else "female")
    if pronoun == SOMEBODY:
        return figure.kind == "person" and bool(figure.name) and not figure.plural and not figure.members
    if pronoun in THING:
        if figure.kind == "document":
            return True
        return figure.kind != "person" and not figure.plural and not figure.members and not figure.gender
    if pronoun in MANY:
        return figure.plural or bool(figure.members) or figure.kind in ("body", "state", "outlet")
    return True


def referent(pronoun: str, position: int, history: History, *, others: tuple[Figure, ...] = ()) -> Figure | None:
    """The likeliest figure before the position; None where nobody fits. `others` speak the words around the pronoun:
    they would say "I", and are not meant.
    """
    scores: dict[int, float] = {}
    figures: dict[int, Figure] = {}
    here, block = history.reading.sentence(position), history.paragraph(position)
    quoted_here = history.is_quoted(position)
    for mention in mentions_before(position, history.reading):
        if fits(mention.figure, pronoun) and mention.figure not in others:
            score = SENTENCE * min(8, here - history.reading.sentence(mention.start))
            score += PARAGRAPH * min(4, block - history.paragraph(mention.start))
            score += SUBJECT * mention.first + OBLIQUE * mention.oblique + SPEAKING * mention.speaks
            if history.is_quoted(mention.start) and not quoted_here:
                score += QUOTED
            _raise(scores, figures, mention.figure, score)
    for rank, said in enumerate(history.speakers_before(position)):
        for figure in said.figures:
            if fits(figure, pronoun) and figure not in others:
                score = SENTENCE * min(8, here - history.reading.sentence(said.position)) + SUBJECT
                score += PARAGRAPH * min(4, block - history.paragraph(said.position))
                score += SPEAKING if rank == 0 else SPEAKING / 2 if rank == 1 else 0
                _raise(scores, figures, figure, score)
    if not scores:
        return None
    for key, figure in figures.items():
        scores[key] += GENDER_SURE * bool(figure.gender or pronoun in THING | MANY)
        scores[key] += UNNAMED * (not figure.speakers) + UNSURE * (figure.kind == "unsure" and pronoun not in THING)
    best = max(scores, key=lambda key: (scores[key], figures[key].last_before(position)))
    return figures[best]


def _raise(scores: dict[int, float], figures: dict[int, Figure], figure: Figure, score: float) -> None:
    figures[id(figure)] = figure
    scores[id(figure)] = max(score, scores.get(id(figure), score))


def mentions_before(position: int, reading: Reading) -> list[Mention]:
    low, high = 0, len(reading.mentions)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if reading.mentions[middle].start < position else (low, middle)
    return reading.mentions[max(0, low - LOOK_BACK) : low]


def antecedent(position: int, history: History) -> Figure | None:
    """Whom "who" or "which" belongs to: the name just before it."""
    before = mentions_before(position, history.reading)
    if before and position - before[-1].end <= NEAR:
        return before[-1].figure
    said = history.speakers_before(position)
    return said[0].figures[0] if said and said[0].figures else (before[-1].figure if before else None)
