"""The gold format: documents in, attributions out, as the scorer and the corpus write them.

A document is `{"doc_id", "text"}`, and may tell the article's `outlet` and `date` (ISO 8601); an answer is
`{"doc_id", "quotes": [...]}`. Every non-empty line of the text is a body paragraph: a gold document is an article
already stripped of its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.errors import InputError
from engine.models import Article, AttributedArticle, Form, Paragraph, Span, Statement
from engine.records import pairs

_FORMS: Mapping[Form, str] = {"role": "nominal", "body": "organisation"}
"""The corpus has names of its own for two forms."""


def gold_article(document: Mapping[str, Any], *, name: str = "gold") -> Article:
    """The document as an article. Raises InputError, naming `name`, where `doc_id` or `text` is missing or no text."""
    doc_id, text = document.get("doc_id"), document.get("text")
    if not isinstance(doc_id, str) or not isinstance(text, str):
        raise InputError(f"{name}: a gold document needs `doc_id` and `text`, both text")
    return Article(
        id=doc_id,
        text=text,
        paragraphs=_lines(text),
        outlet=_told(document, "outlet", name=name),
        published=_day(document, name=name),
        input=name,
    )


def _told(document: Mapping[str, Any], field: str, *, name: str) -> str | None:
    value = document.get(field)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{name}: `{field}` of a gold document is a text")
    return (value or "").strip() or None


def _day(document: Mapping[str, Any], *, name: str) -> str | None:
    told = _told(document, "date", name=name)
    try:
        return date.fromisoformat(told[:10]).isoformat() if told else None
    except ValueError:
        raise InputError(f"{name}: `date` of a gold document is no date: {told!r}") from None


def _lines(text: str) -> tuple[Paragraph, ...]:
    paragraphs, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph(Span(start, start + len(line)), "body"))
        start += len(line) + 1
    return tuple(paragraphs)


def gold_answer(attributed: AttributedArticle) -> dict[str, Any]:
    return {
        "doc_id": attributed.article.id,
        "quotes": [_quote(statement) for statement in attributed.statements],
    }


def _quote(statement: Statement) -> dict[str, Any]:
    return {
        "content": pairs(statement.content),
        "cue": pairs(statement.cue),
        "source": pairs(statement.source),
        "channel": pairs(statement.channel),
        "type": statement.kind,
        "act": statement.act,
        "speaker_name": " and ".join(speaker.name for speaker in statement.speakers) or None,
        "form": _FORMS.get(statement.form, statement.form),
        "via": [relay.name for relay in statement.via],
        "confidence": statement.confidence,
    }
