"""Names as sources: the article's own figures first, the registry where it has not introduced the name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.attribution.names import name_text, tokens
from engine.attribution.speakers_cast import FEW_ENOUGH, Cast, Figure
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_noun import Phrase
from engine.attribution.speakers_reading import own_name
from engine.models import Form
from engine.registry import Registry

ALIKE = 85
"""Least similarity (0..100) at which a surname of five letters or more is a misprint of one in the article."""
SHORTEST_MISPRINT = 5
LONGEST_ACRONYM = 7


@dataclass(frozen=True, slots=True)
class Names:
    """`outlet` is the article's own: "SENTINEL:" in an interview of the Carrow Sentinel."""

    text: str
    cast: Cast
    registry: Registry
    lexicon: Lexicon
    outlet: str | None = None

    def named(self, phrase: Phrase, position: int) -> Figure:
        """The figure that bears the name: of several the one last mentioned, of the gender that its title tells."""
        bearers = self.cast.named(phrase.name)
        given = len(phrase.name) == 1 and phrase.gender == self.lexicon.given_gender(phrase.name[0].key)
        if given and any(len(f.keys) > 1 and f.keys[-1] == phrase.name[0].key for f in bearers):
            phrase = replace(phrase, gender=None)  # "Ellis", of Ramona Ellis: a surname here
        figures = [f for f in bearers if self._may_be(f, phrase)]
        if not figures and len(phrase.name) == 1:
            figures = self._initials(phrase) or self._misprinted(phrase)
        if figures:
            last = figures[0].keys[-1]
            alike = [f for f in figures if f.keys[-1] == last]
            exact = [f for f in alike if f.keys == tuple(w.key for w in phrase.name)]
            sure = [f for f in exact or alike if phrase.gender and f.gender == phrase.gender] or exact or alike
            figure = max(sure, key=lambda f: f.last_before(position + 1))
        else:
            figure = self._new(phrase)
        if phrase.kind != "unsure" and figure.kind == "unsure":
            figure.kind = phrase.kind
            self.cast.forget()
        figure.gender = figure.gender or (phrase.gender if phrase.kind == "person" else None)
        if figure.entry is None or figure.kind == "person":
            self.cast.describe(figure, phrase.words)
        figure.speaks = True
        return figure

    def _may_be(self, figure: Figure, phrase: Phrase) -> bool:
        if phrase.kind == "person" and figure.kind in ("body", "state", "outlet"):
            return False
        if phrase.kind == "body" and figure.kind == "person":
            return False
        return not (phrase.gender and figure.gender and phrase.gender != figure.gender and phrase.kind == "person")

    def _initials(self, phrase: Phrase) -> list[Figure]:
        """ "KCNA" for the Korean Central News Agency, "IB" for Inés Berruezo; nobody where it may be two."""
        letters = phrase.name[0].text.replace(".", "")
        if not (letters.isupper() and 1 < len(letters) <= LONGEST_ACRONYM):
            return []
        wanted = letters.lower()
        fits = [f for f in self.cast.figures[-FEW_ENOUGH:] if len(f.keys) > 1 and _letters(f.keys) == wanted]
        return fits if len(fits) == 1 else []

    def _misprinted(self, phrase: Phrase) -> list[Figure]:
        from rapidfuzz import fuzz

        key = phrase.name[0].key
        if len(key) < SHORTEST_MISPRINT or len(self.cast.figures) > FEW_ENOUGH:
            return []
        people = [f for f in self.cast.figures if f.kind == "person" and f.keys and self._may_be(f, phrase)]
        return [f for f in people if f.keys[-1][:1] == key[:1] and fuzz.ratio(f.keys[-1], key) >= ALIKE][:1]

    def _new(self, phrase: Phrase) -> Figure:
        """A name that the article has not introduced: the registry's where it lists it, else its own."""
        written = name_text(self.text, phrase.name)
        entry = self.registry.find(written)
        own = self.outlet and own_name(self.outlet)
        if own and entry is None and {w.key for w in phrase.name} <= {w.key for w in tokens(own)}:
            written = own
            return self.cast.by_keys.get(("#", own)) or self.cast.add(Figure("outlet", own, ("#", own)))
        if entry and (phrase.kind == "person") != (entry.kind == "person") and phrase.kind != "unsure":
            entry = None
        if entry and phrase.gender and entry.gender and phrase.gender != entry.gender:
            entry = None  # "Mrs Lavrov"
        keys = tuple(word.key for word in phrase.name)
        kind = entry.kind if entry else "state" if " ".join(keys) in self.lexicon.states else phrase.kind
        figure = Figure(kind, written, keys, gender=entry.gender if entry else phrase.gender, entry=entry)
        figure.given_name = keys[0] in self.lexicon.given
        return self.cast.add(figure)

    def form(self, figure: Figure, phrase: Phrase) -> Form:
        if figure.kind == "document":
            return "document"
        if figure.kind in ("body", "state", "outlet"):
            return "body"
        if figure.kind == "person" or figure.given_name or figure.gender:
            return "named"
        if len(figure.keys) > 1 and phrase.kind != "body":
            return "named"
        return "body" if not figure.roles & self.lexicon.people else "named"


def _letters(keys: tuple[str, ...]) -> str:
    return "".join(key[0] for key in keys if key not in ("of", "the", "for", "and", "&"))
