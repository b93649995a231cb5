"""HTML pages: fictional articles in the structures of many publishing systems, each with what a reader would see."""

# ruff: noqa: E501  (samples stand as they would in a file)
from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.models import Article, Skipped
from engine.readers import ArticleDefaults, read_bytes

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
NAMES = sorted(p.stem for p in PAGES.glob("*.html"))


def read_page(html: str | bytes, **defaults: str) -> Article:
    raw = html.encode() if isinstance(html, str) else html
    (article,) = read_bytes(raw, name="page.html", defaults=ArticleDefaults(**defaults))
    assert isinstance(article, Article), article
    return article


def texts(article: Article, role: str) -> list[str]:
    return [p.span.of(article.text) for p in article.paragraphs if p.role == role]


def test_there_are_enough_pages_to_speak_of() -> None:
    assert len(NAMES) >= 15


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_its_title_facts_and_paragraphs(name: str) -> None:
    wanted = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    article = read_page((PAGES / f"{name}.html").read_bytes())
    facts = {k: getattr(article, k) for k in ("title", "published", "outlet", "url", "language")}
    assert facts == {k: wanted[k] for k in facts}
    assert texts(article, "body") == wanted["paragraphs"]
    assert texts(article, "title") == [article.title]
    assert article.span is None


P = (
    "<p>The council of Velden has withdrawn its plan for a harbour tax, two days after the boats blocked the port.</p>"
    "<p>Fishermen’s leader Karel Vohn said the withdrawal came late and that they should have been asked first.</p>"
    "<p>According to the weather service, gusts reached 130 kilometres an hour on the ridge above Orle.</p>"
)


@pytest.mark.parametrize(
    ("stated", "site"),
    [
        ("Council drops tax after protest | Gazette", "Gazette"),
        ("Council drops tax after protest - The Gazette", "Gazette"),
        ("Gazette: Council drops tax after protest", "Gazette"),
        ("Gazette – Council drops tax after protest", "Gazette"),
        ("Council drops tax after protest - World - Gazette", "Gazette"),
        ("Council drops tax after protest | World | gazette.example", ""),
    ],
)
def test_the_sites_name_is_no_part_of_the_title(stated: str, site: str) -> None:
    page = f'<html><head><title>{stated}</title><meta property="og:site_name" content="{site}"></head><body><article>{P}</article></body></html>'
    title = read_page(page).title or ""
    assert title in ("Council drops tax after protest", "Council drops tax after protest - World")


def test_a_dash_or_colon_that_belongs_to_the_title_stays() -> None:
    for title in ("Attack on Donetsk violates convention – Russia", "Lavrov: zones possible if Damascus agrees"):
        page = f'<html><head><title>{title} | Gazette</title><meta property="og:site_name" content="Gazette"></head><body><article>{P}</article></body></html>'
        assert read_page(page).title == title


def test_the_pages_own_date_and_offset_are_kept() -> None:
    page = (
        '<html><head><meta property="article:published_time" content="2024-03-01T23:30:00Z">'
        '<meta property="article:modified_time" content="2024-03-09T10:00:00Z"></head><body><article><h1>Council drops tax</h1>'
        f'<time itemprop="datePublished" datetime="2024-03-02T01:30:00+02:00">2 March</time>{P}</article></body></html>'
    )
    assert read_page(page).published == "2024-03-02T01:30:00+02:00"


@pytest.mark.parametrize("line", ["2 March", "03/04/2024", "Copyright 2024", "Updated: 9 March 2024"])
def test_a_day_that_is_not_plain_is_no_date(line: str) -> None:
    assert (
        read_page(f"<html><body><h1>Council drops tax</h1><div class='date'>{line}</div>{P}</body></html>").published
        is None
    )


def test_a_relative_canonical_needs_an_address_to_stand_on() -> None:
    page = (
        f'<html><head><link rel="canonical" href="/news/tax"></head><body><h1>Council drops tax</h1>{P}</body></html>'
    )
    assert read_page(page).url is None
    assert read_page(page, url="https://gazette.example/old").url == "https://gazette.example/news/tax"


def test_quotations_between_paragraphs_are_never_lost() -> None:
    quotes = ["“No.”", "«Nous avons écouté.»", "“We were wrong,” the mayor said.", "'It is over,' she said."]
    for quote in quotes:
        for shape in (
            "<p>{}</p>",
            "<blockquote>{}</blockquote>",
            "<blockquote class='quote'><p>{}</p></blockquote>",
            "<div>{}</div>",
        ):
            page = f"<html><body><article><h1>Council drops tax</h1>{P}{shape.format(quote)}{P.replace('Orle', 'Halden')}</article></body></html>"
            assert quote in texts(read_page(page), "body"), (quote, shape)


def test_a_page_without_an_article_is_skipped_with_its_reason() -> None:
    for page in ("<html><body></body></html>", "<html><body><nav><a href='/'>Home</a></nav></body></html>"):
        (skipped,) = read_bytes(page.encode(), name="a.html")
        assert isinstance(skipped, Skipped)
        assert "no article text" in skipped.reason or "no words" in skipped.reason or "no page" in skipped.reason


def test_markup_and_scripts_never_reach_the_text() -> None:
    page = f"<html><body><article><h1>Council drops tax</h1>{P}<p>He said <script>alert(1)</script><style>p{{}}</style>&lt;b&gt; is a tag, and left.</p></article></body></html>"
    article = read_page(page)
    assert "alert" not in article.text
    assert "He said <b> is a tag, and left." in texts(article, "body")


def test_a_page_nested_thousands_deep_is_read() -> None:
    page = f"<html><body>{'<div>' * 3_000}{P}"
    found = list(read_bytes(page.encode(), name="a.html"))
    assert len(found) == 1


def test_what_of_a_page_is_no_article_text_is_counted_and_named() -> None:
    page = f"<html><body><nav><a href='/'>Home of the paper</a></nav><article><h1>Council drops tax</h1>{P}</article><div class='comments'><p>What a shame.</p></div></body></html>"
    article = read_page(page)
    assert article.omitted is not None
    assert article.omitted.samples == ("Home of the paper", "What a shame.")
    assert (article.omitted.blocks, article.omitted.words) == (2, 7)
    assert read_page(f"<html><body><h1>Council drops tax</h1>{P}</body></html>").omitted is None


def test_paragraphs_of_a_page_whose_elements_are_never_closed_are_all_there() -> None:
    said = "".join(
        f"<font size=2><p>“Harbour {i} is closed,” the mayor of the town said on Monday." for i in range(300)
    )
    assert len(texts(read_page(f"<html><body><h1>Harbours close one by one</h1>{said}</body></html>"), "body")) == 300


def test_a_page_nested_beyond_the_parsers_reach_says_that_something_is_missing() -> None:
    page = f"<html><body><article>{P}</article>{'<div>' * 2_100}<p>“Never,” she said.</p></body></html>"
    article, skipped = read_bytes(page.encode(), name="a.html")
    assert isinstance(article, Article)
    assert isinstance(skipped, Skipped)
    assert "could not be read" in skipped.reason
