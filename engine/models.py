"""The nouns of On Record.

Every offset is a code point into `Article.text`; every span is half-open, `[start, end)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Kind = Literal["direct", "indirect", "mixed"]
Act = Literal[
    "say", "deny", "confirm", "no-comment", "ask", "urge", "promise",
    "threaten", "accuse", "praise", "believe", "plan", "report",
]  # fmt: skip
Form = Literal["named", "pronoun", "role", "body", "document", "anonymous", "none"]
ParagraphRole = Literal["title", "heading", "body", "caption", "social", "related", "boilerplate"]
PassageType = Literal["statement", "paragraph"]

KINDS: tuple[Kind, ...] = get_args(Kind)
ACTS: tuple[Act, ...] = get_args(Act)
FORMS: tuple[Form, ...] = get_args(Form)

SPOKEN_ROLES: frozenset[ParagraphRole] = frozenset({"title", "heading", "body"})
"""Paragraph roles in which statements are looked for."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A non-empty half-open range of code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words the span points at."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def shifted(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the article as typeset."""

    span: Span
    role: ParagraphRole


@dataclass(frozen=True, slots=True)
class Omitted:
    """Text of a page that a reader left out as no part of the article: menus, share lines, teasers, comments."""

    blocks: int
    words: int
    samples: tuple[str, ...] = ()
    """The first words of each block, of the first blocks: enough to see what was meant."""


@dataclass(frozen=True, slots=True)
class Article:
    """One published text. `text` is never changed after reading; everything else points into it.

    `span` says where `text` stands in the decoded input file (None where it was extracted, as from HTML).
    `published` is ISO 8601, a date or a date-time, with the page's own date and offset.
    """

    id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    title_span: Span | None = None
    span: Span | None = None
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    language: str | None = None
    input: str | None = None
    omitted: Omitted | None = field(default=None, compare=False)
    """What of its page is no part of the article's text. No part of the article either: it is told, not stored."""

    def __post_init__(self) -> None:
        end = 0
        for paragraph in self.paragraphs:
            if paragraph.span.start < end or paragraph.span.end > len(self.text):
                raise ValueError(f"article {self.id}: paragraph {paragraph.span} overlaps or leaves the text")
            end = paragraph.span.end

    @property
    def day(self) -> date | None:
        """The date the page itself shows, whatever its offset from UTC."""
        return date.fromisoformat(self.published[:10]) if self.published else None


@dataclass(frozen=True, slots=True)
class Speaker:
    """The canonical person or body behind a source; also a relay or an affiliation."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A source said a content, tied by a cue."""

    id: str
    kind: Kind
    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    channel: tuple[Span, ...] = ()
    act: Act = "say"
    form: Form = "none"
    speakers: tuple[Speaker, ...] = ()
    affiliation: Speaker | None = None
    via: tuple[Speaker, ...] = ()
    confidence: float = 1.0
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError(f"statement {self.id}: no content")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"statement {self.id}: confidence {self.confidence} is not in 0..1")
        if any(a.end > b.start for a, b in zip(self.content, self.content[1:], strict=False)):
            raise ValueError(f"statement {self.id}: content pieces overlap or are out of order")

    @property
    def speaker(self) -> Speaker | None:
        """The first speaker; None where the source is anonymous or unknown."""
        return self.speakers[0] if self.speakers else None

    def text(self, article_text: str) -> str:
        """The content's pieces, joined by one space: every word stands in the article."""
        return " ".join(piece.of(article_text) for piece in self.content)


@dataclass(frozen=True, slots=True)
class AttributedArticle:
    """An article with all that is said in it, statements in the order of their first content."""

    article: Article
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input, or one line of it, that was not read: counted and named, never dropped in silence."""

    input: str
    reason: str
    line: int | None = None
    deliberate: bool = False
    """Left out by rule (a hidden file); nothing failed."""
