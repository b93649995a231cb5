"""Roles of a page's blocks, and the article's text made of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement as Element

from engine.furniture import furniture_of
from engine.models import Article, Omitted, Paragraph, ParagraphRole, Span
from engine.paragraphs import is_display, word_count
from engine.readers.article import ArticleDefaults, Facts, build_article
from engine.readers.html_blocks import Block
from engine.readers.html_title import key
from engine.text import plain

FINISHED = re.compile(r"[.!?:;…。！？؟।][\"')\]»\s]*$|[,;]\"$")

HINT_OVERRULED = 0.3
"""Share of the extracted words below an element from which its class name is about the article, not about a box."""

LONGEST_LABEL_WORDS = 3
"""Words of an unfinished block that is a label when it stands at an edge of the article."""

PULL_QUOTE_REACH = 12
"""Blocks. A pull quote stands near the paragraph it is taken from."""

LONGEST_SIGNATURE_WORDS = 12
"""Words of the name and office under a pull quote."""

SAMPLES, SAMPLE_LENGTH = 50, 80
"""Blocks left out that are named, and characters of each: a page has about thirty, a broken one thousands."""

ASIDES: frozenset[ParagraphRole] = frozenset({"related", "caption", "social"})


def article_from_blocks(
    chosen: Sequence[tuple[str, ParagraphRole]],
    facts: Facts,
    *,
    name: str,
    defaults: ArticleDefaults,
    found: Sequence[Block] = (),
) -> Article:
    """One text of the chosen blocks, the title first, an empty line between two. `found` are all blocks of the page."""
    parts = [*([(facts.title, "title")] if facts.title else []), *chosen]
    pieces: list[str] = []
    paragraphs: list[Paragraph] = []
    at = 0
    for words, role in parts:
        paragraphs.append(Paragraph(Span(at, at + len(words)), role))  # type: ignore[arg-type]
        pieces.append(words)
        at += len(words) + 2
    text, omitted = "\n\n".join(pieces), _omitted(found, [words for words, _ in parts])
    return build_article(text, tuple(paragraphs), facts, name=name, defaults=defaults, omitted=omitted)


def _omitted(found: Sequence[Block], taken: Sequence[str]) -> Omitted | None:
    """The blocks whose words the article's text does not show."""
    shown = {key(words) for words in taken}
    left = [block.text for block in found if (name := key(block.text)) and name not in shown]
    if not left:
        return None
    samples = tuple(text[:SAMPLE_LENGTH] for text in left[:SAMPLES])
    return Omitted(len(left), sum(word_count(text) for text in left), samples)


def active_hints(found: Sequence[Block], weights: dict[int, int]) -> dict[int, ParagraphRole]:
    """For each block the role its surroundings give it.

    A hint on an element that holds much of the article is void, and so is a word that stands over much of it in many
    elements: page builders call every paragraph a "widget".
    """
    limit = HINT_OVERRULED * max(sum(weights.values()), 1)
    below: Counter[Element | str] = Counter()
    for i, weight in weights.items():
        for name in {h.element for h in found[i].hints} | {h.token for h in found[i].hints}:
            below[name] += weight
    active: dict[int, ParagraphRole] = {}
    for i, block in enumerate(found):
        valid = [
            h.role for h in block.hints if h.token == "figcaption" or max(below[h.element], below[h.token]) < limit
        ]
        if valid:
            active[i] = valid[-1]
    return active


def role_by_wording(text: str) -> ParagraphRole | None:
    mark = furniture_of(text)
    if mark is None:
        return None
    return {
        "related": "related",
        "related-label": "related",
        "post": "social",
        "post-head": "social",
        "signature": "social",
        "caption": "caption",
    }.get(mark, "boilerplate")  # type: ignore[return-value]


def roles_of_blocks(
    found: Sequence[Block], chosen: Sequence[int], active: dict[int, ParagraphRole], title: str | None
) -> list[tuple[str, ParagraphRole]]:
    """Roles of the chosen blocks. The title comes first by itself; pure chrome is left out of the text."""
    result: list[tuple[str, ParagraphRole]] = []
    seen: set[str] = set()
    pulled: Block | None = None
    for place, i in enumerate(chosen):
        block = found[i]
        name = key(block.text)
        if title and name == key(title) and (block.is_heading or not result):
            continue
        role = role_by_wording(block.text) or active.get(i) or ("heading" if _is_heading(block) else "body")
        if role == "body" and block.linked > 0.9 and not FINISHED.search(plain(block.text)):
            role = "related"
        early = not any(r in ("body", "heading") for _, r in result)
        if role == "boilerplate" or (role == "related" and early) or (role in ASIDES and name in seen):
            continue
        if block.tag == "h1" and not result:
            continue  # another h1 above the text is the site's or the section's
        near = chosen[
            max(0, place - PULL_QUOTE_REACH) : place + PULL_QUOTE_REACH + 1
        ]  # in order, so no others are near
        if _is_pull_quote(block, role, [found[j] for j in near if j != i and abs(j - i) <= PULL_QUOTE_REACH]):
            pulled = block
            continue
        if pulled is not None and _signs(block, pulled):
            continue
        seen.add(name)
        result.append((block.text, role))
    return _without_labels(result)


def _without_labels(result: list[tuple[str, ParagraphRole]]) -> list[tuple[str, ParagraphRole]]:
    """Without the section name before the text and the button after it, and without a last heading over nothing."""
    start, end = 0, len(result)
    while start < end - 1 and result[start][1] == "body" and _is_label(result[start][0]):
        start += 1
    while end - 1 > start and (
        result[end - 1][1] == "heading" or (result[end - 1][1] == "body" and _is_label(result[end - 1][0]))
    ):
        end -= 1
    return result[start:end]


def _is_label(text: str) -> bool:
    return word_count(text) <= LONGEST_LABEL_WORDS and not FINISHED.search(plain(text))


def _is_pull_quote(block: Block, role: ParagraphRole, around: Sequence[Block]) -> bool:
    """Whether the block only shows again, large, words of a paragraph nearby."""
    name = key(block.text)
    if block.is_heading or role == "social" or not 8 <= len(name) <= 400:
        return False
    apart = block.quoted or role != "body" or block.tag not in ("p", "li")
    return apart and any(name in (other := key(b.text)) and len(other) > len(name) for b in around)


def _signs(block: Block, pulled: Block) -> bool:
    """Whether the block is the name under a pull quote."""
    frame = next((e for e in pulled.ancestors if e.tag in ("blockquote", "figure")), None)
    return frame is not None and frame in block.ancestors and word_count(block.text) <= LONGEST_SIGNATURE_WORDS


def _is_heading(block: Block) -> bool:
    return block.is_heading or (
        block.bold and block.tag in ("p", "div") and is_display(block.text) and word_count(block.text) <= 15
    )


def block_roles(found: Sequence[Block], title: str | None) -> list[tuple[str, ParagraphRole]]:
    """All blocks of a fragment that is article text as a whole, such as a feed entry."""
    weights = {i: word_count(block.text) for i, block in enumerate(found)}
    return roles_of_blocks(found, range(len(found)), active_hints(found, weights), title)
