"""What the page of the quote check shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.verdicts import FLAG_WORDS, LOUD_FLAGS, VERDICT_WORDS
from api.web.check_view import diff_pieces, draft_pieces
from engine.check_answer import VERDICTS, Change, CheckedQuotation
from engine.models import Span

TEXT = "The mayor said: “We will close it soon.”"
SPAN = Span(17, 38)


def quotation(*changes: Change) -> CheckedQuotation:
    return CheckedQuotation(SPAN.of(TEXT), SPAN, "altered", changes=changes)


def told(*changes: Change) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in diff_pieces(quotation(*changes))]


def test_what_was_left_out_stands_where_it_would() -> None:
    assert told(Change("dropped", "", "not", at=24)) == [
        ("same", "We will"), ("dropped", "not"), ("same", " close it soon"),
    ]  # fmt: skip


def test_what_was_exchanged_stands_beside_what_stood_there() -> None:
    assert told(Change("replaced", "soon", "later", at=34)) == [
        ("same", "We will close it "), ("dropped", "later"), ("added", "soon"),
    ]  # fmt: skip


def test_without_changes_or_their_places_there_is_no_diff() -> None:
    assert told() == []
    assert told(Change("added", "soon", "")) == []


def test_every_verdict_and_every_loud_flag_has_its_words() -> None:
    assert set(VERDICT_WORDS) == set(VERDICTS)
    assert set(FLAG_WORDS) >= LOUD_FLAGS


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12))))
def test_the_pieces_of_a_draft_joined_are_the_draft_whatever_its_quotations(places: list[tuple[int, int]]) -> None:
    spans = [Span(start, min(start + size, len(TEXT))) for start, size in places]
    marked = [CheckedQuotation(span.of(TEXT), span, "verbatim") for span in spans]
    pieces = draft_pieces(TEXT, marked)
    assert "".join(piece.text for piece in pieces) == TEXT
    firsts = [piece.number for piece in pieces if piece.first]
    assert len(firsts) == len(set(firsts))
