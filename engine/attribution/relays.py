"""Through whom words came: outlets, agencies and people who relayed them, nearest to the speaker first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.attribution.names import FUNCTION_WORDS, Word, adjacent, name_text, runs, split_title, tokens
from engine.attribution.relays_channel import Part, parts
from engine.attribution.speakers_cast import FEW_ENOUGH, Cast, Figure
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_reading import own_name
from engine.identity import speaker_id
from engine.models import Article, Span, Speaker
from engine.registry import Registry

OWN = re.compile(
    r"\b(?:this|these|our) (?:news)?(?:paper|pages|magazine|website|site|blog|programme|program|column|outlet"
    r"|publication|room|station|show|podcast|service|agency)\b|^us$",
    re.IGNORECASE,
)
IN_SOURCE = re.compile(
    r"\b(?:(?:quoted|cited|interviewed|published|obtained|seen|reported|leaked|carried|polled|surveyed)(?:\s+\w+){0,3}?\s+(?:by|to)"
    r"|spoke to|speaking to|talking to|contacted by)\s+",
    re.IGNORECASE,
)
""" "The NATO diplomat cited by the Wall Street Journal", "two officials who spoke to Svitlo"."""
SHARE = re.compile(
    r"\b(?:per ?cent|percent|respondents|in (?:ten|10|five|5|four|4|three|3|six|eight)|half|majority"
    r"|(?:an?|one|two|three|four)[ -](?:third|quarter|fifth|sixth|seventh|eighth|tenth)s?)\b|%",
    re.IGNORECASE,
)
""" "Six in ten likely voters": a share of those whom a poll asked."""
PLACES = frozenset(
    {"in", "at", "from", "near", "outside", "during", "after", "before", "about", "on", "ahead", "published"}
)
"""What ends the head of a channel: the rest says where, not through whom."""
POLL = re.compile(r"\b(?:polls?|surveys?)\b", re.IGNORECASE)
TITLE = re.compile(r"^[“‘\"']([^”’\"']+?)[,.]?[”’\"']")
""" "on “The Capitol Hour”": a programme's title."""
POLLS = ("poll", "survey", "study", "census")


@dataclass(frozen=True, slots=True)
class Relays:
    """`who` resolves a relaying person or body as a source is resolved."""

    article: Article
    cast: Cast
    registry: Registry
    lexicon: Lexicon
    who: Callable[[Span], tuple[Speaker, ...]]

    def of_channels(self, channels: Sequence[Span], *, relaying: bool = False) -> tuple[Speaker, ...]:
        """The relays of all channels: to whom it was said first, who passed it on after.

        `relaying`: the cue says that a channel without a preposition passed the words on ("*The paper* cited an aide").
        """
        near: list[Speaker] = []
        far: list[Speaker] = []
        for channel in channels:
            if OWN.search(channel.of(self.article.text)):
                near.extend(self._own_outlet())
                continue
            for part in parts(self.article.text, channel):
                if relaying and part == Part(channel):
                    part = Part(channel, passed_on=True)
                (far if part.passed_on else near).extend(self._of(part))
        found = tuple(dict.fromkeys((*near, *far)))
        if found and any(POLL.search(channel.of(self.article.text)) for channel in channels):
            self.cast.polls.append((channels[0].start, found))
        return found

    def of_source(self, source: Span) -> tuple[Speaker, ...]:
        match = IN_SOURCE.search(self.article.text, source.start, source.end)
        if not match or match.end() >= source.end:
            return ()
        return self._of(Part(Span(match.end(), source.end), passed_on=True))

    def of_share(self, source: Span) -> tuple[Speaker, ...]:
        """A share of a survey speaks through the pollster."""
        if not SHARE.search(source.of(self.article.text)):
            return ()
        earlier = [found for place, found in self.cast.polls[-FEW_ENOUGH:] if place < source.start]
        if earlier:
            return earlier[-1]
        asked = [f for role in POLLS for f in self.cast.having(role) if f.kind == "document" and f.members]
        before = [f for f in asked if f.last_before(source.start) >= 0]
        if not before:
            return ()
        return max(before, key=lambda figure: figure.last_before(source.start)).speakers

    def _of(self, part: Part) -> tuple[Speaker, ...]:
        text = self.article.text
        if part.platform and (title := TITLE.match(part.span.of(text))):
            return (Speaker(speaker_id(title[1]), title[1]),)
        words = [w for w in tokens(text, part.span.start, part.span.end) if w.kind != "mark" or w.text == "&"]
        if not words:
            return ()
        known = self._registered(words)
        if known and (part.passed_on or not part.platform):
            return known
        if part.passed_on and not any(w.key in self.lexicon.outlets for w in words):
            plain = all(not word.capital for word in words) and words[0].key not in ("the", "a", "an", "his", "her")
            return () if plain or words[-1].key in self.lexicon.states else self.who(part.span)
        if part.platform and not self._broadcast(words):
            return known
        return self._outlet(words, part)

    def _registered(self, words: Sequence[Word]) -> tuple[Speaker, ...]:
        for a, b in runs(self.article.text, words, self.lexicon):
            entry = self.registry.find(name_text(self.article.text, words[a:b]))
            if entry and entry.kind == "outlet":
                self._remember(words[a].start, entry.speaker, words)
                return (entry.speaker,)
        return ()

    def _outlet(self, words: Sequence[Word], part: Part) -> tuple[Speaker, ...]:
        """The outlet a channel names: "the state news agency KORTASS", "the Norvik agency", "the paper"."""
        cut = next((i for i, w in enumerate(words) if i and w.key in PLACES and not w.capital), len(words))
        head = words[:cut]
        found = self._names(head)
        for run in sorted(found, key=lambda run: not self._follows_outlet_word(head, run)):
            if self._is_outlet(head, run, part):
                return (self._named(run, head),)
        if found:
            return ()
        keys = [word.key for word in head if word.key not in FUNCTION_WORDS]
        if keys and keys[-1] in self.lexicon.outlets and words[0].key in ("the", "that", "same"):
            before = [figure for place, figure in self.cast.outlets[-50:] if place < part.span.start]
            return before[-1].speakers if before else ()
        return ()

    def _names(self, words: Sequence[Word]) -> list[list[Word]]:
        """Runs of capitals, with numbers and "&" inside and behind: Damara 24, Route 9 Ledger, Tray & Trolley."""
        text = self.article.text
        found: list[list[Word]] = []
        for a, b in runs(text, words, self.lexicon):
            gap = words[words.index(found[-1][-1]) + 1 : a] if found else []
            joins = gap and all(w.kind == "number" or w.text == "&" or w.key in ("of", "the") for w in gap)
            if (joins and gap[-1].key != "the") or (joins and gap[0].key == "of" and len(gap) < 3):
                found[-1].extend(words[words.index(found[-1][-1]) + 1 : b])
            else:
                found.append(list(words[a:b]))
        for run in found:
            at = words.index(run[-1]) + 1
            if at < len(words) and words[at].kind == "number" and adjacent(text, run[-1], words[at]):
                run.append(words[at])
        return found

    def _is_outlet(self, words: Sequence[Word], run: Sequence[Word], part: Part) -> bool:
        keys = {word.key for word in run}
        own = self._own_outlet()
        if own and keys <= set(speaker_id(own[0].name).split("-")):
            return True
        if any(POLL.fullmatch(w.text) for w in words):
            return True
        named_outlet = bool(keys & self.lexicon.outlets) or any(w.key in self.lexicon.outlets for w in words)
        if part.written and not named_outlet:
            return False  # "in Taybad"
        if self._is_person(run) or (not named_outlet and keys & (self.lexicon.settings | self.lexicon.bodies)):
            return False
        entry = self.registry.find(name_text(self.article.text, run))
        if (entry and entry.kind != "outlet") or (" ".join(sorted(keys)) in self.lexicon.states and not named_outlet):
            return False
        settings = any(word.key in self.lexicon.settings and not word.capital for word in words)
        return named_outlet or part.addressed or not settings

    def _broadcast(self, words: Sequence[Word]) -> bool:
        """Is "on X" a channel of broadcasting, and no platform? Letters alone (KQTR) or a word that says so."""
        return any(
            (w.key in ("radio", "television", "tv", "channel", "network", "news", "station", "fm") and w.capital)
            or (w.text.isupper() and len(w.text) > 2)
            for w in words
        )  # fmt: skip

    def _named(self, run: Sequence[Word], words: Sequence[Word]) -> Speaker:
        """The outlet's fullest name: the article's own outlet, a figure of the article, or as written."""
        run = self._with_kind(run, words)
        written = name_text(self.article.text, run)
        own = self._own_outlet()
        figures = [figure for figure in self.cast.named(run) if figure.kind != "person"]
        if own and {word.key for word in run} <= set(speaker_id(own[0].name).split("-")):
            speaker = own[0]
        else:
            known = figures[0].speaker if figures else None
            speaker = known or Speaker(speaker_id(written), written)
        self._remember(run[0].start, speaker, words)
        return speaker

    def _with_kind(self, run: Sequence[Word], words: Sequence[Word]) -> Sequence[Word]:
        """ "Estonian public television": a state's adjective alone is no outlet's name."""
        if " ".join(word.key for word in run) not in self.lexicon.states:
            return run
        at = list(words).index(run[-1]) + 1
        last = next((i for i in range(at, len(words)) if words[i].key in self.lexicon.outlets), None)
        return [*run, *words[at : last + 1]] if last is not None and last - at < 3 else run

    def _remember(self, place: int, speaker: Speaker, words: Sequence[Word]) -> None:
        """So that "the paper" and "the agency" are known later on."""
        keys = tuple(w.key for w in tokens(speaker.name) if w.kind in ("word", "number", "initials"))
        figure = self.cast.by_keys.get(keys) or self.cast.add(
            Figure("outlet", speaker.name, keys, entry=self.registry.entry(speaker.id))
        )
        self.cast.describe(figure, {w.key for w in words if w.key in self.lexicon.outlets})
        figure.places.append(max([place, *figure.places[-1:]]))
        self.cast.outlets.append((place, figure))

    def _own_outlet(self) -> tuple[Speaker, ...]:
        if not self.article.outlet:
            return ()
        name = own_name(self.article.outlet)
        entry = self.registry.find(name)
        return (entry.speaker if entry else Speaker(speaker_id(name), name),)

    def _is_person(self, run: Sequence[Word]) -> bool:
        title, name = split_title(run, self.lexicon)
        if title and (not name or title[-1].key in self.lexicon.people or title[-1].key in self.lexicon.honorifics):
            return title[-1].key not in self.lexicon.states and title[-1].key not in self.lexicon.fields
        figures = self.cast.named(name or run)
        known = bool(figures) and figures[0].kind == "person"
        return known or (len(name) > 1 and name[0].key in self.lexicon.given)

    def _follows_outlet_word(self, words: Sequence[Word], run: Sequence[Word]) -> bool:
        at = list(words).index(run[0])
        return at > 0 and words[at - 1].key in self.lexicon.outlets
