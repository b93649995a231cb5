"""RSS and Atom: each entry an article. Nothing is ever fetched."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from typing import Any

from engine.models import Article, ParagraphRole, Skipped
from engine.readers.article import ArticleDefaults, Facts
from engine.readers.dates import iso_date
from engine.readers.html_blocks import Block, blocks, parse
from engine.readers.html_facts import language_code
from engine.readers.html_roles import article_from_blocks, block_roles


def read_feed(text: str, *, name: str, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    """The articles of a decoded feed, in its order; an entry without words is skipped by its number."""
    import feedparser

    # As a stream: given a bare string, feedparser would open it as an address or file if it looked like one.
    feed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    outlet = _words(feed.feed.get("title"))
    language = language_code(feed.feed.get("language"))
    if not feed.entries:
        reason = (
            f"a feed that cannot be read: {feed.get('bozo_exception')}"
            if feed.get("bozo")
            else "a feed without entries"
        )
        yield Skipped(name, reason)
    shared = ArticleDefaults(defaults.outlet, defaults.published, None, defaults.language)
    for number, entry in enumerate(feed.entries, 1):
        title = _words(entry.get("title"))
        chosen, found = _paragraphs(entry, title)
        if not chosen:
            yield Skipped(name, f"entry {number} has no text" + (f": {title[:80]}" if title else ""))
            continue
        facts = Facts(
            title=title,
            url=_link(entry),
            outlet=_words(entry.get("source", {}).get("title")) or outlet,
            published=iso_date(entry.get("published")) or iso_date(entry.get("created")),
            language=language_code(entry.get("language")) or language,
        )
        yield article_from_blocks(chosen, facts, name=name, defaults=shared, found=found)


def _words(markup: str | None) -> str | None:
    """The words of a title, which feeds give as text or as HTML."""
    if not markup or not markup.strip():
        return None
    if "<" in markup and (root := parse(markup)) is not None:
        markup = root.text_content()
    return " ".join(html.unescape(markup).split()) or None


def _link(entry: Any) -> str | None:
    link = entry.get("link") or ""
    if link.startswith(("http://", "https://")):
        return str(link)
    guid = entry.get("id") or ""
    return guid if guid.startswith(("http://", "https://")) else None


def _paragraphs(entry: Any, title: str | None) -> tuple[list[tuple[str, ParagraphRole]], list[Block]]:
    """The fullest of the entry's texts, content before summary, and the blocks it was chosen from."""
    texts = [part.get("value") or "" for part in entry.get("content", [])] + [entry.get("summary") or ""]
    for markup in texts:
        root = parse(f"<div>{markup}</div>") if markup.strip() else None
        if root is not None and any(c.isalnum() for c in root.text_content()):
            found = blocks(root)
            chosen = block_roles(found, title)
            if any(role == "body" for _, role in chosen):
                return chosen, found
    return [], []
