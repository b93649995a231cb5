"""Highlights are places in the text where the asked words stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Word
from engine.search_hits import highlights
from engine.text import words

TEXT = "The U.S. closed “safe zones”; closing a safe-zone, Réfugiés said. Safe is no zone."


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (Word(("close",)), ["closed", "closing"]),
        (Word(("u", "s")), ["U.S"]),
        (Phrase(("safe", "zones")), ["safe zones"]),
        (Phrase(("safe", "zone")), ["safe-zone"]),
        (Phrase(("zone", "safe"), 2), ["safe", "zone", "Safe", "zone"]),
        (Prefix("refug"), ["Réfugiés"]),
        (AnyOf((Word(("refugies",)), Prefix("zon"))), ["zones", "zone", "Réfugiés", "zone"]),
        (AllOf((Word(("said",)), Not(Word(("closed",))))), ["said"]),
        (
            AllOf((Phrase(("safe", "zones")), Word(("safe",)), Word(("zone",)))),
            ["safe zones", "safe", "zone", "Safe", "zone"],
        ),
        (Word(("absent",)), []),
        (None, []),
    ],
)
def test_the_words_that_matched_are_marked(clause: Clause | None, expected: list[str]) -> None:
    assert [span.of(TEXT) for span in highlights(TEXT, clause)] == expected


@given(st.text(max_size=80), st.data())
def test_highlights_are_in_order_apart_and_inside(text: str, data: st.DataObject) -> None:
    cut = [word for word, _ in words(text)]
    leaves = [Word((word,)) for word in cut] + [Phrase(tuple(cut[i : i + 2])) for i in range(len(cut) - 1)]
    clause = AnyOf(tuple(data.draw(st.lists(st.sampled_from(leaves), min_size=1)))) if leaves else None
    spans = highlights(text, clause)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(words(span.of(text)) for span in spans)
    assert bool(spans) == (clause is not None)
