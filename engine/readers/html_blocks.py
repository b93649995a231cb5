"""An HTML page as blocks of text in document order, with what their surroundings say about them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import ParserError
from lxml.html import HtmlElement as Element
from lxml.html import HTMLParser, document_fromstring

from engine.furniture import word_set
from engine.models import ParagraphRole
from engine.paragraphs import is_blank
from engine.text import plain

_SKIPPED = word_set(
    """
    script style noscript template svg math iframe object embed button select option input textarea head
    canvas audio video map datalist
    """
)
_INLINE = word_set(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s
    samp small span strike strong sub sup time tt u var wbr nobr amp-img picture source
    """
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SPACE = re.compile(r"[ \t\n\r\f]+")

# What a class, id or tag says about all text below it. Whole words of the name only ("sharepoint" is no share bar).
_HINTS: tuple[tuple[ParagraphRole, frozenset[str]], ...] = (
    ("caption", word_set(
    """
    figcaption caption captions credit credits photocredit imagecaption piccaption legend
    """
)),
    ("social", word_set(
    """
    tweet tweets twitter instagram facebook tiktok bluesky mastodon telegrampost
    """
)),
    ("related", word_set(
    """
    related relateds recommended recommendation recommendations readmore readalso seealso morestories
    mostread mostpopular trending popular teaser teasers promo promos outbrain taboola onward alsoread
    inread linklist readnext upnext
    """
)),
    ("boilerplate", word_set(
    """
    share sharing sharebar shares sharetools addtoany sharethis newsletter newsletters signup subscribe
    subscription subscriptions comment comments disqus respond cookie cookies consent gdpr banner advert
    adverts advertisement advertising ads adslot sponsor sponsored breadcrumb breadcrumbs byline bylines
    author authors authorbox tags tag taglist toolbar menu navigation nav navbar sidebar widget widgets
    footer masthead paywall popup modal skip pagination login copyright donate donation donations appeal
    membership fundraising
    disclaimer correction printonly contact contacts bio bios biography articletools
    print
    """
)),
)  # fmt: skip
_TAG_HINTS: dict[str, ParagraphRole] = {
    "figcaption": "caption",
    "caption": "caption",
    "nav": "boilerplate",
    "footer": "boilerplate",
    "form": "boilerplate",
    "aside": "related",
    "dialog": "boilerplate",
}
_TOKENS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

SHORT_LINE = 40
"""Characters. A line broken before is a label or a menu entry, not text wrapped by hand (60 characters and more)."""


LONGEST_FRAMED = 40
"""Words beside the picture in a table cell that are its caption and credit."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A word in an element's tag, class or id that speaks for a role of all text below it."""

    element: Element
    role: ParagraphRole
    token: str


@dataclass(slots=True)
class Block:
    """One block of text. `hints` are the elements above it that speak for a role other than body, nearest last."""

    text: str
    tag: str
    parent: Element
    quoted: bool = False
    bold: bool = False
    linked: float = 0.0
    hints: tuple[Hint, ...] = ()
    ancestors: tuple[Element, ...] = ()

    @property
    def is_heading(self) -> bool:
        return self.tag in _HEADINGS


@dataclass(slots=True)
class _Open:
    """The block being gathered."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    size: int = 0

    def add(self, text: str, *, linked: bool, bold: bool) -> None:
        self.pieces.append(text)
        size = len(text.strip())
        self.size += size
        self.linked += size * linked
        self.bold += size * bold


def parse(text: str) -> Element | None:
    """The page's tree, or None where there is none. Broken markup is mended the way browsers do, more or less."""
    return parsed(text)[0]


def parsed(text: str) -> tuple[Element | None, bool]:
    """The page's tree, and whether the parser gave up at its deepest level (libxml2: 2,048), losing what follows."""
    # lxml refuses a str with an encoding declaration; the text is decoded already.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    try:
        parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ParserError, ValueError, AssertionError):
        return None, False
    return root, any("depth" in error.message for error in parser.error_log)


def depth_of(found: Sequence[Block]) -> int:
    return max((len(block.ancestors) for block in found), default=0)


def hints_of(element: Element) -> list[Hint]:
    """What an element's tag, class and id say about the text below it, each with the word that says it."""
    tag = element.tag
    if tag in _TAG_HINTS:
        return [Hint(element, _TAG_HINTS[tag], tag)]
    if tag in ("body", "html", "main") or tag in _HEADINGS:
        return []
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"[:400]
    tokens: set[str] = set()
    for name in names.split():
        parts = [t.lower() for t in _TOKENS.findall(name)]
        tokens.update(parts)
        tokens.update(a + b for a, b in itertools.pairwise(parts))
    if tag == "article":  # its class lists the article's topics and tags; that it is a teaser of another is telling
        return [Hint(element, "related", token) for token in sorted(tokens & dict(_HINTS)["related"])]
    if tag == "td" and _frames_picture(element):
        return [Hint(element, "caption", "picture")]
    # In reverse, so that the first role of the table is the nearest hint.
    return [Hint(element, role, token) for role, words in reversed(_HINTS) for token in sorted(tokens & words)]


def _frames_picture(cell: Element) -> bool:
    """Whether a table cell holds a picture and little text, as pages were laid out before there were figures."""
    if next(cell.iter("img"), None) is None or next(cell.iter("table"), None) is not None:
        return False
    text = plain(cell.text_content())
    return len(text.split()) <= LONGEST_FRAMED and '"' not in text


def _hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def blocks(root: Element) -> list[Block]:
    """The page's blocks. White space is collapsed as a browser does; the characters are otherwise the page's own."""
    found: list[Block] = []
    gathering = _Open()
    path: list[Element] = []
    hints: list[Hint] = []

    def flush(owner: Element) -> None:
        nonlocal gathering
        text = _SPACE.sub(" ", "".join(gathering.pieces)).strip(" ")
        if not is_blank(text):
            size = max(gathering.size, 1)
            found.append(
                Block(
                    text,
                    _block_tag(owner, path),
                    owner,
                    quoted=any(e.tag in ("blockquote", "q") for e in path[-6:]),
                    bold=gathering.bold * 10 >= size * 9,
                    linked=gathering.linked / size,
                    hints=tuple(hints),
                    ancestors=tuple(path),
                )
            )
        gathering = _Open()

    for event, element in _walk(root):
        inline = element.tag in _INLINE
        if event == "br":
            if _breaks_here(gathering):
                flush(path[-1] if path else element)
            else:
                gathering.pieces.append("\n")
        elif event == "open":
            if not inline:
                flush(path[-1] if path else element)
            path.append(element)
            hints.extend(hints_of(element))
            if element.text:
                _add(gathering, element.text, path)
        elif event == "close":
            if not inline:
                flush(element)
            path.pop()
            while hints and hints[-1].element is element:
                hints.pop()
        if event in ("close", "br", "skip") and element.tail and path:
            _add(gathering, element.tail, path)
    return found


def _add(gathering: _Open, text: str, path: list[Element]) -> None:
    near = [e.tag for e in path[-5:]]
    gathering.add(text, linked="a" in near, bold="b" in near or "strong" in near)


def _breaks_here(gathering: _Open) -> bool:
    """Whether a line break ends a block: after a sentence, another break, a short line or a bold one.

    Text wrapped by hand has long lines that stop anywhere; there a break is a space.
    """
    tail = "".join(gathering.pieces[-6:])[-60:]
    if re.search(r"[.!?:…”\"»’]\s*$", tail) or tail.rstrip(" \t\r").endswith("\n"):
        return True
    return 0 < gathering.size < SHORT_LINE or 0 < gathering.size == gathering.bold


def _block_tag(owner: Element, path: list[Element]) -> str:
    for element in (owner, *reversed(path[-4:])):
        if element.tag in _HEADINGS or element.tag in ("p", "li", "figcaption", "td", "dd", "blockquote"):
            return str(element.tag)
    return str(owner.tag)


def _walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Open and close events without recursion: saved pages can nest thousands deep."""
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, done = stack.pop()
        if done:
            yield "close", element
            continue
        if not isinstance(element.tag, str) or element.tag in _SKIPPED or _hidden(element):
            if element is not root:
                yield "skip", element
            continue
        if element.tag in ("br", "hr"):
            yield "br", element
            continue
        yield "open", element
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
