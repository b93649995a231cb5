"""Rows of the embedded store's file to articles and passages, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from engine.models import Article, AttributedArticle, Paragraph, Span, Statement
from engine.passages import Passage
from engine.query import ArticleHeader
from engine.records import statement_of, statement_record
from engine.stores.base import StoredPassage
from engine.text import index_text

ARTICLE_COLUMNS = "id, title, url, outlet, published, language, input, text, layout"
PASSAGE_COLUMNS = (
    "p.number, p.id, p.type, p.text, p.spans, p.place_start, p.place_end, "
    # A paragraph's place is its own words: the article's text, which takes most of the time, is not read for it.
    "CASE p.type WHEN 'statement' THEN a.text END, a.id, a.title, a.url, a.outlet, a.published, a.language, s.record"
)
PASSAGE_TABLES = "passages p JOIN articles a ON a.number = p.article LEFT JOIN statements s ON s.passage = p.number"


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def article_values(article: Article) -> dict[str, Any]:
    """The columns of an article but its number and fingerprint."""
    places = [None if span is None else [span.start, span.end] for span in (article.title_span, article.span)]
    layout = {"paragraphs": [[p.span.start, p.span.end, p.role] for p in article.paragraphs], "places": places}
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet,
        "published": article.published,
        "day": article.day.isoformat() if article.day else None,
        "language": article.language,
        "input": article.input,
        "text": article.text,
        "layout": compact(layout),
    }


def article_of(row: Sequence[Any], statements: Iterable[str]) -> AttributedArticle:
    """From ARTICLE_COLUMNS and the records of its statements in order."""
    id, title, url, outlet, published, language, input, text, layout = row
    shape = json.loads(layout)
    title_span, span = (Span(*place) if place else None for place in shape["places"])
    article = Article(
        id=id,
        text=text,
        paragraphs=tuple(Paragraph(Span(start, end), role) for start, end, role in shape["paragraphs"]),
        title=title,
        title_span=title_span,
        span=span,
        url=url,
        outlet=outlet,
        published=published,
        language=language,
        input=input,
    )
    return AttributedArticle(article, tuple(statement_of(json.loads(record)) for record in statements))


def exact_record(statement: Statement) -> str:
    """The statement's JSON; the confidence is not rounded here, so that what comes out is what went in."""
    return compact({**statement_record(statement), "confidence": statement.confidence})


def passage_of(row: Sequence[Any]) -> StoredPassage:
    """From PASSAGE_COLUMNS."""
    # The paragraph is cut here: SQL's substr() ends at a NUL.
    number, id, type, text, spans, start, end, whole, *header, record = row
    return StoredPassage(
        key=number,
        id=id,
        type=type,
        text=text,
        spans=tuple(Span(*pair) for pair in json.loads(spans)),
        place=Span(start, end),
        paragraph=text if whole is None else whole[start:end],
        article=ArticleHeader(*header),
        statement=statement_of(json.loads(record)) if record else None,
    )


def search_words(passage: Passage, article: Article, names: dict[str, tuple[str, ...]]) -> tuple[str, str, str, str]:
    """The folded words of the fields text, title, speaker, context (`search_fields` of any store)."""
    title = _shared_words(article.title or "")
    statement = passage.statement
    if statement is None:
        return _shared_words(passage.text), title, "", ""
    called = [name for speaker in statement.speakers for name in (speaker.name, *names.get(speaker.id, ()))]
    called += [span.of(article.text) for span in statement.source]
    # Each word once: many aliases must not make a speaker's statements "longer" than another's.
    speaker = " ".join(dict.fromkeys(index_text(" ".join(called)).split()))
    return index_text(passage.text), title, speaker, _shared_words(passage.place.of(article.text))


@lru_cache(maxsize=256)
def _shared_words(text: str) -> str:
    """A title is that of all passages of its article, a paragraph the context of all statements in it."""
    return index_text(text)
