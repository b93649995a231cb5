"""The schema.org data that a page carries in JSON-LD scripts, as far as readers use it.

Real pages hold arrays, @graph, several types, comments, stray control characters and broken JSON; what cannot be read
is left aside, for every fact has another place to come from.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml.html import HtmlElement

_ARTICLE_TYPES = re.compile(r"(?:Article|Posting|Report|Review|Reportage|NewsItem)$")
_CLUTTER = re.compile(
    r"^\s*(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/|<!\[CDATA\[)|(?:-->|//\]\]>|/\*\]\]>\*/|\]\]>|;)\s*$"
)

MOST_NODES = 2_000
"""Nodes looked at; comment threads can fill a page's data with more."""


def nodes_of(root: HtmlElement) -> list[dict[str, Any]]:
    """All typed nodes of all scripts, outermost first."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = _CLUTTER.sub("", _CLUTTER.sub("", script.text_content()))
        try:
            loaded = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            try:
                loaded = json.loads(re.sub(r",\s*([}\]])", r"\1", text), strict=False)
            except (ValueError, RecursionError):
                continue
        for node in _typed(loaded):
            found.append(node)
            if len(found) >= MOST_NODES:
                return found
    return found


def _typed(loaded: Any) -> Iterator[dict[str, Any]]:
    queue: list[Any] = [loaded]
    while queue:
        value = queue.pop(0)
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            if "@type" in value:
                yield value
            queue.extend(
                v
                for k, v in value.items()
                if k in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart")
                and isinstance(v, list | dict)
            )


def types_of(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)]


def article_node(nodes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The node of the page's article: the first of an article type that has a headline or a date."""
    articles = [n for n in nodes if any(_ARTICLE_TYPES.search(t) for t in types_of(n))]
    full = [n for n in articles if text_in(n, "headline") or text_in(n, "name")]
    dated = [n for n in full if text_in(n, "datePublished")]
    for choice in (dated, full, articles):
        if choice:
            return choice[0]
    pages = [n for n in nodes if "WebPage" in types_of(n) and text_in(n, "datePublished")]
    return pages[0] if pages else {}


def text_in(node: dict[str, Any], field: str) -> str | None:
    """A field's text, whether given as string, list or {"@value"}; entities resolved."""
    value = node.get(field)
    if isinstance(value, list):
        value = next((v for v in value if isinstance(v, str | dict)), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("@id")
    if not isinstance(value, str) or not value.strip():
        return None
    return html.unescape(value).strip()


def publisher_of(node: dict[str, Any], nodes: Sequence[dict[str, Any]]) -> str | None:
    """The publisher's name, followed through an @id where the node only points at it."""
    publisher = node.get("publisher")
    if isinstance(publisher, list) and publisher:
        publisher = publisher[0]
    if isinstance(publisher, str):
        publisher = {"@id": publisher} if "/" in publisher else {"name": publisher}
    if isinstance(publisher, dict):
        name = text_in(publisher, "name")
        if name:
            return name
        target = publisher.get("@id")
        for other in nodes:
            if target and other.get("@id") == target and text_in(other, "name"):
                return text_in(other, "name")
    return None


def bodies_of(nodes: Sequence[dict[str, Any]]) -> str:
    """All article text that the data repeats, posts of a live blog too: evidence for what is body on the page."""
    bodies: list[str] = []
    for node in nodes:
        updates = node.get("liveBlogUpdate")
        for part in [node, *(updates if isinstance(updates, list) else [])]:
            if isinstance(part, dict) and (body := text_in(part, "articleBody")):
                bodies.append(body)
    return "\n\n".join(bodies)
