"""An HTML page to one article.

Three witnesses say what the article is: trafilatura's extraction (A. Barbaresi, 2021), the text that the page's own
JSON-LD repeats, and the page's markup. Blocks keep the page's order and words. What extraction tends to lose, such as
quotations between two paragraphs it kept, is taken back; what it tends to let through, such as captions, share
lines and newsletter boxes, is told by markup and wording.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement as Element

from engine.furniture import furniture_of
from engine.models import Article, ParagraphRole, Skipped
from engine.paragraphs import word_count
from engine.readers.article import ArticleDefaults
from engine.readers.html_blocks import Block, blocks, depth_of, parse, parsed
from engine.readers.html_facts import facts_of
from engine.readers.html_page import Page, metas_of
from engine.readers.html_roles import FINISHED, active_hints, article_from_blocks, role_by_wording, roles_of_blocks
from engine.readers.html_title import key
from engine.readers.json_ld import bodies_of, nodes_of
from engine.text import plain

CORE = 0.85
"""Share of the extracted words that the article's container must hold; the rest may be a deck outside it."""

SURE_KEY = 20
"""Letters and digits from which a block is recognised inside a longer extracted line."""

MOST_LINKED = 0.5
"""Share of linked characters above which a block that extraction left out stays out."""

FARTHEST_DECK = 12
"""Blocks between a title and the text under it: bylines, dates and share lines stand there, not whole sections."""

DEEP = 200
"""Levels of elements from which a page is given to extraction as parsed here."""

SHORTEST_ARTICLE = 25
"""Words below which an extraction counts as failed and the next witness is asked."""


def read_page(text: str, *, name: str, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    """The page's article; Skipped where the page has none."""
    root, cut = parsed(text)
    if root is None:
        yield Skipped(name, "no page in this HTML")
        return
    page = Page(root, blocks(root), nodes_of(root), metas_of(root))
    facts = facts_of(page, defaults=defaults)
    chosen = _choose(page, text, facts.title)
    if not any(role == "body" for _, role in chosen):
        yield Skipped(name, "no article text found in the page")
        return
    yield article_from_blocks(chosen, facts, name=name, defaults=defaults, found=page.blocks)
    if cut:
        yield Skipped(name, "elements nested more than 2,000 deep: what stands below them could not be read")


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


def _extracted(html: str, depth: int) -> str:
    """Trafilatura's text of the page; with more recall where it found nearly nothing."""
    import trafilatura

    for recall in (False, True):
        # Its own parser stops at 256 levels, which old pages with unclosed <font> reach.
        page = parse(html) if depth > DEEP else html
        document = trafilatura.bare_extraction(page, include_comments=False, include_tables=True, favor_recall=recall)
        found = getattr(document, "text", None) or ""
        if word_count(found) >= SHORTEST_ARTICLE:
            return str(found)
    return str(found)


def _choose(page: Page, html: str, title: str | None) -> list[tuple[str, ParagraphRole]]:
    """The article's blocks in page order, with roles."""
    stated = bodies_of(page.nodes)
    extracted = _extracted(html, depth_of(page.blocks))
    witnessed = _evidence(f"{extracted}\n{stated}")
    kept = _below_title([i for i, block in enumerate(page.blocks) if witnessed.has(block)], page.blocks, title)
    weights = {i: word_count(page.blocks[i].text) for i in kept}
    found = sum(weights.values())
    if found < SHORTEST_ARTICLE or found * 2 < word_count(extracted or stated):
        fallback = stated if word_count(stated) * 5 >= word_count(extracted) * 4 else extracted
        if word_count(fallback) > found:
            return _from_lines(fallback, title)
    active = active_hints(page.blocks, weights)
    container = _container(page.blocks, weights, active)
    chosen = _with_lost(page.blocks, kept, active, container)
    chosen = [*_decks(page.blocks, chosen, active, title), *chosen]
    return roles_of_blocks(page.blocks, chosen, active, title)


def _from_lines(text: str, title: str | None) -> list[tuple[str, ParagraphRole]]:
    lines = [" ".join(line.split()).removeprefix("- ") for line in text.splitlines() if line.strip()]
    return [
        (line, role_by_wording(line) or "body")
        for line in lines
        if not (title and key(line) == key(title)) and role_by_wording(line) != "boilerplate"
    ]


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


def _below_title(kept: list[int], found: Sequence[Block], title: str | None) -> list[int]:
    """The kept blocks without what stands above the title (teasers of other articles), if most stands below it."""
    places = [i for i, block in enumerate(found) if block.is_heading and title and key(block.text) == key(title)]
    for place in places:
        below = [i for i in kept if i >= place]
        if sum(word_count(found[i].text) for i in below) * 5 >= 3 * sum(word_count(found[i].text) for i in kept):
            return below
    return kept


def _decks(
    found: Sequence[Block], chosen: Sequence[int], active: dict[int, ParagraphRole], title: str | None
) -> list[int]:
    """Finished sentences between the title and the first chosen block, which extraction takes for a summary."""
    if not chosen or not title:
        return []
    start = max((i for i in range(chosen[0]) if key(found[i].text) == key(title)), default=None)
    if start is None or chosen[0] - start > FARTHEST_DECK:
        return []
    between = range(start + 1, chosen[0])
    return [i for i in between if i not in active and _is_prose(found[i])]


def _is_prose(block: Block) -> bool:
    finished = bool(FINISHED.search(plain(block.text)))
    return finished and word_count(block.text) >= 8 and block.linked <= MOST_LINKED and furniture_of(block.text) is None


def _with_lost(
    found: Sequence[Block], kept: Sequence[int], active: dict[int, ParagraphRole], container: Element | None
) -> list[int]:
    """The kept blocks and those the witnesses missed: prose and quotations among them, in the same container."""
    solid = [i for i in kept if i not in active and container in found[i].ancestors]
    if not solid or container is None:
        return list(kept)
    homes = {e for i in solid for e in (found[i].parent, found[i].parent.getparent()) if e is not None}
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
        at_home = block.parent in homes or block.parent.getparent() in homes
        at_home = at_home or (block.quoted and any(e in homes for e in block.ancestors[-4:]))
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
    finished = bool(FINISHED.search(flat))
    if inside:
        return (finished and (size >= 4 if at_home else size >= 10)) or (block.is_heading and at_home and size >= 2)
    return at_home and finished and size >= 8
