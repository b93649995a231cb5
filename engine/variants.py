"""The same words in several outlets: who had them first, who changed them, and how.

Statements gather around one given, never around each other: what is only like a variant is not drawn in. Nothing is
merged in silence: a statement of another speaker, one whose words differ in a negation or a number, or one that is only
alike in meaning stands apart with the reason, and so does what the user splits off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from engine.check_align import Alignment, align
from engine.check_answer import Change
from engine.check_candidate import Candidate, changes_of
from engine.check_claims import LONGEST_QUOTATION, Claim
from engine.check_retrieval import Archive
from engine.check_sources import Source, source_of
from engine.check_words import quoted_words
from engine.errors import QueryError
from engine.models import Span, Speaker
from engine.query import ArticleHeader, Copy
from engine.variants_relation import Reason, Relation, Wording, words_of
from engine.variants_search import near
from engine.views import Sources, stored

MOST_VARIANTS = 200
"""Statements of each retriever that are compared: more than a wire has customers in one archive."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording. `copies` are the statements that have exactly it in other places (wire copies), earliest first.

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
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """A statement that is like the cluster and not of it; its changes too lead from the cluster's earliest wording."""

    variant: Variant
    reason: Reason


@dataclass(frozen=True, slots=True)
class VariantsAnswer:
    variants: tuple[Variant, ...]
    apart: tuple[Apart, ...]
    notes: tuple[str, ...] = ()


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
    if given is not None and given.id in split:
        raise QueryError(f"split: {given.id} is the statement that the others are compared with; split off others")
    speaker = given.statement.speaker if given and given.statement else None
    wording = Wording(words, speaker=speaker, published=given.article.published if given else None)
    inside: list[Variant] = [] if given is None else [_variant(given, "given", 1.0)]
    apart: list[Apart] = []
    compared = near(sources, Archive(sources.store), words, most=MOST_VARIANTS)
    for source in compared:
        found = wording.relation(source)
        if found is None or (given is not None and source.id == given.id):
            continue
        reason = wording.apart(source, *found, split)
        if reason is None:
            inside.append(_variant(source, *found))
        else:
            apart.append(Apart(_variant(source, *found), reason))
    folded = _folded(sorted(inside, key=_order))
    shown = tuple(replace(one.variant, changes=_changes(folded, one.variant)) for one in apart)
    return VariantsAnswer(
        tuple(replace(variant, changes=_changes(folded, variant)) for variant in folded),
        tuple(sorted(map(Apart, shown, (one.reason for one in apart)), key=lambda one: _order(one.variant))),
        _notes(compared, split, apart),
    )


def _notes(compared: Sequence[Source], split: Collection[str], apart: Sequence[Apart]) -> tuple[str, ...]:
    notes = []
    absent = sorted(set(split) - {one.variant.statement for one in apart})
    if absent:
        notes.append(f"split: {', '.join(absent)} is no statement of this cluster")
    if len(compared) >= MOST_VARIANTS:
        notes.append(f"only the {len(compared)} statements nearest to these words were compared")
    return tuple(notes)


def _variant(source: Source, relation: Relation, likeness: float) -> Variant:
    statement = source.statement
    assert statement is not None
    return Variant(source.id, source.text, statement.speakers, source.article, source.spans, relation, likeness)


def _order(variant: Variant) -> tuple[bool, str, str, str]:
    published = variant.article.published
    return (published is None, published or "", variant.article.id, variant.statement)


def _folded(ordered: Sequence[Variant]) -> list[Variant]:
    """One variant for each wording: the earliest, with the others that have it."""
    by_wording: dict[str, Variant] = {}
    for variant in ordered:
        key = "".join(words_of(variant.text).norms)
        first = by_wording.get(key)
        by_wording[key] = variant if first is None else _carried(first, variant)
    return list(by_wording.values())


def _carried(first: Variant, copy: Variant) -> Variant:
    relation: Relation = "given" if "given" in (first.relation, copy.relation) else first.relation
    return replace(
        first, copies=(*first.copies, Copy(copy.statement, copy.text, copy.article, copy.spans)), relation=relation
    )


def _changes(cluster: Sequence[Variant], variant: Variant) -> tuple[Change, ...]:
    return word_diff(cluster[0].text, variant.text) if cluster and cluster[0].text != variant.text else ()


def word_diff(earlier: str, later: str) -> tuple[Change, ...]:
    """What a later wording drops, adds and replaces; empty where not a word is shared."""
    span, whole = Span(0, len(later)), Span(0, len(earlier))
    claim = Claim(span, later, quoted_words(later, span, limit=LONGEST_QUOTATION), True)
    source = Source("", earlier, words_of(earlier), (whole,), None,
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
