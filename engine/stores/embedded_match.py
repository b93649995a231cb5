"""Clauses against the two FTS5 indexes: which passages match, and their BM25.

Words are answered by lists kept in memory, phrases and beginnings by FTS5; what they find is joined by row. BM25 is a
sum over the words asked for (Robertson and Zaragoza, 2009), so joined scores are the same as if one index held both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Literal

import numpy as np

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Word
from engine.models import PassageType
from engine.stores.base import FieldWeights
from engine.stores.embedded_postings import NOTHING, Collection, Matches, Postings, matches_of
from engine.stores.embedded_snapshot import Shelf, Snapshot
from engine.text import stem

Table = Literal["search_stems", "search_exact"]


@dataclass(frozen=True, slots=True)
class Matcher:
    """Evaluates clauses in one read transaction; a bare exclusion excludes from all that lives on the shelf."""

    connection: sqlite3.Connection
    snapshot: Snapshot
    passages: PassageType
    weights: FieldWeights
    postings: Postings

    @property
    def shelf(self) -> Shelf:
        return self.snapshot.shelf(self.passages)

    def matches(self, clause: Clause, *, scored: bool = True) -> Matches:
        match clause:
            case Word(words):
                return self._word(words)
            case AnyOf(clauses) if all(isinstance(c, Word) for c in clauses):
                return self._any_words([c for c in clauses if isinstance(c, Word)])
            case Not(inner):
                return self._without(self._everything(), inner)
        expression = expression_of(clause)
        if expression is not None:
            return self._asked("search_exact", expression, scored=scored)
        match clause:
            case AllOf(clauses):
                return self._all(clauses, scored=scored)
            case AnyOf(clauses):
                return _united([self.matches(c, scored=scored) for c in clauses], self.shelf.size)
        raise TypeError(f"not a clause: {clause!r}")

    def _all(self, clauses: Sequence[Clause], *, scored: bool) -> Matches:
        """What FTS5 must answer is asked together, so that it intersects before it scores."""
        wanted = [c for c in clauses if not isinstance(c, Not)]
        exact = [c for c in wanted if expression_of(c) is not None]
        parts = [self.matches(c, scored=scored) for c in wanted if c not in exact]
        if exact:
            parts.append(self.matches(exact[0] if len(exact) == 1 else AllOf(tuple(exact)), scored=scored))
        found = _intersected(parts) if parts else self._everything()
        for clause in clauses:
            if isinstance(clause, Not):
                found = self._without(found, clause.clause)
        return found

    def _everything(self) -> Matches:
        return Matches(self.shelf.everything, np.zeros(len(self.shelf.everything)))

    def _without(self, found: Matches, excluded: Clause) -> Matches:
        kept = np.ones(self.shelf.size, bool)
        kept[self.matches(excluded, scored=False).rows] = False
        return found.only(kept)

    def _word(self, words: Sequence[str]) -> Matches:
        """Two words typed as one stand side by side: FTS5 knows where."""
        if len(words) > 1:
            return self._asked("search_stems", _quoted(words), scored=True)
        collection, word = Collection(self.snapshot.passages, self.snapshot.words), stem(words[0])
        ask = partial(matches_of, word, self.connection, self.shelf, collection, self.weights)
        return self._kept(word, ask)

    def _kept(self, name: str, ask: Callable[[], Matches]) -> Matches:
        """From an earlier question where it can be."""
        return self.postings.get((self.snapshot.generation, self.passages, name, self.weights), ask)

    def _any_words(self, words: Sequence[Word]) -> Matches:
        """The scores of each, added up. Words of one stem are one word."""
        stems = {tuple(map(stem, word.words)): word for word in words}
        return _united([self.matches(word) for word in stems.values()], self.shelf.size)

    def _asked(self, table: Table, expression: str, *, scored: bool) -> Matches:
        if scored:
            # The names of single words are stems, without quotation marks.
            return self._kept(f"{table}:{expression}", partial(self._scored, table, expression))
        rows = self.connection.execute(f"SELECT group_concat(rowid) FROM {table} WHERE {table} MATCH ?", (expression,))
        (joined,) = rows.fetchone()
        # group_concat and one parse: four times as fast as a row each.
        numbers = np.fromstring(joined, np.int64, sep=",") if joined else np.empty(0, np.int64)
        return Matches(*self.shelf.in_order(numbers, np.zeros(len(numbers))))

    def _scored(self, table: Table, expression: str) -> Matches:
        cursor = self.connection.execute(
            f"SELECT rowid, -bm25({table}, ?, ?, ?, ?) FROM {table} WHERE {table} MATCH ?",
            (*astuple(self.weights), expression),
        )
        both = np.array(cursor.fetchall(), np.float64).reshape(-1, 2)
        return Matches(*self.shelf.in_order(both[:, 0].astype(np.int64), both[:, 1]))


def expression_of(clause: Clause) -> str | None:
    """The clause in the syntax of FTS5's unstemmed index, every word quoted; None where it needs words by their stem,
    or is a bare exclusion."""
    match clause:
        case Word() | Not():
            return None
        case Phrase(words, 0):
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


def _combined(operator: str, expressions: Sequence[str | None]) -> str | None:
    if not expressions or None in expressions:
        return None
    return f"({f' {operator} '.join(e for e in expressions if e)})"


def _quoted(words: Sequence[str]) -> str:
    return '"' + " ".join(words).replace('"', " ") + '"'


def _intersected(parts: Sequence[Matches]) -> Matches:
    """From the rarest on; the scores are added in the order of the parts, as FTS5 does."""
    if len(parts) == 1:
        return parts[0]
    rarest, *others = sorted(parts, key=len)
    rows = rarest.rows
    for other in others:
        if not len(rows):
            return NOTHING
        places = np.searchsorted(other.rows[:-1], rows)  # the last place stands for all beyond
        rows = rows[other.rows[places] == rows]
    scores = np.zeros(len(rows))
    for part in parts:
        scores += part.scores[np.searchsorted(part.rows, rows)]
    return Matches(rows, scores)


def _united(parts: Sequence[Matches], size: int) -> Matches:
    """`size` is the shelf's. A part may match without a score."""
    if len(parts) == 1:
        return parts[0]
    total, found = np.zeros(size), np.zeros(size, bool)
    for part in parts:
        total[part.rows] += part.scores
        found[part.rows] = True
    rows = np.flatnonzero(found)
    return Matches(rows.astype(np.int32), total[rows])
