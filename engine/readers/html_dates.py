"""When a page was published, from its JSON-LD, meta elements, markup, date lines and address, in this order."""

# ruff: noqa: E501  (word lists and patterns read better unbroken)
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml.html import HtmlElement, tostring

from engine.furniture import furniture_of
from engine.readers.dateline import header_day
from engine.readers.dates import best_date, iso_date, url_day
from engine.readers.html_page import Page, first_of
from engine.readers.html_title import key
from engine.readers.json_ld import text_in

_PUBLISHED = (
    "article:published_time", "article:published", "og:published_time", "datepublished", "date_published", "publish-date", "publish_date", "publishdate", "pubdate",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "published_at", "publication_date", "article.published", "article_date_original", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dcterms.date", "dc.date", "dc.date.created", "originalpublicationdate", "citation_publication_date", "rnews:datepublished", "shareaholic:article_published_time",
    "og:article:published_time", "og:pubdate", "article:create_at", "date", "created", "article.created", "displaydate",
)  # fmt: skip
"""Names of meta elements that say when a page was published, surest first."""

_DATE_CLASS = re.compile(r"date|time|publi|posted|created|byline|meta|stamp", re.IGNORECASE)
_CHANGED = re.compile(r"modif|updat|revis|edited", re.IGNORECASE)
_DAY_IN_WORDS = re.compile(
    r"\b\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d{2}\b|\b[^\W\d_]{3,12}\.?\s+\d{1,2},\s+(?:19|20)\d{2}\b"
)

LONGEST_DATE_LINE = 14
"""Words. "Published by X on 12 May 2023 at 18:04" is a date line; a sentence that mentions a day is not."""


def published_on(page: Page, node: dict[str, Any], title: str | None, url: str | None) -> str | None:
    stated = [text_in(node, "datePublished"), *first_of(page.metas, _PUBLISHED), *_marked_dates(page)]
    dates = [d for raw in stated if (d := iso_date(raw))]
    if not dates:
        dates = [d for d in (iso_date(text_in(node, "dateCreated")), _printed_date(page, title), url_day(url)) if d]
    if not dates and (found := _found_by_htmldate(page)):
        dates = [found]
    return best_date(dates)


def _marked_dates(page: Page) -> Iterator[str]:
    """Dates in the page's markup: itemprop first, then time elements that do not speak of a change."""
    for element in page.root.iter():
        if isinstance(element.tag, str) and "datepublished" in (element.get("itemprop") or "").lower().split():
            yield element.get("datetime") or element.get("content") or element.text_content()
    times = [
        t
        for t in page.root.iter("time")
        if not _CHANGED.search(
            f"{t.get('class')} {t.get('itemprop')} {(t.getparent().get('class') if t.getparent() is not None else '')}"
        )
    ]
    sure = [
        t
        for t in times
        if t.get("pubdate") is not None or re.search(r"publi|entry-date", f"{t.get('class')}", re.IGNORECASE)
    ]
    # Only one, or the first below the title: later ones belong to comments and teasers.
    for element in (*sure, *_near_title(page, times)):
        before = (
            element.getprevious().text_content()
            if element.getprevious() is not None and isinstance(element.getprevious().tag, str)
            else ""
        ) or ""
        parent = element.getparent()
        lead = (parent.text or "") if parent is not None else ""
        if not _CHANGED.search(f"{lead[-40:]} {before[-40:]} {element.text_content()[:60]}"):
            yield element.get("datetime") or element.text_content()


def _near_title(page: Page, times: Sequence[HtmlElement]) -> list[HtmlElement]:
    """The time elements that share a container with the page's main heading, nearest container first."""
    heading = next((e for e in page.root.iter("h1")), None)
    if heading is None:
        return list(times[:1]) if len(times) == 1 else []
    for container in heading.iterancestors():
        inside = [t for t in times if container in t.iterancestors()]
        if inside:
            return inside[:2]
    return []


def _printed_date(page: Page, title: str | None) -> str | None:
    """A full date printed by the title: in a date line or byline, or in an element named for it."""
    start = next((i for i, b in enumerate(page.blocks) if title and key(b.text) == key(title)), 0)
    for block in [*page.blocks[start : start + 12], *page.blocks[max(0, start - 4) : start]]:
        if len(block.text) > 200 or _CHANGED.match(block.text):
            continue
        named = any(
            _DATE_CLASS.search(f"{e.get('class')} {e.get('id')} {e.get('itemprop')}") for e in block.ancestors[-3:]
        )
        if named or furniture_of(block.text) in ("date", "byline", "category"):
            found = header_day(block.text) or iso_date(block.text)
            if found:
                return found
        for match in _DAY_IN_WORDS.finditer(block.text if _is_date_line(block.text) else ""):
            if found := iso_date(match[0]):
                return found
    return None


def _is_date_line(text: str) -> bool:
    return len(text.split()) <= LONGEST_DATE_LINE and not text.rstrip().endswith((".", "”", '"', "?", "!"))


def _found_by_htmldate(page: Page) -> str | None:
    """What htmldate reads from markup this reader does not know, if the page states that day in a form of one meaning.

    Its search of the prose is off and a bare 03/04/2024 does not count: those are guesses.
    """
    from htmldate import find_date

    day = iso_date(find_date(page.root, original_date=True, extensive_search=False, outputformat="%Y-%m-%d"))
    if day is None:
        return None
    year, month, number = day.split("-")
    source = tostring(page.root, encoding="unicode")
    if re.search(rf"\b{year}(?P<mark>[-/]?){month}(?P=mark){number}", source):
        return day
    printed = (
        m[0] for b in page.blocks if not _CHANGED.search(b.text[:60]) for m in _DAY_IN_WORDS.finditer(b.text[:400])
    )
    return day if any(iso_date(words) == day for words in printed) else None
