"""What a reader holds in memory: vectors and filter columns of all passages, never changed once published.

A snapshot belongs to one generation of the file. A newer one shares what has not changed with the older: rows are only
ever appended (past the end that older snapshots know), removals are a new `alive` mask.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.models import ACTS, FORMS, KINDS
from engine.stores.embedded_columns import Column, Names, Pairs, day_of, grown, lengths_of, moment_of, ties_of
from engine.stores.embedded_vectors import Halves, Vectors16

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

READ_ROWS = 2_000
"""Rows taken from the file at once."""


@dataclass(frozen=True)
class Shelf:
    """The passages of one type, a row each in the order of writing.

    `lengths` are in words, all fields together.
    `columns` are single-valued filters as codes into `Names` (-1: none); `pairs` are many-valued ones.
    """

    numbers: Ints
    alive: Mask
    row_of: npt.NDArray[np.int32]
    vectors: Vectors16
    ties: npt.NDArray[np.uint64]
    articles: Ints
    article_ties: npt.NDArray[np.uint64]
    starts: Ints
    lengths: npt.NDArray[np.int32]
    days: npt.NDArray[np.int32]
    moments: Ints
    columns: dict[str, Column]
    pairs: dict[str, Pairs]

    @property
    def size(self) -> int:
        return len(self.numbers)

    def in_order(self, numbers: Ints, values: Floats) -> tuple[npt.NDArray[np.int32], Floats]:
        """Ascending rows of those of the numbers that are on this shelf, and their values."""
        inside = numbers < len(self.row_of)
        rows = self.row_of[numbers[inside]]
        here = rows >= 0
        rows, values = rows[here], values[inside][here]
        if np.any(rows[1:] < rows[:-1]):  # a replaced passage keeps its number and has a later row
            order = np.argsort(rows)
            rows, values = rows[order], values[order]
        return rows, values

    @cached_property
    def everything(self) -> npt.NDArray[np.int32]:
        """The rows of all living passages, ascending."""
        return np.flatnonzero(self.alive).astype(np.int32)

    @cached_property
    def newest_first(self) -> npt.NDArray[np.int64]:
        """All rows by moment, latest first, then article id, place, passage id."""
        return np.lexsort((self.ties, self.starts, self.article_ties, -self.moments.astype(np.float64)))


@dataclass(frozen=True)
class Snapshot:
    """Both shelves, which paragraphs hold which statements (as rows), and the names behind the codes."""

    generation: int
    statements: Shelf
    paragraphs: Shelf
    held_statements: Ints
    held_paragraphs: Ints
    names: dict[str, Names]

    def shelf(self, passages: str) -> Shelf:
        return self.statements if passages == "statement" else self.paragraphs

    def paragraphs_holding(self, statements: Mask) -> Mask:
        """Paragraphs in which at least one of the statements stands."""
        mask = np.zeros(self.paragraphs.size, bool)
        mask[self.held_paragraphs[statements[self.held_statements]]] = True
        return mask

    @cached_property
    def passages(self) -> int:
        """How many live, of both types."""
        return int(self.statements.alive.sum() + self.paragraphs.alive.sum())

    @cached_property
    def words(self) -> int:
        """How many all living passages have."""
        return sum(int(shelf.lengths[shelf.alive].sum()) for shelf in (self.statements, self.paragraphs))

    @cached_property
    def paragraph_pairs(self) -> dict[str, Pairs]:
        """What the statements of a paragraph are, as pairs of the paragraph, each value once."""
        alive = self.statements.alive[self.held_statements]
        statements, paragraphs = self.held_statements[alive], self.held_paragraphs[alive]
        columns = {
            name: Pairs.joined(paragraphs, self.statements.columns[name].codes[statements])
            for name in STATEMENT_COLUMNS
        }
        many = {name: pairs.carried(statements, paragraphs) for name, pairs in self.statements.pairs.items()}
        return {**columns, **many}


STATEMENT_COLUMNS = {"kind": KINDS, "act": ACTS, "form": FORMS}
ARTICLE_COLUMNS = ("outlet", "language")
MANY = ("speaker", "via")

_PASSAGES = """
SELECT p.number, p.article, p.start, p.id, d.sz, p.vector
FROM passages p JOIN search_stems_docsize d ON d.id = p.number
WHERE p.generation > ? AND p.type = ? ORDER BY p.number
"""
"""FTS5 keeps in `sz` how many words each of its four fields has."""
_ARTICLES = """
SELECT number, id, outlet, language, day, published FROM articles
WHERE number IN (SELECT article FROM passages WHERE generation > ?) ORDER BY number
"""
_STATEMENTS = """
SELECT s.kind, s.act, s.form FROM passages p JOIN statements s ON s.passage = p.number
WHERE p.generation > ? AND p.type = 'statement' ORDER BY p.number
"""
_SPEAKERS = """
SELECT q.passage, q.speaker FROM passages p JOIN statement_speakers q ON q.passage = p.number
WHERE p.generation > ? AND p.type = 'statement' AND q.part = ? ORDER BY q.passage, q.position
"""
_HELD = """
SELECT h.statement, h.paragraph FROM passages p JOIN statement_paragraphs h ON h.statement = p.number
WHERE p.generation > ? AND p.type = 'statement'
"""


def empty_snapshot(dimensions: int) -> Snapshot:
    names = {name: Names(values, fixed=True) for name, values in STATEMENT_COLUMNS.items()}
    names |= {name: Names(()) for name in (*ARTICLE_COLUMNS, "speaker")}
    none = np.empty(0, np.int64)

    def shelf(columns: Sequence[str], many: Sequence[str]) -> Shelf:
        return Shelf(
            numbers=none, alive=np.empty(0, bool), row_of=np.empty(0, np.int32), vectors=Vectors16.empty(dimensions),
            ties=np.empty(0, np.uint64), articles=none, article_ties=np.empty(0, np.uint64), starts=none,
            lengths=np.empty(0, np.int32),
            days=np.empty(0, np.int32), moments=none, columns={name: Column.empty() for name in columns},
            pairs={name: Pairs.empty() for name in many},
        )  # fmt: skip

    statements = shelf((*STATEMENT_COLUMNS, *ARTICLE_COLUMNS), MANY)
    return Snapshot(0, statements, shelf(ARTICLE_COLUMNS, ()), none, none, names)


def refreshed(snapshot: Snapshot, connection: sqlite3.Connection, generation: int) -> Snapshot:
    """The snapshot of `generation`, which the connection's open read transaction sees. One thread at a time."""
    since = snapshot.generation
    removed = connection.execute("SELECT passage FROM removed_passages WHERE generation > ?", (since,)).fetchall()
    gone = np.array([number for (number,) in removed], np.int64)
    names = snapshot.names
    for number, id, name in connection.execute("SELECT number, id, name FROM speakers WHERE generation > ?", (since,)):
        names["speaker"].put(number, id, name)
    articles = _articles(connection.execute(_ARTICLES, (since,)).fetchall(), names)
    kinds = list(zip(*connection.execute(_STATEMENTS, (since,)), strict=True)) or [()] * len(STATEMENT_COLUMNS)
    codes = {name: names[name].codes(values) for name, values in zip(STATEMENT_COLUMNS, kinds, strict=True)}
    statements = _appended(snapshot.statements, _new(connection, since, "statement"), gone, articles, codes)
    paragraphs = _appended(snapshot.paragraphs, _new(connection, since, "paragraph"), gone, articles, {})
    many = {part: _numbers(connection.execute(_SPEAKERS, (since, part))) for part in MANY}
    new = {part: snapshot.statements.pairs[part].extended(statements.row_of[p], c) for part, (p, c) in many.items()}
    held, holding = _numbers(connection.execute(_HELD, (since,)))
    return Snapshot(
        generation=generation,
        statements=replace(statements, pairs=new),
        paragraphs=paragraphs,
        held_statements=np.concatenate([snapshot.held_statements, statements.row_of[held]]),
        held_paragraphs=np.concatenate([snapshot.held_paragraphs, paragraphs.row_of[holding]]),
        names=names,
    )


def _numbers(rows: sqlite3.Cursor) -> tuple[Ints, Ints]:
    both = np.array(rows.fetchall(), np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


@dataclass(frozen=True, slots=True)
class _New:
    """New passages as columns, by number; `vectors` are chunks, for `Vectors16.extended` to use up."""

    numbers: Ints
    articles: Ints
    starts: Ints
    ties: npt.NDArray[np.uint64]
    lengths: npt.NDArray[np.int32]
    vectors: list[Halves]


def _new(connection: sqlite3.Connection, since: int, type: str) -> _New:
    """Read in pieces: a hundred thousand small objects at once would leave their memory in rags."""
    cursor = connection.execute(_PASSAGES, (since, type))
    places, ties, lengths, vectors = [np.empty((0, 3), np.int64)], [ties_of(())], [lengths_of(())], []
    while rows := cursor.fetchmany(READ_ROWS):
        numbers, articles, starts, ids, sizes, blobs = zip(*rows, strict=True)
        places.append(np.array([numbers, articles, starts], np.int64).T)
        ties.append(ties_of(ids))
        lengths.append(lengths_of(sizes))
        vectors.append(np.frombuffer(b"".join(blobs), np.float16).reshape(len(rows), -1))
    number, article, start = np.ascontiguousarray(np.concatenate(places).T)
    return _New(number, article, start, np.concatenate(ties), np.concatenate(lengths), vectors)


@dataclass(frozen=True, slots=True)
class _Articles:
    """What passages take over from their articles, in the order of the articles' numbers."""

    numbers: Ints
    ties: npt.NDArray[np.uint64]
    days: npt.NDArray[np.int32]
    moments: Ints
    codes: dict[str, npt.NDArray[np.int32]]


def _articles(rows: list[tuple[Any, ...]], names: dict[str, Names]) -> _Articles:
    numbers, ids, outlets, languages, days, published = zip(*rows, strict=True) if rows else [()] * 6
    return _Articles(
        numbers=np.array(numbers, np.int64),
        ties=ties_of(ids),
        days=np.array([day_of(day) for day in days], np.int32),
        moments=np.array([moment_of(moment) for moment in published], np.int64),
        codes={"outlet": names["outlet"].codes(outlets), "language": names["language"].codes(languages)},
    )


def _appended(
    shelf: Shelf, new: _New, gone: Ints, articles: _Articles, codes: dict[str, npt.NDArray[np.int32]]
) -> Shelf:
    numbers = new.numbers
    if not len(numbers) and not len(gone):
        return shelf
    alive = np.concatenate([shelf.alive, np.ones(len(numbers), bool)])
    for written_over in (numbers, gone):  # a replaced passage keeps its number and gets a new row
        known = written_over[written_over < len(shelf.row_of)]
        old = shelf.row_of[known]
        alive[old[old >= 0]] = False
    row_of = grown(shelf.row_of, int(numbers.max(initial=-1)) + 1)
    row_of[numbers] = np.arange(shelf.size, shelf.size + len(numbers), dtype=np.int32)
    of_article = np.searchsorted(articles.numbers, new.articles)
    codes = codes | {name: values[of_article] for name, values in articles.codes.items()}
    return Shelf(
        numbers=np.concatenate([shelf.numbers, numbers]),
        alive=alive,
        row_of=row_of,
        vectors=shelf.vectors.extended(new.vectors),
        ties=np.concatenate([shelf.ties, new.ties]),
        articles=np.concatenate([shelf.articles, new.articles]),
        article_ties=np.concatenate([shelf.article_ties, articles.ties[of_article]]),
        starts=np.concatenate([shelf.starts, new.starts]),
        lengths=np.concatenate([shelf.lengths, new.lengths]),
        days=np.concatenate([shelf.days, articles.days[of_article]]),
        moments=np.concatenate([shelf.moments, articles.moments[of_article]]),
        columns={name: column.extended(codes[name]) for name, column in shelf.columns.items()},
        pairs=shelf.pairs,
    )
