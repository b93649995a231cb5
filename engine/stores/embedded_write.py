"""Writing to the embedded store: an article and all its passages at once, or not at all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

import numpy as np

from engine.errors import StoreConflictError
from engine.models import Span
from engine.ports import ModelIdentity
from engine.records import pairs
from engine.stores.base import PreparedArticle, PutOutcome
from engine.stores.embedded_rows import article_values, compact, exact_record, search_words
from engine.stores.embedded_schema import CLOSED, COUNTERS

BATCH_ARTICLES = 32
BATCH_SECONDS = 0.5
"""Articles written in one transaction: so many, or what came within so long. Each costs a disk flush (some ms)."""
VECTOR_TYPE = np.float16
"""Half the file; over 384 dimensions a cosine moves by less than .0005."""

_FTS_FIELDS = "text, title, speaker, context"
_FTS_TABLES = ("search_stems", "search_exact")


def batches(articles: Iterable[PreparedArticle]) -> Iterator[list[PreparedArticle]]:
    """Gathered before the write lock is taken: making an article ready is slow, and others may want to write."""
    batch: list[PreparedArticle] = []
    began = time.monotonic()
    for article in articles:
        if not batch:
            began = time.monotonic()
        batch.append(article)
        if len(batch) >= BATCH_ARTICLES or time.monotonic() - began > BATCH_SECONDS:
            yield batch
            batch = []
    if batch:
        yield batch


def refusal(prepared: PreparedArticle, dimensions: int) -> str | None:
    """Why an article cannot be stored, if so."""
    if prepared.vectors.ndim != 2 or prepared.vectors.shape[1] != dimensions:
        return f"its vectors have shape {prepared.vectors.shape}, the store's model has {dimensions} dimensions"
    if not np.isfinite(prepared.vectors).all():
        return "its vectors are not all finite numbers"
    length = len(prepared.attributed.article.text)
    if any(passage.place.end > length for passage in prepared.passages):
        return "a passage leaves the text"
    return None


def write_batch(
    connection: sqlite3.Connection, batch: Sequence[PreparedArticle], identity: ModelIdentity
) -> list[PutOutcome]:
    """Durable when it returns. One article that fails is undone alone and refused with its reason."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        model = compact(asdict(identity))
        (stored,) = connection.execute(
            "INSERT INTO store VALUES ('model', ?) ON CONFLICT DO UPDATE SET value = value RETURNING value", (model,)
        ).fetchone()
        if stored != model:
            raise StoreConflictError("the store got another model from another process meanwhile; open it again")
        writer = Writer(connection)
        outcomes = [writer.put(prepared, identity.dimensions) for prepared in batch]
        writer.finish()
        connection.execute("COMMIT")
        return outcomes
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def delete_articles(connection: sqlite3.Connection, ids: Sequence[str]) -> tuple[str, ...]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        writer = Writer(connection)
        deleted = tuple(id for id in dict.fromkeys(ids) if writer.delete(id))
        writer.finish()
        connection.execute("COMMIT")
        return deleted
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class Writer:
    """The steps of one transaction. A passage that stays (same id) keeps its number, so pages under way find it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        kept = dict(connection.execute("SELECT key, value FROM store"))
        if CLOSED in kept:
            raise StoreConflictError("the store is being rebuilt by onrecord migrate; try again when that is done")
        self._counters = {key: int(kept[key]) for key in COUNTERS}
        self._counters["generation"] += 1
        self._changed = False

    def finish(self) -> None:
        if self._changed:
            rows = [(str(value), key) for key, value in self._counters.items()]
            self._connection.executemany("UPDATE store SET value = ? WHERE key = ?", rows)

    def put(self, prepared: PreparedArticle, dimensions: int) -> PutOutcome:
        id = prepared.attributed.article.id
        reason = refusal(prepared, dimensions)
        if reason:
            return PutOutcome(id, "refused", reason)
        before = dict(self._counters)
        self._connection.execute("SAVEPOINT article")
        try:
            outcome = self._put(prepared)
        except (sqlite3.IntegrityError, sqlite3.DataError, ValueError, OverflowError) as error:
            # Such as a lone surrogate, a day that is none, a statement's id that another article holds.
            self._connection.execute("ROLLBACK TO article")
            self._counters = before
            outcome = PutOutcome(id, "refused", f"it cannot be stored: {error}")
        self._connection.execute("RELEASE article")
        self._changed |= outcome.outcome in ("added", "replaced")
        return outcome

    def _put(self, prepared: PreparedArticle) -> PutOutcome:
        id = prepared.attributed.article.id
        types = [passage.type for passage in prepared.passages]
        paragraphs, statements = types.count("paragraph"), types.count("statement")
        row = self._connection.execute("SELECT number, fingerprint FROM articles WHERE id = ?", (id,)).fetchone()
        if row and row[1] == prepared.fingerprint:
            return PutOutcome(id, "unchanged", None, paragraphs, statements)
        self._write(prepared, row[0] if row else None)
        return PutOutcome(id, "replaced" if row else "added", None, paragraphs, statements)

    def delete(self, id: str) -> bool:
        row = self._connection.execute("SELECT number FROM articles WHERE id = ?", (id,)).fetchone()
        if row is None:
            return False
        self._remove_passages(row[0], stay=frozenset())
        self._connection.execute("DELETE FROM articles WHERE number = ?", row)
        self._changed = True
        return True

    def _next(self, counter: str) -> int:
        self._counters[counter] += 1
        return self._counters[counter]

    def _write(self, prepared: PreparedArticle, number: int | None) -> None:
        known: dict[str, int] = {}
        if number is None:
            number = self._next("last_article")
        else:
            rows = self._connection.execute("SELECT id, number FROM passages WHERE article = ?", (number,))
            known = dict(rows.fetchall())
            self._remove_passages(number, stay=frozenset(passage.id for passage in prepared.passages))
        values = {"number": number, "fingerprint": prepared.fingerprint, **article_values(prepared.attributed.article)}
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        self._connection.execute(f"INSERT OR REPLACE INTO articles ({names}) VALUES ({marks})", values)
        numbers = [known.get(passage.id) or self._next("last_passage") for passage in prepared.passages]
        self._write_passages(prepared, number, numbers)
        self._write_words(prepared, numbers)
        self._write_statements(prepared, numbers)

    def _remove_passages(self, article: int, *, stay: frozenset[str]) -> None:
        chosen = "SELECT number FROM passages WHERE article = ?"
        for table in _FTS_TABLES:
            # FTS5 over another table's content must be told the old words to forget them.
            self._connection.execute(
                f"INSERT INTO {table} ({table}, rowid, {_FTS_FIELDS}) SELECT 'delete', passage, {_FTS_FIELDS} "
                f"FROM search_words WHERE passage IN ({chosen})",
                (article,),
            )
        rows = self._connection.execute("SELECT id, number FROM passages WHERE article = ?", (article,)).fetchall()
        gone = [(number, self._counters["generation"]) for id, number in rows if id not in stay]
        self._connection.executemany("INSERT INTO removed_passages VALUES (?, ?)", gone)
        for table, column in (
            ("search_words", "passage"),
            ("statement_speakers", "passage"),
            ("statement_paragraphs", "statement"),
            ("statements", "passage"),
        ):
            self._connection.execute(f"DELETE FROM {table} WHERE {column} IN ({chosen})", (article,))
        self._connection.execute("DELETE FROM passages WHERE article = ?", (article,))

    def _write_passages(self, prepared: PreparedArticle, article: int, numbers: Sequence[int]) -> None:
        vectors = np.ascontiguousarray(prepared.vectors, dtype=VECTOR_TYPE)
        rows = [
            (
                number, passage.id, article, passage.type, passage.text, passage.spans[0].start,
                compact(pairs(passage.spans)), passage.place.start, passage.place.end,
                self._counters["generation"], vector.tobytes(),
            )
            for number, passage, vector in zip(numbers, prepared.passages, vectors, strict=True)
        ]  # fmt: skip
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _write_words(self, prepared: PreparedArticle, numbers: Sequence[int]) -> None:
        article = prepared.attributed.article
        rows = [
            (number, *search_words(passage, article, prepared.speaker_names))
            for number, passage in zip(numbers, prepared.passages, strict=True)
        ]
        for table, key in (("search_words", "passage"), *((fts, "rowid") for fts in _FTS_TABLES)):
            self._connection.executemany(f"INSERT INTO {table} ({key}, {_FTS_FIELDS}) VALUES (?, ?, ?, ?, ?)", rows)

    def _write_statements(self, prepared: PreparedArticle, numbers: Sequence[int]) -> None:
        text = prepared.attributed.article.text
        statements, people, held = [], [], []
        paragraphs = [
            (number, passage.place)
            for number, passage in zip(numbers, prepared.passages, strict=True)
            if passage.type == "paragraph"
        ]
        for position, (number, passage) in enumerate(zip(numbers, prepared.passages, strict=True)):
            statement = passage.statement
            if statement is None:
                continue
            statements.append((
                number, position, statement.kind, statement.act, statement.form, statement.confidence,
                _joined(statement.cue, text), _joined(statement.source, text), exact_record(statement),
            ))  # fmt: skip
            affiliation = (statement.affiliation,) if statement.affiliation else ()
            parts = (("speaker", statement.speakers), ("via", statement.via), ("affiliation", affiliation))
            people += [
                (number, part, place, self._speaker(speaker.id, speaker.name))
                for part, speakers in parts
                for place, speaker in enumerate(speakers)
            ]
            held += [(number, p) for p, place in paragraphs if any(place.overlaps(c) for c in statement.content)]
        self._connection.executemany("INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", statements)
        self._connection.executemany("INSERT INTO statement_speakers VALUES (?, ?, ?, ?)", people)
        self._connection.executemany("INSERT INTO statement_paragraphs VALUES (?, ?)", held)

    def _speaker(self, id: str, name: str) -> int:
        """The number of a speaker; the name is the one written last (the registry may have changed it)."""
        row = self._connection.execute("SELECT number, name FROM speakers WHERE id = ?", (id,)).fetchone()
        if row is None:
            number = self._next("last_speaker")
            row = (number, id, name, self._counters["generation"])
            self._connection.execute("INSERT INTO speakers VALUES (?, ?, ?, ?)", row)
            return number
        if row[1] != name:
            renamed = (name, self._counters["generation"], row[0])
            self._connection.execute("UPDATE speakers SET name = ?, generation = ? WHERE number = ?", renamed)
        return int(row[0])


def _joined(spans: Sequence[Span], text: str) -> str | None:
    return " ".join(span.of(text) for span in spans) or None
