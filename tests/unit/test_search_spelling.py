"""Misspelt names in plain words."""

import pytest

from engine.clauses import Word
from engine.query_language import parse
from engine.registry import Registry
from engine.registry_entry import Entry
from engine.search_spelling import respelt

REGISTRY = Registry.of([
    Entry("ana-ruizova", "Ana Ruizova", aliases=("Ruizova", "Руизова")),
    Entry("tomas-puttin", "Tomas Puttin", aliases=("Puttin",)),
    Entry("valeland", "Valeland", kind="state"),
])  # fmt: skip


def read(text: str, *, known: str = "") -> tuple[list[str], tuple[str, ...]]:
    archive = set(known.split())
    query, notes = respelt(parse(text), REGISTRY, known=lambda word: set(word.words) <= archive)
    return [word for clause in query.required if isinstance(clause, Word) for word in clause.words], notes


@pytest.mark.parametrize("q", ["Ruisova bridges", "what did Ruisova say about bridges", "Ana Ruisova on bridges"])
def test_a_misspelt_name_becomes_the_persons_and_a_note_says_so(q: str) -> None:
    words, (note,) = read(q, known="ana bridges")
    assert words == ["ana", "ruizova", "bridges"]
    assert "Ruisova" in note
    assert "did you mean Ana Ruizova?" in note


def test_a_word_that_the_archive_holds_is_no_misspelling() -> None:
    assert read("ruisova bridges", known="ruisova bridges") == (["ruisova", "bridges"], ())


@pytest.mark.parametrize(
    "q", ["putting bridges", "Valelend bridges", "bridges", "Rui bridges", "Duizova bridges", '"ruisova bridges"']
)
def test_inflected_words_states_short_words_and_phrases_stay(q: str) -> None:
    assert read(q) == (read(q)[0], ())


def test_beside_a_name_a_word_of_a_strange_script_is_left_out() -> None:
    words, (note,) = read("Руизова мосты")
    assert words == ["руизова"]
    assert "мосты" in note
    assert read("Руизова мосты", known="мосты") == (["руизова", "мосты"], ())
    assert read("мосты реки") == (["мосты", "реки"], ())
