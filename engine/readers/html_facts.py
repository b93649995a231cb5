"""Title, date, outlet, url and language of a page, from JSON-LD, meta elements and the page itself."""

# ruff: noqa: E501  (word lists and patterns read better unbroken)
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from engine.furniture import word_set
from engine.paragraphs import may_be_title
from engine.readers.article import ArticleDefaults, Facts
from engine.readers.html_dates import published_on
from engine.readers.html_page import Page, first_of
from engine.readers.html_title import choose_title, key, site_keys
from engine.readers.json_ld import article_node, publisher_of, text_in, types_of

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
_LANGUAGE = re.compile(r"^([A-Za-z]{2,3})(?:[-_].*)?$")


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
        published=published_on(page, node, title, url or defaults.url),
        language=_language(page, node, title),
    )


def _url(page: Page, node: dict[str, Any], given: str | None) -> str | None:
    """The canonical address; a relative one needs another address to stand on, or it is no address."""
    canonical = [e.get("href") for e in page.root.iter("link") if "canonical" in (e.get("rel") or "").lower().split()]
    stated = [
        *canonical,
        *first_of(page.metas, ("og:url", "twitter:url")),
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
    for name in (
        *first_of(page.metas, _OUTLETS[:1]),
        publisher_of(node, page.nodes),
        *first_of(page.metas, _OUTLETS[1:]),
    ):
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
        [outlet, publisher_of(node, page.nodes), *first_of(page.metas, _OUTLETS), *(text_in(n, "name") for n in named)],
        url,
    )
    stated = [text_in(node, "headline"), *first_of(page.metas, _TITLES), text_in(node, "name"), _document_title(page)]
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


def _language(page: Page, node: dict[str, Any], title: str | None) -> str | None:
    """The primary language code in lower case, as filters use it ("en" for "en-GB").

    An element around the title knows better than the page: sites show articles in other languages than their own.
    """
    around = next((b.ancestors for b in page.blocks if b.is_heading and title and key(b.text) == key(title)), ())
    of_article = next((e.get("lang") for e in reversed(around[1:]) if e.get("lang")), None)
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
        of_article,
        of_html,
        text_in(node, "inLanguage"),
        *first_of(page.metas, ("content-language", "dc.language", "language", "og:locale")),
    ):
        if code := language_code(raw):
            return code
    return None


def language_code(raw: str | None) -> str | None:
    match = _LANGUAGE.match((raw or "").strip())
    return match[1].lower() if match else None
