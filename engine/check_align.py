"""Lays a quotation's words along a source's words and says what differs.

Runs of equal words are found longest first (difflib's matching blocks: Ratcliff and Obershelp, 1988), so that a run
that stands together is not scattered over look-alikes, which an edit distance over the whole passage would do. Of the
runs the best chain is kept: what stands far off and adds little is left out. Candidates are sifted beforehand with
rapidfuzz, which is fast but does not say where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from engine.check_words import QuotedWords, Words, weight

ChangeKind = Literal["dropped", "added", "replaced"]

GAP_COST = 0.12
"""What a skipped source word costs a chain, against 1 for a matched content word: a run eight words off needs more
than one content word to be taken along."""
GAP_MOST = 4.0
END_SHARE = 0.5
"""Of a gap's cost, where the run beyond it completes the quotation: its last words then stand there too, and a clause
that was left out is told as such, not as a replacement of them."""
SKIP_COST = 0.35
"""What an unmatched draft word between two runs costs."""
BRACKET_REACH = 6
"""Source words that one bracketed insertion may stand for."""
HEAD_REACH = 3


@dataclass(frozen=True, slots=True)
class Run:
    """Equal words: `length` from `draft` on in the quotation, `span` from `source` on in the source (another number
    only where a word is cut otherwise: "ceasefire", "cease-fire")."""

    draft: int
    source: int
    length: int
    span: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Word ranges that differ: half-open, in draft and source. `excused` by an ellipsis or brackets in the draft."""

    kind: ChangeKind
    draft: tuple[int, int]
    source: tuple[int, int]
    excused: Literal["", "ellipsis", "brackets"] = ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """`coverage` is the share of the quotation's words (by weight, without brackets) that stand in the source."""

    runs: tuple[Run, ...]
    differences: tuple[Difference, ...]
    coverage: float
    matched_weight: float

    @property
    def exact(self) -> bool:
        """Every word is there in its order; what is left out or put in is marked in the draft."""
        return self.coverage == 1.0 and all(difference.excused for difference in self.differences)

    @property
    def source_range(self) -> tuple[int, int]:
        return self.runs[0].source, self.runs[-1].source + self.runs[-1].span

    @property
    def draft_range(self) -> tuple[int, int]:
        return self.runs[0].draft, self.runs[-1].draft + self.runs[-1].length


NOTHING = Alignment((), (), 0.0, 0.0)


def align(quoted: QuotedWords, source: Words) -> Alignment:
    """The best chain of equal runs, with what differs between them and at the quotation's ends."""
    if not len(quoted.words) or not len(source):
        return NOTHING
    runs = _in_order(quoted, source) or _best_chain(quoted, _runs(quoted, source))
    if not runs:
        return NOTHING
    runs, differences = _differences(quoted, source, runs)
    norms, bracketed = quoted.words.norms, quoted.bracketed
    total = sum(weight(norm) for i, norm in enumerate(norms) if i not in bracketed)
    found = {i for run in runs for i in range(run.draft, run.draft + run.length)}
    matched = sum(weight(norms[i]) for i in found if i not in bracketed)
    missing = any(i not in found and i not in bracketed for i in range(len(norms)))
    coverage = min(matched / total, 0.999) if missing and total else 1.0
    return Alignment(tuple(runs), tuple(differences), coverage, matched)


def _in_order(quoted: QuotedWords, source: Words) -> list[Run] | None:
    """The segments between the draft's ellipses and brackets, where each stands word for word after the one before."""
    haystack = source.joined
    runs: list[Run] = []
    at = 0
    for start, end in quoted.segments():
        wanted = f" {' '.join(quoted.words.norms[start:end])} "
        found = haystack.find(wanted, at)
        if found < 0:
            return None
        run = Run(start, haystack.count(" ", 0, found), end - start, end - start)
        if runs and start not in quoted.gaps and run.source - runs[-1].source - runs[-1].span > BRACKET_REACH:
            return None
        runs.append(run)
        at = found + len(wanted) - 1
    return runs


def _runs(quoted: QuotedWords, source: Words) -> list[Run]:
    matcher = SequenceMatcher(None, source.norms, quoted.words.norms, autojunk=False)
    return [Run(block.b, block.a, block.size, block.size) for block in matcher.get_matching_blocks() if block.size]


def _best_chain(quoted: QuotedWords, runs: Sequence[Run]) -> list[Run]:
    """The neighbouring runs with the highest sum of matched weight less the cost of what lies between (Kadane)."""
    best: tuple[float, int, int] = (0.0, 0, 0)
    score, start = 0.0, 0
    for here, run in enumerate(runs):
        gain = sum(map(weight, quoted.words.norms[run.draft : run.draft + run.length]))
        link = _link_cost(quoted, runs[here - 1], run) if here else 0.0
        if here and score - link > 0:
            score += gain - link
        else:
            score, start = gain, here
        if score > best[0]:
            best = (score, start, here + 1)
    return list(runs[best[1] : best[2]])


def _link_cost(quoted: QuotedWords, before: Run, after: Run) -> float:
    skipped = range(before.draft + before.length, after.draft)
    cost = sum(SKIP_COST * weight(quoted.words.norms[i]) for i in skipped if i not in quoted.bracketed)
    excused = after.draft in quoted.gaps or any(i in quoted.gaps or i in quoted.bracketed for i in skipped)
    gap = min(GAP_COST * (after.source - before.source - before.length), GAP_MOST)
    completes = not skipped and (after.draft + after.length == len(quoted.words) or before.draft == 0)
    return cost if excused else cost + gap * (END_SHARE if completes else 1.0)


def _differences(quoted: QuotedWords, source: Words, runs: list[Run]) -> tuple[list[Run], list[Difference]]:
    """What lies between the runs and beyond the first and last; equal spellings ("cease-fire") become runs."""
    same: list[Run] = list(runs)
    found: list[Difference] = []
    for before, after in pairwise(runs):
        draft = (before.draft + before.length, after.draft)
        place = (before.source + before.length, after.source)
        _differ(quoted, source, draft, place, same, found)
    first, last = runs[0], runs[-1]
    if first.draft:
        _differ(quoted, source, (0, first.draft), _beside(quoted, source, first, head=True), same, found)
    end = last.draft + last.length
    if end < len(quoted.words):
        _differ(quoted, source, (end, len(quoted.words)), _beside(quoted, source, last, head=False), same, found)
    return sorted(same, key=lambda run: run.draft), sorted(found, key=lambda d: (d.draft, d.source))


def _beside(quoted: QuotedWords, source: Words, run: Run, *, head: bool) -> tuple[int, int]:
    """The source words that face the quotation's unmatched head or tail: the same ones written otherwise, else as
    many as there are."""
    draft = quoted.words.norms[: run.draft] if head else quoted.words.norms[run.draft + run.length :]
    edge = run.source if head else run.source + run.length
    for count in range(1, len(draft) + HEAD_REACH):
        place = (max(0, edge - count), edge) if head else (edge, min(len(source), edge + count))
        if "".join(source.norms[slice(*place)]) == "".join(draft):
            return place
    count = len(draft)
    return (max(0, edge - count), edge) if head else (edge, min(len(source), edge + count))


def _differ(
    quoted: QuotedWords,
    source: Words,
    draft: tuple[int, int],
    place: tuple[int, int],
    same: list[Run],
    found: list[Difference],
) -> None:
    """Adds what stands at `draft` against `place`: a run where only the spelling differs, else a difference."""
    draft, place = _trimmed(quoted, source, draft, place, same)
    ours, theirs = quoted.words.norms[slice(*draft)], source.norms[slice(*place)]
    if not ours and not theirs:
        return
    if ours and "".join(ours) == "".join(theirs):
        same.append(Run(draft[0], place[0], len(ours), len(theirs)))
        return
    bracketed = bool(ours) and all(i in quoted.bracketed for i in range(*draft))
    gap = any(i in quoted.gaps for i in range(draft[0], draft[1] + 1))
    excused: Literal["", "ellipsis", "brackets"] = ""
    if not ours and gap:
        excused = "ellipsis"
    elif (bracketed or (not ours and _touches_brackets(quoted, draft[0]))) and (gap or len(theirs) <= BRACKET_REACH):
        excused = "brackets"
    kind: ChangeKind = "replaced" if ours and theirs else "added" if ours else "dropped"
    found.append(Difference(kind, draft, place, excused))


def _trimmed(
    quoted: QuotedWords, source: Words, draft: tuple[int, int], place: tuple[int, int], same: list[Run]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Without the equal words at both ends: light ones that no chain took along ("an envoy and", "an attaché and")."""
    (a, b), (c, d) = draft, place
    ours, theirs = quoted.words.norms, source.norms
    head = 0
    while a + head < b and c + head < d and ours[a + head] == theirs[c + head]:
        head += 1
    tail = 0
    while b - tail > a + head and d - tail > c + head and ours[b - tail - 1] == theirs[d - tail - 1]:
        tail += 1
    same += [Run(at, to, size, size) for at, to, size in ((a, c, head), (b - tail, d - tail, tail)) if size]
    return (a + head, b - tail), (c + head, d - tail)


def _touches_brackets(quoted: QuotedWords, at: int) -> bool:
    return at in quoted.bracketed or at - 1 in quoted.bracketed
