"""What the embedded store promises beyond the contract: its one file, whatever happens to it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import (
    QueryError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
    StoreVersionError,
    UsageError,
)
from engine.query import SearchRequest
from engine.registry import Registry
from engine.search import search
from engine.stores.base import PreparedArticle, Retrieval
from engine.stores.embedded import EmbeddedStore, open_embedded
from tests.contract.builders import IDENTITY, embed, simple, terms
from tests.contract.writing import found, put


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[EmbeddedStore]:
    store = opened(path)
    yield store
    store.close()


def opened(path: Path, **options: object) -> EmbeddedStore:
    return open_embedded(path, identity=IDENTITY, cache=path.parent / "cache", **options)  # type: ignore[arg-type]


def test_a_writer_killed_at_any_moment_loses_nothing_acknowledged(path: Path) -> None:
    """SIGKILL, some rounds at random moments; then all that was said is there, whole, and the file is sound."""
    acknowledged: set[str] = set()
    chance = random.Random(7)
    for round in range(4):
        command = [sys.executable, "-m", "tests.contract.killed_writer", str(path), str(path.parent / "cache")]
        first = max((int(id[1:]) for id in acknowledged), default=-1) - 3
        writer = subprocess.Popen(
            [*command, str(max(0, first)), f"means-{round % 2}"], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        acknowledged.add(writer.stdout.readline().strip())
        time.sleep(chance.random() * 0.5)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged |= {line.strip() for line in writer.stdout if line.endswith("\n")}
        writer.wait()
        writer.stdout.close()
    store = opened(path)
    counts = store.counts()
    stored = {attributed.article.id for attributed in store.articles(limit=10**6)}
    assert acknowledged <= stored
    assert counts.statements == counts.paragraphs == counts.articles == len(stored)
    number = int(min(acknowledged)[1:])
    assert found(store, "bridge", str(number)) == [f"Bridge {number} was closed"]
    store.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table in ("search_stems", "search_exact"):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    connection.close()


def test_replacing_and_deleting_keep_both_word_indexes_sound(store: EmbeddedStore, path: Path) -> None:
    for round in range(5):
        list(store.put([simple(f"a{n}", f"Bridge {n} in round {round}", means=str(round)) for n in range(10)]))
        store.delete([f"a{round}"])
    with sqlite3.connect(path) as connection:
        for table in ("search_stems", "search_exact"):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        (words,) = connection.execute("SELECT count(*) FROM search_words").fetchone()
        (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
        assert words == passages == 18
    connection.close()


def test_numbers_are_never_used_again(store: EmbeddedStore) -> None:
    put(store, simple("a", "The bridge"))
    (old,) = store.retrieve(Retrieval("statement", clause=terms("bridge"))).keyword
    store.delete(["a"])
    put(store, simple("b", "The bridge"))
    (new,) = store.retrieve(Retrieval("statement", clause=terms("bridge"))).keyword
    assert new.key != old.key
    assert store.passages([old.key]) == {}


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.write_text("Dear diary, " * 100)
    with pytest.raises(StoreError, match="not a SQLite file"):
        opened(path)
    assert path.read_text().startswith("Dear diary")


def test_another_programs_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a store of On Record"):
        opened(path)
    assert path.read_bytes() == before


def test_a_newer_file_is_refused_with_what_to_do(store: EmbeddedStore, path: Path) -> None:
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreVersionError, match="newer On Record"):
        opened(path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")
        connection.execute("UPDATE store SET value = 'old' WHERE key = 'analysis'")
    connection.close()
    with pytest.raises(StoreVersionError, match="onrecord migrate"):
        opened(path)


def test_a_damaged_file_is_an_error_of_ours(store: EmbeddedStore, path: Path) -> None:
    list(store.put([simple(f"a{n}", f"Bridge {n} " * 50) for n in range(200)]))
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(StoreError):
        _read_all(path)


def _read_all(path: Path) -> None:
    store = opened(path)
    try:
        store.articles(limit=1000)
        store.retrieve(Retrieval("statement", clause=terms("bridge")))
    finally:
        store.close()


def test_a_missing_file_is_only_made_where_asked(path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="onrecord index"):
        opened(path, create=False)
    assert not path.exists()
    store = opened(path.parent / "new" / "folder" / "store.db")
    assert store.counts().articles == 0
    store.close()
    blocked = path.parent / "file"
    blocked.write_text("")
    with pytest.raises(StoreError, match="cannot be"):
        opened(blocked / "store.db")


def test_a_busy_file_is_a_conflict_and_nothing_is_lost(store: EmbeddedStore, path: Path) -> None:
    put(store, simple("a", "The bridge"))
    other = opened(path, busy_seconds=0.05)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreConflictError, match="try again"):
        put(other, simple("b", "The road"))
    assert found(other, "bridge") == ["The bridge"]
    blocker.execute("ROLLBACK")
    blocker.close()
    assert put(other, simple("b", "The road")) == ["added"]
    other.close()


def test_a_full_disk_is_said_and_what_was_acknowledged_stays(store: EmbeddedStore) -> None:
    put(store, simple("a", "The bridge"))
    connection = store._connections.get()  # the only way to a full disk that every machine has
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    long = [simple(f"b{n}", f"A long text about the road {n} " * 200) for n in range(100)]
    with pytest.raises(StoreError, match="full"):
        put(store, *long)
    connection.execute("PRAGMA max_page_count = 1000000")
    assert found(store, "bridge") == ["The bridge"]
    assert put(store, simple("c", "The tunnel")) == ["added"]


def test_a_new_store_is_not_written_without_a_model(path: Path) -> None:
    store = open_embedded(path, cache=path.parent / "cache")
    with pytest.raises(UsageError, match="model"):
        put(store, simple("a", "The bridge"))
    store.close()


def test_a_closed_store_says_so(store: EmbeddedStore) -> None:
    store.close()
    with pytest.raises(StoreUnavailableError, match="closed"):
        store.counts()


def test_a_live_copy_is_whole(store: EmbeddedStore, path: Path) -> None:
    put(store, simple("a", "The bridge"))
    store.backup(path.parent / "copy.db")
    copy = opened(path.parent / "copy.db")
    assert found(copy, "bridge") == ["The bridge"]
    assert copy.articles() == store.articles()
    copy.close()


def test_a_cursor_dies_after_half_an_hour(store: EmbeddedStore, path: Path) -> None:
    list(store.put([simple(f"a{n}", f"Bridge {n}") for n in range(5)]))
    cursor = search(store, None, Registry.of(()), SearchRequest(q="bridge", limit=2)).next
    kept = list((path.parent / "cache").rglob("*"))
    (file,) = [entry for entry in kept if entry.is_file()]
    os.utime(file, (0, 0))
    other = opened(path)
    with pytest.raises(QueryError, match="expired"):
        search(other, None, Registry.of(()), SearchRequest(q="bridge", limit=2, cursor=cursor))
    assert search(store, None, Registry.of(()), SearchRequest(q="bridge", limit=2, cursor=cursor)).hits
    other.close()


def test_memory_of_removed_passages_is_given_back(store: EmbeddedStore) -> None:
    for round in range(8):
        list(store.put([simple(f"a{n}", f"Bridge {n}", means=str(round)) for n in range(20)]))
        assert store.retrieve(Retrieval("statement", vector=embed(["bridge"])[0])).total == 20
    snapshot = store._snapshot
    assert snapshot is not None
    assert snapshot.statements.size <= 60
    assert snapshot.statements.alive.sum() == 20


def test_threads_share_a_store(store: EmbeddedStore) -> None:
    list(store.put([simple(f"a{n}", f"Bridge {n}") for n in range(30)]))
    wrong: list[int] = []

    def ask() -> None:
        for _ in range(20):
            total = store.retrieve(Retrieval("statement", clause=terms("bridge"))).total
            if not 30 <= total <= 50:
                wrong.append(total)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    list(store.put([simple(f"b{n}", f"Bridge {n}") for n in range(20)]))
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nul_bytes_and_emoji_come_back(store: EmbeddedStore) -> None:
    odd: PreparedArticle = simple("a", "A \x00 NUL and 🙂 and \U0010ffff")
    assert put(store, odd) == ["added"]
    assert store.article("a") == odd.attributed
    passage = store.statement(odd.attributed.statements[0].id)
    assert passage is not None
    assert passage.paragraph == odd.attributed.article.text
    assert put(store, replace(odd, fingerprint="other")) == ["replaced"]
