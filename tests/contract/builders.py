"""Small attributed articles with vectors, for the tests of every store.

All persons are invented. Vectors are counts of hashed stems at unit length: texts that share words are near.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.clauses import AllOf, Clause, Word
from engine.identity import statement_id
from engine.models import Article, AttributedArticle, Paragraph, Span, Speaker, Statement
from engine.passages import fingerprint, passages_of
from engine.ports import ModelIdentity, Vectors
from engine.stores.base import PreparedArticle
from engine.text import stem, words

DIMENSIONS = 64
IDENTITY = ModelIdentity("hashed-stems", "0" * 64, DIMENSIONS)
OTHER_IDENTITY = ModelIdentity("other-stems", "1" * 64, DIMENSIONS)

RUIZ = Speaker("ana-ruiz", "Ana Ruiz")
OKORO = Speaker("ben-okoro", "Ben Okoro")
WIRE = Speaker("vale-wire", "Vale Wire")


def embed(texts: Sequence[str]) -> Vectors:
    vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
    for row, text in enumerate(texts):
        vectors[row, 0] = 0.01  # a text without words has a length, too
        for word, _ in words(text):
            vectors[row, 1 + zlib.crc32(stem(word).encode()) % (DIMENSIONS - 1)] += 1
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def terms(*asked: str) -> Clause:
    """All of the words, by their stems."""
    cut = tuple(Word((word,)) for text in asked for word, _ in words(text))
    return cut[0] if len(cut) == 1 else AllOf(cut)


def said(article_text: str, content: str, **fields: Any) -> Statement:
    """A statement whose content (and cue and source, by their words) stands in the text; pieces are parted by `|`."""

    def spans(text: str) -> tuple[Span, ...]:
        found, end = [], 0
        for piece in text.split("|"):
            start = article_text.index(piece, end)
            end = start + len(piece)
            found.append(Span(start, end))
        return tuple(found)

    places = {name: spans(fields.pop(name)) for name in ("cue", "source", "channel") if name in fields}
    body = spans(content)
    fields.setdefault("form", "named" if fields.get("speakers") else "none")
    fields.setdefault("kind", "direct")
    article = str(fields.pop("article"))
    return Statement(id=statement_id(article, body, places.get("source", ())), content=body, **places, **fields)


def article(id: str, *paragraphs: str, title: str | None = None, **fields: Any) -> Article:
    """Paragraphs parted by a blank line; the title, if any, is the first one."""
    parts = [title, *paragraphs] if title else list(paragraphs)
    spans, start = [], 0
    for number, part in enumerate(parts):
        role = "title" if title and number == 0 else "body"
        spans.append(Paragraph(Span(start, start + len(part)), role))
        start += len(part) + 2
    title_span = spans[0].span if title else None
    return Article(
        id=id, text="\n\n".join(parts), paragraphs=tuple(spans), title=title, title_span=title_span, **fields
    )


def prepared(
    article: Article, *statements: Statement, means: str = "tests-1", names: dict[str, tuple[str, ...]] | None = None
) -> PreparedArticle:
    attributed = AttributedArticle(article, statements)
    passages = passages_of(attributed)
    vectors = embed([passage.text for passage in passages])
    return PreparedArticle(attributed, passages, vectors, fingerprint(article, means=means), names or {})


def simple(id: str, text: str, *, speaker: Speaker = RUIZ, means: str = "tests-1", **fields: Any) -> PreparedArticle:
    """One paragraph, all of it but the last sentence said by the speaker: `WORDS said NAME.`"""
    whole = f"“{text}” said {speaker.name}."
    one = article(id, whole, **fields)
    return prepared(
        one, said(one.text, text, article=id, cue="said", source=speaker.name, speakers=(speaker,)), means=means
    )
