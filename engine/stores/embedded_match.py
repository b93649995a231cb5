"""Clauses against the two FTS5 indexes: which passages match, and their BM25.

A part of the tree that needs one index only is one FTS5 expression; parts of both are joined by number. BM25 is a sum
over the words asked for (Robertson and Zaragoza, 2009), so joined scores are the same as if one index held both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Word
from engine.stores.base import FieldWeights
from engine.stores.embedded_postings import Postings
from engine.stores.embedded_snapshot import Shelf
from engine.text import stem

Table = Literal["search_stems", "search_exact"]


@dataclass(frozen=True, slots=True)
class Matches:
    """Passage numbers in ascending order with their scores (higher is better; 0 where only restrictions match)."""

    numbers: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]

    def only(self, other: npt.NDArray[np.int64], *, inside: bool) -> Matches:
        """Those whose number is (or is not) among sorted `other`."""
        keep = np.isin(self.numbers, other, assume_unique=True, invert=not inside)
        return Matches(self.numbers[keep], self.scores[keep])


NOTHING = Matches(np.empty(0, np.int64), np.empty(0, np.float64))


@dataclass(frozen=True, slots=True)
class Matcher:
    """Evaluates clauses in one read transaction; a bare exclusion excludes from all that lives on the shelf."""

    connection: sqlite3.Connection
    weights: FieldWeights
    shelf: Shelf
    postings: Postings
    generation: int

    def matches(self, clause: Clause, *, scored: bool = True) -> Matches:
        if isinstance(clause, AllOf) and len(clause.clauses) == 1:
            return self.matches(clause.clauses[0], scored=scored)
        if scored and isinstance(clause, AnyOf) and all(isinstance(c, Word) for c in clause.clauses):
            return self._any_words([c for c in clause.clauses if isinstance(c, Word)])
        table = _table(clause)
        if table is not None and not isinstance(clause, Not):
            expression = expression_of(clause)
            if expression is not None:
                return self._asked(table, expression, scored=scored)
        match clause:
            case AllOf(clauses):
                return self._all(clauses, scored=scored)
            case AnyOf(clauses):
                return _united([self.matches(c, scored=scored) for c in clauses])
            case Not(inner):
                excluded = self.matches(inner, scored=False)
                return Matches(self.shelf.everything, np.zeros(len(self.shelf.everything))).only(
                    excluded.numbers, inside=False
                )
        raise TypeError(f"not a clause: {clause!r}")

    def _all(self, clauses: Sequence[Clause], *, scored: bool) -> Matches:
        """Parts of one index are asked together, so that FTS5 intersects before it scores."""
        wanted = [c for c in clauses if not isinstance(c, Not)]
        found: Matches | None = None
        for part in _by_table(wanted):
            inner = part[0] if len(part) == 1 else AllOf(tuple(part))
            matches = self.matches(inner, scored=scored) if inner != AllOf(tuple(clauses)) else self._each(part, scored)
            found = matches if found is None else _intersected(found, matches)
        if found is None:
            found = Matches(self.shelf.everything, np.zeros(len(self.shelf.everything)))
        for clause in clauses:
            if isinstance(clause, Not):
                found = found.only(self.matches(clause.clause, scored=False).numbers, inside=False)
        return found

    def _each(self, clauses: Sequence[Clause], scored: bool) -> Matches:
        found = self.matches(clauses[0], scored=scored)
        for clause in clauses[1:]:
            found = _intersected(found, self.matches(clause, scored=scored))
        return found

    def _any_words(self, words: Sequence[Word]) -> Matches:
        """Each word's scores, kept from earlier questions where they can be, added up."""
        total = np.zeros(len(self.shelf.row_of))
        # Words of one stem are one word; the last form stands for all (a stem is not asked for: it may stem again).
        for expression in {tuple(map(stem, word.words)): _quoted(word.words) for word in words}.values():
            key = (self.generation, expression, astuple(self.weights))
            of_word, scores = self.postings.get(key, partial(self._one_word, expression))
            inside = int(np.searchsorted(of_word, len(total)))  # higher numbers are of the other shelf
            total[of_word[:inside]] += scores[:inside]
        numbers = np.flatnonzero(total)
        return Matches(numbers.astype(np.int64), total[numbers])

    def _one_word(self, expression: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
        matches = self._asked("search_stems", expression, scored=True)
        return matches.numbers.astype(np.int32), matches.scores

    def _asked(self, table: Table, expression: str, *, scored: bool) -> Matches:
        if not scored:
            rows = self.connection.execute(
                f"SELECT group_concat(rowid) FROM {table} WHERE {table} MATCH ?", (expression,)
            )
            (joined,) = rows.fetchone()
            # group_concat and one parse: four times as fast as a row each.
            numbers = np.fromstring(joined, np.int64, sep=",") if joined else np.empty(0, np.int64)
            return Matches(numbers, np.zeros(len(numbers)))
        weights = (self.weights.text, self.weights.title, self.weights.speaker, self.weights.context)
        cursor = self.connection.execute(
            f"SELECT rowid, -bm25({table}, ?, ?, ?, ?) FROM {table} WHERE {table} MATCH ?", (*weights, expression)
        )
        both = np.array(cursor.fetchall(), np.float64).reshape(-1, 2)
        return Matches(both[:, 0].astype(np.int64), both[:, 1])


def _table(clause: Clause) -> Table | None:
    """The one index that answers the whole clause, if one does."""
    match clause:
        case Word():
            return "search_stems"
        case Phrase() | Prefix():
            return "search_exact"
        case Not(inner):
            return _table(inner)
        case AllOf(clauses) | AnyOf(clauses):
            tables = {_table(c) for c in clauses}
            return tables.pop() if len(tables) == 1 else None


def _by_table(clauses: Sequence[Clause]) -> list[list[Clause]]:
    """Grouped by the index they need; those that need both stand alone."""
    groups: dict[Table, list[Clause]] = {}
    alone: list[list[Clause]] = []
    for clause in clauses:
        table = _table(clause)
        if table is None:
            alone.append([clause])
        else:
            groups.setdefault(table, []).append(clause)
    return [*groups.values(), *alone]


def expression_of(clause: Clause) -> str | None:
    """The clause in FTS5's syntax, every word quoted; None where FTS5 cannot say it (a bare exclusion inside)."""
    match clause:
        case Word(words) | Phrase(words, 0):
            return _quoted(words)
        case Phrase(words, slop):
            # FTS5 counts the words from the end of the first to the start of the last: those between are ours.
            return f"NEAR({' '.join(_quoted((w,)) for w in words)}, {slop + max(0, len(words) - 2)})"
        case Prefix(word):
            return f"{_quoted((word,))} *"
        case AnyOf(clauses):
            return _combined("OR", [expression_of(c) for c in clauses])
        case AllOf(clauses):
            wanted = _combined("AND", [expression_of(c) for c in clauses if not isinstance(c, Not)])
            unwanted = [expression_of(c.clause) for c in clauses if isinstance(c, Not)]
            if wanted is None or not unwanted:
                return wanted
            excluded = _combined("OR", unwanted)
            return None if excluded is None else f"({wanted} NOT {excluded})"
        case Not():
            return None


def _combined(operator: str, expressions: Sequence[str | None]) -> str | None:
    if not expressions or None in expressions:
        return None
    return f"({f' {operator} '.join(e for e in expressions if e)})"


def _quoted(words: Sequence[str]) -> str:
    return '"' + " ".join(words).replace('"', " ") + '"'


def _intersected(a: Matches, b: Matches) -> Matches:
    numbers, left, right = np.intersect1d(a.numbers, b.numbers, assume_unique=True, return_indices=True)
    return Matches(numbers, a.scores[left] + b.scores[right])


def _united(parts: Sequence[Matches]) -> Matches:
    if not parts:
        return NOTHING
    numbers, places = np.unique(np.concatenate([p.numbers for p in parts]), return_inverse=True)
    scores = np.bincount(places, np.concatenate([p.scores for p in parts]), len(numbers))
    return Matches(numbers, scores.astype(np.float64))
