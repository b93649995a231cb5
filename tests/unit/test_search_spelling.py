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


STORED = ("Ben Okoro", "Ada Okoro", "Petra Zhukovskaya")


def read_stored(text: str, *, known: str = "") -> tuple[list[str], tuple[str, ...]]:
    archive = set(known.split())
    query, notes = respelt(parse(text), REGISTRY, known=lambda word: set(word.words) <= archive, stored=lambda: STORED)
    return [word for clause in query.required if isinstance(clause, Word) for word in clause.words], notes


@pytest.mark.parametrize("q", ["Okorro bridge", "what did Окоро say about the bridge", "bridge okkoro"])
def test_a_name_that_only_the_archive_knows_is_found_by_its_sound(q: str) -> None:
    words, (note,) = read_stored(q, known="bridge")
    assert sorted(words) == ["bridge", "okoro"]
    assert "did you mean Ben Okoro or Ada Okoro?" in note


def test_the_registry_comes_before_the_archive() -> None:
    words, (note,) = read_stored("Ruisova", known="")
    assert words == ["ana", "ruizova"]
    assert "Ana Ruizova" in note


def test_a_word_that_a_passage_holds_is_no_misspelt_name_of_the_archive() -> None:
    assert read_stored("okorro bridge", known="okorro bridge") == (["okorro", "bridge"], ())


def test_beside_a_name_of_the_archive_a_word_of_a_strange_script_is_left_out() -> None:
    words, notes = read_stored("Жуковская мосты")
    assert words == ["zhukovskaya"]
    assert "мосты" in notes[1]


def test_a_pasted_sentence_is_not_searched_for_names() -> None:
    sentence = "okorro one two three four five seven eight nine eleven twelve"
    assert read_stored(sentence) == (read_stored(sentence)[0], ())
