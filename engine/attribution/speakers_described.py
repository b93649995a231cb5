"""People who are described: the foreign minister, the 68-year-old, a judge; named in the article, or anonymous."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from engine.attribution.speakers_bodies import Bodies
from engine.attribution.speakers_cast import Cast, Figure
from engine.attribution.speakers_history import Found, History, mentioned
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_noun import Phrase
from engine.attribution.speakers_pronouns import SOMEBODY, referent
from engine.attribution.speakers_roles import agrees, office_of, person_of
from engine.models import Span
from engine.registry import Registry

EPITHET_REACH = 2
"""Sentences back to the person whom a description may mean."""
INTRODUCED_WITHIN = 5_000
"""Characters before a description in which "a spokeswoman" may have introduced somebody else."""
AGED = re.compile(r"the (?:[\w-]+ ){0,2}(\d{1,3})-year-old\b", re.IGNORECASE)
_POSITIONS_WORDS = """
mayor governor editor spokesman spokeswoman spokesperson speaker friend minister president official source aide officer
judge secretary chief director manager chair chairman chairwoman ambassador envoy prosecutor lawyer attorney counsel
commissioner councillor auditor captain principal coach coroner defendant witness father mother son daughter brother
sister wife husband owner boss head leader
"""
POSITIONS = frozenset(_POSITIONS_WORDS.split())
"""What may as well be somebody else, whom the article does not name: of these only a known bearer is meant.

With them 15 of 27 descriptions in the training articles went to the right person, without them the rest does.
"""
LEAD, LEAD_PARAGRAPHS = 900, 3
"""Characters of an article's lead, and paragraphs within which whom it describes is named."""
UNNAMED = frozenset(
    {"source", "insider", "official", "person", "diplomat", "aide", "adviser", "man", "woman", "expert"}
)
"""Descriptions of the lead that tell nobody whom the article goes on to name."""
DEMONYM = re.compile(r"(?:an|ian|ean|ese|ite|er|ish|ist|crat)$")
"""How words end that call somebody by place or party: the Alabamian, the Wyoming Federalist."""


@dataclass(frozen=True, slots=True)
class Descriptions:
    """Resolves descriptions of people; one that nobody fits is anonymous."""

    text: str
    cast: Cast
    history: History
    registry: Registry
    lexicon: Lexicon
    day: date | None
    bodies: Bodies

    def find(self, phrase: Phrase, span: Span) -> Found:
        if not phrase.definite or phrase.plural:
            later = None if phrase.plural else self._named_later(phrase, span)
            return Found((mentioned(later, span),), "role") if later else self._anonymous(phrase, span)
        figure = person_of(phrase, span.start, self.cast, self.lexicon)
        if figure is None and (entry := office_of(phrase, self.registry, self.lexicon, self.day)):
            figure = self.bodies.registered(entry)
            self.cast.describe(figure, phrase.words)
        if figure is None:
            figure = self._epithet(phrase, span)
        figure = figure or self._named_later(phrase, span)
        if figure is None:
            return self._anonymous(phrase, span)
        mentioned(figure, span)
        if figure.name or figure.members:
            return Found((figure,), "role")
        return Found((figure,), "anonymous", figure.owner)

    def _epithet(self, phrase: Phrase, span: Span) -> Figure | None:
        """ "Whitlock is on her feet. The prime minister concedes ...": the person just spoken of.

        Nobody where the article has introduced another who is called so ("a spokeswoman", later "the spokeswoman").
        """
        words = span.of(self.text)
        if phrase.possessor or not phrase.core or not words.lower().startswith("the "):
            return None
        if phrase.head not in self.lexicon.people and phrase.head.rpartition("-")[2] not in ("old", "star"):
            return None
        if age := AGED.match(words):
            return self._aged(age[1])
        if phrase.owner or phrase.head in POSITIONS or self._introduced(phrase.head, span.start):
            return None
        pronoun = "he" if phrase.gender == "male" else "she" if phrase.gender else SOMEBODY
        figure = referent(pronoun, span.start, self.history)
        if not figure or figure.kind != "person" or not figure.name or figure.plural:
            return None
        sentence = self.history.reading.sentence
        return figure if sentence(span.start) - sentence(figure.last_before(span.start)) <= EPITHET_REACH else None

    def _named_later(self, phrase: Phrase, span: Span) -> Figure | None:
        """ "A federal judge ruled ...", in the lead; "Judge Yolanda Strickland", the only judge, two paragraphs on."""
        if span.start > LEAD or phrase.head in UNNAMED or phrase.possessor or not phrase.head:
            return None
        if not re.match(r"(?:the|an?)\b", span.of(self.text), re.IGNORECASE):
            return None
        bearers = [f for f in self.cast.having(phrase.head) if f.kind == "person" and f.name]
        if len(bearers) != 1 or not agrees(bearers[0], phrase, self.lexicon):
            return None
        first = min(bearers[0].places, default=-1)
        near = self.history.paragraph(first) - self.history.paragraph(span.start) <= LEAD_PARAGRAPHS
        return bearers[0] if first > span.start and near else None

    def demonym(self, phrase: Phrase, span: Span) -> Found | None:
        """ "The Alabamian", "the Wyoming Federalist": the person just spoken of; None where it is no such word."""
        words = span.of(self.text).split()
        last = phrase.name[-1]
        single = len(words) == 2 and DEMONYM.search(last.key)
        party = len(words) == 3 and DEMONYM.search(last.key) and f"{last.text}s" in self.history.reading.capitals
        if words[0].lower() != "the" or not (single or party) or last.key in self.lexicon.outlets:
            return None
        if self.cast.by_keys.get(tuple(w.key for w in phrase.name), None) in self._bodies_named(phrase):
            return None
        figure = referent(SOMEBODY, span.start, self.history)
        sentence = self.history.reading.sentence
        if figure and sentence(span.start) - sentence(figure.last_before(span.start)) <= EPITHET_REACH:
            return Found((mentioned(figure, span),), "role")
        return self._anonymous(phrase, span)

    def _bodies_named(self, phrase: Phrase) -> list[Figure]:
        return [f for f in self.cast.named(phrase.name) if f.kind in ("body", "outlet", "state")]

    def _aged(self, years: str) -> Figure | None:
        """ "the 68-year-old": the one person whose age the article gives so ("Marlies Dabrowski, 68,")."""
        given = re.compile(rf"(?:, (?:aged )?| \(){years}\b")
        found = {id(m.figure): m.figure for m in self.history.reading.mentions if given.match(self.text, m.end)}
        return next(iter(found.values())) if len(found) == 1 else None

    def _introduced(self, head: str, position: int) -> bool:
        """Does "a(n) ... head" stand before the position?"""
        before = self.text[max(0, position - INTRODUCED_WITHIN) : position]
        return bool(
            re.search(
                rf"\b(?:an?|another|one|some|several|two|three)\s+(?:[\w'’-]+\s+){{0,3}}?{re.escape(head)}s?\b",
                before,
                re.I,
            )
        )

    def _anonymous(self, phrase: Phrase, span: Span) -> Found:
        figure = Figure(
            "person", gender=phrase.gender, plural=phrase.plural, owner=self.bodies.affiliation(phrase, span)
        )
        self.cast.figures.append(figure)
        self.cast.describe(figure, phrase.words)
        mentioned(figure, span)
        return Found((figure,), "anonymous", figure.owner)
