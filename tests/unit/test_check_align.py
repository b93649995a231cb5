"""A quotation's words laid along a source's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.check_align import Alignment, align
from engine.check_words import QuotedWords, Words, quoted_words, words_in
from engine.models import Span

SOURCE = (
    "We are not recalling a friendship, we are recalling an ambassador, and the friendship depends on what they do."
)


def quoted(text: str) -> QuotedWords:
    return quoted_words(text, Span(0, len(text)), limit=600) if text else QuotedWords(Words((), ()))


def source(text: str) -> Words:
    return words_in(text, (Span(0, len(text)),) if text else ())


def laid(draft: str, text: str = SOURCE) -> Alignment:
    return align(quoted(draft), source(text))


def told(draft: str, text: str = SOURCE) -> list[tuple[str, str, str, str]]:
    ours, theirs = quoted(draft).words, source(text)
    return [
        (d.kind, " ".join(ours.norms[slice(*d.draft)]), " ".join(theirs.norms[slice(*d.source)]), d.excused)
        for d in laid(draft, text).differences
    ]


def test_the_same_words_in_other_typography_are_exact() -> None:
    for draft in (
        "we are not recalling a friendship; we are recalling an ambassador",
        "WE ARE NOT RECALLING A FRIENDSHIP — WE ARE RECALLING AN AMBASSADOR!",
        "recalling a friendship, we are",
    ):
        assert laid(draft).exact, draft


def test_another_word_is_replaced_and_a_missing_one_dropped() -> None:
    assert told("We are not recalling a friendship, we are recalling an envoy, and") == [
        ("replaced", "envoy", "ambassador", "")
    ]
    assert told("We are recalling a friendship, we are recalling an ambassador") == [("dropped", "", "not", "")]
    assert told("We are not really recalling a friendship") == [("added", "really", "", "")]


def test_a_word_changed_at_either_end_is_set_against_its_neighbour() -> None:
    assert told("They are not recalling a friendship") == [("replaced", "they", "we", "")]
    assert told("we are recalling an admiral", "Today we are recalling an ambassador") == [
        ("replaced", "admiral", "ambassador", "")
    ]


def test_an_ellipsis_excuses_what_it_leaves_out_and_tells_it() -> None:
    for mark in ("…", "...", ". . .", "[…]", "[...]", "(...)"):
        alignment = laid(f"We are not recalling a friendship {mark} the friendship depends on what they do")
        assert alignment.exact, mark
        assert [d.excused for d in alignment.differences] == ["ellipsis"], mark


def test_a_gap_without_an_ellipsis_is_no_exact_quotation() -> None:
    alignment = laid("We are not recalling a friendship, and the friendship depends on what they do")
    assert not alignment.exact
    assert [d.kind for d in alignment.differences] == ["dropped"]


def test_brackets_may_stand_for_a_few_words() -> None:
    assert laid("We are not recalling a friendship, [Valmera is] recalling an ambassador").exact
    assert laid("we [said again that we] are recalling an ambassador").exact
    assert not laid("Valmera is recalling an ambassador").exact


def test_hyphens_and_dots_in_words_are_not_changes() -> None:
    assert laid("the ceasefire of the US", "The cease-fire of the U.S. holds").exact
    assert laid("their co operation", "Their cooperation ends").exact


def test_numbers_are_words_of_their_own() -> None:
    assert laid("2000 men and 5 percent", "2,000 men and 5% of boats").exact
    assert not laid("25 percent of men", "2.5 percent of men").exact
    assert laid("5 million", "$5 million").exact
    assert not laid("€5 million", "$5 million").exact


def test_words_that_stand_far_apart_by_chance_are_not_drawn_together() -> None:
    text = "The plan. " + "Nothing of the kind was ever said here by anyone at all. " * 6 + "It works in the harbour."
    alignment = laid("The plan works in the harbour", text)
    first, last = alignment.source_range
    assert last - first < 12


WORDS = st.lists(
    st.sampled_from(["not", "we", "the", "zone", "ferry", "cease", "fire", "ceasefire", "…", "[", "]", "5%"])
)


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_runs_hold_equal_words_in_order_and_cover_what_they_say(draft: str, text: str) -> None:
    ours, theirs = quoted(draft), source(text)
    alignment = align(ours, theirs)
    end = (0, 0)
    for run in alignment.runs:
        mine = ours.words.norms[run.draft : run.draft + run.length]
        assert "".join(mine) == "".join(theirs.norms[run.source : run.source + run.span])
        assert (run.draft, run.source) >= end
        end = (run.draft + run.length, run.source + run.span)
    assert 0.0 <= alignment.coverage <= 1.0
    if alignment.exact:
        matched = {i for run in alignment.runs for i in range(run.draft, run.draft + run.length)}
        assert matched | ours.bracketed == set(range(len(ours.words)))


@given(st.text(max_size=120))
def test_a_text_is_exact_in_itself(text: str) -> None:
    words = quoted(text)
    if not (words.gaps or words.bracketed) and len(words.words):
        assert align(words, words.words).exact


def test_a_long_clause_left_out_before_the_last_words_is_dropped_and_they_are_not_replaced() -> None:
    text = "I think that the bridge, which nobody has painted or even looked at since the flood of April, is unsafe."
    assert told("the bridge is unsafe", text) == [
        ("dropped", "", "which nobody has painted or even looked at since the flood of april", "")
    ]
