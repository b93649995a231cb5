"""Rules over a tagger's segments."""

from __future__ import annotations

from engine.attribution.rules_mending import mended
from engine.attribution.segments import Block, Role, Segment
from engine.models import Span
from engine.text import plain


def tags(text: str, found: dict[str, Role], *, headline: bool = False) -> list[tuple[str, str]]:
    segments = [Segment(role, Span(at := text.index(words), at + len(words))) for words, role in found.items()]
    (answer,) = mended(plain(text), [Block(Span(0, len(text)), headline)], [segments])
    return [(s.role, s.span.of(text)) for s in answer]


def test_what_follows_a_headlines_colon_is_no_source_when_it_goes_on() -> None:
    text = "‘Talking with enemies to save the town’: Velden process paves way for talks"
    found: dict[str, Role] = {
        "‘Talking with enemies to save the town’": "content",
        ":": "cue",
        "Velden process": "source",
    }
    assert tags(text, found, headline=True) == [("content", "‘Talking with enemies to save the town’")]
    assert len(tags(text, found)) == 3


def test_a_name_alone_after_a_headlines_colon_or_dash_spoke() -> None:
    for sign in (":", " –"):
        text = f"‘Talking with enemies to save the town’{sign} Ruiz"
        found: dict[str, Role] = {
            "‘Talking with enemies to save the town’": "content",
            sign.strip(): "cue",
            "Ruiz": "source",
        }
        assert len(tags(text, found, headline=True)) == 3


def test_according_to_whom_is_read_where_the_tagger_left_it_out() -> None:
    text = "According to the VWJ, officials said no. The dam is safe, according to investigators."
    cues: dict[str, Role] = {"According to": "cue", "according to": "cue"}
    assert tags(text, cues) == [
        ("cue", "According to"), ("source", "the VWJ"), ("cue", "according to"), ("source", "investigators"),
    ]  # fmt: skip


def test_a_content_that_began_on_the_source_begins_after_it() -> None:
    text = "According to investigators, the army fired first."
    found: dict[str, Role] = {"According to": "cue", "investigators, the army fired first": "content"}
    assert tags(text, found)[1:] == [("source", "investigators"), ("content", "the army fired first")]


def test_according_to_plan_names_nobody() -> None:
    assert tags("It went according to plan.", {"according to": "cue"}) == [("cue", "according to")]


def test_a_source_that_was_found_stays() -> None:
    text = "According to Ana Ruiz, the mayor, it rained."
    found: dict[str, Role] = {"According to": "cue", "Ana Ruiz, the mayor": "source", "it rained": "content"}
    assert tags(text, found) == [
        ("cue", "According to"), ("source", "Ana Ruiz, the mayor"), ("content", "it rained"),
    ]  # fmt: skip
