"""Views as the JSON of command line and API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from engine.check_answer import change_record
from engine.records import speaker_record
from engine.search_record import header_record, hit_record
from engine.stores.base import StoredPassage
from engine.variants import Variant, VariantsAnswer
from engine.views import Column, SimilarAnswer, TimelineAnswer, WhoAnswer


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def who_record(answer: WhoAnswer) -> dict[str, Any]:
    return {
        "total": answer.total,
        "unnamed": answer.unnamed,
        "speakers": [
            {"id": s.id, "name": s.name, "statements": s.statements, "first": _day(s.first), "last": _day(s.last)}
            for s in answer.speakers
        ],
        "notes": list(answer.notes),
    }


def timeline_record(answer: TimelineAnswer) -> dict[str, Any]:
    return {
        "by": answer.step,
        "total": answer.total,
        "undated": answer.undated,
        "buckets": [
            {"start": _day(bucket.start), "count": bucket.count, "hits": [hit_record(hit) for hit in bucket.hits]}
            for bucket in answer.buckets
        ],
        "notes": list(answer.notes),
    }


def compare_record(columns: Sequence[Column]) -> dict[str, Any]:
    return {
        "speakers": [
            {
                "asked": column.asked,
                "total": column.total,
                "hits": [hit_record(hit) for hit in column.hits],
                "notes": list(column.notes),
            }
            for column in columns
        ]
    }


def similar_record(answer: SimilarAnswer) -> dict[str, Any]:
    return {
        "of": None if answer.of is None else _passage_record(answer.of),
        "hits": [hit_record(hit) for hit in answer.hits],
        "notes": list(answer.notes),
    }


def _passage_record(passage: StoredPassage) -> dict[str, Any]:
    speakers = passage.statement.speakers if passage.statement else ()
    return {
        "id": passage.id,
        "text": passage.text,
        "speakers": [speaker_record(speaker) for speaker in speakers],
        "article": header_record(passage.article),
        "span": [[span.start, span.end] for span in passage.spans],
    }


def variants_record(answer: VariantsAnswer) -> dict[str, Any]:
    return {
        "variants": [_variant_record(variant) for variant in answer.variants],
        "apart": [_variant_record(apart.variant) | {"reason": apart.reason} for apart in answer.apart],
        "notes": list(answer.notes),
    }


def _variant_record(variant: Variant) -> dict[str, Any]:
    return {
        "statement": variant.statement,
        "text": variant.text,
        "relation": variant.relation,
        "likeness": round(variant.likeness, 4),
        "speakers": [speaker_record(speaker) for speaker in variant.speakers],
        "article": header_record(variant.article),
        "span": [[span.start, span.end] for span in variant.spans],
        "changes": [change_record(change) for change in variant.changes],
        "copies": [
            header_record(copy.article)
            | {"statement": copy.id, "text": copy.text, "span": [[span.start, span.end] for span in copy.spans]}
            for copy in variant.copies
        ],
    }
