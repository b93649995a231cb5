"""The same words in several outlets: who had them first, who changed them, and how.

Statements gather around one given, never around each other: what is only like a variant is not drawn in. Nothing is
merged in silence: a statement of another speaker, or one whose words differ in a negation, stands apart with the
reason, and so does what the user splits off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.check_align import Alignment, align
from engine.check_answer import Change
from engine.check_candidate import Candidate, changes_of
from engine.check_claims import LONGEST_QUOTATION, Claim
from engine.check_retrieval import Archive
from engine.check_sources import Source, source_of
from engine.check_speakers import said_by
from engine.check_words import negations, quoted_words
from engine.errors import QueryError
from engine.models import Span, Speaker
from engine.query import ArticleHeader
from engine.variants_search import near
from engine.views import Sources, stored

Relation = Literal["given", "exact", "reworded", "translated"]
REWORDED = 0.6
"""Share of the words that a rewording keeps; under it two statements are about the same thing at most."""
TRANSLATED_COSINE = 0.82
"""Nearness in meaning of two statements in different languages, or put in wholly other words."""
MOST_VARIANTS = 100


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording. `copies` are the articles that carry exactly it besides its own (wire copies), earliest first.

    `changes` lead from the cluster's earliest wording to this one: `source` is the earliest's, `draft` this one's.
    """

    statement: str
    text: str
    speakers: tuple[Speaker, ...]
    article: ArticleHeader
    spans: tuple[Span, ...]
    relation: Relation
    likeness: float
    changes: tuple[Change, ...] = ()
    copies: tuple[ArticleHeader, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """A statement that is like the cluster and not of it."""

    variant: Variant
    reason: Literal["another speaker", "a negation differs", "split off"]


@dataclass(frozen=True, slots=True)
class VariantsAnswer:
    variants: tuple[Variant, ...]
    apart: tuple[Apart, ...]


def variants(
    sources: Sources, *, statement: str | None = None, text: str | None = None, split: Collection[str] = ()
) -> VariantsAnswer:
    """The wordings of one statement, earliest first. `split` holds ids of statements that the user keeps apart.

    Raises NotFoundError, QueryError.
    """
    given = source_of(stored(sources.store, statement)) if statement else None
    words = given.text if given else (text or "").strip()
    if not words:
        raise QueryError("give the id of a statement, or a text")
    speaker = given.statement.speaker if given and given.statement else None
    claim = _claim(words, speaker)
    inside: list[Variant] = [] if given is None else [_variant(given, "given", 1.0)]
    apart: list[Apart] = []
    for source in near(sources, Archive(sources.store), words, most=MOST_VARIANTS):
        if given is not None and source.id == given.id:
            continue
        found = _related(claim, source)
        if found is None:
            continue
        reason = _reason(claim, source, found, split)
        if reason is None:
            inside.append(found)
        else:
            apart.append(Apart(found, reason))
    folded = _folded(sorted(inside, key=_order))
    return VariantsAnswer(_with_changes(folded), tuple(sorted(apart, key=lambda a: _order(a.variant))))


def _claim(text: str, speaker: Speaker | None) -> Claim:
    span = Span(0, len(text))
    return Claim(span, text, quoted_words(text, span, limit=LONGEST_QUOTATION), True, speaker)


def _related(claim: Claim, source: Source) -> Variant | None:
    alignment = align(claim.quoted, source.words)
    back = align(quoted_words(source.text, Span(0, len(source.text)), limit=LONGEST_QUOTATION), claim.quoted.words)
    likeness = min(alignment.coverage, back.coverage)
    if _equal(claim, source):
        return _variant(source, "exact", 1.0)
    if likeness >= REWORDED:
        return _variant(source, "reworded", likeness)
    if source.cosine is not None and source.cosine >= TRANSLATED_COSINE:
        return _variant(source, "translated", source.cosine)
    return None


def _equal(claim: Claim, source: Source) -> bool:
    return "".join(claim.quoted.words.norms) == "".join(source.words.norms)


def _variant(source: Source, relation: Relation, likeness: float) -> Variant:
    statement = source.statement
    assert statement is not None
    return Variant(source.id, source.text, statement.speakers, source.article, source.spans, relation, likeness)


def _reason(
    claim: Claim, source: Source, variant: Variant, split: Collection[str]
) -> Literal["another speaker", "a negation differs", "split off"] | None:
    if variant.statement in split:
        return "split off"
    if said_by(claim.speaker, source.statement) == "other":
        return "another speaker"
    if variant.relation == "reworded" and negations(claim.text) != negations(source.text):
        return "a negation differs"
    return None


def _order(variant: Variant) -> tuple[bool, str, str, str]:
    published = variant.article.published
    return (published is None, published or "", variant.article.id, variant.statement)


def _folded(ordered: Sequence[Variant]) -> list[Variant]:
    """One variant for each wording: the earliest, with the articles of the others."""
    by_wording: dict[str, Variant] = {}
    for variant in ordered:
        key = "".join(quoted_words(variant.text, Span(0, len(variant.text)), limit=LONGEST_QUOTATION).words.norms)
        first = by_wording.get(key)
        by_wording[key] = variant if first is None else _carried(first, variant)
    return list(by_wording.values())


def _carried(first: Variant, copy: Variant) -> Variant:
    relation: Relation = "given" if "given" in (first.relation, copy.relation) else first.relation
    return replace(first, copies=(*first.copies, copy.article), relation=relation)


def _with_changes(ordered: Sequence[Variant]) -> tuple[Variant, ...]:
    if not ordered:
        return ()
    earliest = ordered[0]
    return (earliest, *(replace(variant, changes=word_diff(earliest.text, variant.text)) for variant in ordered[1:]))


def word_diff(earlier: str, later: str) -> tuple[Change, ...]:
    """What a later wording drops, adds and replaces; empty where not a word is shared."""
    claim = _claim(later, None)
    whole = Span(0, len(earlier))
    source = Source("", earlier, quoted_words(earlier, whole, limit=LONGEST_QUOTATION).words, (whole,), None,
                    ArticleHeader("", None, None, None, None), earlier, 0)  # fmt: skip
    alignment = align(claim.quoted, source.words)
    if not alignment.runs:
        return ()
    changes, _ = changes_of(claim, Candidate(source, alignment))
    return (*_edges(source, alignment, head=True), *changes, *_edges(source, alignment, head=False))


def _edges(source: Source, alignment: Alignment, *, head: bool) -> tuple[Change, ...]:
    """Words of the earlier wording before or after all that is shared, and not already set against others."""
    first, last = alignment.source_range
    for difference in alignment.differences:
        if difference.source[0] < difference.source[1]:
            first, last = min(first, difference.source[0]), max(last, difference.source[1])
    place = (0, first) if head else (last, len(source.words))
    left = source.slice(place) if place[0] < place[1] else ""
    return (Change("dropped", "", left),) if left else ()
