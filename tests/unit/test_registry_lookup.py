from __future__ import annotations

from datetime import date

import pytest

from engine.registry import load_registry

REGISTRY = load_registry()


@pytest.mark.parametrize(
    "alias",
    [
        "Lavrov",
        "sergei lavrov",
        "ЛАВРОВ",
        "Сергей Викторович Лавров",
        "سيرغي لافروف",
        "Sergey  Lavrov",
        "sergey-lavrov",
    ],
)
def test_a_filter_finds_a_speaker_by_id_alias_and_script(alias: str) -> None:
    assert [speaker.id for speaker in REGISTRY.match_alias(alias)] == ["sergey-lavrov"]


def test_accents_points_and_the_article_do_not_matter() -> None:
    for alias, name in (("the Kremlin", "Kremlin"), ("U.N.", "United Nations"), ("al Assad", "Bashar Assad")):
        assert [speaker.name for speaker in REGISTRY.match_alias(alias)] == [name]


def test_a_part_of_names_means_all_who_bear_it_and_nobody_means_nobody() -> None:
    assert {s.name for s in REGISTRY.match_alias("Bashar")} == {"Bashar Assad", "Bashar Jaafari"}
    assert REGISTRY.match_alias("Nobody Anywhere") == ()
    assert REGISTRY.match_alias("  ") == ()


@pytest.mark.parametrize(
    ("slip", "name"),
    [("Zaharova", "Maria Zakharova"), ("Asad", "Bashar Assad"), ("Poroschenko", "Petro Poroshenko"),
     ("Лаврв", "Sergey Lavrov"), ("Peskoff", "Dmitry Peskov")],
)  # fmt: skip
def test_a_misspelt_name_is_suggested(slip: str, name: str) -> None:
    assert REGISTRY.suggest(slip)[0].name == name


def test_what_is_like_no_name_gets_no_suggestion() -> None:
    assert REGISTRY.suggest("xqzt") == ()
    assert REGISTRY.suggest("") == ()


def test_an_office_in_words_is_its_holder_on_that_day() -> None:
    def named(text: str, day: date) -> str | None:
        found = REGISTRY.lookup(text, day=day)
        return found.name if found else None

    assert named("the Russian foreign minister", date(2017, 2, 3)) == "Sergey Lavrov"
    assert named("President of Ukraine", date(2017, 2, 3)) == "Petro Poroshenko"
    assert named("the US president", date(2017, 1, 19)) == "Barack Obama"
    assert named("the US president", date(2017, 1, 20)) is None, "two held it on the day of the handover"
    assert named("the US president", date(2017, 1, 21)) == "Donald Trump"
    assert named("the foreign minister", date(2017, 2, 3)) is None, "of which state is not told"


def test_the_capital_stands_for_its_government() -> None:
    for metonym, state in (("Damascus", "Syria"), ("Kyiv", "Ukraine"), ("Washington", "United States")):
        found = REGISTRY.find(metonym)
        assert found is not None
        assert (found.name, found.kind) == (state, "state")


def test_names_of_a_speaker_begin_with_the_one_that_is_shown() -> None:
    assert REGISTRY.names("maria-zakharova")[0] == "Maria Zakharova"
    assert "Мария Захарова" in REGISTRY.names("maria-zakharova")
    assert REGISTRY.names("ana-ruiz") == ()
