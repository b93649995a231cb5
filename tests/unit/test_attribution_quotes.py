"""Quotations by typography alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.attribution.quotes import Quotation, outermost, quotations
from engine.attribution.segments import Block
from engine.models import Span


def found_in(text: str) -> list[Quotation]:
    blocks = [Block(Span(m.start(), m.end())) for m in re.finditer(r"[^\n]+", text)]
    return [quotation for block in quotations(text, blocks) for quotation in block]


def words_of(text: str) -> list[str]:
    return [quotation.span.of(text) for quotation in outermost(found_in(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Go,” he said. “Now.”", ["“Go,”", "“Now.”"]),
        ('"Go," he said. "Now."', ['"Go,"', '"Now."']),
        ("'Go,' he said. 'Now.'", ["'Go,'", "'Now.'"]),
        ("‘Go,’ he said. ‘Now.’", ["‘Go,’", "‘Now.’"]),
        ("«Va», dit-il. «Bien.»", ["«Va»", "«Bien.»"]),
        ("„Geh“, sagte er. „Jetzt.“", ["„Geh“", "„Jetzt.“"]),
        ("‚Geh‘, sagte er.", ["‚Geh‘"]),
        ("»Geh«, sagte er.", ["»Geh«"]),
        ("‹Va›, dit-il.", ["‹Va›"]),
        ("``Go,'' he said. ``Now.''", ["``Go,''", "``Now.''"]),
        ("''Go,'' he said.", ["''Go,''"]),
        ('"Go,” he said. “Now."', ['"Go,”', '“Now."']),
        ("“Go,“ he said.", ["“Go,“"]),
        ("(“Go,” he said.)", ["“Go,”"]),
    ],
)
def test_all_usual_styles_and_their_mixtures_are_quotations(text, expected):
    assert words_of(text) == expected


def test_apostrophes_are_no_quotation_marks():
    assert words_of("Don't say it's the boys' game in the '90s, 'cause rock 'n' roll isn’t ’em.") == []


def test_a_plural_possessive_does_not_end_a_quotation_in_single_marks():
    assert words_of("‘The boys’ game is over,’ he said.") == ["‘The boys’ game is over,’"]


def test_inches_open_no_quotation():
    assert words_of('The 6\'2" man said "hello there" to us.') == ['"hello there"']


def test_a_quotation_inside_a_quotation_has_depth_one_and_does_not_end_the_outer_one():
    text = "“He said, ‘we don’t accept it’, and left.”"
    outer, inner = found_in(text)
    assert (outer.span.of(text), outer.depth) == (text, 0)
    assert (inner.span.of(text), inner.depth) == ("‘we don’t accept it’", 1)


def test_the_same_glyph_may_nest_where_marks_balance():
    assert words_of("“He said “no” twice,” she said.") == ["“He said “no” twice,”"]


def test_a_quotation_reopened_in_the_next_paragraph_is_not_broken():
    first, second, third = found_in("“One.\n“Two.\n“Three,” he said.")
    assert [first.reopened, second.reopened, third.reopened] == [True, True, False]
    assert not any(quotation.unbalanced for quotation in (first, second, third))


def test_a_quotation_left_open_is_closed_at_the_paragraph_end_and_flagged():
    text = "She called it “a disgrace and left. \nThe next day nobody came."
    (quotation,) = found_in(text)
    assert quotation.span.of(text) == "“a disgrace and left."
    assert quotation.unbalanced


def test_a_closing_mark_that_nothing_opened_quotes_from_the_paragraph_start_and_is_flagged():
    text = "We did not cancel any talks,” an official said."
    (quotation,) = found_in(text)
    assert quotation.span.of(text) == "We did not cancel any talks,”"
    assert quotation.unbalanced


def test_a_lost_end_does_not_swallow_the_next_quotation():
    text = "“We go, he said. “And we stay.”"
    assert words_of(text) == ["“We go, he said.", "“And we stay.”"]
    assert [quotation.unbalanced for quotation in found_in(text)] == [True, False]


@given(st.text(alphabet="“”\"'‘’«»„‚‹›` aB.,!\n", max_size=120))
def test_quotations_nest_properly_and_stay_inside_their_paragraph(text):
    blocks = [Block(Span(m.start(), m.end())) for m in re.finditer(r"[^\n]+", text)]
    for block, marks in zip(blocks, quotations(text, blocks), strict=True):
        assert all(block.span.contains(quotation.span) for quotation in marks)
        for one in marks:
            for other in marks:
                crossing = one.span.overlaps(other.span) and not (
                    one.span.contains(other.span) or other.span.contains(one.span)
                )
                assert not crossing


@pytest.mark.parametrize("mark", ['"', "“", "”", "'", "‘", "''", "“a ” "])
def test_ten_thousand_marks_are_read(mark):
    text = mark * 10_000
    assert quotations(text, [Block(Span(0, len(text)))])
