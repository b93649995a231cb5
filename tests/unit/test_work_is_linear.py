"""Long inputs cost in proportion to their length: work is counted in calls, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from engine.attribution.quotes import quotations
from engine.attribution.rules import RuleTagger
from engine.attribution.segments import Block
from engine.models import Span
from engine.readers import read_bytes

TWICE = 2.2
"""What twice the input may cost, a little start-up work aside."""


def calls(act: Callable[[], object]) -> int:
    """How many Python and C functions ran."""
    count = 0

    def seen(frame: Any, event: str, argument: Any) -> None:
        del frame, argument
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


def page(size: int) -> str:
    said = "".join(f"<p>“Harbour number {size}{i} is closed,” the mayor said.</p>" for i in range(size))
    return f"<html><body><article><h1>Harbours close one by one</h1>{said}</article></body></html>"


def divs(size: int) -> str:
    lines = "".join(
        f"<div>The harbour of town {size}{i} was closed by the mayor after a night of storms</div>" for i in range(size)
    )
    return f"<html><body><h1>Harbours close one by one</h1><div>{lines}</div></body></html>"


def short_lines(size: int) -> str:
    return "\n".join(f"harbour {size}{i} of the mayor" for i in range(size))


def short_and_long(size: int) -> str:
    return "\n".join(
        f"Harbour {size}{i} of the mayor\nThe harbour of town {size}{i} was closed after a night of heavy storms."
        for i in range(size)
    )


@pytest.mark.parametrize("make", [page, divs, short_lines, short_and_long])
def test_twice_the_input_is_read_with_twice_the_work(make: Callable[[int], str]) -> None:
    def work(size: int) -> int:
        return calls(lambda: list(read_bytes(make(size).encode(), name="a")))

    work(50)  # what is made once and kept
    assert work(400) < TWICE * work(200)


@pytest.mark.parametrize("piece", ["“a” ", '"a ', "' a", "said ", "«a “b” c» ", "a. ", '"A," said B. '])
def test_twice_the_marks_are_tagged_with_twice_the_work(piece: str) -> None:
    def work(size: int) -> int:
        text = piece * size
        blocks = [Block(Span(at, min(at + 6_000, len(text)))) for at in range(0, len(text), 6_000)]
        return calls(lambda: RuleTagger().tag(text, blocks))

    work(10)
    assert work(2_400) < TWICE * work(1_200)


@pytest.mark.parametrize("noise", ['"' * 6_000, '" ' * 3_000, "“" * 6_000, "\x00" * 6_000, "😀 ?! " * 1_000])
def test_what_holds_no_letter_is_passed_over(noise: str) -> None:
    blocks = [Block(Span(0, len(noise)))]
    assert quotations(noise, blocks) == [()]
    assert RuleTagger().tag(noise, blocks) == [()]
    assert calls(lambda: RuleTagger().tag(noise + " ", blocks)) < 100


def test_a_row_of_marks_is_no_quotation_and_those_after_it_are() -> None:
    text = '"""""""" He said: "No, never."'
    (found,) = quotations(text, [Block(Span(0, len(text)))])
    assert [q.span.of(text) for q in found] == ['"No, never."']
