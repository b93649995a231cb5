"""Reading single things from the embedded store's file, in the caller's read transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from engine.models import AttributedArticle
from engine.ports import ModelIdentity
from engine.stores.base import Key, StoredPassage
from engine.stores.embedded_rows import ARTICLE_COLUMNS, PASSAGE_COLUMNS, PASSAGE_TABLES, article_of, passage_of

_CHUNK = 500
"""Values in one `IN (...)`: SQLite allows 32,766, older ones 999."""


class Reader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def generation(self) -> int:
        (value,) = self._connection.execute("SELECT value FROM store WHERE key = 'generation'").fetchone()
        return int(value)

    def made(self) -> str:
        """What tells this file from one that had its name before."""
        row = self._connection.execute("SELECT value FROM store WHERE key = 'made'").fetchone()
        return str(row[0]) if row else ""

    def identity(self) -> ModelIdentity | None:
        row = self._connection.execute("SELECT value FROM store WHERE key = 'model'").fetchone()
        return ModelIdentity(**json.loads(row[0])) if row else None

    def count(self, table: str) -> int:
        (number,) = self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(number)

    def fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(ids), _CHUNK):
            chunk = [id for id in ids[start : start + _CHUNK] if _storable(id)]
            marks = ", ".join("?" * len(chunk))
            found.update(self._connection.execute(f"SELECT id, fingerprint FROM articles WHERE id IN ({marks})", chunk))
        return found

    def article(self, id: str) -> AttributedArticle | None:
        if not _storable(id):
            return None
        row = self._connection.execute(f"SELECT number, {ARTICLE_COLUMNS} FROM articles WHERE id = ?", (id,)).fetchone()
        return self._attributed(row) if row else None

    def articles(self, after_id: str | None, limit: int, chosen: Collection[int] | None) -> list[AttributedArticle]:
        found: list[AttributedArticle] = []
        rows = self._connection.execute("SELECT number FROM articles WHERE id > ? ORDER BY id", (after_id or "",))
        for (number,) in rows:
            if len(found) >= limit:
                break
            if chosen is None or number in chosen:
                sql = f"SELECT number, {ARTICLE_COLUMNS} FROM articles WHERE number = ?"
                found.append(self._attributed(self._connection.execute(sql, (number,)).fetchone()))
        return found

    def _attributed(self, row: Sequence[object]) -> AttributedArticle:
        number, *columns = row
        records = self._connection.execute(
            "SELECT s.record FROM passages p JOIN statements s ON s.passage = p.number WHERE p.article = ? "
            "ORDER BY s.position",
            (number,),
        )
        return article_of(columns, [record for (record,) in records])

    def statement(self, id: str) -> StoredPassage | None:
        if not _storable(id):
            return None
        row = self._connection.execute(
            f"SELECT {PASSAGE_COLUMNS} FROM {PASSAGE_TABLES} WHERE p.id = ? AND p.type = 'statement'", (id,)
        ).fetchone()
        return passage_of(row) if row else None

    def passages(self, keys: Sequence[Key]) -> dict[Key, StoredPassage]:
        found: dict[Key, StoredPassage] = {}
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            sql = f"SELECT {PASSAGE_COLUMNS} FROM {PASSAGE_TABLES} WHERE p.number IN ({marks})"
            found |= {row[0]: passage_of(row) for row in self._connection.execute(sql, chunk)}
        return found

    def headers(self) -> list[tuple[int, str | None, str | None, str | None]]:
        """Number, outlet, language and day of every article."""
        return self._connection.execute("SELECT number, outlet, language, day FROM articles").fetchall()


def _storable(id: str) -> bool:
    """An id with a lone surrogate cannot stand in the file."""
    try:
        id.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
