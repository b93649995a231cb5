"""Engine answers as the public JSON (docs/contract.md). The command line and the API write the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from engine.models import Span
from engine.query import ArticleHeader, FacetCount, Hit, SearchAnswer
from engine.records import speaker_record, statement_record
from engine.stores.base import SpeakerCount, StoredPassage

FRAGMENT_WORDS = 6
"""Words at each end of a statement that go into a link: enough to be unique, short enough to survive small edits."""


def pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def header_record(article: ArticleHeader) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet,
        "published": article.published,
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    statement = hit.type == "statement"
    return {
        "type": hit.type,
        "id": hit.id,
        "text": hit.text,
        "speaker": speaker_record(hit.speaker) if statement else None,
        "speakers": [speaker_record(s) for s in hit.speakers] if statement else None,
        "form": hit.form,
        "kind": hit.kind,
        "act": hit.act,
        "via": [speaker_record(s) for s in hit.via] if statement else None,
        "affiliation": speaker_record(hit.affiliation),
        "cue": hit.cue,
        "confidence": None if hit.confidence is None else round(hit.confidence, 4),
        "flags": list(hit.flags) if statement else None,
        "paragraph": {
            "text": hit.paragraph,
            "start": hit.paragraph_start,
            "highlights": pairs(hit.highlights),
            "statement": pairs(hit.places) if statement else None,
        },
        "article": header_record(hit.article),
        "link": text_link(hit.article.url, hit.places[0].of(hit.paragraph) if hit.places else hit.text),
        "span": pairs(hit.spans),
        "ranks": {"keyword": hit.keyword_rank, "semantic": hit.semantic_rank},
        "score": round(hit.score, 6),
    }


def facet_record(facet: FacetCount) -> dict[str, Any]:
    return {"value": facet.value, "label": facet.label, "count": facet.count}


def answer_record(answer: SearchAnswer) -> dict[str, Any]:
    return {
        "total": answer.total,
        "hits": [hit_record(hit) for hit in answer.hits],
        "next": answer.next,
        "facets": {name: [facet_record(facet) for facet in facets] for name, facets in answer.facets.items()},
        "notes": list(answer.notes),
    }


def stored_statement_record(passage: StoredPassage) -> dict[str, Any]:
    """A statement by itself: what `attribute` says of it, with its words, its paragraph and its article."""
    assert passage.statement is not None
    start = passage.place.start
    cue = " ".join(passage.paragraph[s.start - start : s.end - start] for s in passage.statement.cue)
    return statement_record(passage.statement) | {
        "text": passage.text,
        "cue_text": cue or None,
        "paragraph": {
            "text": passage.paragraph,
            "start": start,
            "statement": [[s.start - start, s.end - start] for s in passage.spans],
        },
        "article": header_record(passage.article),
        "link": text_link(passage.article.url, passage.spans[0].shifted(-start).of(passage.paragraph)),
    }


def speaker_count_record(count: SpeakerCount) -> dict[str, Any]:
    return {
        "id": count.id,
        "name": count.name,
        "statements": count.statements,
        "first": count.first.isoformat() if count.first else None,
        "last": count.last.isoformat() if count.last else None,
    }


def text_link(url: str | None, text: str) -> str | None:
    """The article's url with a text fragment (WICG scroll-to-text-fragment), so that a browser scrolls to the words."""
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    words = text.split()
    ends = [words] if len(words) <= 2 * FRAGMENT_WORDS else [words[:FRAGMENT_WORDS], words[-FRAGMENT_WORDS:]]
    fragment = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"{url.split('#', 1)[0]}#:~:text={fragment}"
