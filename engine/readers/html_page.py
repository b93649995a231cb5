"""A parsed page and what it says about itself in machine-readable form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from engine.readers.html_blocks import Block

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


def first_of(metas: Metas, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from metas.get(name, ())[:1]
