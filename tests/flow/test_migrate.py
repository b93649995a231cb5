"""`onrecord migrate` on the embedded store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.errors import ModelMismatchError, StoreConflictError, StoreError
from engine.ingest import index_articles
from engine.models import AttributedArticle, Skipped
from engine.ports import ModelIdentity
from engine.prepare import Preparer
from engine.stores.base import PreparedArticle
from engine.stores.embedded import open_embedded
from engine.stores.embedded_rebuild import rebuild_embedded
from tests.builders import ScriptedAttributor, WordEmbedder, article, statement, write_news
from tests.live import Command

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
    with pytest.raises(StoreConflictError, match="being written"):
        rebuild_embedded(path, identity=OTHER, prepare=preparer(OtherEmbedder()).prepare_again, watch=unwatched)
    writer.close()


def test_who_still_has_the_old_file_open_reads_on_and_cannot_write_into_nowhere(path: Path) -> None:
    old = open_embedded(path, identity=WordEmbedder.identity)
    assert old.counts().articles == 50
    rebuild_embedded(path, identity=OTHER, prepare=preparer(OtherEmbedder()).prepare_again, watch=unwatched)
    assert old.counts().articles == 50
    report = index_articles([article("New.", id="n")], store=old, preparer=preparer(WordEmbedder()))
    old.close()
    assert report.articles == 0
    assert "onrecord migrate" in report.skipped[0].reason


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
