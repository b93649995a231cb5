"""What every store promises about copies of the same words in a ranking."""

from __future__ import annotations

import pytest

from engine.query import SearchAnswer, SearchRequest
from engine.search_copies import BLOCK
from engine.stores.base import Store
from tests.contract.builders import simple
from tests.contract.paging import page, pages

STORIES = 9
COPIES = 5
"""All in one block of the ranking."""


def wire(store: Store, stories: int = STORIES) -> None:
    """Every story in several outlets, each outlet with its own marks."""
    marks = ("{}", "{}!", "the {}", "“{}”", "That {}")
    list(store.put([
        simple(f"s{story:02}-{copy}", marks[copy].format(f"Bridge {story} was closed to all of the traffic"),
               published=f"2016-01-{20 - copy:02}", outlet=f"Outlet {copy}")
        for story in range(stories) for copy in range(COPIES)
    ]))  # fmt: skip


def named(answers: list[SearchAnswer]) -> list[str]:
    return [id for answer in answers for hit in answer.hits for id in (hit.id, *(copy.id for copy in hit.copies))]


class FoldingContract:
    """Needs the fixture `store` (empty)."""

    @pytest.mark.parametrize("mode", ["hybrid", "keyword", "semantic"])
    @pytest.mark.parametrize("limit", [1, 5, 7, 1000])
    def test_pages_of_a_folded_ranking_name_every_passage_once(self, store: Store, mode: str, limit: int) -> None:
        q = "bridge closed"
        wire(store)
        answers = pages(store, q=q, mode=mode, limit=limit, fold=True)
        ids = named(answers)
        assert len(ids) == len(set(ids)) == answers[0].total == STORIES * COPIES
        hits = [hit for answer in answers for hit in answer.hits]
        assert len(hits) == STORIES
        assert all(len(answer.hits) == limit for answer in answers[:-1])
        assert [hit.id for hit in hits] == [
            hit.id
            for hit in page(store, SearchRequest(q=q, mode=mode, limit=1000, fold=True)).hits  # type: ignore[arg-type]
        ]

    def test_copies_are_named_earliest_first_and_counted(self, store: Store) -> None:
        wire(store)
        answer = page(store, SearchRequest(q="bridge 3 closed", mode="keyword", limit=2, fold=True))
        assert answer.hits
        for hit in answer.hits:
            days = [copy.article.published for copy in hit.copies]
            assert len(days) == COPIES - 1
            assert days == sorted(day or "" for day in days)
            assert len({hit.article.outlet, *(copy.article.outlet for copy in hit.copies)}) == COPIES
        assert answer.folded == COPIES - 1
        assert any(note.startswith(f"{answer.folded} copies") for note in answer.notes)

    @pytest.mark.parametrize("mode", ["hybrid", "keyword"])
    def test_long_rankings_are_folded_block_by_block_alike_for_every_size_of_page(
        self, store: Store, mode: str
    ) -> None:
        wire(store, 2 * BLOCK // COPIES + 5)
        whole = pages(store, q="bridge closed", mode=mode, limit=1000, fold=True)
        parts = pages(store, q="bridge closed", mode=mode, limit=33, fold=True)
        assert named(parts) == named(whole)
        assert len(set(named(whole))) == len(named(whole)) == whole[0].total > 2 * BLOCK
        assert sum(answer.folded for answer in whole) > whole[0].total / 4

    def test_without_a_query_everything_is_listed_by_itself(self, store: Store) -> None:
        wire(store)
        answers = pages(store, q="", limit=7, fold=True)
        ids = [hit.id for answer in answers for hit in answer.hits]
        assert len(ids) == len(set(ids)) == answers[0].total == STORIES * COPIES
        assert {answer.folded for answer in answers} == {0}

    def test_unfolded_every_copy_is_a_hit(self, store: Store) -> None:
        wire(store)
        answer = page(store, SearchRequest(q="bridge closed", limit=1000))
        assert len(answer.hits) == answer.total == STORIES * COPIES
        assert answer.folded == 0
