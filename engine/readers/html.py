"""An HTML page to one article.

Three witnesses say what the article is: trafilatura's extraction (A. Barbaresi, 2021), the text that the page's own
JSON-LD repeats, and the page's markup. Blocks keep the page's order and words. What extraction tends to lose, such as
quotations between two paragraphs it kept, is taken back; what it tends to let through, such as captions, share
lines and newsletter boxes, is told by markup and wording.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.furniture import furniture_of
from engine.models import Article, Paragraph, ParagraphRole, Skipped, Span
from engine.paragraphs import is_display, word_count
from engine.readers.article import ArticleDefaults, Facts, build_article
from engine.readers.html_blocks import Block, Element, blocks, parse
from engine.readers.html_facts import Page, facts_of, metas_of
from engine.readers.html_title import key
from engine.readers.json_ld import bodies_of, nodes_of
from engine.text import plain

_FINISHED = re.compile(r"[.!?:;…。！？؟।][\"')\]»\s]*$|[,;]\"$")

HINT_OVERRULED = 0.3
"""Share of the extracted words below an element from which its class name is about the article, not about a box."""

CORE = 0.85
"""Share of the extracted words that the article's container must hold; the rest may be a deck outside it."""

SURE_KEY = 20
"""Letters and digits from which a block is recognised inside a longer extracted line."""

MOST_LINKED = 0.5
"""Share of linked characters above which a block that extraction left out stays out."""

SHORTEST_ARTICLE = 25
"""Words below which an extraction counts as failed and the next witness is asked."""


def read_page(text: str, *, name: str, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    """The page's article; Skipped where the page has none."""
    root = parse(text)
    if root is None:
        yield Skipped(name, "no page in this HTML")
        return
    page = Page(root, blocks(root), nodes_of(root), metas_of(root))
    facts = facts_of(page, defaults=defaults)
    chosen = _choose(page, text, facts.title)
    if not any(role == "body" for _, role in chosen):
        yield Skipped(name, "no article text found in the page")
        return
    yield article_from_blocks(chosen, facts, name=name, defaults=defaults)


def article_from_blocks(
    chosen: Sequence[tuple[str, ParagraphRole]], facts: Facts, *, name: str, defaults: ArticleDefaults
) -> Article:
    """One text of the blocks, the title first, an empty line between two."""
    parts = [*([(facts.title, "title")] if facts.title else []), *chosen]
    pieces: list[str] = []
    paragraphs: list[Paragraph] = []
    at = 0
    for words, role in parts:
        paragraphs.append(Paragraph(Span(at, at + len(words)), role))  # type: ignore[arg-type]
        pieces.append(words)
        at += len(words) + 2
    return build_article("\n\n".join(pieces), tuple(paragraphs), facts, name=name, defaults=defaults)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the witnesses call article text, as keys (letters and digits only)."""

    lines: frozenset[str]
    joined: str

    def has(self, block: Block) -> bool:
        name = key(block.text)
        return bool(name) and (name in self.lines or (len(name) >= SURE_KEY and name in self.joined))


def _evidence(text: str) -> _Evidence:
    lines = [key(line) for line in text.splitlines()]
    return _Evidence(frozenset(line for line in lines if line), "\n".join([*lines, key(text)]))


def _extracted(html: str) -> str:
    """Trafilatura's text of the page; with more recall where it found nearly nothing."""
    import trafilatura

    for recall in (False, True):
        document = trafilatura.bare_extraction(html, include_comments=False, include_tables=True, favor_recall=recall)
        found = getattr(document, "text", None) or ""
        if word_count(found) >= SHORTEST_ARTICLE:
            return str(found)
    return str(found)


def _choose(page: Page, html: str, title: str | None) -> list[tuple[str, ParagraphRole]]:
    """The article's blocks in page order, with roles."""
    stated = bodies_of(page.nodes)
    extracted = _extracted(html)
    witnessed = _evidence(f"{extracted}\n{stated}")
    kept = [i for i, block in enumerate(page.blocks) if witnessed.has(block)]
    weights = {i: word_count(page.blocks[i].text) for i in kept}
    found = sum(weights.values())
    if found < SHORTEST_ARTICLE or found * 2 < word_count(extracted or stated):
        fallback = stated if word_count(stated) > word_count(extracted) else extracted
        if word_count(fallback) > found:
            return _from_lines(fallback, title)
    active = _active_hints(page.blocks, weights)
    container = _container(page.blocks, weights, active)
    chosen = _with_lost(page.blocks, kept, active, container)
    return _roles(page.blocks, chosen, active, title)


def _from_lines(text: str, title: str | None) -> list[tuple[str, ParagraphRole]]:
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return [
        (line, _role_by_wording(line) or "body")
        for line in lines
        if not (title and key(line) == key(title)) and _role_by_wording(line) != "boilerplate"
    ]


def _active_hints(found: Sequence[Block], weights: dict[int, int]) -> dict[int, ParagraphRole]:
    """For each block the role its surroundings give it; hints on elements that hold much of the article are void."""
    total = max(sum(weights.values()), 1)
    below: Counter[Element] = Counter()
    for i, weight in weights.items():
        for element, _ in found[i].hints:
            below[element] += weight
    active: dict[int, ParagraphRole] = {}
    for i, block in enumerate(found):
        valid = [role for element, role in block.hints if below[element] < HINT_OVERRULED * total]
        if valid:
            active[i] = valid[-1]
    return active


def _container(found: Sequence[Block], weights: dict[int, int], active: dict[int, ParagraphRole]) -> Element | None:
    """The innermost element with nearly all of the extracted words."""
    below: Counter[Element] = Counter()
    depth: dict[Element, int] = {}
    total = 0
    for i, weight in weights.items():
        if i in active:
            continue
        total += weight
        for level, element in enumerate(found[i].ancestors):
            below[element] += weight
            depth[element] = level
    full = [e for e, weight in below.items() if weight >= CORE * total]
    return max(full, key=lambda e: depth[e], default=None)


def _with_lost(
    found: Sequence[Block], kept: Sequence[int], active: dict[int, ParagraphRole], container: Element | None
) -> list[int]:
    """The kept blocks and those the witnesses missed: prose and quotations among them, in the same container."""
    solid = [i for i in kept if i not in active and container in found[i].ancestors]
    if not solid or container is None:
        return list(kept)
    parents = {found[i].parent for i in solid} | {
        p for i in solid if (p := found[i].parent.getparent()) is not None and p is not container
    }
    chosen = set(kept)
    for i in range(solid[0], min(len(found), solid[-1] + 40)):
        block = found[i]
        if i in chosen or i in active or container not in block.ancestors or block.linked > MOST_LINKED:
            continue
        inside = i < solid[-1]
        if not inside and (
            furniture_of(block.text) in ("related-label", "share") or (block.is_heading and block.tag != "h1")
        ):
            break
        at_home = block.parent in parents or (
            block.quoted and any(e in parents or e is container for e in block.ancestors[-3:])
        )
        if _reads_like_article(block, inside=inside, at_home=at_home):
            chosen.add(i)
    return sorted(chosen)


def _reads_like_article(block: Block, *, inside: bool, at_home: bool) -> bool:
    flat = plain(block.text)
    size = word_count(block.text)
    if furniture_of(block.text) is not None:
        return False
    if flat.startswith('"') or block.quoted:
        return size >= 3 and (inside or at_home)
    finished = bool(_FINISHED.search(flat))
    if inside:
        return finished and (size >= 4 if at_home else size >= 10) or (block.is_heading and at_home and size >= 2)
    return at_home and finished and size >= 8


def _role_by_wording(text: str) -> ParagraphRole | None:
    mark = furniture_of(text)
    if mark is None:
        return None
    return {
        "related": "related",
        "related-label": "related",
        "post": "social",
        "signature": "social",
        "caption": "caption",
    }.get(mark, "boilerplate")  # type: ignore[return-value]


def _roles(
    found: Sequence[Block], chosen: Sequence[int], active: dict[int, ParagraphRole], title: str | None
) -> list[tuple[str, ParagraphRole]]:
    """Roles of the chosen blocks. The title comes first by itself; pure chrome is left out of the text."""
    result: list[tuple[str, ParagraphRole]] = []
    seen: set[str] = set()
    for i in chosen:
        block = found[i]
        name = key(block.text)
        if title and name == key(title) and (block.is_heading or not result):
            continue
        role: ParagraphRole = (
            _role_by_wording(block.text) or active.get(i) or ("heading" if _is_heading(block) else "body")
        )
        if role == "boilerplate" or (role in ("related", "caption", "social") and name in seen):
            continue
        if block.tag == "h1" and not result:
            continue  # another h1 above the text is the site's or the section's
        if block.linked > 0.9 and role == "body" and block.tag == "li":
            role = "related"
        seen.add(name)
        result.append((block.text, role))
    while result and result[-1][1] == "heading":
        result.pop()  # a heading over nothing headed a box that was left out
    return result


def _is_heading(block: Block) -> bool:
    return block.is_heading or (
        block.bold and block.tag in ("p", "div") and is_display(block.text) and word_count(block.text) <= 15
    )


def block_roles(found: Sequence[Block], title: str | None) -> list[tuple[str, ParagraphRole]]:
    """All blocks of a fragment that is article text as a whole, such as a feed entry."""
    weights = {i: word_count(block.text) for i, block in enumerate(found)}
    return _roles(found, range(len(found)), _active_hints(found, weights), title)
