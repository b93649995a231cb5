"""How a statement stands to another: the same words, the same reworded, translated apart, or something else. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from engine.check_align import align
from engine.check_claims import LONGEST_QUOTATION
from engine.check_sources import Source
from engine.check_speakers import Sameness, same_speaker
from engine.check_words import QuotedWords, Words, negations, quoted_words
from engine.models import Span, Speaker

Relation = Literal["given", "exact", "reworded", "translated"]
Reason = Literal["another speaker", "a negation differs", "a number differs", "perhaps translated apart", "split off"]

REWORDED = 0.6
"""Share of the words that a rewording keeps; under it two statements are about the same thing at most."""

TRANSLATED = 0.85
"""Cosine from which two wordings of one speaker, of the same days, are taken for two translations of one statement. Of
12 pairs of separate translations and 12 of different statements on one topic (tests/adapters/test_variants.py), 1
translation is above it and no different statement: a wrong merger costs more than a look at what stands apart."""

PERHAPS_TRANSLATED = 0.6
"""From here to TRANSLATED both kinds are mixed (9 and 9 of 12): shown apart, for the reader to judge."""

TRANSLATED_DAYS = timedelta(days=3)
"""Translations of one statement appear together; what is alike weeks later was said again."""

_COUNTED = dict(zip(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), map(str, range(2, 11)),
                    strict=True))  # fmt: skip
_DIGIT = re.compile(r"\d")


class Wording:
    """The words that a cluster gathers around, with who said them and when."""

    def __init__(self, text: str, *, speaker: Speaker | None, published: str | None) -> None:
        self.text = text
        self.words = words_of(text)
        self._speaker = speaker
        self._day = _day(published)

    def relation(self, source: Source) -> tuple[Relation, float] | None:
        """How the source stands to the words, and how near it is (0..1); None where it is neither."""
        if "".join(self.words.norms) == "".join(source.words.norms):
            return "exact", 1.0
        there = align(_whole(self.text), source.words).coverage
        likeness = min(there, align(_whole(source.text), self.words).coverage)
        if likeness >= REWORDED:
            return "reworded", likeness
        cosine = source.cosine or 0.0
        if cosine >= PERHAPS_TRANSLATED and self._said(source) == "same" and self._same_days(source):
            return "translated", cosine
        return None

    def apart(self, source: Source, relation: Relation, likeness: float, split: Collection[str]) -> Reason | None:
        """Why a source that is alike stands by itself all the same."""
        if source.id in split:
            return "split off"
        if self._said(source) == "other":
            return "another speaker"
        if relation == "exact":
            return None
        if negations(self.text) != negations(source.text):
            return "a negation differs"
        if _numbers_clash(self.words, source.words):
            return "a number differs"
        sure = likeness >= TRANSLATED and self._day is not None and _day(source.article.published) is not None
        return "perhaps translated apart" if relation == "translated" and not sure else None

    def _said(self, source: Source) -> Sameness:
        """A body that the stored speaker speaks for is no other speaker ("the Kremlin said")."""
        statement = source.statement
        if statement is None:
            return "unknown"
        found = same_speaker(self._speaker, statement.speakers)
        if found == "other" and statement.affiliation is not None:
            return "same" if same_speaker(self._speaker, (statement.affiliation,)) == "same" else found
        return found

    def _same_days(self, source: Source) -> bool:
        day = _day(source.article.published)
        return self._day is None or day is None or abs(day - self._day) <= TRANSLATED_DAYS


def words_of(text: str) -> Words:
    return _whole(text).words


def _whole(text: str) -> QuotedWords:
    return quoted_words(text, Span(0, len(text)), limit=LONGEST_QUOTATION)


def _numbers_clash(one: Words, other: Words) -> bool:
    """Has each a number that the other lacks? One that was only left out is a shortened quotation."""
    ours, theirs = (frozenset(_COUNTED.get(n, n) for n in w.norms if n in _COUNTED or _DIGIT.search(n))
                    for w in (one, other))  # fmt: skip
    return bool(ours - theirs) and bool(theirs - ours)


def _day(published: str | None) -> date | None:
    return date.fromisoformat(published[:10]) if published else None
