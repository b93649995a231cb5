"""Names by their sound."""

import pytest

from engine.search_names import NamesBySound, sound

STORED = ("Ben Okoro", "Ada Okoro", "Tomas Lindqvist", "Petra Zhukovskaya", "Zoë Şahin", "Bo Li", "Γιώργος Βενιζέλος")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("okorro", "okoro"),
        ("Окоро", "okoro"),
        ("lindquist", "lindqvist"),
        ("Линдквист", "lindqvist"),
        ("zhukovskaia", "zhukovskaya"),
        ("Жуковская", "zhukovskaya"),
        ("shahin", "sahin"),
        ("venizelos", "βενιζελοσ"),
    ],
)
def test_misspelt_and_transliterated_names_find_their_word(typed: str, word: str) -> None:
    found = NamesBySound(STORED).like(typed)
    assert found is not None
    assert found[0] == word


def test_all_who_share_the_name_are_told() -> None:
    assert NamesBySound(STORED).like("okkoro") == ("okoro", ("Ben Okoro", "Ada Okoro"))


@pytest.mark.parametrize("typed", ["li", "bridge", "bokoro", "2031", "мост", ""])
def test_short_words_and_words_of_another_sound_are_nobodys(typed: str) -> None:
    assert NamesBySound(STORED).like(typed) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("zelenskyy", "zelensky"), ("yeltsin", "eltsin"), ("lavroff", "lavrov"), ("qasim", "kasim"), ("khan", "han")],
)
def test_usual_spellings_sound_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)
