"""Attributions measured against gold by character offsets.

Before comparison a span is split at line breaks and trimmed of edge punctuation and marks, so that it does not matter
whether a quotation's marks belong to the span.

source, cue, content   spans equal to the character
tokens                 word overlap of all content
joint                  one-to-one matches with content overlap (Jaccard, words) of 0.8 or more whose sources share a
                       word, or are both empty
direct                 the same on quotations wholly inside marks; one that falls on other gold is not punished
speaker                share of matched, gold-named attributions whose speaker is the gold one
via                    share of matched attributions with a gold relay whose relays are the same, in order
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.learning.names import same_name, same_relays

Places = Sequence[Sequence[int]]
Quote = Mapping[str, Any]

ROLES = ("source", "cue", "content")
NEAR_ENOUGH = 0.8
"""Jaccard of content words from which two attributions are taken for the same."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_LINE = re.compile(r"[^\n]+")
_EDGE = " \t\r\n\u00a0\"“”„«»‘’'`.,;:!?()[]{}—–-…"


@dataclass(slots=True)
class Tally:
    hit: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, hit: int, extra: int, missed: int) -> None:
        self.hit, self.extra, self.missed = self.hit + hit, self.extra + extra, self.missed + missed

    def report(self) -> dict[str, float]:
        """Precision, recall and F1 in per cent."""
        precision = self.hit / max(1, self.hit + self.extra)
        recall = self.hit / max(1, self.hit + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return {"P": round(100 * precision, 1), "R": round(100 * recall, 1), "F1": round(100 * f1, 1)}


@dataclass(slots=True)
class Score:
    """Sums over documents; `report()` gives the figures."""

    tallies: dict[str, Tally] = field(
        default_factory=lambda: {name: Tally() for name in (*ROLES, "tokens", "joint", "direct")}
    )
    kinds: Counter[str] = field(default_factory=Counter)
    kinds_hit: Counter[str] = field(default_factory=Counter)
    names: Tally = field(default_factory=Tally)
    relays: Tally = field(default_factory=Tally)

    def report(self) -> dict[str, Any]:
        figures: dict[str, Any] = {name: tally.report() for name, tally in self.tallies.items()}
        recalls = {kind: round(100 * self.kinds_hit[kind] / n, 1) for kind, n in sorted(self.kinds.items())}
        figures["joint_recall_by_type"] = recalls
        for name, tally in (("speaker", self.names), ("via", self.relays)):
            n = tally.hit + tally.missed
            if n:
                figures[name] = {"accuracy": round(100 * tally.hit / n, 1), "n": n}
        return figures


def evaluate(documents: Iterable[Mapping[str, Any]], answers: Mapping[str, Sequence[Quote]]) -> dict[str, Any]:
    """Figures of `answers`, by doc_id, against gold documents; a document without answer counts as all missed."""
    score = Score()
    for document in documents:
        _add_document(score, ScoredText(document["text"]), document["quotes"], answers.get(document["doc_id"], ()))
    return score.report()


class ScoredText:
    """A text with its words and which characters stand between double marks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [match.span() for match in _WORD.finditer(text)]
        self.inside = inside_marks(text)

    def covered(self, places: Places) -> frozenset[int]:
        """Numbers of the words that the places touch."""
        return frozenset(
            number for number, (a, b) in enumerate(self.words) if any(a < end and b > start for start, end in places)
        )

    def is_direct(self, quote: Quote) -> bool:
        letters = [k for start, end in quote["content"] for k in range(start, end) if self.text[k].isalnum()]
        return bool(letters) and sum(self.inside[k] for k in letters) >= 0.95 * len(letters)


def inside_marks(text: str) -> list[bool]:
    inside = [False] * len(text)
    for line in _LINE.finditer(text):
        opened = False
        for at in range(line.start(), line.end()):
            mark = text[at]
            opened = opened or mark in "“«„"
            inside[at] = opened or mark in '“”"«»'
            if mark in "”»":
                opened = False
            elif mark == '"':
                opened = not opened
    return inside


def segments(text: str, places: Places) -> list[tuple[int, int]]:
    """The places line by line, without edge punctuation."""
    found = []
    for start, end in places:
        for line in _LINE.finditer(text[start:end]):
            first, last = start + line.start(), start + line.end()
            while first < last and text[first] in _EDGE:
                first += 1
            while last > first and text[last - 1] in _EDGE:
                last -= 1
            if first < last:
                found.append((first, last))
    return found


def pairs_of(
    gold: Sequence[frozenset[int]], found: Sequence[frozenset[int]], *, threshold: float = NEAR_ENOUGH
) -> list[tuple[int, int]]:
    """One-to-one pairs of gold and found, most alike first (equals by place, last first)."""
    ranked = sorted(
        ((len(g & f) / len(g | f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found) if g & f),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for alike, i, j in ranked:
        if alike < threshold:
            break
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((i, j))
    return pairs


def right_pairs(document: ScoredText, gold: Sequence[Quote], found: Sequence[Quote]) -> list[tuple[int, int, bool]]:
    """Pairs alike in content, each with whether the sources agree."""
    contents = [[document.covered(quote["content"]) for quote in side] for side in (gold, found)]
    sources = [[document.covered(quote.get("source") or ()) for quote in side] for side in (gold, found)]
    pairs = pairs_of(contents[0], contents[1])
    return [(i, j, bool(sources[0][i] & sources[1][j]) or not (sources[0][i] or sources[1][j])) for i, j in pairs]


def _add_document(score: Score, document: ScoredText, gold: Sequence[Quote], found: Sequence[Quote]) -> None:
    for role in ROLES:
        wanted = {place for quote in gold for place in segments(document.text, quote.get(role) or ())}
        given = {place for quote in found for place in segments(document.text, quote.get(role) or ())}
        score.tallies[role].add(len(wanted & given), len(given - wanted), len(wanted - given))
    wanted_words, given_words = (
        frozenset[int]().union(*(document.covered(quote["content"]) for quote in side)) for side in (gold, found)
    )
    score.tallies["tokens"].add(
        len(wanted_words & given_words), len(given_words - wanted_words), len(wanted_words - given_words)
    )
    pairs = right_pairs(document, gold, found)
    right = [i for i, _, agree in pairs if agree]
    score.tallies["joint"].add(len(right), len(found) - len(right), len(gold) - len(right))
    score.kinds.update(quote["type"] for quote in gold)
    score.kinds_hit.update(gold[i]["type"] for i in right)
    for i, j, _ in pairs:
        _add_names(score, gold[i], found[j])
    _add_direct(score, document, gold, found)


def _add_names(score: Score, gold: Quote, found: Quote) -> None:
    if gold.get("speaker_name"):
        same = same_name(gold["speaker_name"], found.get("speaker_name"))
        score.names.add(same, 0, not same)
    if gold.get("via"):
        same = same_relays(gold["via"], found.get("via") or ())
        score.relays.add(same, 0, not same)


def _add_direct(score: Score, document: ScoredText, gold: Sequence[Quote], found: Sequence[Quote]) -> None:
    wanted = [quote for quote in gold if quote["type"] == "direct"]
    given = [quote for quote in found if document.is_direct(quote)]
    pairs = right_pairs(document, wanted, given)
    right = sum(agree for _, _, agree in pairs)
    matched = {j for _, j, _ in pairs}
    others = [document.covered(quote["content"]) for quote in gold if quote["type"] != "direct"]
    spurious = 0
    for j, quote in enumerate(given):
        words = document.covered(quote["content"])
        if j not in matched and not any(2 * len(words & other) >= len(words) for other in others):
            spurious += 1
    score.tallies["direct"].add(right, spurious + len(pairs) - right, len(wanted) - right)
