"""`onrecord migrate` on the embedded store."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.clauses import Word
from engine.errors import ModelMismatchError, QueryError, StoreConflictError, StoreError, StoreVersionError
from engine.ingest import index_articles
from engine.models import AttributedArticle, Skipped
from engine.ports import ModelIdentity
from engine.prepare import Preparer
from engine.stores.base import PreparedArticle, Retrieval
from engine.stores.embedded import open_embedded
from engine.stores.embedded_rebuild import rebuild_embedded
from tests.builders import ScriptedAttributor, WordEmbedder, article, statement, write_news
from tests.live import ROOT, Command, environment

TEXT = "“The ferry stays,” Ana Ruiz said."
OTHER = ModelIdentity("other words", "1" * 64, 16)


class OtherEmbedder(WordEmbedder):
    identity = OTHER


def preparer(embedder: WordEmbedder) -> Preparer:
    script = {f"a{n}": (statement(TEXT, "The ferry stays", id=f"s{n}"),) for n in range(50)}
    return Preparer(ScriptedAttributor(script), embedder, means="m1")  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive.sqlite"
    store = open_embedded(path, identity=WordEmbedder.identity)
    index_articles([article(TEXT, id=f"a{n}") for n in range(50)], store=store, preparer=preparer(WordEmbedder()))
    store.close()
    return path


def unwatched(done: int, total: int) -> None:
    del done, total


def exported(path: Path) -> list[AttributedArticle]:
    store = open_embedded(path, create=False)
    try:
        return store.articles(limit=1000)
    finally:
        store.close()


def test_a_store_is_rebuilt_for_another_model_with_the_same_articles(path: Path) -> None:
    before = exported(path)
    told: list[tuple[int, int]] = []
    report = rebuild_embedded(
        path,
        identity=OTHER,
        prepare=preparer(OtherEmbedder()).prepare_again,
        watch=lambda done, total: told.append((done, total)),
    )
    assert report.articles == 50
    assert told[-1] == (50, 50)
    assert exported(path) == before
    with pytest.raises(ModelMismatchError):
        open_embedded(path, identity=WordEmbedder.identity)
    store = open_embedded(path, identity=OTHER)
    again = index_articles([article(TEXT, id="a1")], store=store, preparer=preparer(OtherEmbedder()))
    store.close()
    assert again.unchanged == 1
    assert [file.name for file in path.parent.iterdir()] == ["archive.sqlite"]


def test_a_failure_in_the_middle_leaves_the_old_store_serving_and_writable(path: Path) -> None:
    def fails(attributed: Sequence[AttributedArticle], marks: Sequence[str]) -> list[PreparedArticle | Skipped]:
        if any(one.article.id == "a7" for one in attributed):
            raise StoreError("the new model went away")
        return preparer(OtherEmbedder()).prepare_again(attributed, marks)

    before = exported(path)
    with pytest.raises(StoreError, match="went away"):
        rebuild_embedded(path, identity=OTHER, prepare=fails, watch=unwatched)
    assert exported(path) == before
    assert not list(path.parent.glob("*.migrating*"))
    store = open_embedded(path, identity=WordEmbedder.identity)
    assert index_articles([article("New.", id="n")], store=store, preparer=preparer(WordEmbedder())).added == 1
    store.close()


def test_a_store_that_is_being_written_is_not_rebuilt(path: Path) -> None:
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    made_ready = preparer(OtherEmbedder()).prepare_again
    with pytest.raises(StoreConflictError, match="another process is writing"):
        rebuild_embedded(path, identity=OTHER, prepare=made_ready, watch=unwatched, busy_seconds=0.01)
    writer.close()


def rebuilt(path: Path, embedder: WordEmbedder) -> None:
    made_ready = preparer(embedder)
    rebuild_embedded(path, identity=embedder.identity, prepare=made_ready.prepare_again, watch=unwatched)


def test_who_has_the_old_file_open_is_told_of_the_other_model_and_writes_nothing_into_nowhere(path: Path) -> None:
    old = open_embedded(path, identity=WordEmbedder.identity)
    assert old.counts().articles == 50
    rebuilt(path, OtherEmbedder())
    new = preparer(WordEmbedder()).prepare([article("New.", id="n")])
    for ask in (old.counts, lambda: old.article("a1"), lambda: list(old.put(new))):
        with pytest.raises(ModelMismatchError, match="start this program again"):
            ask()
    old.close()
    assert len(exported(path)) == 50


def test_who_has_the_old_file_open_goes_over_to_the_new_one_of_the_same_model(path: Path) -> None:
    old = open_embedded(path, identity=WordEmbedder.identity)
    asked = Retrieval("statement", clause=Word(("ferry",)), paged=True, depth=5)
    page = old.retrieve(asked)
    rebuilt(path, WordEmbedder())
    assert index_articles([article("New.", id="n")], store=old, preparer=preparer(WordEmbedder())).added == 1
    assert old.counts().articles == 51
    assert old.retrieve(asked).total == page.total
    with pytest.raises(QueryError, match="expired"):  # its numbers would mean other passages now
        old.retrieve(replace(asked, snapshot=page.snapshot))
    old.close()
    assert len(exported(path)) == 51


def test_a_store_that_closes_late_takes_nothing_from_the_new_file(path: Path) -> None:
    """SQLite empties and deletes the log when the last one closes: it must not be the new file's."""
    held = sqlite3.connect(path)
    held.execute("SELECT count(*) FROM articles").fetchone()
    rebuilt(path, OtherEmbedder())
    store = open_embedded(path, identity=OTHER)
    index_articles([article("New.", id="n")], store=store, preparer=preparer(OtherEmbedder()))
    held.close()
    assert path.with_name("archive.sqlite-wal").exists()
    assert len(exported(path)) == 51
    store.close()


def test_meanwhile_the_old_one_answers_refuses_writers_and_no_second_rebuild_begins(path: Path) -> None:
    seen: list[str] = []

    def watch(done: int, total: int) -> None:
        del done, total
        store = open_embedded(path, identity=WordEmbedder.identity, busy_seconds=0.01)
        seen.append(str(store.counts().articles))
        for write in (
            lambda: list(store.put([])),
            lambda: store.delete(["a1"]),
            lambda: rebuilt(path, OtherEmbedder()),
        ):
            try:
                write()
            except StoreConflictError as error:
                seen.append(str(error))
        store.close()

    made_ready = preparer(OtherEmbedder())
    rebuild_embedded(path, identity=OTHER, prepare=made_ready.prepare_again, watch=watch)
    assert len(exported(path)) == 50
    assert seen[0] == "50"
    assert len(seen) == 6
    assert all("being rebuilt by onrecord migrate" in said for said in seen if said != "50")


KILLED = """
import os, signal, sys
from pathlib import Path
from engine.stores import embedded_moving, embedded_rebuild
from tests.flow.test_migrate import OTHER, OtherEmbedder, preparer

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "at-the-end":
    sys.addaudithook(lambda event, details: die() if event == "os.rename" else None)
embedded_rebuild.rebuild_embedded(
    Path(sys.argv[1]), identity=OTHER, prepare=preparer(OtherEmbedder()).prepare_again,
    watch=die if sys.argv[2] == "half-way" else lambda *_: None,
)
"""


@pytest.mark.parametrize("moment", ["half-way", "at-the-end"])
def test_killed_it_leaves_the_old_store_serving_and_writable(path: Path, moment: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path), moment], cwd=ROOT, env=environment(), check=False)
    assert killed.returncode == -signal.SIGKILL
    store = open_embedded(path, identity=WordEmbedder.identity)
    assert store.counts().articles == 50
    assert index_articles([article("New.", id="n")], store=store, preparer=preparer(WordEmbedder())).added == 1
    store.close()
    rebuilt(path, OtherEmbedder())
    assert len(exported(path)) == 51
    assert [file.name for file in path.parent.iterdir()] == ["archive.sqlite"]


def test_words_cut_by_older_rules_are_rebuilt_and_the_files_mode_stays(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE store SET value = '0' WHERE key = 'analysis'")
    path.chmod(0o600)
    with pytest.raises(StoreVersionError, match="onrecord migrate"):
        open_embedded(path, identity=WordEmbedder.identity)
    rebuilt(path, WordEmbedder())
    assert len(exported(path)) == 50
    assert path.stat().st_mode & 0o777 == 0o600


def test_there_must_be_something_to_rebuild(onrecord: Command) -> None:
    done = onrecord("migrate")
    assert done.returncode == 1
    assert "no store" in done.stderr


def test_the_command_keeps_what_is_found(onrecord: Command, tmp_path: Path) -> None:
    write_news(tmp_path / "news.jsonl", range(5))
    onrecord("index", "news.jsonl")
    before = onrecord("export").stdout
    done = onrecord("migrate", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert (record["articles"], record["model"]) == (5, "all-MiniLM-L6-v2")
    assert onrecord("export").stdout == before
    assert json.loads(onrecord("index", "news.jsonl", "--json").stdout)["unchanged"] == 5
