"""One source span to the figures that it means, and the form in which it does."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from engine.attribution.names import tokens
from engine.attribution.speakers_bodies import BELONGINGS, Bodies
from engine.attribution.speakers_cast import Cast, Figure
from engine.attribution.speakers_described import Descriptions
from engine.attribution.speakers_history import NOBODY, Found, History, mentioned
from engine.attribution.speakers_joint import Joint
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_named import Names
from engine.attribution.speakers_noun import Phrase
from engine.attribution.speakers_phrase import describe
from engine.attribution.speakers_pronouns import (
    FIRST,
    RELATIVE,
    antecedent,
    referent,
)
from engine.models import Span
from engine.registry import Registry

TOGETHER = {"trio": 3, "duo": 2, "pair": 2, "couple": 2, "side": 0, "sides": 0}
"""Words for those who spoke together, and how many they are (0: any)."""
NEGATIVE = re.compile(r"(?:nobody|no[ -]one|none|neither|not one|not a single)\b(?!-)", re.IGNORECASE)
UTTERANCES = frozenset(
    {"version", "view", "opinion", "words", "position", "average", "take", "advice", "account", "claim"}
)
"""What a possessive pronoun's bearer says: "his version is that ..."."""


@dataclass(slots=True)
class Sources:
    """Resolves sources in the order of the article; what is found is added to the cast and to the history."""

    text: str
    cast: Cast
    history: History
    registry: Registry
    lexicon: Lexicon
    names: Names
    bodies: Bodies
    described: Descriptions
    joint: Joint

    def find(self, span: Span, *, outer: tuple[Figure, ...] | None = None) -> Found:
        """`outer` are the speakers of the words in which the source stands, for "I" and "we"; None outside."""
        if is_negative(span.of(self.text)):
            return NOBODY
        pieces = self.joint.conjuncts(span)
        if len(pieces) > 1:
            return self._together(pieces, span)
        phrase = describe(self.text, span, self.lexicon)
        if phrase.kind == "pronoun" or (phrase.head in ("he", "she", "they", "i") and not phrase.name):
            return self._pronoun(phrase.head, span, outer)
        if span.of(self.text).strip(" :*") in ("Q", "A"):
            return Found((), "anonymous")
        if not phrase.name and (noun := self._as_name(phrase, span)):
            phrase = noun
        if (
            phrase.possessor
            and not phrase.name
            and (phrase.head in self.lexicon.documents or phrase.head in UTTERANCES)
        ):
            return replace(self._pronoun(phrase.possessor, span, outer), form="document")
        paper = phrase.head in self.lexicon.documents and (len(phrase.core) > 1 or phrase.plural)
        if phrase.head in self.lexicon.outlets and phrase.definite and not (phrase.name or phrase.owner or paper):
            before = [figure for place, figure in self.cast.outlets[-50:] if place < span.start]
            if before:
                return Found((before[-1],), "body")
        if phrase.name and phrase.kind == "unsure" and (called := self.described.demonym(phrase, span)):
            return called
        if phrase.name:
            figure = mentioned(self.names.named(phrase, span.start), span)
            return Found((figure,), self.names.form(figure, phrase))
        if phrase.kind == "document":
            return Found((mentioned(self.bodies.document(phrase, span), span),), "document")
        if phrase.head in TOGETHER and phrase.definite and (joint := self._joint_before(phrase.head, span)):
            return Found((joint,), "body")
        if phrase.kind == "body" and phrase.head in BELONGINGS and (holder := self._holder(phrase, span, outer)):
            return Found((mentioned(self.bodies.belonging(holder, phrase), span),), "body")
        if phrase.kind == "body":
            return Found((mentioned(self.bodies.body(phrase, span), span),), "body")
        return self.described.find(phrase, span)

    def _holder(self, phrase: Phrase, span: Span, outer: tuple[Figure, ...] | None) -> Figure | None:
        """The person whose office or campaign it is."""
        if phrase.possessor in ("his", "her", "my"):
            found = self._pronoun(phrase.possessor, span, outer).figures
            return next((figure for figure in found if figure.kind == "person" and figure.name), None)
        return self.bodies.holder(phrase)

    def _joint_before(self, head: str, span: Span) -> Figure | None:
        """ "The trio", "the sides": those who last spoke together."""
        for said in self.history.speakers_before(span.start):
            for figure in said.figures:
                if figure.members and TOGETHER[head] in (0, len(figure.members)):
                    return figure
        return None

    def _together(self, pieces: list[Span], span: Span) -> Found:
        found = [self.find(piece) for piece in pieces]
        figures = tuple(figure for each in found for figure in each.figures)
        joint = Figure("group", None, (), plural=True, members=figures, places=[span.start])
        return Found((joint,), found[0].form)

    def _as_name(self, phrase: Phrase, span: Span) -> Phrase | None:
        """A title that is a surname here ("Baker said", of Ivan Baker)."""
        if len(phrase.core) != 1 or not phrase.core[0].capital or phrase.core[0].start != span.start:
            return None
        if self.names.outlet and phrase.core[0].key in {w.key for w in tokens(self.names.outlet)}:
            return replace(phrase, kind="unsure", name=phrase.core, head="", words=frozenset())
        known = [f for f in self.cast.named(phrase.core) if f.kind == "person" and len(f.keys) > 1]
        return replace(phrase, kind="person", name=phrase.core, head="", words=frozenset()) if known else None

    def _pronoun(self, pronoun: str, span: Span, outer: tuple[Figure, ...] | None) -> Found:
        if pronoun in FIRST:
            return Found(outer or (), "pronoun")
        if pronoun in RELATIVE:
            figure = antecedent(span.start, self.history)
        elif pronoun in ("you", "your", "one", "ones", "this", "these", "those", "that"):
            return Found((), "anonymous" if pronoun in ("one", "ones", "those") else "pronoun")
        else:
            figure = referent(pronoun, span.start, self.history, others=outer or ())
        return Found((figure,), "pronoun", figure.owner) if figure else Found((), "pronoun")


def is_negative(words: str) -> bool:
    """ "Nobody", "no one at the ministry", "neither side": who is said not to speak."""
    return bool(NEGATIVE.match(words))


def joined(text: str, pieces: tuple[Span, ...]) -> list[Span]:
    """Pieces of one source that stand side by side ("Malaysia's Prime Minister | Najib Razak") are one."""
    whole: list[Span] = []
    for piece in pieces:
        between = text[whole[-1].end : piece.start] if whole else ""
        if whole and len(between) < 3 and not any(c.isalnum() for c in between) and "\n" not in between:
            whole[-1] = Span(whole[-1].start, piece.end)
        else:
            whole.append(piece)
    return whole
