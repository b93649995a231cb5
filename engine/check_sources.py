"""A passage of the archive as the quote check reads it: its words with their places in the article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.attribution.quotes import outermost, quotations
from engine.attribution.segments import Block
from engine.check_align import Alignment
from engine.check_words import QuotedWords, Words, negations, words_in
from engine.models import Span, Statement
from engine.query import ArticleHeader
from engine.stores.base import StoredPassage

_CLAUSE_END = re.compile(r"[.!?;:]\s|[“”\"«»]\s?")
_LABEL = re.compile(r"\W{0,3}(?:[A-Z][\w.’'-]*\s?){1,5}:\W")
"""A turn of a transcript begins with who speaks: `Q:`, `DEPUTY RUIZ:`, `**Ruiz:**`."""
BEFORE_REACH = 60
"""Characters before the matched words in which a negation still governs them ("did not say that ...")."""


@dataclass(frozen=True, slots=True)
class Source:
    """`around` is the text of the whole paragraphs that hold the passage, beginning at `start` of the article."""

    id: str
    text: str
    words: Words
    spans: tuple[Span, ...]
    statement: Statement | None
    article: ArticleHeader
    around: str
    start: int
    cosine: float | None = None

    def slice(self, place: tuple[int, int]) -> str:
        """The text of some of its words; pieces of a statement are joined by one space."""
        return " ".join(span.of(self.around) for span in self._local(self.places(place)))

    def places(self, place: tuple[int, int]) -> tuple[Span, ...]:
        """Where some of its words stand in the article: one span for each piece they run through."""
        found: list[Span] = []
        for piece in self.spans:
            inside = [s for s in self.words.spans[slice(*place)] if piece.contains(s)]
            if inside:
                found.append(Span(inside[0].start, inside[-1].end))
        return tuple(found)

    def cue(self, statement: Statement | None) -> str | None:
        """The cue's words, where they stand in the paragraphs around the passage."""
        if statement is None or not statement.cue:
            return None
        return " ".join(s.of(self.around) for s in self._local(statement.cue)) or None

    def _local(self, spans: tuple[Span, ...]) -> list[Span]:
        end = self.start + len(self.around)
        return [span.shifted(-self.start) for span in spans if self.start <= span.start and span.end <= end]

    def spoken(self, alignment: Alignment, *, by_label: bool) -> bool:
        """Do most of the matched words stand between quotation marks, or in a turn of a transcript ("RUIZ: ...")?"""
        turns = self._turns(by_label=by_label)
        places = self._matched(alignment)
        return 2 * sum(any(turn.contains(place) for turn in turns) for place in places) > len(places)

    def one_turn(self, alignment: Alignment) -> bool:
        """Do all the matched words stand in one quotation, or in one turn of a transcript?"""
        places = self._matched(alignment)
        return any(all(turn.contains(place) for place in places) for turn in self._turns(by_label=True))

    def _turns(self, *, by_label: bool) -> list[Span]:
        if by_label and _LABEL.match(self.around):
            return [Span(0, len(self.around))]
        return [q.span for q in outermost(quotations(self.around, (Block(Span(0, len(self.around))),))[0])]

    def _matched(self, alignment: Alignment) -> list[Span]:
        spans = self.words.spans
        matched = [s for run in alignment.runs for s in spans[run.source : run.source + run.span]]
        return [span.shifted(-self.start) for span in matched]

    def negated_before(self, alignment: Alignment) -> bool:
        """Does the sentence, before the words that were lifted from it, hold a negation that they leave behind?"""
        first = alignment.source_range[0]
        if first == 0 and self.statement is not None:
            return False
        at = self.words.spans[first].start - self.start
        before = self.around[max(0, at - BEFORE_REACH) : at]
        clause = _CLAUSE_END.split(before)[-1]
        return negations(clause) > 0

    def typography(self, text: str, quoted: QuotedWords, alignment: Alignment) -> list[str]:
        """`punctuation` or `case` where the draft differs from the source in these alone."""
        theirs = self.slice(alignment.source_range)
        first, last = quoted.words.spans[0].start, quoted.words.spans[-1].end
        ours = text[: last - first] if len(text) >= last - first else text
        flags = []
        if [c for c in ours.lower() if not c.isalnum()] != [c for c in theirs.lower() if not c.isalnum()]:
            flags.append("punctuation")
        if [c for c in ours if c.isalpha()][1:] != [c for c in theirs if c.isalpha()][1:]:
            flags.append("case")
        return flags


def source_of(passage: StoredPassage, *, cosine: float | None = None) -> Source:
    """The passage with its words, cut from the paragraph text that the store gives with it."""
    start = passage.place.start
    inside = tuple(s for s in passage.spans if passage.place.contains(s))
    return Source(
        id=passage.id,
        text=passage.text,
        words=words_in(passage.paragraph, (span.shifted(-start) for span in inside), offset=start),
        spans=inside,
        statement=passage.statement,
        article=passage.article,
        around=passage.paragraph,
        start=start,
        cosine=cosine,
    )
