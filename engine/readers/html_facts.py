"""Title, date, outlet, url and language of a page, from JSON-LD, meta elements and the page itself."""

# ruff: noqa: E501  (word lists and patterns read better unbroken)
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from engine.furniture import furniture_of, word_set
from engine.paragraphs import may_be_title
from engine.readers.article import ArticleDefaults, Facts
from engine.readers.dateline import header_day
from engine.readers.dates import best_date, iso_date, url_day
from engine.readers.html_blocks import Block
from engine.readers.html_title import choose_title, key, site_keys
from engine.readers.json_ld import article_node, publisher_of, text_in, types_of

_PUBLISHED = (
    "article:published_time", "article:published", "og:published_time", "datepublished", "date_published", "publish-date", "publish_date", "publishdate", "pubdate",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "published_at", "publication_date", "article.published", "article_date_original", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dcterms.date", "dc.date", "dc.date.created", "originalpublicationdate", "citation_publication_date", "rnews:datepublished", "shareaholic:article_published_time",
    "og:article:published_time", "og:pubdate", "article:create_at", "date", "created", "article.created", "displaydate",
)  # fmt: skip
"""Names of meta elements that say when a page was published, surest first."""

_TITLES = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "title",
    "citation_title",
    "headline",
)
_TITLE_NAMES = word_set(
    """
    headline entry-title post-title article-title articletitle story-title page-title contentheading
    article__title article-headline
    """
)
_OUTLETS = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "dcterms.publisher",
    "copyright-holder",
    "cre",
    "source-name",
)
_DATE_CLASS = re.compile(r"date|time|publi|posted|created|byline|meta|stamp", re.IGNORECASE)
_CHANGED = re.compile(r"modif|updat|revis|edited", re.IGNORECASE)
_LANGUAGE = re.compile(r"^([A-Za-z]{2,3})(?:[-_].*)?$")

_DAY_IN_WORDS = re.compile(
    r"\b\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d{2}\b|\b[^\W\d_]{3,12}\.?\s+\d{1,2},\s+(?:19|20)\d{2}\b"
)

LONGEST_DATE_LINE = 14
"""Words. "Published by X on 12 May 2023 at 18:04" is a date line; a sentence that mentions a day is not."""

Metas = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page and what it says about itself in machine-readable form."""

    root: HtmlElement
    blocks: Sequence[Block]
    nodes: Sequence[dict[str, Any]]
    metas: Metas


def metas_of(root: HtmlElement) -> Metas:
    """Contents of meta elements by lower-case name, property, itemprop or http-equiv."""
    found: Metas = {}
    for meta in root.iter("meta"):
        content = (meta.get("content") or meta.get("value") or "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, []).append(content)
    return found


def _first(metas: Metas, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from metas.get(name, ())[:1]


def facts_of(page: Page, *, defaults: ArticleDefaults) -> Facts:
    """What the page states; None for what it does not."""
    node = article_node(page.nodes)
    url = _url(page, node, defaults.url)
    outlet = _outlet(page, node)
    title = _title(page, node, outlet, url or defaults.url)
    return Facts(
        title=title,
        url=url,
        outlet=outlet,
        published=_published(page, node, title, url or defaults.url),
        language=_language(page, node),
    )


def _url(page: Page, node: dict[str, Any], given: str | None) -> str | None:
    """The canonical address; a relative one needs another address to stand on, or it is no address."""
    canonical = [e.get("href") for e in page.root.iter("link") if "canonical" in (e.get("rel") or "").lower().split()]
    stated = [
        *canonical,
        *_first(page.metas, ("og:url", "twitter:url")),
        text_in(node, "url"),
        text_in(node, "mainEntityOfPage"),
        text_in(node, "@id"),
    ]
    bases = [e.get("href") for e in page.root.iter("base")]
    absolute = [u.strip() for u in (*stated, *bases, given) if u and re.match(r"\s*https?://[^/\s]+", u)]
    found: list[str] = []
    for address in stated:
        address = (address or "").strip()
        if not address or any(c.isspace() for c in address) or address.startswith(("#", "javascript:", "data:")):
            continue
        full = urljoin(absolute[0], address) if absolute else address
        if _is_address(full):
            found.append(full)
    # A canonical that points at the front page is a slip of the site when another address names the page.
    return next((u for u in found if urlsplit(u).path.strip("/")), found[0] if found else None)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _outlet(page: Page, node: dict[str, Any]) -> str | None:
    for name in (*_first(page.metas, _OUTLETS[:1]), publisher_of(node, page.nodes), *_first(page.metas, _OUTLETS[1:])):
        if name and 1 < len(name.strip()) <= 80 and not name.strip().startswith(("http", "@")):
            return " ".join(name.split())
    for other in page.nodes:
        if set(types_of(other)) & {"NewsMediaOrganization", "WebSite"} and (name := text_in(other, "name")):
            return " ".join(name.split())
    return None


def _document_title(page: Page) -> str | None:
    title = next(page.root.iter("title"), None)
    return " ".join(title.text_content().split()) if title is not None else None


def _title(page: Page, node: dict[str, Any], outlet: str | None, url: str | None) -> str | None:
    named = [n for n in page.nodes if set(types_of(n)) & {"WebSite", "Organization", "NewsMediaOrganization"}]
    sites = site_keys(
        [outlet, publisher_of(node, page.nodes), *_first(page.metas, _OUTLETS), *(text_in(n, "name") for n in named)],
        url,
    )
    stated = [text_in(node, "headline"), *_first(page.metas, _TITLES), text_in(node, "name"), _document_title(page)]
    return choose_title(_headings(page, [t for t in stated if t]), stated, sites)


def _headings(page: Page, stated: Sequence[str]) -> list[str]:
    """The page's main headings: h1, else what is named as a title, else what the stated titles repeat, else the first heading."""
    headings = [b.text for b in page.blocks if b.tag == "h1"]
    if headings:
        return headings
    named = [b.text for b in page.blocks if any(_named_title(e) for e in b.ancestors[-2:])]
    keys = [key(t) for t in stated]
    repeated = [
        b.text
        for b in page.blocks[:60]
        if any(len(k) > 12 and (n := key(b.text)) in k and len(n) * 5 >= len(k) * 3 for k in keys)
    ]
    first = [b.text for b in page.blocks if b.is_heading and may_be_title(b.text)][:1]
    return named or repeated or ([] if keys else first)


def _named_title(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower().split()
    return bool(_TITLE_NAMES.intersection(names))


def _published(page: Page, node: dict[str, Any], title: str | None, url: str | None) -> str | None:
    stated = [text_in(node, "datePublished"), *_first(page.metas, _PUBLISHED), *_marked_dates(page)]
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
    """What htmldate reads from markup this reader does not know. Its search of the prose is off: that guesses."""
    from htmldate import find_date

    return iso_date(find_date(page.root, original_date=True, extensive_search=False, outputformat="%Y-%m-%d"))


def _language(page: Page, node: dict[str, Any]) -> str | None:
    """The primary language code in lower case, as filters use it ("en" for "en-GB")."""
    html_element = next(page.root.iter("html"), None)
    of_html = (
        (
            html_element.get("lang")
            or html_element.get("{http://www.w3.org/XML/1998/namespace}lang")
            or html_element.get("xml:lang")
        )
        if html_element is not None
        else None
    )
    for raw in (
        of_html,
        text_in(node, "inLanguage"),
        *_first(page.metas, ("content-language", "dc.language", "language", "og:locale")),
    ):
        if code := language_code(raw):
            return code
    return None


def language_code(raw: str | None) -> str | None:
    match = _LANGUAGE.match((raw or "").strip())
    return match[1].lower() if match else None
