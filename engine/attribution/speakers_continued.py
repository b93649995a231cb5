"""Quotations without a source: whose they are by what stands before them, around them, or by where they recur."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.attribution.attribution import CONTINUATION, Attribution
from engine.attribution.speakers_cast import Figure
from engine.attribution.speakers_history import NOBODY, Found, History
from engine.attribution.speakers_pronouns import mentions_before
from engine.models import Span
from engine.text import words

HEADINGS = 60
"""Headings of one article whose words are looked for in its quotations: more than it has, a bound for a hostile one."""
LONGEST_HEADING = 16
"""Words of a heading."""
REPLY = re.compile(r"\b(?:came|was|is|comes) (?:the|his|her|their) (?:\w+ )?(?:reply|answer|response)\b", re.IGNORECASE)
MARKS = " \t“”\"„«»‘’'*#—–-|>"
PARTNER_WITHIN = 1_200
"""Characters before a reply within which the other one of the two was named or spoke."""


@dataclass(slots=True)
class Continued:
    """`found` are the speakers of the attributions that have been resolved, by number."""

    text: str
    attributions: Sequence[Attribution]
    history: History
    outer: Sequence[int | None]
    found: Mapping[int, Found]
    _order: list[tuple[int, int]] = field(default_factory=list)
    _spoken: tuple[str, list[tuple[int, int]]] = ("", [])
    _headings: int = 0
    _turns: set[int] = field(default_factory=set)

    def find(self, index: int) -> Found:
        """A report by nobody stays unknown; a heading is whose words it repeats; a reply is the other one's."""
        attribution = self.attributions[index]
        cue = " ".join(span.of(self.text) for span in attribution.cue)
        if not self._order:
            starts = ((a.content[0].start, i) for i, a in enumerate(self.attributions) if self.outer[i] is None)
            self._order = sorted(starts)
        if REPLY.search(cue):
            return self._turn(self._other(index))
        if attribution.kind == "direct" and not attribution.cue and (whose := self._repeated(index)):
            return whose
        goes_on = CONTINUATION in attribution.flags or (attribution.kind == "direct" and not attribution.cue)
        if not goes_on:
            return NOBODY
        if self._stands_as_heading(attribution):
            return self._below(index)
        if self._answers(index):
            self._turns.add(index)
            return self._turn(self._other(index))
        before = self.history.speakers_before(attribution.content[0].start)
        return Found(before[0].figures, "none") if before else NOBODY

    def _turn(self, figures: tuple[Figure, ...]) -> Found:
        return Found(figures, "none") if figures else NOBODY

    def _line(self, span: Span) -> tuple[int, int]:
        start = self.text.rfind("\n", 0, span.start) + 1
        end = self.text.find("\n", span.end)
        return start, end if end >= 0 else len(self.text)

    def _alone(self, attribution: Attribution) -> bool:
        """Is its paragraph nothing but the quotation?"""
        start, end = self._line(attribution.content[0])
        outside = self.text[start : attribution.content[0].start] + self.text[attribution.content[-1].end : end]
        return not any(character.isalnum() for character in outside)

    def _stands_as_heading(self, attribution: Attribution) -> bool:
        said = attribution.content[-1].of(self.text).rstrip(MARKS)
        few = len(attribution.content) == 1 and len(said.split()) <= LONGEST_HEADING
        return few and said[-1:].isalnum() and self._alone(attribution)

    def _repeated(self, index: int) -> Found | None:
        """Who is quoted with the same words elsewhere: a heading's or a headline's quotation recurs below."""
        piece = self.attributions[index].content[0]
        sought = [word for word, _ in words(piece.of(self.text)[:400])]
        if not 1 < len(sought) <= LONGEST_HEADING or self._headings >= HEADINGS:
            return None
        self._headings += 1
        if not self._spoken[0]:
            self._spoken = self._all_spoken()
        spoken, places = self._spoken
        at = spoken.find(f" {' '.join(sought)} ")
        while at >= 0:
            holder = places[bisect_left(places, (at + 1, 0)) - 1][1]
            if holder != index and self.found[holder].figures:
                return Found(self.found[holder].figures, "none")
            at = spoken.find(f" {' '.join(sought)} ", at + 1)
        return None

    def _all_spoken(self) -> tuple[str, list[tuple[int, int]]]:
        """The words of all attributed contents, folded, and where in them each begins."""
        whole, places, length = [], [], 0
        for index, attribution in enumerate(self.attributions):
            if attribution.source and index in self.found:
                said = " ".join(word for span in attribution.content for word, _ in words(span.of(self.text)))
                places.append((length, index))
                whole.append(f" {said} |")
                length += len(whole[-1])
        return "".join(whole), places

    def _below(self, index: int) -> Found:
        """Who speaks first under a heading."""
        at = bisect_left(self._order, (self.attributions[index].content[-1].end, 0))
        for _, following in self._order[at : at + 2]:
            if (found := self.found.get(following)) and found.figures:
                return Found(found.figures, "none")
        return NOBODY

    def _before(self, index: int) -> int | None:
        at = bisect_left(self._order, (self.attributions[index].content[0].start, index))
        return self._order[at - 1][1] if at else None

    def _answers(self, index: int) -> bool:
        """Is it a turn of a dialogue: a paragraph of its own after a question of somebody else?"""
        attribution, before = self.attributions[index], self._before(index)
        if before is None or not self._alone(attribution) or CONTINUATION in attribution.flags:
            return False
        asked = self.attributions[before]
        last = max(span.end for span in (*asked.content, *asked.cue, *asked.source))
        between = self.text[last : attribution.content[0].start]
        if any(character.isalnum() for character in between):
            return False
        return before in self._turns or asked.content[-1].of(self.text).rstrip(MARKS + ",").endswith("?")

    def _other(self, index: int) -> tuple[Figure, ...]:
        """The other one of two who speak in turn: who spoke or was named before the last speaker."""
        position = self.attributions[index].content[0].start
        before = self._before(index)
        last = self.found[before].figures if before is not None and before in self.found else ()
        for said in self.history.speakers_before(position):
            if position - said.position > PARTNER_WITHIN:
                break
            if said.figures != last and all(figure.kind == "person" for figure in said.figures):
                return said.figures
        for mention in reversed(mentions_before(position, self.history.reading)):
            if position - mention.start > PARTNER_WITHIN:
                break
            if mention.figure not in last and mention.figure.kind == "person" and mention.figure.name:
                return (mention.figure,)
        return ()
