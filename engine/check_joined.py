"""Pieces of several statements run together as one quotation. Pure; thresholds as in `engine/check_verdict.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.check_candidate import Candidate, Judgement
from engine.check_claims import Claim
from engine.check_words import weight
from engine.models import Span

PIECE_WEIGHT = 1.75
PIECE_WORDS = 3
JOINED_COVERAGE = 0.75
"""The pieces together must hold this share of the quotation ..."""
JOINED_GAIN = 2.5
"""... and this much more weight than the best single source: more than a turn of phrase that anybody uses."""
SKIPPED = 3
"""Source words that may be skipped in what stands together: "he said" and the like."""


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


def joined(claim: Claim, candidates: Sequence[Candidate]) -> Judgement | None:
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
    if together * total - max(by_owner.values()) < JOINED_GAIN or _stands_together(candidates, together):
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


def _stands_together(candidates: Sequence[Candidate], together: float) -> bool:
    """Does one passage hold as much, with hardly a word skipped? Then nothing was run together, however many
    statements were found in it."""
    for c in candidates:
        skipped = sum(d.source[1] - d.source[0] for d in c.alignment.differences if d.draft[0] == d.draft[1])
        if c.alignment.coverage >= together - 0.05 and (skipped <= SKIPPED or c.source.one_turn(c.alignment)):
            return True
    return False


def _joined_flags(claim: Claim, part: Candidate) -> list[str]:
    return ["other-speaker"] if part.said_by(claim.speaker) == "other" else []
