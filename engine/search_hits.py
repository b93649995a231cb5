"""From a stored passage to a hit: where the asked words stand, and the statement's place in its paragraph. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Word
from engine.models import Span
from engine.query import Copy, Hit
from engine.search_copies import Standing
from engine.stores.base import StoredPassage
from engine.text import WORD, index_text, stem, words


def hit_of(standing: Standing, marker: Marker) -> Hit:
    passage, fused = standing.passage, standing.fused
    statement = passage.statement
    start = passage.place.start
    common = {
        "type": passage.type,
        "id": passage.id,
        "text": passage.text,
        "spans": passage.spans,
        "article": passage.article,
        "paragraph": passage.paragraph,
        "paragraph_start": start,
        "highlights": marker.places(passage.paragraph),
        "places": tuple(span.shifted(-start) for span in passage.spans) if statement else (),
        "keyword_rank": fused.keyword_rank,
        "semantic_rank": fused.semantic_rank,
        "score": fused.score,
        "copies": tuple(Copy(copy.id, copy.text, copy.article, copy.spans) for copy in standing.copies),
    }
    if statement is None:
        return Hit(**common)  # type: ignore[arg-type]
    return Hit(
        **common,  # type: ignore[arg-type]
        speakers=statement.speakers,
        form=statement.form,
        kind=statement.kind,
        act=statement.act,
        via=statement.via,
        affiliation=statement.affiliation,
        cue=" ".join(_within(span, passage) for span in statement.cue) or None,
        confidence=statement.confidence,
        flags=statement.flags,
    )


def _within(span: Span, passage: StoredPassage) -> str:
    """The words of a span of the article that lies in the passage's place."""
    return passage.paragraph[span.start - passage.place.start : span.end - passage.place.start]


def highlights(text: str, clause: Clause | None) -> tuple[Span, ...]:
    """Where the words of the clause stand in the text; overlapping places are one."""
    return Marker(clause).places(text)


class Marker:
    """Finds the words of one clause in many texts. Nearly all leaves are single words: each spelling is judged once."""

    def __init__(self, clause: Clause | None) -> None:
        leaves = [] if clause is None else list(dict.fromkeys(_leaves(clause)))
        single = [leaf for leaf in leaves if isinstance(leaf, Word) and len(leaf.words) == 1]
        self._stems = {stem(leaf.words[0]) for leaf in single}
        self._others = [leaf for leaf in leaves if not (isinstance(leaf, Word) and len(leaf.words) == 1)]
        # A stem keeps its word's first letter, and stemming is what takes the time.
        self._letters = {piece[0] for leaf in leaves if isinstance(leaf, Word) for piece in leaf.words}
        self._judged: dict[str, bool] = {}

    def places(self, text: str) -> tuple[Span, ...]:
        """In order and apart."""
        found = self._single(text) if self._stems else []
        if not self._others:
            return tuple(found)
        return _joined(sorted([*found, *self._found_together(text)]))

    def _single(self, text: str) -> list[Span]:
        judged, found = self._judged, []
        for match in WORD.finditer(text):
            typed = match.group()
            asked = judged.get(typed)
            if asked is None:
                asked = judged[typed] = self._asked(typed)
            if asked:
                found.append(Span(match.start(), match.end()))
        return found

    def _asked(self, typed: str) -> bool:
        if typed[0].isascii() and typed[0].lower() not in self._letters:
            return False
        return self._stemmed(index_text(typed)) in self._stems

    def _found_together(self, text: str) -> Iterator[Span]:
        """Where leaves of more than one word, phrases and beginnings match."""
        cut = words(text)
        folded = [word for word, _ in cut]
        stems = [self._stemmed(word) for word in folded]
        for leaf in self._others:
            yield from (Span(cut[first][1].start, cut[last][1].end) for first, last in _matches(leaf, folded, stems))

    def _stemmed(self, word: str) -> str:
        return stem(word) if word[:1] in self._letters else word


def _joined(places: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in places:
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _leaves(clause: Clause) -> Iterator[Word | Phrase | Prefix]:
    match clause:
        case Word() | Phrase() | Prefix():
            yield clause
        case AllOf(clauses) | AnyOf(clauses):
            for inner in clauses:
                yield from _leaves(inner)
        case Not():
            return


def _matches(leaf: Word | Phrase | Prefix, folded: Sequence[str], stems: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First and last word of each place where the leaf matches."""
    match leaf:
        case Prefix(word):
            yield from ((i, i) for i, found in enumerate(folded) if found.startswith(word))
        case Word(wanted):
            yield from _runs(stems, [stem(word) for word in wanted])
        case Phrase(wanted, 0):
            yield from _runs(folded, wanted)
        case Phrase(wanted, slop):
            yield from _near(folded, wanted, slop)


def _runs(found: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    size = len(wanted)
    wanted = list(wanted)
    yield from ((i, i + size - 1) for i in range(len(found) - size + 1) if list(found[i : i + size]) == wanted)


def _near(found: Sequence[str], wanted: Sequence[str], slop: int) -> Iterator[tuple[int, int]]:
    """Each word of a window that holds them all, at most `slop` others between."""
    window = len(wanted) + slop
    for start in range(len(found)):
        inside = [i for i in range(start, min(start + window, len(found))) if found[i] in wanted]
        if found[start] in wanted and {found[i] for i in inside} == set(wanted):
            yield from ((i, i) for i in inside)
