"""A test collection for search: `corpus.jsonl`, `queries.jsonl`, `qrels.tsv` in one folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError


@dataclass(frozen=True, slots=True)
class EvalDocument:
    id: str
    text: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class EvalQuery:
    """`speaker` and `context` (what was said just before) only lift."""

    id: str
    text: str
    speaker: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """`judgements[query][document]` is a grade; only queries that have one above 0 are there."""

    documents: tuple[EvalDocument, ...]
    queries: tuple[EvalQuery, ...]
    judgements: dict[str, dict[str, int]]


def read_collection(folder: Path) -> Collection:
    """Raises InputError, naming file and line: a test collection is right or it measures nothing."""
    documents = tuple(
        EvalDocument(_id(record, where), _text(record, "text", where) or "", _text(record, "title", where))
        for where, record in _records(folder / "corpus.jsonl")
    )
    queries = tuple(
        EvalQuery(
            _id(record, where),
            _text(record, "text", where) or "",
            _text(record, "speaker", where),
            _text(record, "context", where),
        )
        for where, record in _records(folder / "queries.jsonl")
    )
    for kind, ids in (("documents", [d.id for d in documents]), ("queries", [q.id for q in queries])):
        if len(set(ids)) < len(ids):
            twice = next(id for id in ids if ids.count(id) > 1)
            raise InputError(f"{folder}: two {kind} have the id {twice!r}")
    known = {query.id for query in queries}, {document.id for document in documents}
    return Collection(documents, queries, _judgements(folder / "qrels.tsv", *known))


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in _lines(path):
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except ValueError as wrong:
            raise InputError(f"{where}: not JSON: {wrong}") from wrong
        if not isinstance(record, dict):
            raise InputError(f"{where}: not a JSON object")
        yield where, record


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise InputError(f"{path}: cannot be read: {wrong}") from wrong
    yield from ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _id(record: dict[str, Any], where: str) -> str:
    id = record.get("id")
    if not isinstance(id, str | int) or not str(id) or any(c.isspace() for c in str(id)):
        raise InputError(f"{where}: id is missing or holds white space")
    return str(id)


def _text(record: dict[str, Any], field: str, where: str) -> str | None:
    value = record.get(field)
    if value is None and field != "text":
        return None
    if not isinstance(value, str) or (field == "text" and not value.strip()):
        raise InputError(f"{where}: {field} is missing or no text")
    return value if value.strip() else None


def _judgements(path: Path, queries: set[str], documents: set[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        parts = line.rstrip("\r").split("\t")
        if len(parts) != 3 or not parts[2].strip().lstrip("-").isdigit():
            raise InputError(f"{path}, line {number}: not query, document and grade, parted by tabs")
        query, document, grade = parts
        for id, known, kind in ((query, queries, "query"), (document, documents, "document")):
            if id not in known:
                raise InputError(f"{path}, line {number}: there is no {kind} {id!r}")
        found.setdefault(query, {})[document] = int(grade)
    judged = {query: grades for query, grades in found.items() if any(grade > 0 for grade in grades.values())}
    if not judged:
        raise InputError(f"{path}: no query has a document with a grade above 0: there is nothing to measure")
    return judged
