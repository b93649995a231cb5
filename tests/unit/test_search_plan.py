"""What a request asks of the store."""

from datetime import date

import pytest

from engine.clauses import AllOf, AnyOf, Not, Phrase, Word
from engine.errors import QueryError
from engine.query import Filters, SearchRequest
from engine.registry import Registry
from engine.registry_entry import Entry
from engine.search_plan import plan

REGISTRY = Registry.of([
    Entry("ana-ruiz", "Ana Ruiz", aliases=("Ruiz", "Руис")),
    Entry("valeland", "Valeland", kind="state"),
])  # fmt: skip


def word(*pieces: str) -> Word:
    return Word(pieces)


def test_plain_words_must_all_match_and_may_relax() -> None:
    found = plan(SearchRequest(q="safe zones"), REGISTRY)
    assert found.clause == AllOf((word("safe"), word("zones")))
    assert found.relaxed == AllOf((AnyOf((word("safe"), word("zones"))),))
    assert found.restriction is None
    assert found.meaning == "safe zones"


@pytest.mark.parametrize("q", ["Ruiz safe zones", "what did Ana Ruiz say about safe zones", "Руис on safe zones"])
def test_a_person_named_in_plain_words_lifts_and_need_not_match(q: str) -> None:
    found = plan(SearchRequest(q=q), REGISTRY)
    assert [speaker.id for speaker in found.speakers] == ["ana-ruiz"]
    assert found.clause == AllOf((word("safe"), word("zones")))
    assert found.meaning == "safe zones"


def test_a_name_alone_is_looked_for() -> None:
    found = plan(SearchRequest(q="ruiz"), REGISTRY)
    assert found.clause == word("ruiz")
    assert [speaker.id for speaker in found.speakers] == ["ana-ruiz"]


def test_a_state_stays_a_word_to_match() -> None:
    found = plan(SearchRequest(q="Valeland sanctions"), REGISTRY)
    assert found.clause == AllOf((word("valeland"), word("sanctions")))
    assert found.speakers == ()


def test_phrases_and_exclusions_bind_neighbours_and_do_not_relax() -> None:
    found = plan(SearchRequest(q='"safe zones" border guard -turkey'), REGISTRY)
    exact, without = Phrase(("safe", "zones")), Not(word("turkey"))
    assert found.clause == AllOf((exact, word("border"), word("guard"), without))
    assert found.relaxed == AllOf((exact, AnyOf((word("border"), word("guard"))), without))
    assert found.restriction == AllOf((exact, without))


def test_filters_of_the_box_join_those_of_the_request() -> None:
    filters = Filters(speakers=("Okoro",), after=date(2016, 1, 1), before=date(2018, 1, 1))
    q = "speaker:ruiz after:2017-01-01 before:2020 kind:direct -outlet:rt water"
    found = plan(SearchRequest(q=q, filters=filters), REGISTRY).filters
    assert found.speakers == ("Okoro", "ruiz")
    assert (found.after, found.before) == (date(2017, 1, 1), date(2018, 1, 1))
    assert found.kinds == ("direct",)
    assert found.excluded == Filters(outlets=("rt",))


def test_the_box_may_choose_paragraphs() -> None:
    assert plan(SearchRequest(q="water in:paragraphs"), REGISTRY).passages == "paragraph"
    assert plan(SearchRequest(q="water", passages="paragraph"), REGISTRY).passages == "paragraph"


def test_no_words_at_all_is_everything_but_mere_signs_are_nothing() -> None:
    assert not plan(SearchRequest(), REGISTRY).nothing
    assert not plan(SearchRequest(q="  "), REGISTRY).nothing
    assert not plan(SearchRequest(q="kind:direct"), REGISTRY).nothing
    assert plan(SearchRequest(q="?! …"), REGISTRY).nothing


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(limit=0),
        SearchRequest(limit=1001),
        SearchRequest(mode="magic"),  # type: ignore[arg-type]
        SearchRequest(passages="articles"),  # type: ignore[arg-type]
        SearchRequest(filters=Filters(acts=("sing",))),  # type: ignore[arg-type]
        SearchRequest(filters=Filters(after=date(2017, 1, 2), before=date(2017, 1, 1))),
    ],
)
def test_what_cannot_be_asked_is_refused(request_: SearchRequest) -> None:
    with pytest.raises(QueryError):
        plan(request_, REGISTRY)
