"""Articles and passages as documents of the index, and back.

An index holds four types of document, told apart by `type`: `article` (the whole record), `paragraph` and `statement`
(the passages), `speaker` (an id with its name). An article and its passages share a shard (routing by the article), so
that one bulk request reaches them together. `kept` is stored and given back, never searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from engine.identity import digest, statement_id
from engine.models import Article, AttributedArticle, Span, Speaker, Statement
from engine.passages import Passage
from engine.query import ArticleHeader
from engine.records import article_record, attributed_article_of, statement_of, statement_record
from engine.stores.base import PreparedArticle, StoredPassage
from engine.stores.embedded_rows import search_words
from engine.text import fold

ID_LETTERS = 20
SEARCH_FIELDS = ("text", "title", "speaker", "context")
SPOKEN_FIELDS = ("speakers", "via", "kinds", "acts", "forms")
LONGEST_KEYWORD = 32_766
"""Bytes of the longest term Lucene takes; anything longer is refused by name before it is sent."""

Document = dict[str, Any]


@lru_cache(maxsize=1024)
def article_key(article: str) -> str:
    """The document id of an article, and the routing of all that belongs to it."""
    return digest("article", article)


def passage_key(article: str, passage: Passage) -> str:
    """Routing and document id in one string: what `Ranked.key` holds."""
    return article_key(article) + digest(passage.type, article, passage.id)


def speaker_key(speaker: str) -> str:
    return digest("speaker", speaker)


def split_key(key: str) -> tuple[str, str]:
    """(routing, document id)"""
    return key[:ID_LETTERS], key[ID_LETTERS:]


def refusal(prepared: PreparedArticle, dimensions: int) -> str | None:
    """Why the server would refuse the article, found before anything of it is written."""
    vectors = prepared.vectors
    if len(vectors) and (vectors.ndim != 2 or vectors.shape[1] != dimensions):
        return f"vectors of shape {vectors.shape}, the store holds {dimensions} dimensions"
    if not np.isfinite(vectors).all():
        return "a vector holds a number that is not finite"
    article = prepared.attributed.article
    speakers = {s for statement in prepared.attributed.statements for s in (*statement.speakers, *statement.via)}
    terms = [
        ("id", article.id), ("outlet", article.outlet), ("language", article.language),
        *(("speaker", s.id) for s in speakers), *(("speaker's name", s.name) for s in speakers),
        *(("passage id", p.id) for p in prepared.passages),
    ]  # fmt: skip
    for name, value in terms:
        if value and len(value.encode("utf-8", "replace")) > LONGEST_KEYWORD:
            return f"its {name} is longer than {LONGEST_KEYWORD} bytes: {value[:40]}…"
    shown = (("text", article.text), ("title", article.title), ("url", article.url), ("input", article.input), *terms)
    for name, value in shown:
        if value and not storable(value):
            return f"its {name} holds half a surrogate pair, which UTF-8 cannot hold"
    length = len(article.text)
    if any(passage.place.end > length for passage in prepared.passages):
        return "a passage leaves the text"
    return None


def storable(text: str) -> bool:
    """Whether UTF-8 can hold it."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def article_document(prepared: PreparedArticle, *, generation: int) -> Document:
    attributed = prepared.attributed
    return {
        "type": "article",
        **_article_fields(attributed.article),
        "generation": generation,
        "spoken": [_spoken(statement) for statement in attributed.statements],
        "kept": {
            "record": _compact(_exact_article_record(attributed)),
            "fingerprint": prepared.fingerprint,
            "passages": [passage_key(attributed.article.id, p) for p in prepared.passages],
        },
    }


def passage_documents(prepared: PreparedArticle, *, generation: int) -> Iterator[tuple[str, Document]]:
    """(key, document) of every passage."""
    article = prepared.attributed.article
    shared = {**_article_fields(article), "generation": generation}
    header = _header_record(article)
    for passage, vector in zip(prepared.passages, prepared.vectors, strict=True):
        document: Document = {**shared, "type": passage.type, "id": passage.id, "place": passage.spans[0].start}
        if passage.statement is not None:
            document |= _spoken(passage.statement)
        else:
            document |= _spoken_in(passage, prepared.attributed.statements)
        words = search_words(passage, article, prepared.speaker_names)
        document |= dict(zip(SEARCH_FIELDS, words, strict=True))
        document["length"] = sum(field.count(" ") + 1 for field in words if field)
        document[f"{passage.type}_vector"] = stored_vector(vector)
        document["kept"] = {"record": _compact(_passage_record(passage, article, header))}
        yield passage_key(article.id, passage), document


def speaker_documents(prepared: PreparedArticle) -> Iterator[tuple[str, Document]]:
    """(document id, document) of everybody named in the article."""
    for speaker in dict.fromkeys(s for statement in prepared.attributed.statements for s in _people(statement)):
        names = dict.fromkeys((fold(speaker.id), fold(speaker.name), *fold(speaker.name).split()))
        document = {"type": "speaker", "id": speaker.id, "name": speaker.name, "name_starts": list(names)}
        yield speaker_key(speaker.id), document


def stored_vector(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rounded to half precision: the vectors of both stores are the same, and so are their cosines. As JSON each number
    has as many digits as float32 needs."""
    return vector.astype(np.float16).astype(np.float32)


def _exact_article_record(attributed: AttributedArticle) -> Document:
    """The public record, but with confidences as they are, not rounded: what comes out is what went in."""
    record = article_record(attributed)
    for said, statement in zip(record["statements"], attributed.statements, strict=True):
        said["confidence"] = statement.confidence
    return record


def _compact(record: Document) -> str:
    return orjson.dumps(record).decode("utf-8")


def foreign_ids(prepared: PreparedArticle) -> tuple[str, ...]:
    """Ids of statements that were not made from this article's id, and so may be another article's."""
    article = prepared.attributed.article.id
    return tuple(s.id for s in prepared.attributed.statements if s.id != statement_id(article, s.content, s.source))


def _people(statement: Statement) -> tuple[Speaker, ...]:
    own = () if statement.affiliation is None else (statement.affiliation,)
    return (*statement.speakers, *statement.via, *own)


def _article_fields(article: Article) -> Document:
    """What filters and facets ask of the article; a field without a value is left out."""
    fields: Document = {"article": article.id}
    if article.outlet is not None:
        fields |= {"outlet": article.outlet, "outlet_folded": fold(article.outlet)}
    if article.language is not None:
        fields |= {"language": article.language, "languages": language_chain(article.language)}
    if article.day is not None and article.published is not None:
        fields |= {"day": article.day.isoformat(), "moment": wall_clock(article.published)}
    return fields


def language_chain(language: str) -> list[str]:
    """`en-GB` is found as `en-gb` and as `en`."""
    parts = language.lower().split("-")
    return ["-".join(parts[: i + 1]) for i in range(len(parts))]


def wall_clock(published: str) -> str:
    """The date and time the page's own clock showed, to the second, whatever its offset from UTC."""
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        moment = datetime.fromisoformat(published[:10])
    return moment.replace(tzinfo=None, microsecond=0).isoformat()


def _spoken(statement: Statement) -> Document:
    return {
        "speakers": [s.id for s in statement.speakers],
        "via": [s.id for s in statement.via],
        "kinds": [statement.kind],
        "acts": [statement.act],
        "forms": [statement.form],
    }


def _spoken_in(passage: Passage, statements: tuple[Statement, ...]) -> Document:
    """Of the statements that stand in a paragraph: each by itself (for filters), and all together (for facets)."""
    inside = [_spoken(s) for s in statements if any(passage.place.overlaps(span) for span in s.content)]
    together = {name: sorted({value for one in inside for value in one[name]}) for name in SPOKEN_FIELDS}
    return {**together, "spoken": inside}


def _header_record(article: Article) -> dict[str, str | None]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet,
        "published": article.published,
        "language": article.language,
    }


def _passage_record(passage: Passage, article: Article, header: dict[str, str | None]) -> Document:
    return {
        "text": passage.text,
        "spans": [[s.start, s.end] for s in passage.spans],
        "place": [passage.place.start, passage.place.end],
        "paragraph": passage.place.of(article.text),
        "article": header,
        "statement": None
        if passage.statement is None
        else {**statement_record(passage.statement), "confidence": passage.statement.confidence},
    }


def stored_passage(key: str, source: Document) -> StoredPassage:
    record = orjson.loads(source["kept"]["record"])
    return StoredPassage(
        key=key,
        id=source["id"],
        type=source["type"],
        text=record["text"],
        spans=tuple(Span(*pair) for pair in record["spans"]),
        place=Span(*record["place"]),
        paragraph=record["paragraph"],
        article=ArticleHeader(**record["article"]),
        statement=None if record["statement"] is None else statement_of(record["statement"]),
    )


def attributed_article(source: Document) -> AttributedArticle:
    return attributed_article_of(orjson.loads(source["kept"]["record"]))
