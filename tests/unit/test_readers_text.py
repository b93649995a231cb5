"""Plain text and listing pages: articles told apart, roles, and offsets into the file."""

# ruff: noqa: E501  (samples stand as they would in a file)
from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from engine.models import Article
from engine.readers import ArticleDefaults, read_bytes

LISTINGS = Path(__file__).parent.parent / "fixtures" / "listings"
PROSE = (
    "The council of Velden has withdrawn its plan for a harbour tax, two days after the boats blocked the port.\n\n"
    "“We have listened, and we were wrong,” the mayor told reporters on the quay on Monday morning in the rain.\n\n"
    "Fishermen’s leader Karel Vohn said the withdrawal came late and that they should have been asked first.\n\n"
    "According to the weather service, gusts reached 130 kilometres an hour on the ridge above the town of Orle."
)
TITLES = (
    "Council drops harbour tax after fishermen’s protest",
    "Storm leaves thousands without power in valley",
    "New timetable divides schools of the district",
)


def articles_of(text: str | bytes, *, name: str = "page.txt") -> list[Article]:
    raw = text.encode() if isinstance(text, str) else text
    found = list(read_bytes(raw, name=name))
    assert all(isinstance(a, Article) for a in found), found
    return [a for a in found if isinstance(a, Article)]


def roles(article: Article) -> list[tuple[str, str]]:
    return [(p.role, p.span.of(article.text)) for p in article.paragraphs]


def with_role(article: Article, role: str) -> list[str]:
    return [text for r, text in roles(article) if r == role]


def test_the_articles_of_a_listing_with_bylines_are_told_apart() -> None:
    articles = articles_of((LISTINGS / "gazette.txt").read_bytes())
    assert [a.title for a in articles] == [
        "Council drops ‘harbour tax’ after fishermen’s protest",
        "Storm leaves 3,000 homes in the Orle valley without power",
        "‘Nobody asked the teachers’: new timetable divides schools",
    ]
    assert [a.published for a in articles] == ["2024-03-04", "2024-03-03", "2024-03-02"]
    assert {a.outlet for a in articles} == {None}


def test_furniture_of_a_listing_gets_its_roles() -> None:
    first, second, third = articles_of((LISTINGS / "gazette.txt").read_bytes())
    assert with_role(first, "caption") == ["Forty boats blocked the harbour entrance on Saturday (Photo: Jonas Reet)"]
    assert with_role(first, "social") == ["@VeldenPort The port is open again. All ferries run on schedule from 14:00."]
    assert with_role(first, "heading") == ["A promise until autumn"]
    assert with_role(first, "related") == ["Read also: Port of Velden posts record losses"]
    assert with_role(second, "related") == [
        "Read also",
        "Winter storms grow fiercer, study finds",
        "How to keep a house warm without power",
    ]
    assert with_role(third, "heading") == ["The district says it did ask"]
    for article in (first, second, third):
        assert {"Share this article", "Sign up for our morning newsletter"} <= set(with_role(article, "boilerplate"))


def test_a_listing_without_bylines_or_blank_lines_is_told_apart_by_its_tag_lines() -> None:
    articles = articles_of((LISTINGS / "courier.txt").read_bytes())
    assert [a.title for a in articles] == [
        "Tessia and Marrow agree to reopen border bridge",
        "Why does nobody buy the new bonds?",
        "Flood water falls in Lower Marrow.",
    ]
    assert (articles[0].outlet, articles[0].published) == ("Tessia News Agency", "2023-05-12")
    body = [text for a in articles for text in with_role(a, "body")]
    for speech in (
        "Share this burden, the minister urged the banks, or all of us will pay for it next year.",
        "Published in 1994, the last flood map of the region had shown none of these houses.",
        "By Thursday the army had built two bridges, the governor said.",
        '"Read more maps," the governor told the engineers, "before you build."',
    ):
        assert speech in body
    assert with_role(articles[0], "heading") == ['"What we want is trade, and what we have is a bridge"']
    assert len(with_role(articles[2], "social")) == 1


def test_a_listing_whose_articles_differ_in_their_furniture_is_told_apart() -> None:
    articles = articles_of((LISTINGS / "ledger.txt").read_bytes())
    assert [a.title for a in articles] == [
        "Minister resigns over dam contract",
        "Rail strike enters third week as talks collapse",
        "Heatwave: hospitals ‘at breaking point’, doctors warn",
    ]
    assert with_role(articles[0], "heading") == ["‘No winners’"]
    assert len(with_role(articles[0], "social")) == 2
    assert [a.published for a in articles] == ["2021-03-12", None, None]
    assert sum(len(with_role(a, "body")) for a in articles) == 8
    assert with_role(articles[2], "boilerplate")[-1] == "About us | Contact | Privacy"


LISTING_MANNERS = {
    "rules of signs": "\n\n=====\n\n".join(f"{t}\n\n{PROSE}" for t in TITLES),
    "bylines only": "\n\n\n".join(f"{t}\n\nBy Ana Ruiz\n\n{PROSE}" for t in TITLES),
    "category under the text": "\n\n".join(f"{t}\n\n{PROSE}\n\n  • Published in World" for t in TITLES),
    "category under the title": "\n\n".join(f"{t}\n\nAna Ruiz\n\nPosted in Politics\n\n{PROSE}" for t in TITLES),
    "blog": "\n\n".join(
        f"{t}\nPosted on March 3, 2024 by admin\n\n{PROSE}\n\nPosted in News | Tagged x, y | Leave a comment"
        for t in TITLES
    ),
    "share and sign up": "\n\n".join(
        f"{t}\n\n{PROSE}\n\nShare this article\nSign up for our newsletter" for t in TITLES
    ),
    "no blank lines": "\n".join(f"{t}\n{PROSE}\nFiled under: Politics" for t in TITLES).replace("\n\n", "\n"),
    "deck and byline": "\n\n".join(
        f"{t}\nThe deck says in one sentence what the whole story is about.\nBy Ana Ruiz | 3 March 2024\n\n{PROSE}"
        for t in TITLES
    ),
    "section name": "\n\n".join(
        f"POLITICS\n{t}\nBy ANA RUIZ, Staff Writer\n\n{PROSE}\n\nComments (12)" for t in TITLES
    ),
    "datelines": "\n\n\n".join(f"{t}\n\nHALDEN, Jan 26 (Tessia News) - {PROSE}" for t in TITLES),
    "end marks": "\n\n".join(f"{t}\n\n{PROSE}\n\n(END)" for t in TITLES),
    "tags": "\n\n".join(f"{t}\n\n{PROSE}\n\nTags: a, b, c\nShare: Facebook Twitter" for t in TITLES),
    "date lines": "\n\n".join(f"{t}\n3 March 2024, 14:30\n\n{PROSE}" for t in TITLES),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("manner", LISTING_MANNERS)
def test_listings_of_many_manners_give_each_article_with_its_title(manner: str, newline: str) -> None:
    text = LISTING_MANNERS[manner].replace("\n", newline)
    articles = articles_of(text)
    assert [a.title for a in articles] == list(TITLES)
    for article in articles:
        assert article.span is not None
        assert article.span.of(text) == article.text
    # Whatever is between two articles is white space: no word is lost.
    spans = [a.span for a in articles if a.span]
    gaps = [text[: spans[0].start], *(text[a.end : b.start] for a, b in pairwise(spans))]
    assert not "".join([*gaps, text[spans[-1].end :]]).strip()


SINGLE = {
    "section breaks": f"{TITLES[0]}\n\n{PROSE}\n\n* * *\n\n{PROSE}\n\n* * *\n\n{PROSE}",
    "many headings": f"{TITLES[0]}\n\n" + "\n\n".join(f"The harbour tax\n\n{PROSE}" for _ in range(6)),
    "long headings": f"{TITLES[0]}\n\n" + "\n\n".join(f"{t}\n\n{PROSE}" for t in TITLES * 3),
    "headings under rules": f"{TITLES[0]}\n\n{PROSE}\n\n---\n\nBackground\n\n{PROSE}\n\n---\n\nOutlook\n\n{PROSE}",
    "share lines above and below": f"{TITLES[0]}\n\nShare this article\n\n{PROSE}\n\nShare this article",
    "a share line in the middle": f"{TITLES[0]}\n\n{PROSE}\n\nShare this article\n\nWhat the fishermen want from the town\n\n"
    f"{PROSE}\n\nShare this article",
    "byline and category": f"{TITLES[0]}\n\nBy Ana Ruiz\nMarch 3, 2024\n\n{PROSE}\n\nSign up for our newsletter\n\n"
    f"What the council says now\n\n{PROSE}\n\nPublished in Politics\nComments (3)",
    "an interview": f"{TITLES[0]}\n\nBy Ana Ruiz\n\n"
    + "\n\n".join(f"Why did you wait?\n\n{p}" for p in PROSE.split("\n\n")),
    "wide gaps": f"{TITLES[0]}\n\n\n\n{PROSE}\n\n\n\n\n{PROSE}",
    "no title": PROSE,
}


@pytest.mark.parametrize("shape", SINGLE)
def test_one_article_stays_one(shape: str) -> None:
    (article,) = articles_of(SINGLE[shape])
    assert article.title == (None if shape == "no title" else TITLES[0])
    assert set(PROSE.split("\n\n")) <= set(with_role(article, "body"))


def test_the_dateline_names_the_agency_and_no_year_is_guessed() -> None:
    (article,) = articles_of(f"{TITLES[0]}\n\nDamascus, Feb 2 (Tessia News) The council met. {PROSE}")
    assert (article.outlet, article.published) == ("Tessia News", None)


def test_what_the_input_states_outranks_the_defaults() -> None:
    raw = f"{TITLES[0]}\n\nHALDEN, 12 May 2023 (Tessia News) - {PROSE}".encode()
    defaults = ArticleDefaults(outlet="Gazette", published="2001-01-01", url="https://a.example/1", language="en")
    (article,) = read_bytes(raw, name="a.txt", defaults=defaults)
    assert isinstance(article, Article)
    assert (article.outlet, article.published, article.url, article.language) == (
        "Tessia News", "2023-05-12", "https://a.example/1", "en",
    )  # fmt: skip


def test_the_articles_of_a_listing_do_not_share_one_given_url() -> None:
    raw = LISTING_MANNERS["bylines only"].encode()
    articles = list(read_bytes(raw, name="a.txt", defaults=ArticleDefaults(url="https://a.example/")))
    assert len({a.id for a in articles if isinstance(a, Article)}) == 3


def test_text_wrapped_at_a_fixed_width_has_its_paragraphs() -> None:
    wrapped = (
        "The council of Velden has withdrawn its plan for a harbour tax, two days\n"
        "after forty boats blocked the entrance of the port and nobody could get\n"
        "in or out.\n\n"
        "“We have listened, and we were wrong,” Mayor Ottilie Brandt told reporters\n"
        "on the quay, where the boats had been lying since the early morning of\n"
        "Saturday.\n"
    )
    (article,) = articles_of(wrapped)
    assert [r for r, _ in roles(article)] == ["body", "body"]
