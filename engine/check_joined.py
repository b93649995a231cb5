"""Pieces of several statements run together as one quotation. Pure; thresholds as in `engine/check_verdict.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from engine.check_candidate import Candidate, Judgement
from engine.check_claims import Claim
from engine.check_words import weight
from engine.models import Span

PIECE_WEIGHT = 1.25
PIECE_WORDS = 4
"""A run of so many words, and so much weight, was lifted from somewhere; a shorter one is a turn of phrase, unless it
is all that stands between two ellipses."""
SEGMENT_WORDS = 2
JOINED_COVERAGE = 0.75
"""The pieces together must hold this share of the quotation ..."""
JOINED_GAIN = 2.5
"""... and this much more weight than the best single source: more than a turn of phrase that anybody uses. Where they
hold nearly all of it, a single piece more is enough."""
NEARLY_ALL = 0.95


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of the quotation, `draft`, that stand in one statement (or, outside any, in a passage) from `source` on."""

    candidate: Candidate
    owner: str
    draft: tuple[int, int]
    source: int
    weight: float


def joined(claim: Claim, candidates: Sequence[Candidate]) -> Judgement | None:
    """Pieces of at least two statements that together hold the quotation clearly better than one statement does."""
    total = sum(weight(norm) for i, norm in enumerate(claim.quoted.words.norms) if i not in claim.quoted.bracketed)
    pieces = _pieces(claim, candidates)
    chosen = _chosen(claim, pieces)
    if not total or len(chosen) < 2:
        return None
    held = sum(piece.weight for piece in chosen)
    if held < JOINED_COVERAGE * total or any(
        c.source.one_turn(c.alignment) for c in candidates if _holds(c, held / total)
    ):
        return None
    if len({piece.owner for piece in chosen}) < 2:
        if not _out_of_order(chosen):
            return None
    else:
        best = max(_held_by(candidates, owner) for owner in {piece.owner for piece in pieces})
        if held - best < (PIECE_WEIGHT if held >= NEARLY_ALL * total else JOINED_GAIN):
            return None
    parts = tuple({p.candidate.source.id + p.owner: p.candidate for p in chosen}.values())
    flags = {flag for part in parts for flag in _joined_flags(claim, part)}
    return Judgement("joined", parts, flags=tuple(sorted(flags)))


def _pieces(claim: Claim, candidates: Sequence[Candidate]) -> list[_Piece]:
    """Runs long enough to have been lifted, heaviest first."""
    found = []
    for candidate in candidates:
        for run in candidate.alignment.runs:
            draft = (run.draft, run.draft + run.length)
            if _lifted(claim, draft):
                owner = _owner(candidate, run.source, run.source + run.span)
                found.append(_Piece(candidate, owner, draft, run.source, _weight(claim, draft)))
    return sorted(found, key=lambda p: (-p.weight, p.draft, p.candidate.source.id))


def _owner(candidate: Candidate, first: int, end: int) -> str:
    spans = candidate.source.words.spans
    place = Span(spans[first].start, spans[end - 1].end)
    held = (s.id for s in candidate.owners if any(p.overlaps(place) for p in s.content))
    return next(held, candidate.source.id)


def _lifted(claim: Claim, draft: tuple[int, int]) -> bool:
    start, end = draft
    gaps = claim.quoted.gaps
    if gaps and start in (*gaps, 0) and end in (*gaps, len(claim.quoted.words)) and end - start >= SEGMENT_WORDS:
        return True
    return end - start >= PIECE_WORDS and _weight(claim, draft) >= PIECE_WEIGHT


def _weight(claim: Claim, draft: tuple[int, int]) -> float:
    return sum(map(weight, claim.quoted.words.norms[slice(*draft)]))


def _chosen(claim: Claim, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Pieces that do not overlap, in the order of the draft; where one begins before another has ended ("..., and |
    and ..."), the lighter is cut."""
    chosen: list[_Piece] = []
    for piece in pieces:
        start, end = piece.draft
        for other in chosen:
            if other.draft[0] <= start < other.draft[1]:
                start = other.draft[1]
            elif start < other.draft[0] < end:
                end = other.draft[0]
        if end > start and _lifted(claim, (start, end)):
            source = piece.source + start - piece.draft[0]
            chosen.append(replace(piece, draft=(start, end), source=source, weight=_weight(claim, (start, end))))
    return sorted(chosen, key=lambda piece: piece.draft)


def _out_of_order(chosen: Sequence[_Piece]) -> bool:
    """Does the draft turn the pieces of one statement round? A gap in it would be an omission; this is not."""
    return any(a.source > b.source for a, b in pairwise(chosen) if a.candidate.source.id == b.candidate.source.id)


def _held_by(candidates: Sequence[Candidate], owner: str) -> float:
    """The most weight that one statement holds by itself."""
    held = 0.0
    for candidate in candidates:
        if candidate.source.id == owner or [s.id for s in candidate.owners] == [owner]:
            held = max(held, candidate.alignment.matched_weight)
    return held


def _holds(candidate: Candidate, share: float) -> bool:
    return candidate.alignment.coverage >= share - 0.05


def _joined_flags(claim: Claim, part: Candidate) -> list[str]:
    return ["other-speaker"] if part.said_by(claim.named) == "other" else []
