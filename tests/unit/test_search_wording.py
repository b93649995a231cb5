"""Which texts are the same words, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search_wording import wording

ONE = "The minister will not visit 2,000 villages before Monday."


@pytest.mark.parametrize(
    ("one", "copy"),
    [
        (ONE, "“The minister won’t visit 2000 villages before Monday”"),
        (ONE, "Minister will not visit the 2 000 villages before Monday"),
        (ONE, "HARBOUR TOWN, March 2 (Vale Wire) — The minister will not visit 2,000 villages before Monday."),
        (ONE, "HARBOUR TOWN (Vale Wire) - The minister will not visit 2,000 villages before Monday."),
        ("He said that Mr Weir organised it", "he said Weir organized it"),
        ("10–15 per cent of them cannot", "10 to 15% of them can’t"),
        ("Café Réforme is closed", "Cafe Reforme is closed"),
        ("A NATO-led force", "the NATO led force"),
    ],
)
def test_what_copy_editors_change_is_the_same_wording(one: str, copy: str) -> None:
    assert wording(one) == wording(copy)


@pytest.mark.parametrize(
    "other",
    [
        "The minister will visit 2,000 villages before Monday.",
        "The minister will not visit 3,000 villages before Monday.",
        "The minister will not visit 2.000 villages before Monday.",
        "The minister will not visit 2,000 villages after Monday.",
        "The minister would not visit 2,000 villages before Monday.",
        "The ministers will not visit 2,000 villages before Monday.",
        "The minister will not visit 2,000 villages before Monday?",
        "Will the minister not visit 2,000 villages before Monday.",
        "MINISTERS - The minister will not visit 2,000 villages before Monday.",
    ],
)
def test_one_changed_word_number_or_mark_is_another_wording(other: str) -> None:
    assert wording(ONE) != wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It cost $5", "It cost €5"),
        ("It cost $5", "It cost 5"),
        ("It fell to -5", "It fell to 5"),
        ("They helped the US", "They helped us"),
        ("We are for it", "We are against it"),
        ("It grew 1.5 times", "It grew 15 times"),
        ("It took ½ hour", "It took 12 hour"),
        ("10-15 came", "10, 15 came"),
    ],
)
def test_signs_that_are_read_aloud_count(one: str, other: str) -> None:
    assert wording(one) != wording(other)


@given(st.text(max_size=120))
def test_any_text_has_a_wording_and_it_is_its_own(text: str) -> None:
    found = wording(text)
    assert found == found.strip()
    assert wording(f"  “{text}”  ") == found or text[:2].isupper() or text[:1] in "’'-"
