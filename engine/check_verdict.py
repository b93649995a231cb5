"""From alignments to a verdict. Pure: what was found is given, nothing is fetched.

The thresholds were chosen on the cases of `tests/bench/check_cases.py`; docs/quote-check.md has the tables, and says
which of those cases had been looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.check_align import Alignment
from engine.check_answer import Verdict
from engine.check_candidate import Candidate, Judgement, changes_of, shared
from engine.check_claims import Claim
from engine.check_joined import joined
from engine.check_sources import Source
from engine.check_speakers import Sameness, named_in, said_by
from engine.check_words import negations
from engine.query_words import FUNCTION_WORDS
from engine.text import stem

ALTERED_COVERAGE = 0.6
"""Share of a quotation's weight that must stand in one source for it to be an altered form of it."""
ALTERED_WEIGHT = 1.75
"""And so much weight must match (content words count 1): two words in common are a coincidence."""
REPORT_TENTHS = 7
"""An indirect statement that holds seven tenths of the words is a report, also within somebody's turn to speak."""
BENT_COVERAGE = 0.8
"""So much of a report's words, with a content word exchanged, is a changed report and no paraphrase."""
WORSE = 0.15
"""A passage that holds so much less of a quotation than another is not where it was taken from."""
PARAPHRASE_COSINE = 0.62
PARAPHRASE_COVERAGE = 0.3
"""Meaning alone is not enough: some of the words must be there too, or the likeness must be close."""
PARAPHRASE_ALONE = 0.72
PARAPHRASE_OTHER = 0.85
"""Another speaker's statement must be so near to be shown as the paraphrase, with its flag."""

_LOUD = ("negation-dropped", "negation-added", "number-changed")


def judge(claim: Claim, candidates: Sequence[Candidate], neighbours: Sequence[Source]) -> Judgement:
    """The verdict on one claim. `neighbours` are statements near in meaning, nearest first, with their cosine."""
    exact = [c for c in candidates if c.alignment.exact and not _scattered(c)]
    if exact:
        return _exact(claim, exact)
    if claim.direct and (together := joined(claim, candidates)):
        return together
    return _altered(claim, candidates) or _meaning(claim, candidates, neighbours)


def _scattered(candidate: Candidate) -> bool:
    """Exact but for what an ellipsis leaves out, with pieces in different statements: that is joining."""
    return len(candidate.alignment.runs) > 1 and len({s.id for s in candidate.owners}) > 1


def _rank(claim: Claim, candidate: Candidate) -> tuple[float, ...]:
    """Best first: the speaker's own, most words, in a statement rather than outside, earliest."""
    order: dict[Sameness, int] = {"same": 0, "unknown": 1, "other": 2}
    day = candidate.source.article.published
    date = float(day[:10].replace("-", "")) if day else float("inf")
    own = order[candidate.said_by(claim.named)]
    return (own, candidate.owner is None, -round(candidate.alignment.coverage, 3), date)


def _exact(claim: Claim, exact: list[Candidate]) -> Judgement:
    ranked = tuple(sorted(exact, key=lambda c: (*_rank(claim, c), c.source.id)))
    best = ranked[0]
    sameness = {c.said_by(claim.named) for c in ranked}
    changes, flags = changes_of(claim, best)
    if "same" not in sameness and "other" in sameness:
        return Judgement("other_speaker", ranked, changes=changes, flags=flags)
    return Judgement("verbatim", ranked, changes=changes, flags=(*flags, *_speaker_flags(claim, best)))


def _speaker_flags(claim: Claim, best: Candidate) -> tuple[str, ...]:
    flags = []
    if best.owner is None:
        flags.append("outside-statements")
    elif best.said_by(claim.named) == "other":
        flags.append("other-speaker")
    elif claim.speaker is not None and not best.owner.speakers:
        flags.append("speaker-unknown-in-source")
    if best.article_text and best.said_by(claim.named) == "unknown" and not named_in(claim.named, best.article_text):
        flags.append("speaker-not-in-article")
    if claim.direct and best.owner is not None and best.owner.kind == "indirect":
        flags.append("indirect-in-source")
    return tuple(flags)


def _altered(claim: Claim, candidates: Sequence[Candidate]) -> Judgement | None:
    """Altered, or a paraphrase in much the same words; None where nothing resembles the quotation."""
    near = [c for c in candidates if _resembles(c.alignment)]
    most = max((c.alignment.coverage for c in near), default=0.0)
    near = [c for c in near if c.alignment.coverage >= most - WORSE]
    ranked = sorted(near, key=lambda c: (_rank_by_words(claim, c), c.source.id))
    for best in ranked:
        changes, flags = changes_of(claim, best)
        verdict: Verdict = "altered" if _bent(claim, best, flags) else "paraphrase"
        if verdict == "altered" or best.said_by(claim.named) != "other":
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
    if not claim.direct:
        return False
    return _only_cut(best) or (_share(claim, best) >= BENT_COVERAGE and _content_changed(claim, best))


def _only_cut(candidate: Candidate) -> bool:
    """Are the draft's words all there, and others left out? Rewording leaves no sentence otherwise as it is."""
    return all(
        difference.excused or difference.draft[0] == difference.draft[1]
        for difference in candidate.alignment.differences
    )


def _share(claim: Claim, candidate: Candidate) -> float:
    """The share of the quotation that stands in the source, by weight or by number of words."""
    words = sum(run.length for run in candidate.alignment.runs) / len(claim.quoted.words)
    return max(candidate.alignment.coverage, words)


def _reported(candidate: Candidate) -> bool:
    """Do the matched words stand in a reporter's own words, outside quotation marks? A direct statement without marks
    is a speech set with a label or as a block."""
    owner = candidate.owner
    if owner is not None and owner.kind == "direct":
        return False
    places = candidate.places()
    by_label = owner is None or 10 * shared(owner, places) < REPORT_TENTHS * sum(map(len, places))
    return not candidate.source.spoken(candidate.alignment, by_label=by_label)


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


def _meaning(claim: Claim, candidates: Sequence[Candidate], neighbours: Sequence[Source]) -> Judgement:
    """A statement of the same content in other words, by its speaker or by nobody else; or nothing."""
    coverage = {c.source.id: c.alignment.coverage for c in candidates}
    alike = [
        source
        for source in neighbours
        if source.cosine is not None
        and (
            source.cosine >= PARAPHRASE_ALONE
            or (source.cosine >= PARAPHRASE_COSINE and coverage.get(source.id, 0.0) >= PARAPHRASE_COVERAGE)
        )
        and (said_by(claim.named, source.statement) != "other" or source.cosine >= PARAPHRASE_OTHER)
    ]
    if alike:
        best = max(alike, key=lambda s: (said_by(claim.named, s.statement) != "other", s.cosine or 0.0, s.id))
        flags = [] if negations(claim.text) == negations(best.text) else ["negation-differs"]
        if said_by(claim.named, best.statement) == "other":
            flags.append("other-speaker")
        return Judgement("paraphrase", by_meaning=(best, *(s for s in alike if s is not best)), flags=tuple(flags))
    return Judgement("not_found", by_meaning=tuple(neighbours[:3]))
