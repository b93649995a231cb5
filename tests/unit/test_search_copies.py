"""Copies fold under the best-ranked of them, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.fusion import Fused
from engine.models import Span, Speaker
from engine.query import ArticleHeader
from engine.search_copies import folded
from engine.stores.base import StoredPassage
from tests.builders import statement

WORDS = "The ferry will not close before the winter"
Ranked = tuple[Fused, StoredPassage]


def ranked(id: str, text: str = WORDS, *, day: str | None = "2031-03-02", speaker: str | None = "") -> Ranked:
    """A paragraph, or (with a speaker, or None for an unknown one) a statement."""
    place = Span(0, len(text))
    said = None if speaker == "" else statement(text, text, id=id, speaker=speaker)
    article = ArticleHeader(id, None, None, f"outlet of {id}", day)
    passage = StoredPassage(id, id, "statement" if said else "paragraph", text, (place,), place, text, article, said)
    return Fused(id, 0.5, 1, 1), passage


def shown(*block: Ranked | None) -> list[tuple[str, list[str]]]:
    return [(standing.passage.id, [copy.id for copy in standing.copies]) for standing in folded(block)]


def test_the_best_ranked_stands_and_names_the_others_earliest_first() -> None:
    block = (
        ranked("b", day="2031-03-04"),
        ranked("x", "Something else was said about the ferry today"),
        ranked("d", "Ferry won’t close before winter!", day=None),
        ranked("c", "“The ferry will not close before winter”", day="2031-03-03T08:00:00+01:00"),
        ranked("a", day="2031-03-02"),
    )
    assert shown(*block) == [("b", ["a", "c", "d"]), ("x", [])]


def test_another_number_speaker_or_negation_stands_by_itself() -> None:
    texts = (WORDS, WORDS.replace("not ", ""), WORDS.replace("winter", "2031"), WORDS.replace("winter", "2032"))
    assert len(shown(*(ranked(str(n), text) for n, text in enumerate(texts)))) == len(texts)
    speakers = ("Ana Ruiz", "Jonas Weir", None, "Ana Ruiz")
    assert shown(*(ranked(str(n), speaker=name) for n, name in enumerate(speakers))) == [
        ("0", ["3"]), ("1", []), ("2", []),
    ]  # fmt: skip


def test_an_unnamed_source_of_another_body_is_another_source() -> None:
    one, other = (ranked(id, speaker=None) for id in "ab")
    body = Speaker("vale-council", "Vale Council")
    said = statement(WORDS, WORDS, id="c", speaker=None, form="anonymous", affiliation=body)
    third = (one[0], StoredPassage("c", "c", "statement", WORDS, said.content, said.content[0], WORDS,
                                   ArticleHeader("c", None, None, None, "2031-03-02"), said))  # fmt: skip
    assert shown(one, other, third) == [("a", ["b"]), ("c", [])]


def test_what_one_article_says_twice_stands_twice() -> None:
    title, body = ranked("a"), ranked("a")
    body = (body[0], replace(body[1], id="a-body"))
    other = ranked("b")
    assert shown(title, body, other) == [("a", ["b"]), ("a-body", [])]


def test_short_words_are_said_by_many_and_never_fold() -> None:
    assert shown(ranked("a", "No comment"), ranked("b", "No comment")) == [("a", []), ("b", [])]


def test_the_same_words_a_month_later_are_said_anew() -> None:
    days = ("2031-03-02", "2031-03-08", "2031-03-14", "2031-04-20", None)
    block = [ranked(str(n), day=day) for n, day in enumerate(days)]
    assert shown(*block) == [("0", ["1", "2", "4"]), ("3", [])]


def test_a_deleted_passage_leaves_its_place_to_the_next_copy() -> None:
    assert shown(None, ranked("b"), ranked("c")) == [("b", ["c"])]
    assert folded([None, ranked("b")])[0].place == 1


@given(st.lists(st.tuples(st.sampled_from([WORDS, WORDS + "!", WORDS.replace("not ", ""), "No comment"]),
                          st.sampled_from([None, "2031-03-02", "2031-03-20"])), max_size=12))  # fmt: skip
def test_every_passage_is_shown_or_named_once(drawn: list[tuple[str, str | None]]) -> None:
    block = [ranked(str(n), text, day=day) for n, (text, day) in enumerate(drawn)]
    named = [id for id, copies in shown(*block) for id in (id, *copies)]
    assert sorted(named) == sorted(passage.id for _, passage in block)
    places = [standing.place for standing in folded(block)]
    assert places == sorted(places)
