"""Breaks the embedded store in ways that a careless change might, and sees that the tests notice each.

    python -m tests.contract.mutations

Each mutation replaces one piece of source in a copy of the tree; the contract must then fail. Ends with status 1 where
one survives, or where the piece is no longer in the source.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORES = "engine/stores"


@dataclass(frozen=True)
class Mutation:
    what: str
    file: str
    old: str
    new: str


MUTATIONS = (
    Mutation(
        "a replaced article keeps its old words in the indexes",
        f"{STORES}/embedded_write.py",
        "for table in _FTS_TABLES:\n            # FTS5",
        "for table in ():\n            # FTS5",
    ),
    Mutation(
        "a removed passage stays alive in other readers' memory",
        f"{STORES}/embedded_write.py",
        'self._connection.executemany("INSERT INTO removed_passages VALUES (?, ?)", gone)',
        "del gone",
    ),
    Mutation(
        "a replaced passage is found by its old vector as well",
        f"{STORES}/embedded_snapshot.py",
        "for written_over in (numbers, gone):",
        "for written_over in (gone,):",
    ),
    Mutation(
        "outcomes are said before they are durable",
        f"{STORES}/embedded_write.py",
        'writer.finish()\n        connection.execute("COMMIT")\n        return outcomes',
        'writer.finish()\n        connection.execute("ROLLBACK")\n        return outcomes',
    ),
    Mutation(
        "one refused article takes its batch along",
        f"{STORES}/embedded_write.py",
        "except (sqlite3.IntegrityError, sqlite3.DataError, ValueError, OverflowError) as error:",
        "except ZeroDivisionError as error:",
    ),
    Mutation(
        "the fingerprint is not looked at",
        f"{STORES}/embedded_write.py",
        "if row and row[1] == prepared.fingerprint:",
        "if False:",
    ),
    Mutation(
        "phrases are matched stemmed",
        f"{STORES}/embedded_schema.py",
        "content_rowid = 'passage', tokenize = 'ascii'",
        "content_rowid = 'passage', tokenize = 'porter ascii'",
    ),
    Mutation(
        "filters do not bind neighbours",
        f"{STORES}/embedded_retrieve.py",
        "semantic = retriever.semantic(mask)",
        "semantic = retriever.semantic(shelf.alive)",
    ),
    Mutation(
        "facets count keyword matches only",
        f"{STORES}/embedded_retrieve.py",
        "else _member(shelf, keyword, semantic)",
        "else _member(shelf, keyword)",
    ),
    Mutation(
        "the day after `before` still counts",
        f"{STORES}/embedded_filter.py",
        "shelf.days <= filters.before.toordinal()",
        "shelf.days <= filters.before.toordinal() + 1",
    ),
    Mutation(
        "two statements of a paragraph may share the filters between them",
        f"{STORES}/embedded_filter.py",
        'return mask if passages == "statement" else snapshot.paragraphs_holding(mask)',
        'return mask if passages == "statement" else snapshot.paragraphs_holding(shelf.alive.copy())',
    ),
    Mutation(
        "another process cannot turn the page",
        f"{STORES}/embedded_parked.py",
        "_write(self._folder, token, parked)",
        "pass",
    ),
    Mutation(
        "a replaced passage gets a new number, and pages under way lose it",
        f"{STORES}/embedded_write.py",
        'known.get(passage.id) or self._next("last_passage")',
        'self._next("last_passage")',
    ),
    Mutation(
        "another model's vectors are let in",
        f"{STORES}/embedded.py",
        'if stored and wanted and replace(stored, name="") != replace(wanted, name=""):',
        "if False:",
    ),
    Mutation(
        "ties stand in the order of writing",
        f"{STORES}/embedded_retrieve.py",
        "np.lexsort((shelf.ties[rows], -scores))",
        "np.lexsort((rows, -scores))",
    ),
)


def main() -> int:
    survivors = 0
    for mutation in MUTATIONS:
        verdict = _verdict(mutation)
        survivors += verdict != "caught"
        print(f"{verdict:10} {mutation.what}", flush=True)
    return 1 if survivors else 0


def _verdict(mutation: Mutation) -> str:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        unwanted = shutil.ignore_patterns("__pycache__", "model", "corpus", "fixtures")
        for part in ("engine", "index_config", "tests/contract"):
            shutil.copytree(ROOT / part, copy / part, ignore=unwanted)
        for file in ("pyproject.toml", "tests/__init__.py"):
            shutil.copy(ROOT / file, copy / file)
        source = copy / mutation.file
        text = source.read_text("utf-8")
        if text.count(mutation.old) != 1:
            return "NOT FOUND"
        source.write_text(text.replace(mutation.old, mutation.new), "utf-8")
        tests = ["tests/contract/test_embedded.py", "tests/contract/test_embedded_file.py"]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        passed = subprocess.run(command, cwd=copy, capture_output=True).returncode == 0
        return "SURVIVED" if passed else "caught"


if __name__ == "__main__":
    sys.exit(main())
