"""From source spans to speakers: every attribution becomes one statement, with whom it is attributed to."""

from __future__ import annotations

from collections.abc import Sequence

from engine.attribution.attribution import Attribution
from engine.identity import speaker_id, statement_id
from engine.models import Article, Speaker, Statement
from engine.registry import Registry


def resolve(article: Article, attributions: Sequence[Attribution], registry: Registry) -> tuple[Statement, ...]:
    """One statement for each attribution, in their order; ids are unique within the article."""
    last: Speaker | None = None
    seen: set[str] = set()
    statements: list[Statement] = []
    for attribution in attributions:
        key = statement_id(article.id, attribution.content, attribution.source)
        if key in seen:
            continue
        seen.add(key)
        name = " ".join(span.of(article.text) for span in attribution.source)
        if name and name.lower() not in {"he", "she", "it", "they"}:
            last = registry.lookup(name, day=article.day) or Speaker(speaker_id(name), name)
        statements.append(Statement(
            id=key, kind=attribution.kind, content=attribution.content, cue=attribution.cue,
            source=attribution.source, channel=attribution.channel, form="named" if name else "none",
            speakers=(last,) if last else (), confidence=attribution.confidence, flags=attribution.flags,
        ))  # fmt: skip
    return tuple(statements)
