"""What the search box asks for, as a tree that both stores understand.

A leaf holds folded search words as `engine.text.words` cuts them, so a store quotes each and never sees syntax.
`Query` is what `engine.query_language.parse` returns; `to_text()` writes it back so that it parses to the same query.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FILTER_NAMES = ("speaker", "via", "outlet", "kind", "act", "form", "lang", "after", "before")
"""The filters the box knows; `in:` is the tenth name before a colon."""

Within = Literal["statements", "paragraphs"]


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word, matched by its stem. Several `words` ("U.S.", "don't") stand side by side in the text.

    `typed` is for showing only, here and in Phrase: two clauses of the same words are equal.
    """

    words: tuple[str, ...]
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word beginning so (`refug*`), unstemmed; at least three letters, shorter ones are plain words."""

    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """These words unstemmed: side by side in order, or (slop > 0) any order within `slop` words between them."""

    words: tuple[str, ...]
    slop: int = 0
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Passages holding the clause do not match. Stands only inside an AllOf beside a clause that is none, or alone as
    a restriction; the parser makes none (it fills `Query.excluded`), a search composes them."""

    clause: Clause


Clause = Word | Prefix | Phrase | AllOf | AnyOf | Not


def clause_text(clause: Clause) -> str:
    """The clause as one types it."""
    match clause:
        case Word(words, typed):
            return typed or "-".join(words)
        case Prefix(word):
            return f"{word}*"
        case Phrase(words, slop, typed):
            return f'"{typed or " ".join(words)}"' + (f"~{slop}" if slop else "")
        case AllOf(clauses):
            return "(" + " ".join(map(clause_text, clauses)) + ")"
        case AnyOf(clauses):
            return "(" + " OR ".join(map(clause_text, clauses)) + ")"
        case Not(excluded):
            return f"-{clause_text(excluded)}"


@dataclass(frozen=True, slots=True)
class Chip:
    """One removable piece of the query as shown; `text` is how it is typed."""

    kind: Literal["word", "phrase", "near", "prefix", "not", "any", "all", "filter", "in"]
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed box. `required` must all match (until relaxed), `optional` words only lift, `excluded` must not match.

    `filters` are (name, value) pairs as typed, names from FILTER_NAMES; several of one name mean any of them.
    `excluded_filters` likewise, for `-outlet:rt`. `notes` tell the user what was understood otherwise than typed.
    """

    text: str = field(compare=False)
    required: tuple[Clause, ...] = ()
    optional: tuple[Word, ...] = ()
    excluded: tuple[Clause, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    excluded_filters: tuple[tuple[str, str], ...] = ()
    within: Within | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)
    chips: tuple[Chip, ...] = field(default=(), compare=False)

    def to_text(self) -> str:
        """The query as one would type it; parses to an equal query."""
        return " ".join(chip.text for chip in self.chips)

    def values(self, name: str) -> tuple[str, ...]:
        """The values typed for one filter."""
        return tuple(value for filter_name, value in self.filters if filter_name == name)

    @property
    def empty(self) -> bool:
        """Nothing to look for: only filters, or nothing at all."""
        return not (self.required or self.optional)
