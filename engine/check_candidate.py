"""A source with its alignment, whose words it holds, and what differs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.check_align import Alignment, Difference
from engine.check_answer import Change, Verdict
from engine.check_claims import Claim
from engine.check_sources import Source
from engine.check_speakers import Named, Sameness, said_by
from engine.check_words import lost_prefix, negations
from engine.models import Span, Statement


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source with its alignment. `owners` are the statements in which the matched runs stand, in their order;
    `article_text` is given where who said them must be weighed."""

    source: Source
    alignment: Alignment
    owners: tuple[Statement, ...] = ()
    article_text: str = ""

    @property
    def owner(self) -> Statement | None:
        """The statement that holds most of the matched words."""
        if len(self.owners) < 2:
            return self.owners[0] if self.owners else None
        places = self.places()
        return max(self.owners, key=lambda s: (shared(s, places), -sum(map(len, s.content))))

    def places(self) -> tuple[Span, ...]:
        """Where the equal runs stand in the article."""
        spans = self.source.words.spans
        return tuple(Span(spans[r.source].start, spans[r.source + r.span - 1].end) for r in self.alignment.runs)

    def said_by(self, named: Named) -> Sameness:
        """Anybody whose statement holds the words counts as their speaker; but a statement that holds less than half
        of them accuses nobody."""
        found = {said_by(named, owner, self.article_text) for owner in self.owners}
        if "same" in found:
            return "same"
        places = self.places()
        owner = self.owner
        held = shared(owner, places) if owner else 0
        if "other" not in found or "unknown" in found or 2 * held < sum(map(len, places)):
            return "unknown"
        return "same" if named.labels(self.article_text, places[0].start) else "other"


def shared(statement: Statement, places: Sequence[Span]) -> int:
    """Characters of the places that lie in the statement's content."""
    return sum(
        max(0, min(piece.end, place.end) - max(piece.start, place.start))
        for piece in statement.content
        for place in places
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()
    by_meaning: tuple[Source, ...] = ()
    changes: tuple[Change, ...] = ()
    flags: tuple[str, ...] = ()


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
    spans, (start, end) = claim.quoted.words.spans, difference.draft
    at = spans[start].start if end > start else spans[start - 1].end if start else claim.span.start
    return Change(difference.kind, ours, theirs, bool(difference.excused), at)


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
