"""Refused articles are kept with their reason and come back as they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dead_letters import keep_dead_letter, read_dead_letters, settle_dead_letters
from engine.models import Article, Paragraph, Skipped, Span


def letter(id: str, text: str = "The bridge was closed.") -> Article:
    return Article(id=id, text=text, paragraphs=(Paragraph(Span(0, len(text)), "body"),), input="wire/a.html")


@given(text=st.text(st.characters(), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_an_article_comes_back_to_the_character_even_with_half_a_surrogate_pair(tmp_path: Path, text: str) -> None:
    path = tmp_path / "refused.jsonl"
    path.unlink(missing_ok=True)
    for article in (letter("a", text), letter("b", text + "\ud800")):
        keep_dead_letter(path, article, reason="no room")
    assert list(read_dead_letters(path)) == [letter("a", text), letter("b", text + "\ud800")]


def test_the_reason_stands_beside_the_article(tmp_path: Path) -> None:
    keep_dead_letter(tmp_path / "new/refused.jsonl", letter("a"), reason="vectors of another model")
    line = json.loads((tmp_path / "new/refused.jsonl").read_text())
    assert (line["reason"], line["article"]["id"]) == ("vectors of another model", "a")


@pytest.mark.parametrize("bad", ["{", "[]", "null", '{"article": 3}', '{"article": {"id": "x"}}', "\ufffd"])
def test_a_damaged_line_is_named_and_sinks_no_other(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "refused.jsonl"
    keep_dead_letter(path, letter("a"), reason="r")
    with path.open("a") as file:
        file.write(bad + "\n\n")
    keep_dead_letter(path, letter("b"), reason="r")
    first, broken, last = read_dead_letters(path)
    assert (first, last) == (letter("a"), letter("b"))
    assert isinstance(broken, Skipped)
    assert broken.line == 2


def test_what_is_stored_is_taken_out_and_the_rest_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "refused.jsonl"
    for id in "abc":
        keep_dead_letter(path, letter(id), reason=id)
    before = path.read_text().splitlines()
    assert settle_dead_letters(path, {"b", "elsewhere"}) == 2
    assert path.read_text().splitlines() == [before[0], before[2]]
    assert settle_dead_letters(path, {"a", "c"}) == 0
    assert not path.exists()
    assert list(tmp_path.iterdir()) == []
