"""From alignments to a verdict. Pure: what was found is given, nothing is fetched.

Every threshold was chosen on the first half of the test set of `engine/learning/check_cases.py` and measured on the
other half; the table is in docs/quote-check.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.check_align import Alignment, Difference
from engine.check_answer import Change, Verdict
from engine.check_claims import Claim
from engine.check_sources import Source
from engine.check_speakers import Sameness, said_by
from engine.check_words import lost_prefix, negations, weight
from engine.models import Span, Statement
from engine.query_words import FUNCTION_WORDS
from engine.text import stem

ALTERED_COVERAGE = 0.6
"""Share of a quotation's weight that must stand in one source for it to be an altered form of it."""
ALTERED_WEIGHT = 1.75
"""And so much weight must match (content words count 1): two words in common are a coincidence."""
PIECE_WEIGHT = 1.75
PIECE_WORDS = 3
JOINED_COVERAGE = 0.75
"""The pieces together must hold this share of the quotation ..."""
JOINED_GAIN = 2.5
"""... and this much more weight than the best single source: more than a turn of phrase that anybody uses."""
BENT_COVERAGE = 0.8
"""So much of a report's words, with a content word exchanged, is a changed report and no paraphrase."""
PARAPHRASE_COSINE = 0.62
PARAPHRASE_COVERAGE = 0.3
"""Meaning alone is not enough: some of the words must be there too, or the likeness must be close."""
PARAPHRASE_ALONE = 0.72

_LOUD = ("negation-dropped", "negation-added", "number-changed")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source with its alignment. `owners` are the statements in which the matched runs stand, in their order."""

    source: Source
    alignment: Alignment
    owners: tuple[Statement, ...] = ()

    @property
    def owner(self) -> Statement | None:
        return self.owners[0] if self.owners else None


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()
    by_meaning: tuple[Source, ...] = ()
    changes: tuple[Change, ...] = ()
    flags: tuple[str, ...] = ()


def judge(claim: Claim, candidates: Sequence[Candidate], neighbours: Sequence[Source]) -> Judgement:
    """The verdict on one claim. `neighbours` are statements near in meaning, nearest first, with their cosine."""
    exact = [c for c in candidates if c.alignment.exact and not _scattered(c)]
    if exact:
        return _exact(claim, exact)
    if claim.direct and (joined := _joined(claim, candidates)):
        return joined
    return _altered(claim, candidates) or _meaning(claim, candidates, neighbours)


def _scattered(candidate: Candidate) -> bool:
    """Exact but for what an ellipsis leaves out, with pieces in different statements: that is joining."""
    return len(candidate.alignment.runs) > 1 and len({s.id for s in candidate.owners}) > 1


def _rank(claim: Claim, candidate: Candidate) -> tuple[float, ...]:
    """Best first: the speaker's own, most words, in a statement rather than outside, earliest."""
    order: dict[Sameness, int] = {"same": 0, "unknown": 1, "other": 2}
    day = candidate.source.article.published
    date = float(day[:10].replace("-", "")) if day else float("inf")
    own = order[said_by(claim.speaker, candidate.owner)]
    return (own, candidate.owner is None, -round(candidate.alignment.coverage, 3), date)


def _exact(claim: Claim, exact: list[Candidate]) -> Judgement:
    ranked = tuple(sorted(exact, key=lambda c: (*_rank(claim, c), c.source.id)))
    best = ranked[0]
    sameness = {said_by(claim.speaker, c.owner) for c in ranked}
    changes, flags = changes_of(claim, best)
    if "same" not in sameness and "other" in sameness:
        return Judgement("other_speaker", ranked, changes=changes, flags=flags)
    return Judgement("verbatim", ranked, changes=changes, flags=(*flags, *_speaker_flags(claim, best)))


def _speaker_flags(claim: Claim, best: Candidate) -> tuple[str, ...]:
    flags = []
    if best.owner is None:
        flags.append("outside-statements")
    elif said_by(claim.speaker, best.owner) == "other":
        flags.append("other-speaker")
    elif claim.speaker is not None and not best.owner.speakers:
        flags.append("speaker-unknown-in-source")
    if claim.direct and best.owner is not None and best.owner.kind == "indirect":
        flags.append("indirect-in-source")
    return tuple(flags)


def _altered(claim: Claim, candidates: Sequence[Candidate]) -> Judgement | None:
    """Altered, or a paraphrase in much the same words; None where nothing resembles the quotation."""
    near = [c for c in candidates if _resembles(c.alignment)]
    ranked = sorted(near, key=lambda c: (_rank_by_words(claim, c), c.source.id))
    for best in ranked:
        changes, flags = changes_of(claim, best)
        verdict: Verdict = "altered" if _bent(claim, best, flags) else "paraphrase"
        if verdict == "altered" or said_by(claim.speaker, best.owner) != "other":
            order = (best, *(c for c in ranked if c is not best))
            return Judgement(verdict, order, changes=changes, flags=(*flags, *_speaker_flags(claim, best)))
    return None


def _bent(claim: Claim, best: Candidate, flags: Sequence[str]) -> bool:
    """Is it a quotation that was changed, rather than a statement in other words?

    Where the draft or the source only reports, other words are allowed, but neither a lost negation nor another
    number; and a quotation that has one content word of the report exchanged does not say the same.
    """
    if claim.direct and not _reported(best):
        return True
    if any(flag in flags for flag in _LOUD):
        return True
    return claim.direct and best.alignment.coverage >= BENT_COVERAGE and _content_changed(claim, best)


def _reported(candidate: Candidate) -> bool:
    """Do the matched words stand in a reporter's own words: in a statement, but outside quotation marks?"""
    owner = candidate.owner
    return owner is not None and (
        owner.kind == "indirect" or (owner.kind == "mixed" and not candidate.source.in_marks(candidate.alignment))
    )


def _content_changed(claim: Claim, candidate: Candidate) -> bool:
    """Is a content word exchanged for one of another stem, or put in?"""
    for difference in candidate.alignment.differences:
        ours = {stem(w) for w in claim.quoted.words.norms[slice(*difference.draft)] if w not in FUNCTION_WORDS}
        theirs = {stem(w) for w in candidate.source.words.norms[slice(*difference.source)]}
        if ours - theirs and not difference.excused:
            return True
    return False


def _rank_by_words(claim: Claim, candidate: Candidate) -> tuple[float, ...]:
    own, outside, coverage, date = _rank(claim, candidate)
    dropped = sum(d.source[1] - d.source[0] for d in candidate.alignment.differences if not d.excused)
    return (coverage, min(dropped, 40), own, outside, date)


def _resembles(alignment: Alignment) -> bool:
    return alignment.coverage >= ALTERED_COVERAGE and alignment.matched_weight >= ALTERED_WEIGHT


@dataclass(frozen=True, slots=True)
class _Piece:
    candidate: Candidate
    owner: str
    draft: tuple[int, int]
    weight: float


def _pieces(claim: Claim, candidates: Sequence[Candidate]) -> list[_Piece]:
    """Runs long enough to have been lifted, with the statement (or article passage) that each stands in."""
    found = []
    for candidate in candidates:
        alignment, source = candidate.alignment, candidate.source
        for run in alignment.runs:
            held = sum(map(weight, claim.quoted.words.norms[run.draft : run.draft + run.length]))
            if held < PIECE_WEIGHT or run.length < PIECE_WORDS:
                continue
            place = Span(source.words.spans[run.source].start, source.words.spans[run.source + run.span - 1].end)
            owner = next((s.id for s in candidate.owners if any(p.overlaps(place) for p in s.content)), None)
            found.append(_Piece(candidate, owner or source.id, (run.draft, run.draft + run.length), held))
    return found


def _joined(claim: Claim, candidates: Sequence[Candidate]) -> Judgement | None:
    """Pieces of at least two statements that together hold the quotation clearly better than one statement does."""
    total = sum(map(weight, claim.quoted.words.norms))
    pieces = sorted(_pieces(claim, candidates), key=lambda p: (-p.weight, p.draft, p.candidate.source.id))
    if not pieces or not total:
        return None
    chosen: list[_Piece] = []
    for piece in pieces:
        if all(piece.draft[1] <= other.draft[0] or piece.draft[0] >= other.draft[1] for other in chosen):
            chosen.append(piece)
    chosen.sort(key=lambda piece: piece.draft)
    by_owner: dict[str, float] = {}
    for piece in pieces:
        by_owner[piece.owner] = max(by_owner.get(piece.owner, 0.0), _held_by(candidates, piece.owner))
    together = sum(piece.weight for piece in chosen) / total
    if len({p.owner for p in chosen}) < 2 or together < JOINED_COVERAGE:
        return None
    if together * total - max(by_owner.values()) < JOINED_GAIN:
        return None
    parts = tuple({p.candidate.source.id + p.owner: p.candidate for p in chosen}.values())
    flags = {flag for part in parts for flag in _joined_flags(claim, part)}
    return Judgement("joined", parts, flags=tuple(sorted(flags)))


def _held_by(candidates: Sequence[Candidate], owner: str) -> float:
    """The most weight that one statement holds by itself."""
    held = 0.0
    for candidate in candidates:
        if candidate.source.id == owner or [s.id for s in candidate.owners] == [owner]:
            held = max(held, candidate.alignment.matched_weight)
    return held


def _joined_flags(claim: Claim, part: Candidate) -> list[str]:
    return ["other-speaker"] if said_by(claim.speaker, part.owner) == "other" else []


def _meaning(claim: Claim, candidates: Sequence[Candidate], neighbours: Sequence[Source]) -> Judgement:
    """A statement of the same content in other words, by its speaker or by nobody else; or nothing."""
    coverage = {c.source.id: c.alignment.coverage for c in candidates}
    alike = [
        source
        for source in neighbours
        if source.cosine is not None
        and said_by(claim.speaker, source.statement) != "other"
        and (
            source.cosine >= PARAPHRASE_ALONE
            or (source.cosine >= PARAPHRASE_COSINE and coverage.get(source.id, 0.0) >= PARAPHRASE_COVERAGE)
        )
    ]
    if alike:
        best = max(alike, key=lambda s: (s.cosine or 0.0, s.id))
        flags = [] if negations(claim.text) == negations(best.text) else ["negation-differs"]
        return Judgement("paraphrase", by_meaning=(best, *(s for s in alike if s is not best)), flags=tuple(flags))
    return Judgement("not_found", by_meaning=tuple(neighbours[:3]))


def changes_of(claim: Claim, candidate: Candidate) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The differences as words, and what is loud about them."""
    changes, flags = [], list[str]()
    for difference in candidate.alignment.differences:
        change = _change(claim, candidate.source, difference)
        changes.append(change)
        flags += _flags_of(change, difference)
    if not candidate.alignment.differences or all(d.excused for d in candidate.alignment.differences):
        flags += candidate.source.typography(claim.text, claim.quoted, candidate.alignment)
    if candidate.source.negated_before(candidate.alignment):
        flags.append("negation-just-before")
    return tuple(changes), tuple(dict.fromkeys(flags))


def _change(claim: Claim, source: Source, difference: Difference) -> Change:
    ours = _slice(claim.text, claim.quoted.words.spans, difference.draft, claim.span.start)
    theirs = source.slice(difference.source)
    return Change(difference.kind, ours, theirs, bool(difference.excused))


def _slice(text: str, spans: Sequence[Span], place: tuple[int, int], offset: int) -> str:
    if place[0] == place[1]:
        return ""
    return text[spans[place[0]].start - offset : spans[place[1] - 1].end - offset]


def _flags_of(change: Change, difference: Difference) -> list[str]:
    flags: list[str] = [difference.excused] if difference.excused else []
    ours, theirs = negations(change.draft), negations(change.source)
    if theirs > ours or lost_prefix(change.source.lower(), change.draft.lower()):
        flags.append("ellipsis-hides-negation" if difference.excused == "ellipsis" else "negation-dropped")
    elif ours > theirs or lost_prefix(change.draft.lower(), change.source.lower()):
        flags.append("negation-added")
    if any(c.isdigit() for c in change.draft + change.source) and not difference.excused:
        flags.append("number-changed")
    return flags


def with_flags(judgement: Judgement, flags: Sequence[str]) -> Judgement:
    return replace(judgement, flags=tuple(dict.fromkeys((*flags, *judgement.flags))))
