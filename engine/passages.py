"""What is embedded, stored and found: paragraphs and statements, each a passage of its own."""

from __future__ import annotations

import bisect
import json
from dataclasses import dataclass

from engine.identity import digest
from engine.models import SPOKEN_ROLES, Article, AttributedArticle, PassageType, Span, Statement


@dataclass(frozen=True, slots=True)
class Passage:
    """`spans` are the passage's own words; `place` is the smallest run of whole paragraphs around them.

    `text` is the words of `spans`, pieces joined by one space; the words around it are `place` of the article's text.
    A statement's source and cue are inside `place` where they stand in neighbouring paragraphs.
    """

    id: str
    type: PassageType
    text: str
    spans: tuple[Span, ...]
    place: Span
    statement: Statement | None = None


def paragraph_id(article: str, span: Span) -> str:
    return digest("paragraph", article, f"{span.start}-{span.end}")


def passages_of(attributed: AttributedArticle) -> tuple[Passage, ...]:
    """Titles, headings and body paragraphs, then the statements; both in the order of the article."""
    article = attributed.article
    paragraphs = tuple(
        Passage(paragraph_id(article.id, p.span), "paragraph", p.span.of(article.text), (p.span,), p.span)
        for p in article.paragraphs
        if p.role in SPOKEN_ROLES
    )
    return paragraphs + tuple(_statement_passage(article, statement) for statement in attributed.statements)


def _statement_passage(article: Article, statement: Statement) -> Passage:
    return Passage(
        id=statement.id,
        type="statement",
        text=statement.text(article.text),
        spans=statement.content,
        place=place_of(article, (*statement.content, *statement.cue, *statement.source)),
        statement=statement,
    )


def place_of(article: Article, spans: tuple[Span, ...]) -> Span:
    """The smallest run of whole paragraphs that holds all the spans (the spans' own reach where no paragraph does)."""
    start, end = min(s.start for s in spans), max(s.end for s in spans)
    starts = [p.span.start for p in article.paragraphs]
    first, last = bisect.bisect_right(starts, start) - 1, bisect.bisect_right(starts, end - 1) - 1
    if first >= 0 and start < article.paragraphs[first].span.end:
        start = article.paragraphs[first].span.start
    if last >= 0:
        end = max(end, article.paragraphs[last].span.end)
    return Span(start, end)


def fingerprint(article: Article, *, means: str) -> str:
    """Of all that the stored article is made from: its input fields and the means and version of attribution.

    `input` (the file it came from) is left out: the same article moved to another folder is unchanged.
    """
    fields = (article.id, article.text, article.title, article.url, article.outlet, article.published, article.language)
    shape = [[p.span.start, p.span.end, p.role] for p in article.paragraphs]
    places = [None if s is None else [s.start, s.end] for s in (article.title_span, article.span)]
    return digest("fingerprint", means, *fields, json.dumps([shape, places]))
