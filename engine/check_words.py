"""The words of a quotation and of a source, brought to one form so that only real changes remain.

Punctuation, hyphens, dashes, case, accents and the style of quotation marks are not words. A number is one word
("2,000" equals "2000", "2.5" is not "25"), and so are %, $ and their like. Offsets stay those of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from engine.models import Span
from engine.query_words import FUNCTION_WORDS
from engine.text import WORD, fold, words

_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)+|[%$€£&]|{WORD.pattern}")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SYMBOLS = {"%": "percent", "&": "and"}
_ELLIPSIS = re.compile(r"\[\s*(?:…|\.\s?\.\s?\.)\s*\]|\(\s*(?:…|\.\s?\.\s?\.)\s*\)|…|\.\s?\.\s?\.(?:\s?\.)?")
_BRACKETS = re.compile(r"\[[^\[\]\n]{1,120}\]")
_NEGATION = re.compile(
    r"\b(?:not|no|never|nor|none|neither|without|nobody|nothing|nowhere|cannot|hardly|barely|unless)\b|n['’]t\b",
    re.IGNORECASE,
)
LIGHT_WEIGHT = 0.25
"""What a function word counts against a content word's 1: "of the" found elsewhere says next to nothing."""


@dataclass(frozen=True, slots=True)
class Words:
    """Normal forms with their places; `spans[i]` is where `norms[i]` stands."""

    norms: tuple[str, ...]
    spans: tuple[Span, ...]

    def __len__(self) -> int:
        return len(self.norms)

    @property
    def joined(self) -> str:
        """For finding a run of whole words as a substring."""
        return f" {' '.join(self.norms)} "


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """A draft's quotation. `gaps` are the words before which an ellipsis stands, `bracketed` the words in [ ]."""

    words: Words
    gaps: frozenset[int] = frozenset()
    bracketed: frozenset[int] = frozenset()

    def segments(self) -> list[tuple[int, int]]:
        """The runs of words between ellipses and brackets, each of which should stand in the source as it is."""
        cuts = sorted({0, len(self.words), *self.gaps, *self.bracketed, *(i + 1 for i in self.bracketed)})
        return [(start, end) for start, end in pairwise(cuts) if start not in self.bracketed]


@lru_cache(maxsize=131_072)
def _norm(token: str) -> str:
    if token in _SYMBOLS:
        return _SYMBOLS[token]
    if token[0].isdigit() and not token.isdigit():
        return token.replace(",", "") if _THOUSANDS.fullmatch(token) else token
    found = words(token)
    return "".join(word for word, _ in found) if found else fold(token)


def words_in(text: str, spans: Iterable[Span], *, offset: int = 0) -> Words:
    """The words of some spans of a text; `offset` is added to their places."""
    norms, places = [], []
    for span in spans:
        for match in _TOKEN.finditer(text, span.start, span.end):
            norms.append(_norm(match.group()))
            places.append(Span(match.start() + offset, match.end() + offset))
    return Words(tuple(norms), tuple(places))


def quoted_words(text: str, span: Span, *, limit: int) -> QuotedWords:
    """The words of a draft's quotation, at most `limit`, with its ellipses and brackets."""
    found = words_in(text, (span,))
    found = Words(found.norms[:limit], found.spans[:limit])
    ellipses = [m.start() for m in _ELLIPSIS.finditer(text, span.start, span.end)]
    brackets = [(m.start(), m.end()) for m in _BRACKETS.finditer(text, span.start, span.end)]
    gaps = {next((i for i, place in enumerate(found.spans) if place.start >= at), len(found)) for at in ellipses}
    inside = {i for i, place in enumerate(found.spans) if any(start <= place.start < end for start, end in brackets)}
    return QuotedWords(found, frozenset(gaps - {0, len(found)}), frozenset(inside if len(inside) < len(found) else ()))


def weight(norm: str) -> float:
    return LIGHT_WEIGHT if norm in FUNCTION_WORDS else 1.0


def negations(text: str) -> int:
    """How many negating words a text holds."""
    return len(_NEGATION.findall(text))


_NEGATING_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis")
_SHORTEST_STEM = 4


def lost_prefix(source: str, draft: str) -> bool:
    """Does `draft` lack the negating prefix of `source` ("illegal", "legal")?"""
    return len(draft) >= _SHORTEST_STEM and any(source == prefix + draft for prefix in _NEGATING_PREFIXES)
