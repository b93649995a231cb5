"""One source span to the figures that it means, and the form in which it does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from engine.attribution.names import Word, adjacent, name_text, runs, tokens
from engine.attribution.speakers_cast import Cast, Figure
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_phrase import Phrase, describe
from engine.attribution.speakers_pronouns import FIRST, RELATIVE, History, antecedent, referent
from engine.attribution.speakers_roles import body_of, office_of, person_of
from engine.models import Form, Span
from engine.registry import Registry

ALIKE = 85
"""Least similarity (0..100) at which a surname of five letters or more is a misprint of one in the article."""
SHORTEST_MISPRINT = 5
STATE_SPEAKERS = frozenset("official diplomat minister ministry envoy ambassador negotiator officer commander".split())
"""People whose nationality is also whom they speak for."""


@dataclass(frozen=True, slots=True)
class Found:
    figures: tuple[Figure, ...]
    form: Form
    affiliation: Figure | None = None


NOBODY = Found((), "none")


@dataclass(slots=True)
class Sources:
    """Resolves sources in the order of the article; what is found is added to the cast and to the history."""

    text: str
    cast: Cast
    history: History
    registry: Registry
    lexicon: Lexicon
    day: date | None
    outlet: str | None = None
    papers: dict[str, Figure] = field(default_factory=dict)
    """By "statement", "letter" and the like: who was last said to have made one."""

    def find(self, span: Span, *, outer: tuple[Figure, ...] | None = None) -> Found:
        """`outer` are the speakers of the words in which the source stands, for "I" and "we"; None outside of speech."""
        joint = self._joint(span)
        if joint:
            return joint
        phrase = describe(self.text, span, self.lexicon)
        if phrase.kind == "pronoun" or phrase.head in ("he", "she", "they", "i") and not phrase.name:
            return self._pronoun(phrase.head, span, outer)
        if span.of(self.text).strip(" :*") in ("Q", "A"):
            return Found((), "anonymous")
        if not phrase.name and (noun := self._as_name(phrase, span)):
            phrase = noun
        if phrase.possessor and phrase.head not in self.lexicon.people | self.lexicon.bodies and not phrase.name:
            return replace(self._pronoun(phrase.possessor, span, outer), form="document")
        if phrase.head in self.lexicon.outlets and phrase.definite and not phrase.name and not phrase.owner:
            before = [figure for place, figure in self.cast.outlets[-50:] if place < span.start]
            if before:
                return Found((before[-1],), "body")
        if phrase.kind == "document" and not phrase.name:
            return self._document(phrase, span)
        if phrase.name:
            return self._named(phrase, span)
        if phrase.kind == "body":
            return self._body(phrase, span)
        return self._role(phrase, span)

    def _as_name(self, phrase: Phrase, span: Span) -> Phrase | None:
        """A title that is a surname here ("Baker said", of Ivan Baker)."""
        if len(phrase.core) != 1 or not phrase.core[0].capital or phrase.core[0].start != span.start:
            return None
        if self.outlet and phrase.core[0].key in {w.key for w in tokens(self.outlet)}:
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

    def _named(self, phrase: Phrase, span: Span) -> Found:
        figures = [f for f in self.cast.named(phrase.name) if self._may_be(f, phrase)]
        if not figures and len(phrase.name) == 1:
            figures = self._initials(phrase) or self._misprinted(phrase)
        if figures:
            last = figures[0].keys[-1]
            alike = [f for f in figures if f.keys[-1] == last]
            exact = [f for f in alike if f.keys == tuple(w.key for w in phrase.name)]
            sure = [f for f in exact or alike if phrase.gender and f.gender == phrase.gender] or exact or alike
            figure = max(sure, key=lambda f: f.last_before(span.start + 1))
        else:
            figure = self._new(phrase)
        if phrase.kind != "unsure" and figure.kind == "unsure":
            figure.kind = phrase.kind
        figure.gender = figure.gender or (phrase.gender if phrase.kind == "person" else None)
        self.cast.describe(figure, phrase.words)
        figure.speaks = True
        self._mention(figure, span)
        return Found((figure,), self._form(figure, phrase))

    def _form(self, figure: Figure, phrase: Phrase) -> Form:
        if figure.kind == "document":
            return "document"
        if figure.kind in ("body", "state", "outlet"):
            return "body"
        if (
            figure.kind == "person"
            or figure.given_name
            or figure.gender
            or len(figure.keys) > 1
            and phrase.kind != "body"
        ):
            return "named"
        return "body" if not figure.roles & self.lexicon.people else "named"

    def _may_be(self, figure: Figure, phrase: Phrase) -> bool:
        if phrase.kind == "person" and figure.kind in ("body", "state", "outlet"):
            return False
        if phrase.kind == "body" and figure.kind == "person":
            return False
        return not (phrase.gender and figure.gender and phrase.gender != figure.gender and phrase.kind == "person")

    def _initials(self, phrase: Phrase) -> list[Figure]:
        """ "KCNA" for the Korean Central News Agency, "IB" for Inés Berruezo; nobody where it may be two."""
        letters = phrase.name[0].text.replace(".", "")
        if not (letters.isupper() and 1 < len(letters) < 8):
            return []
        wanted = letters.lower()
        fits = [f for f in self.cast.figures[-400:] if len(f.keys) > 1 and _letters(f.keys) == wanted]
        return fits if len(fits) == 1 else []

    def _misprinted(self, phrase: Phrase) -> list[Figure]:
        from rapidfuzz import fuzz

        key = phrase.name[0].key
        if len(key) < SHORTEST_MISPRINT or len(self.cast.figures) > 400:
            return []
        people = [f for f in self.cast.figures if f.kind == "person" and f.keys and self._may_be(f, phrase)]
        return [f for f in people if f.keys[-1][:1] == key[:1] and fuzz.ratio(f.keys[-1], key) >= ALIKE][:1]

    def _new(self, phrase: Phrase) -> Figure:
        """A name that the article has not introduced: the registry's where it lists it, else its own."""
        written = name_text(self.text, phrase.name)
        entry = self.registry.find(written)
        own = self.outlet and re.sub(r"^the\s+", "", self.outlet.strip(), flags=re.IGNORECASE)
        if own and entry is None and {w.key for w in phrase.name} <= {w.key for w in tokens(own)}:
            written = own
            return self.cast.by_keys.get(("#", own)) or self.cast.add(Figure("outlet", own, ("#", own)))
        if entry and (phrase.kind == "person") != (entry.kind == "person") and phrase.kind != "unsure":
            entry = None
        keys = tuple(word.key for word in phrase.name)
        kind = entry.kind if entry else "state" if " ".join(keys) in self.lexicon.states else phrase.kind
        figure = Figure(kind, written, keys, gender=entry.gender if entry else phrase.gender, entry=entry)
        figure.given_name = keys[0] in self.lexicon.given
        return self.cast.add(figure)

    def _role(self, phrase: Phrase, span: Span) -> Found:
        if not phrase.definite or phrase.plural:
            return self._anonymous(phrase, span)
        figure = person_of(phrase, span.start, self.cast, self.lexicon)
        if figure is None and (entry := office_of(phrase, self.registry, self.lexicon, self.day)):
            figure = self.cast.by_keys.get(("#", entry.id)) or self.cast.add(
                Figure("person", entry.name, ("#", entry.id), gender=entry.gender, entry=entry)
            )
            self.cast.describe(figure, phrase.words)
        if figure is None:
            figure = self._epithet(phrase, span)
        if figure is None:
            return self._anonymous(phrase, span)
        self._mention(figure, span)
        if figure.name or figure.members:
            return Found((figure,), "role")
        return Found((figure,), "anonymous", figure.owner)

    def _epithet(self, phrase: Phrase, span: Span) -> Figure | None:
        """ "Whitlock is on her feet. The prime minister concedes ...": the person just spoken of, whom nothing contradicts."""
        if (
            phrase.owner
            or phrase.possessor
            or not phrase.core
            or self.text[span.start : span.start + 4].lower() != "the "
        ):
            return None
        if phrase.head not in self.lexicon.people and phrase.head.rpartition("-")[2] not in ("old", "star"):
            return None
        figure = referent(
            "he" if phrase.gender == "male" else "she" if phrase.gender else "one", span.start, self.history
        )
        if not figure or figure.kind != "person" or not figure.name or figure.plural:
            return None
        sentence = self.history.reading.sentence
        return figure if sentence(span.start) - sentence(figure.last_before(span.start)) <= 1 else None

    def _anonymous(self, phrase: Phrase, span: Span) -> Found:
        figure = Figure("person", gender=phrase.gender, plural=phrase.plural, owner=self._affiliation(phrase, span))
        self.cast.figures.append(figure)
        self.cast.describe(figure, phrase.words)
        self._mention(figure, span)
        return Found((figure,), "anonymous", figure.owner)

    def _affiliation(self, phrase: Phrase, span: Span) -> Figure | None:
        """The body an unnamed source belongs to: "a NATO diplomat", "a spokeswoman for the union"."""
        if phrase.owner:
            return self._owner(phrase.owner, span)
        if phrase.head in STATE_SPEAKERS:
            states = sorted({self.lexicon.states[word] for word in phrase.words if word in self.lexicon.states})
            entry = self.registry.find(states[0]) if states else None
            if entry:
                return self.cast.by_keys.get(("#", entry.id)) or self.cast.add(
                    Figure(entry.kind, entry.name, ("#", entry.id), entry=entry)
                )
        inner = [word for word in phrase.words if word in self.lexicon.bodies and word != phrase.head]
        if inner and (figure := body_of(Phrase("body", head=inner[0]), span.start, self.cast, self.lexicon)):
            return figure
        return None

    def _owner(self, owner: tuple[Word, ...], span: Span) -> Figure | None:
        """A named owner that is a body; a person ("aides to Strake") is no affiliation."""
        figures = self.cast.named(owner)
        if figures:
            return figures[0] if figures[0].kind in ("body", "state", "outlet") else None
        written = name_text(self.text, owner)
        entry = self.registry.find(written)
        if entry:
            return self.cast.add(Figure(entry.kind, entry.name, tuple(w.key for w in owner), entry=entry))
        head = self.lexicon.singular(owner[-1].key)
        if not owner[0].capital:
            return body_of(Phrase("body", head=head, words=frozenset({head})), span.start, self.cast, self.lexicon)
        if head in self.lexicon.bodies or head in self.lexicon.fields:
            return self.cast.add(Figure("body", written, tuple(w.key for w in owner)))
        return None

    def _body(self, phrase: Phrase, span: Span) -> Found:
        figure = None
        states = sorted({self.lexicon.states[word] for word in phrase.words if word in self.lexicon.states})
        if phrase.head == "government" and states:
            entry = self.registry.find(states[0])
            if entry:
                figure = self.cast.by_keys.get(("#", entry.id)) or self.cast.add(
                    Figure("state", entry.name, ("#", entry.id), entry=entry)
                )
        if phrase.definite and not phrase.plural and figure is None:
            figure = body_of(phrase, span.start, self.cast, self.lexicon)
        if figure is None:
            figure = self._described("body", phrase)
        self._mention(figure, span)
        return Found((figure,), "body")

    def _described(self, kind: str, phrase: Phrase) -> Figure:
        """A body or document without a name of its own goes by its description."""
        written, keys = self._description(phrase), tuple(word.key for word in phrase.core)
        known = self.cast.by_keys.get(keys)
        if known and known.kind == kind:
            return known
        figure = self.cast.add(Figure(kind, written, keys, plural=False))
        self.cast.describe(figure, phrase.words)
        return figure

    def _description(self, phrase: Phrase) -> str:
        """ "Senator Strake's campaign" is the Strake campaign, "Tavria's central bank" the Tavria central bank."""
        held = next((i for i, word in enumerate(phrase.core[:-1]) if word.possessive), None)
        if held is None or not phrase.core[held].capital or phrase.head == "office":
            return name_text(self.text, phrase.core)
        owner = [word for word in phrase.core[: held + 1] if not self.lexicon.titles(word.key)] or [phrase.core[held]]
        rest = phrase.core[held + 1 :]
        return f"{' '.join(word.text for word in owner)} {name_text(self.text, rest)}"

    def _document(self, phrase: Phrase, span: Span) -> Found:
        figure = None
        if phrase.owner:
            figure = self._issuer(phrase, span)
        elif phrase.definite:
            known = [
                f for f in self.cast.having(phrase.head) if f.last_before(span.start) >= 0 and f.kind == "document"
            ]
            figure = max(known, key=lambda f: f.last_before(span.start)) if known else None
        document = figure if figure and figure.kind == "document" else self._described("document", phrase)
        if figure and figure is not document:
            document.members = (figure,)
        self._mention(document, span)
        return Found((document,), "document")

    def _issuer(self, phrase: Phrase, span: Span) -> Figure | None:
        found = self.cast.named(phrase.owner)
        if found:
            return found[0]
        if not phrase.owner[0].capital:
            return self._owner(phrase.owner, span)
        written = name_text(self.text, phrase.owner)
        entry = self.registry.find(written)
        kind = entry.kind if entry else "unsure"
        return self.cast.add(
            Figure(kind, entry.name if entry else written, tuple(w.key for w in phrase.owner), entry=entry)
        )

    def _mention(self, figure: Figure, span: Span) -> None:
        if not figure.places or figure.places[-1] < span.start:
            figure.places.append(span.start)

    def _joint(self, span: Span) -> Found | None:
        """ "Moscow, Tehran and Ankara", "Ana Ruiz and Pedro Sol": several speakers, each with a name."""
        pieces = self._conjuncts(span)
        if len(pieces) < 2:
            return None
        found = [self.find(piece) for piece in pieces]
        figures = tuple(figure for each in found for figure in each.figures)
        joint = Figure("group", None, (), plural=True, members=figures, places=[span.start])
        return Found((joint,), found[0].form)

    def _conjuncts(self, span: Span) -> list[Span]:
        text = span.of(self.text)
        if " and " not in text and " & " not in text:
            return []
        words = [w for w in tokens(self.text, span.start, span.end)]
        ands = [i for i, w in enumerate(words) if w.key == "and" and not w.capital]
        if len(ands) != 1 or not 0 < ands[0] < len(words) - 1:
            return []
        left, right = words[: ands[0]], words[ands[0] + 1 :]
        lead = [part for part in re.split(r",\s+", self.text[left[0].start : left[-1].end]) if part]
        found = [(a, b) for a, b in runs(self.text, words, self.lexicon)]
        if left[0].key == "both":
            left = left[1:]
        if not left or not (self._is_name(left) and self._is_name(right)):
            if len(lead) > 1 and found and self._list_of_names(left) and self._is_name(right):
                return self._list_spans(left, right)
            return []
        if not self._apart(left, right):
            return []
        return [Span(left[0].start, left[-1].end), Span(right[0].start, right[-1].end)]

    def _is_name(self, words: list[Word]) -> bool:
        """Is it one name, perhaps with "the", a title, "his daughter" or an age around it?"""
        found = [(a, b) for a, b in runs(self.text, words, self.lexicon)]
        marks = [w for w in words if w.kind == "mark" and w.text not in (",", "&")]
        lower = [w for w in words if w.kind == "word" and not w.capital]
        opening = all(w.start < words[found[0][0]].start for w in lower) if found else False
        return len(found) == 1 and not marks and opening and len(lower) <= 3

    def _apart(self, left: list[Word], right: list[Word]) -> bool:
        """Two who speak together, not one name with "and" in it (Lamb and Oduya, Fire and Rescue)."""
        whole = tuple(w.key for w in (*left, *right))
        names = [[w for w in side if w.capital] for side in (left, right)]
        if any(f.kind == "body" and set(whole) <= set(f.keys) for f in self.cast.named(names[1])):
            return False
        known = [bool(self.cast.named(n)) or self.registry.find(name_text(self.text, n)) is not None for n in names]
        longer = [len(n) > 1 for n in names]
        introduced = not right[0].capital or right[0].key in self.lexicon.honorifics
        states = [" ".join(w.key for w in n) in self.lexicon.states for n in names]
        return (
            all(k or s for k, s in zip(known, states, strict=True))
            or (all(longer) or introduced)
            and not self._organ(left)
        )

    def _organ(self, left: list[Word]) -> bool:
        return any(w.key in ("of", "for") for w in left) and not left[0].key == "the"

    def _list_of_names(self, left: list[Word]) -> bool:
        found = [(a, b) for a, b in runs(self.text, left, self.lexicon)]
        covered = sum(b - a for a, b in found)
        commas = sum(w.text == "," for w in left)
        return (
            len(found) > 1
            and covered + commas + sum(w.key == "the" for w in left) == len(left)
            and commas >= len(found) - 1
        )

    def _list_spans(self, left: list[Word], right: list[Word]) -> list[Span]:
        found = [left[a:b] for a, b in runs(self.text, left, self.lexicon)]
        known = [self.cast.named(run) or self.registry.find(name_text(self.text, run)) for run in found]
        if not all(known) and len(found) < 2:
            return []
        return [*(Span(run[0].start, run[-1].end) for run in found), Span(right[0].start, right[-1].end)]


def _letters(keys: tuple[str, ...]) -> str:
    return "".join(key[0] for key in keys if key not in ("of", "the", "for", "and", "&"))


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


__all__ = ["NOBODY", "Found", "Sources", "adjacent", "joined"]
