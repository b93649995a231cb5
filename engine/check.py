"""The quote check: every quotation and attributed statement of a draft, looked up in the archive.

    draft -> claims in it -> candidates from both retrievers -> alignment -> verdicts with their differences

A verdict says what the archive holds, never whether a thing is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.attribution.quotes import Quotation
from engine.check_answer import Change, CheckAnswer, CheckedQuotation, Match
from engine.check_candidate import Candidate, Judgement
from engine.check_claims import Claim, claims, inner_span, marked
from engine.check_retrieval import Archive, exact_candidates, like_candidates
from engine.check_sources import Source
from engine.check_verdict import judge
from engine.drafts import Draft
from engine.models import SPOKEN_ROLES, Article, AttributedArticle, Paragraph, Span
from engine.paragraphs import paragraphs_of
from engine.ports import Embedder
from engine.prepare import Attributes
from engine.stores.base import Store

MOST_QUOTATIONS = 250
"""Quotations looked up in one request; each one over it is answered `not_checked`, with its place."""
LONGEST_DRAFT = 1_000_000
"""Code points of a draft that are read: a book."""
LONGEST_ATTRIBUTED = 200_000
"""Code points in which speakers and indirect statements are looked for; quotation marks are read in all of it."""
MOST_MATCHES = 10


def check_draft(draft: Draft, *, store: Store, embedder: Embedder, attributor: Attributes) -> CheckAnswer:
    """A verdict for each quotation, in the order of the draft."""
    notes = list(draft.notes)
    if len(draft.text) > LONGEST_DRAFT:
        notes.append(f"only the first {LONGEST_DRAFT:,} characters were read")
    article = _article(draft.text[:LONGEST_DRAFT])
    found = marked(article)
    checked, rest = found[:MOST_QUOTATIONS], found[MOST_QUOTATIONS:]
    attributed = _attributed(article, rest, attributor, notes)
    made = claims(attributed, checked)
    unchecked = [*(c.span for c in made[MOST_QUOTATIONS:]), *_inner(article.text, rest)]
    if unchecked:
        notes.append(f"{len(unchecked)} quotations beyond the first {MOST_QUOTATIONS} were not checked")
    archive = Archive(store)
    judged = _judged(archive, made[:MOST_QUOTATIONS], embedder)
    answers = [_answer(archive, claim, judgement) for claim, judgement in judged]
    answers += [CheckedQuotation(span.of(article.text), span, "not_checked") for span in sorted(unchecked)]
    extracted = None if draft.spans_count_in_file else draft.text
    return CheckAnswer(store.scope(), tuple(answers), tuple(notes), extracted)


def _article(text: str) -> Article:
    """The draft as an article. What looks like a caption or a related link is read too: a draft has no furniture."""
    paragraphs = (p if p.role in SPOKEN_ROLES else replace(p, role="body") for p in paragraphs_of(text))
    return Article(id="draft", text=text, paragraphs=tuple(paragraphs))


def _attributed(
    article: Article,
    rest: Sequence[Quotation],
    attributor: Attributes,
    notes: list[str],
) -> AttributedArticle:
    """Statements of the part of the draft that is checked: what follows the last checked quotation is not read."""
    end = rest[0].span.start if rest else len(article.text)
    if end > LONGEST_ATTRIBUTED:
        end = LONGEST_ATTRIBUTED
        notes.append(f"speakers were looked for in the first {LONGEST_ATTRIBUTED:,} characters")
    if end == len(article.text):
        return attributor.attribute(article)
    kept = (
        Paragraph(Span(p.span.start, min(p.span.end, end)), p.role) for p in article.paragraphs if p.span.start < end
    )
    part = replace(article, text=article.text[:end], paragraphs=tuple(kept))
    return AttributedArticle(article, attributor.attribute(part).statements)


def _inner(text: str, found: Sequence[Quotation]) -> list[Span]:
    return [span for q in found if (span := inner_span(text, q.span))]


def _judged(archive: Archive, made: Sequence[Claim], embedder: Embedder) -> list[tuple[Claim, Judgement]]:
    """Exact places first; only the claims that have none are embedded, all in one batch, and searched by likeness."""
    judged: dict[int, Judgement] = {}
    for i, claim in enumerate(made):
        exact = exact_candidates(archive, claim)
        if exact and (judgement := judge(claim, exact, ())).verdict in ("verbatim", "other_speaker"):
            judged[i] = judgement
    left = [i for i in range(len(made)) if i not in judged]
    vectors = embedder.embed([made[i].text for i in left]) if left else ()
    for i, vector in zip(left, vectors, strict=True):
        candidates, neighbours = like_candidates(archive, made[i], vector)
        judged[i] = judge(made[i], candidates, neighbours)
    return [(claim, judged[i]) for i, claim in enumerate(made)]


def _answer(archive: Archive, claim: Claim, judgement: Judgement) -> CheckedQuotation:
    matches = [_match(archive, candidate) for candidate in judgement.candidates]
    meant = [_by_meaning(source) for source in judgement.by_meaning]
    found = judgement.verdict == "paraphrase"
    matches += meant if found else []
    dated = [match for match in matches if match.article.published]
    return CheckedQuotation(
        text=claim.text,
        span=claim.span,
        verdict=judgement.verdict,
        attributed_to=claim.shown,
        attributed_speaker=claim.speaker,
        direct=claim.direct,
        changes=tuple(change for change in judgement.changes if _shown(change)),
        flags=tuple(dict.fromkeys((*claim.flags, *judgement.flags))),
        matches=tuple(matches[:MOST_MATCHES]),
        nearest=() if found else tuple(meant[:3]),
        earliest=min(dated, key=lambda m: (m.article.published or "", m.article.id), default=None),
    )


def _shown(change: Change) -> bool:
    return bool(change.draft or change.source)


def _match(archive: Archive, candidate: Candidate) -> Match:
    source, owner = candidate.source, candidate.owner
    text = source.text
    if owner is not None and source.statement is None and (article := archive.article(source.article.id)):
        text = owner.text(article.article.text)
    return Match(
        statement=owner.id if owner else None,
        text=text,
        speakers=owner.speakers if owner else (),
        article=source.article,
        spans=source.places(candidate.alignment.source_range),
        score=candidate.alignment.coverage,
        via=owner.via if owner else (),
        kind=owner.kind if owner else None,
        act=owner.act if owner else None,
        cue=source.cue(owner),
    )


def _by_meaning(source: Source) -> Match:
    statement = source.statement
    return Match(
        statement=statement.id if statement else None,
        text=source.text,
        speakers=statement.speakers if statement else (),
        article=source.article,
        spans=source.spans,
        score=source.cosine or 0.0,
        by="meaning",
        via=statement.via if statement else (),
        kind=statement.kind if statement else None,
        act=statement.act if statement else None,
        cue=source.cue(statement),
    )
