"""From source spans to speakers: every attribution becomes one statement, with whom it is attributed to.

The article is read once for its names (`speakers_mentions`), then its sources are resolved in their order: names
through the article and the registry, descriptions through roles, pronouns through what stands before them. Words inside
another's words come last: their "I" is that speaker. Nothing is guessed: who is not known stays unknown, and is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from engine.attribution.acts import act_of
from engine.attribution.attribution import NEGATIVE_SOURCE, Attribution
from engine.attribution.relays import Relays
from engine.attribution.speakers_bodies import Bodies
from engine.attribution.speakers_cast import Figure
from engine.attribution.speakers_continued import Continued
from engine.attribution.speakers_described import Descriptions
from engine.attribution.speakers_history import NOBODY, Choice, Found, History, Said
from engine.attribution.speakers_joint import Joint
from engine.attribution.speakers_lexicon import lexicon
from engine.attribution.speakers_mentions import read
from engine.attribution.speakers_named import Names
from engine.attribution.speakers_papers import introduce
from engine.attribution.speakers_pronouns import FIRST
from engine.attribution.speakers_reading import Reading
from engine.attribution.speakers_scorer import Scorer
from engine.attribution.speakers_sources import Sources, is_negative, joined
from engine.identity import digest, statement_id
from engine.models import Article, Span, Speaker, Statement
from engine.registry import Registry

RELAYING = re.compile(
    r"\b(?:quot\w+|cit\w+|as (?:saying|having)|relay\w+|recall\w+|recount\w+|report\w* .* as|had it from|has)\b", re.I
)  # fmt: skip
"""Cues with two noun phrases: who relayed, and whose words they are."""
DEEPEST = 12
"""Reports within reports that are told apart: more than anybody writes, and an end where spans hold each other."""
OPENING_MARKS = frozenset("“”„«»\"'‘’‚‹")


def resolve(article: Article, attributions: Sequence[Attribution], registry: Registry) -> tuple[Statement, ...]:
    """One statement for each attribution, in their order; ids are unique within the article."""
    return _Resolver(article, attributions, registry).statements()


def resolve_weighing(
    article: Article, attributions: Sequence[Attribution], registry: Registry, scorers: Mapping[str, Scorer]
) -> tuple[tuple[Statement, ...], list[Choice]]:
    """The same with other weights, and what was weighed for each pronoun: for fitting the weights."""
    resolver = _Resolver(article, attributions, registry)
    resolver.history.scorers = scorers
    return resolver.statements(), resolver.history.choices


class _Resolver:
    def __init__(self, article: Article, attributions: Sequence[Attribution], registry: Registry) -> None:
        words = lexicon()
        self._article = article
        self._attributions = attributions
        spans = [span for attribution in attributions for span in attribution.source]
        self._reading = read(article.text, spans, registry, words, day=article.day)
        self.history = _history(article, attributions, self._reading)
        cast = self._reading.cast
        self._bodies = Bodies(article.text, cast, registry, words)
        introduce(self._reading, self._bodies, spans, words)
        self._sources = Sources(
            article.text, cast, self.history, registry, words,
            names=Names(article.text, cast, registry, words, article.outlet),
            bodies=self._bodies,
            described=Descriptions(article.text, cast, self.history, registry, words, article.day, self._bodies),
            joint=Joint(article.text, cast, registry, words),
        )  # fmt: skip
        self._relays = Relays(article, cast, registry, words, self._who)
        self._outer = _outer(attributions)
        self._found: dict[int, Found] = {}
        self._continued = Continued(article.text, attributions, self.history, self._outer, self._found)
        self._channels: dict[int, tuple[Speaker, ...]] = {}
        self._relayed: dict[int, tuple[Speaker, ...]] = {}

    def statements(self) -> tuple[Statement, ...]:
        order = sorted(range(len(self._attributions)), key=self._turn)
        for index in order:
            self._found[index] = self._resolve(index)
        seen: set[str] = set()
        return tuple(self._statement(index, seen) for index in range(len(self._attributions)))

    def _turn(self, index: int) -> tuple[int, bool, bool, int]:
        """Outer words first, then those inside them; "I" without words around it after those beside it, and words
        that nobody is said to have spoken after all others.
        """
        attribution = self._attributions[index]
        first = self._is_first_person(attribution)
        return self._depth(index), not attribution.source, first, _position(attribution)

    def _is_first_person(self, attribution: Attribution) -> bool:
        return bool(attribution.source) and attribution.source[0].of(self._article.text).lower() in FIRST

    def _beside(self, index: int) -> tuple[Figure, ...] | None:
        """Who speaks the marked words nearest to an "I" in its paragraph."""
        position = _position(self._attributions[index])
        if not self.history.is_marked(position):
            return None
        block = self.history.paragraph(position)
        near = [said for said in self.history.around(position) if self.history.paragraph(said.position) == block]
        return min(near, key=lambda said: abs(said.position - position)).figures if near else None

    def _depth(self, index: int) -> int:
        depth = 0
        while (outer := self._outer[index]) is not None and depth < DEEPEST:
            index, depth = outer, depth + 1
        return depth

    def _resolve(self, index: int) -> Found:
        attribution, outer = self._attributions[index], self._outer[index]
        position = _position(attribution)
        self.history.own = attribution.content
        if not attribution.source:
            self._channels[index] = self._relays.of_channels(attribution.channel)
            return self._continued.find(index)
        pieces = joined(self._article.text, attribution.source)
        cue = " ".join(span.of(self._article.text) for span in attribution.cue)
        if len(pieces) > 1 and RELAYING.search(cue):
            self._relayed[index] = tuple(s for piece in reversed(pieces[:-1]) for s in self._who(piece))
            pieces = pieces[-1:]
        speaking = self._found.get(outer, NOBODY).figures if outer is not None else None
        if outer is None and self._is_first_person(attribution):
            speaking = self._beside(index)
        found = self._sources.find(pieces[0], outer=speaking)
        self._channels[index] = self._relays.of_channels(attribution.channel, relaying=bool(RELAYING.search(cue)))
        for source in attribution.source:
            self._channels[index] += self._relays.of_source(source)
        if found.form == "anonymous":
            self._heard(index, found)
        self._papers(attribution, found)
        if outer is None and found.figures and not self._is_first_person(attribution):
            self.history.said.append(Said(position, found.figures))
        return found

    def _papers(self, attribution: Attribution, found: Found) -> None:
        """ "said in a statement": "the statement" is that speaker's from here on."""
        for channel in attribution.channel:
            for word in channel.of(self._article.text).lower().split():
                if word in lexicon().documents and found.figures and found.form != "anonymous":
                    self._bodies.papers[word] = found.figures[0]

    def _heard(self, index: int, found: Found) -> None:
        """An unnamed source spoke to its outlet also when it comes up again; a poll's share to the pollster."""
        for figure in found.figures:
            if self._channels[index]:
                figure.heard_by = figure.heard_by or self._channels[index]
            elif figure.heard_by:
                self._channels[index] = figure.heard_by
        if not self._channels[index]:
            source = self._attributions[index].source[0]
            self._channels[index] = self._relays.of_share(source)

    def _who(self, span: Span) -> tuple[Speaker, ...]:
        """Who relays: a document that nobody issued relays nothing."""
        found = self._sources.find(span)
        return _speakers(Found(tuple(f for f in found.figures if f.kind != "document" or f.members), found.form))

    def _statement(self, index: int, seen: set[str]) -> Statement:
        attribution, found = self._attributions[index], self._found[index]
        text = self._article.text
        cue = " ".join(span.of(text) for span in attribution.cue)
        said = attribution.content[0].of(text), attribution.content[-1].of(text)
        speakers = _speakers(found)
        return Statement(
            id=_id(self._article.id, attribution, seen),
            kind=attribution.kind,
            content=attribution.content,
            cue=attribution.cue,
            source=attribution.source,
            channel=attribution.channel,
            act=act_of(
                cue,
                form=found.form,
                asks=said[1].rstrip("”\"'’» ").endswith("?"),
                told_to=said[0].lstrip("“\"'‘« ").startswith(("to ", "not to ")),
            ),
            form=found.form,
            speakers=speakers,
            affiliation=None if speakers else _affiliation(found),
            via=self._via(index, speakers),
            confidence=attribution.confidence,
            flags=_flags(attribution, text),
        )

    def _via(self, index: int, speakers: tuple[Speaker, ...]) -> tuple[Speaker, ...]:
        outer = self._outer[index]
        relays = [*self._relayed.get(index, ()), *self._channels[index]]
        if outer is not None:
            relays += _speakers(self._found.get(outer, NOBODY))
        return tuple(relay for relay in dict.fromkeys(relays) if relay not in speakers)


def _flags(attribution: Attribution, text: str) -> tuple[str, ...]:
    negative = bool(attribution.source) and is_negative(attribution.source[0].of(text))
    return tuple(dict.fromkeys((*attribution.flags, NEGATIVE_SOURCE))) if negative else attribution.flags


def _speakers(found: Found) -> tuple[Speaker, ...]:
    return tuple(dict.fromkeys(speaker for figure in found.figures for speaker in figure.speakers))


def _affiliation(found: Found) -> Speaker | None:
    owner: Figure | None = found.affiliation or next((f.owner for f in found.figures if f.owner), None)
    return owner.speaker if owner else None


def _position(attribution: Attribution) -> int:
    return (attribution.source or attribution.content)[0].start


def _id(article: str, attribution: Attribution, seen: set[str]) -> str:
    """Two attributions may share content and source ("X said and urged ..."): their cues tell them apart."""
    found = statement_id(article, attribution.content, attribution.source)
    if found in seen:
        found = digest("statement", found, ",".join(f"{s.start}-{s.end}" for s in attribution.cue))
    while found in seen:
        found = digest("statement", found, "again")
    seen.add(found)
    return found


def _history(article: Article, attributions: Iterable[Attribution], reading: Reading) -> History:
    quoted: list[Span] = []
    marked = (
        s for a in attributions for s in a.content if a.kind == "direct" or article.text[s.start] in OPENING_MARKS
    )
    for span in sorted(marked):
        if quoted and span.start < quoted[-1].end:
            quoted[-1] = Span(quoted[-1].start, max(quoted[-1].end, span.end))
        else:
            quoted.append(span)
    paragraphs = [paragraph.span.start for paragraph in article.paragraphs]
    return History(reading, [], quoted, [span.start for span in quoted], paragraphs)


def _outer(attributions: Sequence[Attribution]) -> list[int | None]:
    """For each attribution the smallest other in whose content its source (or cue, or content) stands."""
    pieces = sorted((s.start, -s.end, i) for i, a in enumerate(attributions) for s in a.content)
    starts = [start for start, _, _ in pieces]
    parents: list[int] = []
    stack: list[int] = []
    for at, (start, end, _) in enumerate(pieces):
        while (stack and -pieces[stack[-1]][1] < -end) or (stack and -pieces[stack[-1]][1] <= start):
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        stack.append(at)
    return [_holder(index, attribution, pieces, starts, parents) for index, attribution in enumerate(attributions)]


def _holder(
    index: int, attribution: Attribution, pieces: list[tuple[int, int, int]], starts: list[int], parents: list[int]
) -> int | None:
    anchor = (attribution.source or attribution.cue or attribution.content)[0]
    at = bisect_right(starts, anchor.start) - 1
    while at >= 0:
        start, end, holder = pieces[at]
        wider = -end - start > len(anchor) or bool(attribution.source or attribution.cue)
        if start <= anchor.start and anchor.end <= -end and holder != index and wider:
            return holder
        at = parents[at]
    return None
