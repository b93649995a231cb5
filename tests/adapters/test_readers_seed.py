"""The listing page the project began with: eight articles, every paragraph's role. Skipped where the page is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.models import Article
from engine.readers import read_paths

SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).parents[3] / "shared")
FEED = SHARED / "seed" / "feed.txt"

pytestmark = pytest.mark.skipif(not FEED.is_file(), reason="the seed page is not here (set ONRECORD_SHARED)")

PARAGRAPHS = {
    # headings, captions, posts, related, boilerplate, body
    "US-Russia cooperation": (2, 1, 1, 2, 1, 13),
    "Kiev’s ‘barbaric’ attack": (0, 1, 2, 0, 1, 13),
    "Syrian Army Takes Control": (0, 0, 0, 0, 1, 5),
    "Ukraine plans NATO referendum": (0, 1, 1, 2, 1, 20),
    "Lavrov: Syria ‘safe zones’": (0, 0, 0, 1, 1, 11),
    "‘UN’s inactivity is unacceptable’": (0, 0, 0, 0, 1, 10),
    "Russia Calls on the USA": (0, 0, 0, 0, 1, 10),
    "‘Dealing with enemies": (3, 2, 1, 0, 2, 20),
}


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [a for a in read_paths([FEED]) if isinstance(a, Article)]


def test_the_page_gives_its_eight_articles(articles: list[Article]) -> None:
    assert len(articles) == 8
    assert [a.outlet for a in articles] == [None, None, "Prensa Latina", None, None, None, "Prensa Latina", None]
    assert {a.published for a in articles} == {None}


def test_every_paragraph_has_the_role_read_by_eye(articles: list[Article]) -> None:
    roles = ("heading", "caption", "social", "related", "boilerplate", "body")
    for title, wanted in PARAGRAPHS.items():
        (article,) = [a for a in articles if (a.title or "").startswith(title)]
        assert tuple(sum(p.role == role for p in article.paragraphs) for role in roles) == wanted, title


def test_the_articles_are_slices_that_leave_no_word_out(articles: list[Article]) -> None:
    text = FEED.read_bytes().decode("utf-8")
    end = 0
    for article in articles:
        assert article.span is not None
        assert article.span.of(text) == article.text
        assert not text[end : article.span.start].strip()
        end = article.span.end
    assert not text[end:].strip()
