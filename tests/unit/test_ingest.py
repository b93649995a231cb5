"""The write path over a real embedded store, with an attributor that says what a test tells it to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.ingest import IndexReport, Progress, index_articles
from engine.ingest_workers import Pool
from engine.models import Article, Omitted, Skipped, Span, Statement
from engine.prepare import Preparer
from engine.stores.base import Store
from engine.stores.embedded import open_embedded
from tests.builders import ScriptedAttributor, WordEmbedder, article, statement

TEXT = "“The ferry stays,” Ana Ruiz said."


def preparer(script: dict[str, tuple[Statement, ...] | Exception] | None = None, *, means: str = "m1") -> Preparer:
    return Preparer(ScriptedAttributor(script or {}), WordEmbedder(), means=means)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_embedded(tmp_path / "a.db", identity=WordEmbedder.identity, cache=tmp_path / "cache")
    yield store
    store.close()


def outcome(report: IndexReport) -> tuple[int, int, int, int, int]:
    return report.articles, report.added, report.unchanged, report.replaced, report.duplicates


def test_what_is_read_is_stored_and_counted(store: Store) -> None:
    script = {"a1": (statement(TEXT, "The ferry stays"),)}
    report = index_articles([article(), article("Rain.", id="a2")], store=store, preparer=preparer(script))
    assert outcome(report) == (2, 2, 0, 0, 0)
    assert (report.paragraphs, report.statements, report.skipped) == (2, 1, ())
    stored = store.article("a1")
    assert stored is not None
    assert stored.statements[0].text(stored.article.text) == "The ferry stays"


def test_the_same_input_again_changes_nothing_and_is_not_attributed_again(store: Store) -> None:
    index_articles([article()], store=store, preparer=preparer())
    report = index_articles([article(input="elsewhere")], store=store, preparer=preparer({"a1": ValueError("asked")}))
    assert outcome(report) == (1, 0, 1, 0, 0)
    assert (report.paragraphs, report.skipped) == (0, ())


def test_other_means_attribute_anew(store: Store) -> None:
    index_articles([article()], store=store, preparer=preparer(means="m1"))
    assert outcome(index_articles([article()], store=store, preparer=preparer(means="m2"))) == (1, 0, 0, 1, 0)


def test_of_one_id_twice_the_last_is_kept_and_the_first_counted(store: Store) -> None:
    both = [article("First.", id="a"), article("Last.", id="a")]
    report = index_articles(both, store=store, preparer=preparer())
    assert outcome(report) == (2, 1, 0, 1, 1)
    stored = store.article("a")
    assert stored is not None
    assert stored.article.text == "Last."


def test_the_last_of_an_id_wins_although_the_store_held_just_that_one_before(store: Store) -> None:
    index_articles([article("Last.", id="a")], store=store, preparer=preparer())
    both = [article("First.", id="a"), article("Last.", id="a")]
    report = index_articles(both, store=store, preparer=preparer())
    assert (report.replaced, report.duplicates) == (2, 1)
    stored = store.article("a")
    assert stored is not None
    assert stored.article.text == "Last."


@pytest.mark.parametrize("order", ["AB", "ABC", "ABA", "BAAB", "AAB"])
def test_an_input_with_several_versions_of_one_id_is_unchanged_the_second_time(store: Store, order: str) -> None:
    given = [article(f"Version {name}.", id="a") for name in order]
    index_articles([*given, article("Rain.", id="b")], store=store, preparer=preparer())
    again = index_articles([*given, article("Rain.", id="b")], store=store, preparer=preparer())
    assert outcome(again) == (len(order) + 1, 0, len(order) + 1, 0, len(order) - 1)
    stored = store.article("a")
    assert stored is not None
    assert stored.article.text == f"Version {order[-1]}."


def test_a_new_last_version_replaces_and_is_then_unchanged(store: Store) -> None:
    versions = [article(f"Version {name}.", id="a") for name in "ABC"]
    index_articles(versions[:2], store=store, preparer=preparer())
    assert outcome(index_articles(versions, store=store, preparer=preparer())) == (3, 0, 2, 1, 2)
    assert outcome(index_articles(versions, store=store, preparer=preparer())) == (3, 0, 3, 0, 2)
    assert outcome(index_articles(versions[2:], store=store, preparer=preparer())) == (1, 0, 1, 0, 0)
    assert outcome(index_articles(versions[:1], store=store, preparer=preparer())) == (1, 0, 0, 1, 0)


def test_what_is_left_out_on_purpose_is_named_and_no_failure(store: Store) -> None:
    omitted = Omitted(3, 12, ("Home News Sport",))
    entries = [Skipped(".git", "a hidden folder", deliberate=True), article(omitted=omitted), Skipped("b", "empty")]
    report = index_articles(entries, store=store, preparer=preparer())
    assert [s.input for s in report.skipped] == ["b"]
    record = report.record()
    assert record["left_out"] == [{"input": ".git", "reason": "a hidden folder"}]
    assert record["omitted"] == {"blocks": 3, "words": 12}


@pytest.mark.parametrize("fault", [ValueError("odd marks"), IndexError("gone"), RecursionError("deep")])
def test_an_article_that_cannot_be_attributed_is_named_and_the_others_are_stored(
    store: Store, fault: Exception
) -> None:
    articles = [article(id=id, input=f"{id}.txt") for id in ("a", "b", "c")]
    report = index_articles(articles, store=store, preparer=preparer({"b": fault}))
    assert (report.articles, len(report.skipped)) == (2, 1)
    assert report.skipped[0].input == "b.txt"
    assert str(fault) in report.skipped[0].reason
    assert store.article("b") is None


def test_a_statement_that_points_outside_the_text_is_never_stored(store: Store) -> None:
    outside = Statement(id="s", kind="direct", content=(Span(0, len(TEXT) + 1),))
    report = index_articles([article()], store=store, preparer=preparer({"a1": (outside,)}))
    assert report.articles == 0
    assert "leaves the text" in report.skipped[0].reason


def test_an_article_that_fails_now_leaves_what_was_stored_of_it_before(store: Store) -> None:
    index_articles([article("Before.", id="a")], store=store, preparer=preparer())
    index_articles([article("After.", id="a")], store=store, preparer=preparer({"a": ValueError("odd")}))
    stored = store.article("a")
    assert stored is not None
    assert stored.article.text == "Before."


def test_what_the_reader_skipped_is_in_the_report_with_its_line(store: Store) -> None:
    entries = [Skipped("a.jsonl", "not JSON", line=3), article()]
    report = index_articles(entries, store=store, preparer=preparer())
    assert report.record()["skipped"] == [{"input": "a.jsonl", "line": 3, "reason": "not JSON"}]
    assert report.articles == 1


def test_nothing_read_is_an_empty_report(store: Store) -> None:
    assert outcome(index_articles([], store=store, preparer=preparer())) == (0, 0, 0, 0, 0)


def test_a_stop_keeps_what_was_counted_and_says_so(store: Store) -> None:
    def articles() -> Iterator[Article]:
        for number in range(200):
            if number == 150:
                raise KeyboardInterrupt
            yield article(f"Number {number}.", id=f"a{number}")

    report = index_articles(articles(), store=store, preparer=preparer())
    assert report.interrupted
    assert report.articles == store.counts().articles < 150
    assert report.record()["interrupted"] is True


def test_every_article_is_told_to_who_watches(store: Store) -> None:
    told: list[Progress] = []
    entries = [Skipped("x", "empty"), article(input="a.txt"), article(input="a.txt")]
    index_articles(entries, store=store, preparer=preparer(), watch=told.append)
    assert sorted(progress.what for progress in told) == ["added", "skipped", "unchanged"]


@dataclass(frozen=True, slots=True)
class MakeScripted:
    """A recipe that a worker process can unpickle."""

    def __call__(self) -> Preparer:
        return preparer({"a7": ValueError("odd")})


@dataclass(frozen=True, slots=True)
class MakeDying:
    def __call__(self) -> Preparer:
        os._exit(9)


def test_workers_give_the_same_answers_in_the_same_order(store: Store, tmp_path: Path) -> None:
    articles = [article(f"“Number {n},” Ana Ruiz said.", id=f"a{n}", input=f"{n}.txt") for n in range(60)]
    with Pool(MakeScripted(), workers=2) as pool:
        spread = index_articles(articles, store=store, preparer=MakeScripted()(), pool=pool)
    alone_store = open_embedded(tmp_path / "b.db", identity=WordEmbedder.identity, cache=tmp_path / "cache")
    alone = index_articles(articles, store=alone_store, preparer=MakeScripted()())
    assert outcome(spread) == outcome(alone) == (59, 59, 0, 0, 0)
    assert spread.skipped == alone.skipped
    assert store.articles(limit=100) == alone_store.articles(limit=100)
    alone_store.close()


def test_a_worker_that_dies_is_told_with_what_to_do(store: Store) -> None:
    from engine.errors import ModelError

    with Pool(MakeDying(), workers=1) as pool, pytest.raises(ModelError, match="fewer --workers"):
        index_articles([article()], store=store, preparer=preparer(), pool=pool)
