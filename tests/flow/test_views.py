"""Who, timeline, compare, similar and variants on a real store, in engine, service and command line alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from engine.errors import NotFoundError, QueryError
from engine.models import Statement
from engine.prepare import Preparer
from engine.query import SearchRequest
from engine.registry import Registry
from engine.stores.embedded import open_embedded
from engine.variants import variants, word_diff
from engine.views import Sources, compare, similar, timeline, who
from engine.views_record import compare_record, similar_record, timeline_record, variants_record, who_record
from tests.builders import ScriptedAttributor, WordEmbedder, article, statement

STORIES = {
    "a": ("“The ferry will not close before winter,” Ana Ruiz said.", "2031-03-02", "Valmera Daily", "Ana Ruiz"),
    "b": ("“The ferry will not close before winter,” Ana Ruiz said.", "2031-03-03", "The Wire", "Ana Ruiz"),
    "c": ("“The old ferry will not close before the winter,” Ana Ruiz said.", "2031-03-05", "Harbour Post", "Ana Ruiz"),
    "d": ("“The ferry will close before winter,” Ana Ruiz said.", "2031-04-01", "Rumour", "Ana Ruiz"),
    "e": ("“The ferry will not close before winter,” Jonas Weir said.", "2031-04-20", "Late Post", "Jonas Weir"),
    "f": ("“Libraries are quiet,” a man said.", None, "Late Post", None),
    "g": ("“We lost 40 boats in the long storm,” Ana Ruiz said.", "2031-05-02", "The Wire", "Ana Ruiz"),
    "h": ("“We lost 14 boats in the long storm,” Ana Ruiz said.", "2031-05-02", "Rumour", "Ana Ruiz"),
    "i": ("“We lost boats in the long storm,” Ana Ruiz said.", "2031-05-03", "Late Post", "Ana Ruiz"),
}


def _said(text: str, id: str, speaker: str | None) -> tuple[Statement, ...]:
    return (statement(text, text[: text.index("”") + 1], id=id, speaker=speaker),)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    embedder = WordEmbedder()
    script = {id: _said(text, id, speaker) for id, (text, _, _, speaker) in STORIES.items()}
    articles = [article(text, id=id, published=day, outlet=outlet) for id, (text, day, outlet, _) in STORIES.items()]
    store = open_embedded(tmp_path_factory.mktemp("views") / "views.db", identity=embedder.identity)
    prepared = Preparer(ScriptedAttributor(script), embedder, means="script").prepare(articles)  # type: ignore[arg-type]
    assert all(outcome.outcome == "added" for outcome in store.put(prepared))  # type: ignore[arg-type]
    yield Sources(store, embedder, Registry.of(()))
    store.close()


def asked(q: str, **fields: object) -> SearchRequest:
    return SearchRequest(q=q, mode="keyword", **fields)  # type: ignore[arg-type]


def test_who_counts_speakers_with_their_first_and_last_day(sources: Sources) -> None:
    answer = who(sources, asked("ferry winter"))
    assert [(s.name, s.statements, s.first, s.last) for s in answer.speakers] == [
        ("Ana Ruiz", 4, date(2031, 3, 2), date(2031, 4, 1)),
        ("Jonas Weir", 1, date(2031, 4, 20), date(2031, 4, 20)),
    ]
    assert (answer.total, answer.unnamed) == (5, 0)
    assert who(sources, asked("libraries")).unnamed == 1
    assert who_record(answer)["speakers"][0]["first"] == "2031-03-02"


def test_a_timeline_counts_all_and_shows_the_first_of_each(sources: Sources) -> None:
    answer = timeline(sources, asked(""), step="month", each=1)
    assert [(b.start, b.count, [h.id for h in b.hits]) for b in answer.buckets] == [
        (date(2031, 3, 1), 3, ["a"]),
        (date(2031, 4, 1), 2, ["d"]),
        (date(2031, 5, 1), 3, ["g"]),
    ]
    assert (answer.total, answer.undated) == (9, 1)
    weeks = timeline(sources, asked("ferry"), step="week").buckets
    assert [b.start for b in weeks] == [date(2031, 2, 24), date(2031, 3, 3), date(2031, 3, 31), date(2031, 4, 14)]
    assert timeline_record(answer)["buckets"][0]["count"] == 3


def test_a_timeline_shows_copies_on_their_own_days(sources: Sources) -> None:
    answer = timeline(sources, asked("ferry winter", fold=True), step="day", each=5)
    assert [(b.start.day, b.count, [h.id for h in b.hits]) for b in answer.buckets[:2]] == [
        (2, 1, ["a"]),
        (3, 1, ["b"]),
    ]


def test_compare_folds_where_it_is_asked_to(sources: Sources) -> None:
    columns = compare(sources, asked("ferry", fold=True), ["Jonas Weir", "Ana Ruiz"])
    assert [[(h.id, [copy.id for copy in h.copies]) for h in column.hits if h.id in "ab"] for column in columns] in (
        [[], [("a", ["b"])]],
        [[], [("b", ["a"])]],
    )
    assert [column.total for column in columns] == [1, 4]


def test_compare_sets_speakers_side_by_side_in_the_order_asked(sources: Sources) -> None:
    columns = compare(sources, asked("ferry"), ["Jonas Weir", "Ana Ruiz"])
    assert [(c.asked, c.total) for c in columns] == [("Jonas Weir", 1), ("Ana Ruiz", 4)]
    assert compare_record(columns)["speakers"][0]["hits"][0]["id"] == "e"
    with pytest.raises(QueryError, match="2 to 10 speakers"):
        compare(sources, asked("ferry"), ["Ana Ruiz"])


def test_similar_leaves_out_the_statement_itself(sources: Sources) -> None:
    answer = similar(sources, statement="a")
    assert "a" not in {hit.id for hit in answer.hits}
    assert {hit.id for hit in answer.hits} >= {"b", "c", "d", "e"}
    assert similar_record(answer)["of"]["id"] == "a"
    by_text = similar(sources, text='the "ferry -closes (before winter')
    assert by_text.hits
    with pytest.raises(NotFoundError):
        similar(sources, statement="nobody")
    with pytest.raises(QueryError):
        similar(sources, text=" ")


def test_variants_fold_copies_stand_earliest_first_and_keep_apart_what_differs(sources: Sources) -> None:
    answer = variants(sources, statement="c")
    assert [(v.statement, v.relation, [copy.id for copy in v.copies]) for v in answer.variants] == [
        ("a", "reworded", ["b"]),
        ("c", "given", []),
    ]
    changes = [(c.kind, c.source, c.draft) for c in answer.variants[1].changes]
    assert changes == [("added", "", "old"), ("added", "", "the")]
    assert {(a.variant.statement, a.reason) for a in answer.apart} == {
        ("d", "a negation differs"),
        ("e", "another speaker"),
    }
    assert variants_record(answer)["apart"][0]["reason"]


def test_a_changed_number_stands_apart_and_one_left_out_does_not(sources: Sources) -> None:
    answer = variants(sources, statement="g")
    assert [v.statement for v in answer.variants] == ["g", "i"]
    assert [(a.variant.statement, a.reason) for a in answer.apart] == [("h", "a number differs")]


def test_a_variant_can_be_split_off(sources: Sources) -> None:
    answer = variants(sources, statement="c", split=["a", "b"])
    assert [v.statement for v in answer.variants] == ["c"]
    assert {a.variant.statement for a in answer.apart if a.reason == "split off"} == {"a", "b"}
    copy = variants(sources, statement="c", split=["b"])
    assert [(v.statement, v.copies) for v in copy.variants] == [("a", ()), ("c", ())]
    assert answer.notes == ()


def test_splitting_off_what_is_not_there_is_told_and_the_statement_itself_is_refused(sources: Sources) -> None:
    (note,) = variants(sources, statement="c", split=["nobody"]).notes
    assert "nobody" in note
    with pytest.raises(QueryError, match="split"):
        variants(sources, statement="c", split=["c"])


def test_what_stands_apart_tells_how_its_words_differ(sources: Sources) -> None:
    apart = {a.variant.statement: a.variant.changes for a in variants(sources, statement="c").apart}
    assert [(change.kind, change.source) for change in apart["d"]] == [("dropped", "not")]
    record = variants_record(variants(sources, statement="c"))
    (copy,) = record["variants"][0]["copies"]
    assert (copy["id"], copy["statement"], copy["outlet"]) == ("b", "b", "The Wire")


def test_a_word_diff_tells_the_ends_too() -> None:
    diff = [
        (c.kind, c.source, c.draft) for c in word_diff("Today the ferry stays open, we hope", "the ferry stays shut")
    ]
    assert ("dropped", "Today", "") in diff
    assert any(kind == "replaced" and later == "shut" for kind, _, later in diff)
