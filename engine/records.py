"""Attributed articles as the JSON that `attribute` and `export` write, and back.

The shape is the public contract (docs/contract.md): spans are `[start, end]` pairs into `text`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from engine.models import (
    Act,
    Article,
    AttributedArticle,
    Form,
    Kind,
    Paragraph,
    ParagraphRole,
    Span,
    Speaker,
    Statement,
)


def _pair(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def pairs(spans: Iterable[Span]) -> list[list[int]]:
    """Spans as JSON has them: `[start, end]` each."""
    return [[s.start, s.end] for s in spans]


def speaker_record(speaker: Speaker | None) -> dict[str, str] | None:
    return None if speaker is None else {"id": speaker.id, "name": speaker.name}


def statement_record(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "kind": statement.kind,
        "content": pairs(statement.content),
        "cue": pairs(statement.cue),
        "source": pairs(statement.source),
        "channel": pairs(statement.channel),
        "act": statement.act,
        "speaker": speaker_record(statement.speaker),
        "speakers": [speaker_record(s) for s in statement.speakers],
        "form": statement.form,
        "affiliation": speaker_record(statement.affiliation),
        "via": [speaker_record(s) for s in statement.via],
        "confidence": round(statement.confidence, 4),
        "flags": list(statement.flags),
    }


def article_record(attributed: AttributedArticle) -> dict[str, Any]:
    article = attributed.article
    return {
        "input": article.input,
        "id": article.id,
        "title": article.title,
        "title_span": _pair(article.title_span),
        "span": _pair(article.span),
        "text": article.text,
        "url": article.url,
        "outlet": article.outlet,
        "published": article.published,
        "language": article.language,
        "paragraphs": [{"span": _pair(p.span), "role": p.role} for p in article.paragraphs],
        "statements": [statement_record(s) for s in attributed.statements],
    }


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def _speaker(record: dict[str, str] | None) -> Speaker | None:
    return None if record is None else Speaker(record["id"], record["name"])


def _speakers(records: list[dict[str, str]]) -> tuple[Speaker, ...]:
    return tuple(Speaker(r["id"], r["name"]) for r in records)


def statement_of(record: dict[str, Any]) -> Statement:
    return Statement(
        id=record["id"],
        kind=cast(Kind, record["kind"]),
        content=_spans(record["content"]),
        cue=_spans(record["cue"]),
        source=_spans(record["source"]),
        channel=_spans(record["channel"]),
        act=cast(Act, record["act"]),
        form=cast(Form, record["form"]),
        speakers=_speakers(record["speakers"]),
        affiliation=_speaker(record["affiliation"]),
        via=_speakers(record["via"]),
        confidence=record["confidence"],
        flags=tuple(record["flags"]),
    )


def attributed_article_of(record: dict[str, Any]) -> AttributedArticle:
    """The inverse of `article_record`. Raises KeyError or ValueError on a record of another shape."""
    article = Article(
        id=record["id"],
        text=record["text"],
        paragraphs=tuple(Paragraph(Span(*p["span"]), cast(ParagraphRole, p["role"])) for p in record["paragraphs"]),
        title=record["title"],
        title_span=Span(*record["title_span"]) if record["title_span"] else None,
        span=Span(*record["span"]) if record["span"] else None,
        url=record["url"],
        outlet=record["outlet"],
        published=record["published"],
        language=record["language"],
        input=record["input"],
    )
    return AttributedArticle(article, tuple(statement_of(s) for s in record["statements"]))
