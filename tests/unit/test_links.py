from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answers import text_link


def test_a_short_statement_is_linked_whole() -> None:
    assert text_link("https://a.example/1#top", "safe zones") == "https://a.example/1#:~:text=safe%20zones"


def test_of_a_long_one_the_link_names_its_two_ends() -> None:
    words = [f"w{n}" for n in range(30)]
    link = text_link("https://a.example/1", " ".join(words))
    assert link == "https://a.example/1#:~:text=w0%20w1%20w2%20w3%20w4%20w5,w24%20w25%20w26%20w27%20w28%20w29"


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "data:text/html,x", "ftp://a.example/1"])
def test_only_pages_of_the_web_are_linked(url: str | None) -> None:
    assert text_link(url, "words") is None


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda t: 0 < len(t.split()) <= 12)
)
def test_commas_hyphens_and_ampersands_of_the_words_are_never_syntax_of_the_link(text: str) -> None:
    link = text_link("https://a.example/1", text)
    assert link is not None
    fragment = link.partition("#:~:text=")[2]
    assert not set(fragment) & set(",-&")
    assert unquote(fragment) == " ".join(text.split())
