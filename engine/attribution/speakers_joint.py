"""Several speakers of one source: "Moscow, Tehran and Ankara", "Ana Ruiz and her daughter Inés"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.attribution.names import Word, name_text, runs, tokens
from engine.attribution.speakers_cast import Cast
from engine.attribution.speakers_lexicon import Lexicon
from engine.models import Span
from engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Joint:
    """Cuts a source that names several into one span each."""

    text: str
    cast: Cast
    registry: Registry
    lexicon: Lexicon

    def conjuncts(self, span: Span) -> list[Span]:
        """Empty where the source is one speaker's, also where "and" stands inside a name (Fire and Rescue)."""
        text = span.of(self.text)
        if " and " not in text and " & " not in text:
            return []
        words = tokens(self.text, span.start, span.end)
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
        marks = [w for w in words if w.kind == "mark" and w.text not in (",", "&", "'", "’")]
        lower = [w for w in words if w.kind == "word" and not w.capital]
        before = [w for w in lower if found and w.start < words[found[0][0]].start]
        opening = bool(found) and all(w.start < words[found[0][1] - 1].start for w in lower)
        return len(found) == 1 and not marks and opening and len(before) <= 3

    def _apart(self, left: list[Word], right: list[Word]) -> bool:
        """Two who speak together, not one name with "and" in it (Lamb and Oduya, Fire and Rescue)."""
        whole = tuple(w.key for w in (*left, *right) if w.key != "the")
        names = [[w for w in side if w.capital] for side in (left, right)]
        if any(f.kind == "body" and set(whole) <= set(f.keys) for f in self.cast.named(names[1])):
            return False
        known = [bool(self.cast.named(n)) or self.registry.find(name_text(self.text, n)) is not None for n in names]
        longer = [len(n) > 1 for n in names]
        introduced = not right[0].capital or right[0].key in self.lexicon.honorifics
        states = [" ".join(w.key for w in n) in self.lexicon.states for n in names]
        return all(k or s for k, s in zip(known, states, strict=True)) or (
            (all(longer) or introduced) and not self._organ(left)
        )

    def _organ(self, left: list[Word]) -> bool:
        return any(w.key in ("of", "for") for w in left) and left[0].key != "the"

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
