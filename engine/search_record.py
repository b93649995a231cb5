"""A search answer as the JSON of the public contract (docs/contract.md)."""

from __future__ import annotations

from typing import Any

from engine.query import ArticleHeader, Copy, Facets, Hit, SearchAnswer
from engine.records import pairs, speaker_record

_DIGITS = 6
"""Decimals of a score: enough to keep its order, short enough to read."""


def search_record(answer: SearchAnswer) -> dict[str, Any]:
    return {
        "total": answer.total,
        "hits": [hit_record(hit) for hit in answer.hits],
        "folded": answer.folded,
        "next": answer.next,
        "facets": facets_record(answer.facets),
        "notes": list(answer.notes),
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """A paragraph hit has null in the fields of a statement."""
    said = hit.type == "statement"
    return {
        "type": hit.type,
        "id": hit.id,
        "text": hit.text,
        "speaker": speaker_record(hit.speaker),
        "speakers": [speaker_record(speaker) for speaker in hit.speakers] if said else None,
        "form": hit.form,
        "kind": hit.kind,
        "act": hit.act,
        "via": [speaker_record(speaker) for speaker in hit.via] if said else None,
        "affiliation": speaker_record(hit.affiliation),
        "cue": hit.cue,
        "confidence": None if hit.confidence is None else round(hit.confidence, 4),
        "flags": list(hit.flags) if said else None,
        "paragraph": {
            "text": hit.paragraph,
            "start": hit.paragraph_start,
            "highlights": pairs(hit.highlights),
            "statement": pairs(hit.places) if said else None,
        },
        "article": header_record(hit.article),
        "span": pairs(hit.spans),
        "ranks": {"keyword": hit.keyword_rank, "semantic": hit.semantic_rank},
        "score": round(hit.score, _DIGITS),
        "copies": [copy_record(copy) for copy in hit.copies],
    }


def copy_record(copy: Copy) -> dict[str, Any]:
    return {"id": copy.id, "text": copy.text, "article": header_record(copy.article), "span": pairs(copy.spans)}


def header_record(article: ArticleHeader) -> dict[str, str | None]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet,
        "published": article.published,
    }


def facets_record(facets: Facets) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{"value": c.value, "label": c.label, "count": c.count} for c in counts]
        for name, counts in facets.items()
    }
