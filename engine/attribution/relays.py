"""Through whom words came: outlets, agencies and people who relayed them, nearest to the speaker first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.attribution.names import FUNCTION_WORDS, Word, name_text, runs, split_title, tokens
from engine.attribution.speakers_cast import Cast
from engine.attribution.speakers_lexicon import Lexicon
from engine.identity import speaker_id
from engine.models import Article, Span, Speaker
from engine.registry import Registry

RELAYED = re.compile(
    r"\b(?:quoted|cited|reported|carried|relayed|published|according to|citing|quoting|obtained|seen|monitored|aired|"
    r"broadcast|printed|distributed|read out|as told to|translated|attributed|transmitted|run|released|recalled|recounted)\b",
    re.IGNORECASE,
)
"""Words of a channel whose agent passed the words on, whoever it is."""
SPOKEN_TO = re.compile(
    r"\b(?:interview(?:ed)?|comments?|remarks?|conversation|talk(?:ing)?|speaking|spoke|statements?|e-?mails?|letters?|call|"
    r"messages?|notes?|column|article|essay|op-ed|editorial|profile|piece|appearance|answers?|reply|response|text|opinion)\b"
    r"[^,;]*?\b(?:with|to|for|in|on|by)\b",
    re.IGNORECASE,
)
"""A setting that names whom it was with: "in an interview with X", "in a statement to X"."""
OWN = re.compile(r"\b(?:this|these|our) (?:newspaper|paper|pages|magazine|website|site|blog|programme|program|reporter|column|outlet|publication|newsroom|correspondent|station|show|podcast)\b|^us$", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relays:
    """What relays are read with."""

    article: Article
    cast: Cast
    registry: Registry
    lexicon: Lexicon
    who: Callable[[Span], tuple[Speaker, ...]]
    """Resolves a relaying person or body as a source is resolved."""

    def of_channels(self, channels: Sequence[Span]) -> tuple[Speaker, ...]:
        """The relays of all channels: to whom it was said first, who passed it on after."""
        near: list[Speaker] = []
        far: list[Speaker] = []
        for channel in channels:
            for part, passed_on in _parts(self.article.text, channel):
                found = self._passed_on(part) if passed_on else self._told(part)
                (far if passed_on else near).extend(found)
        return tuple(dict.fromkeys((*near, *far)))

    def of_source(self, source: Span) -> tuple[Speaker, ...]:
        """ "The NATO diplomat cited by the Wall Street Journal": the Journal."""
        match = re.search(r"\b(?:quoted|cited|interviewed) (?:by|in) ", source.of(self.article.text))
        return self._passed_on(Span(source.start + match.end(), source.end)) if match else ()

    def _told(self, span: Span) -> tuple[Speaker, ...]:
        words = [w for w in tokens(self.article.text, span.start, span.end) if w.kind != "mark"]
        text = span.of(self.article.text)
        if OWN.search(text):
            return self._own_outlet()
        addressed = SPOKEN_TO.search(text)
        if addressed:
            words = [w for w in words if w.start >= span.start + addressed.end()]
        return self._outlet(words, addressed=bool(addressed))

    def _outlet(self, words: Sequence[Word], *, addressed: bool) -> tuple[Speaker, ...]:
        found = [words[a:b] for a, b in runs(self.article.text, words, self.lexicon)]
        settings = any(word.key in self.lexicon.settings and not word.capital for word in words)
        for run in sorted(found, key=lambda run: not self._follows_outlet_word(words, run)):
            entry = self.registry.find(name_text(self.article.text, run))
            if entry and entry.kind == "outlet":
                return (entry.speaker,)
            keys = {word.key for word in run}
            if keys & self.lexicon.settings or keys & self.lexicon.bodies - self.lexicon.outlets - {
                "network",
                "channel",
            }:
                continue
            if settings and not addressed and not self._outlet_word(words):
                continue
            if entry or self._is_person(run):
                continue
            return (self._named(run),)
        return self._described(words) if not found else ()

    def _described(self, words: Sequence[Word]) -> tuple[Speaker, ...]:
        """ "the paper", "the agency": the outlet named before; the article's own where it is none other's."""
        keys = [word.key for word in words if word.key not in FUNCTION_WORDS]
        heads = [key for key in keys if key in self.lexicon.outlets]
        if not heads or any(key in self.lexicon.settings for key in keys) or words[0].key in ("a", "an", "state"):
            return ()
        for word in words:
            if word.key == heads[-1]:
                return self.who(Span(words[0].start, words[-1].end))
        return ()

    def _passed_on(self, span: Span) -> tuple[Speaker, ...]:
        words = [w for w in tokens(self.article.text, span.start, span.end) if w.kind != "mark"]
        if OWN.search(span.of(self.article.text)):
            return self._own_outlet()
        for a, b in runs(self.article.text, words, self.lexicon):
            entry = self.registry.find(name_text(self.article.text, words[a:b]))
            if entry and entry.kind == "outlet":
                return (entry.speaker,)
        if any(word.key in self.lexicon.outlets and not word.capital for word in words):
            named = self._outlet(words, addressed=True)
            if named:
                return named
        return self.who(span)

    def _named(self, run: Sequence[Word]) -> Speaker:
        """The outlet's fullest name: the registry's, the article's own outlet, a figure of the article, or as written."""
        written = name_text(self.article.text, run)
        own = self._own_outlet()
        if own and {word.key for word in run} <= set(speaker_id(own[0].name).split("-")):
            return own[0]
        figures = [figure for figure in self.cast.named(run) if figure.kind != "person"]
        known = figures[0].speaker if figures else None
        return known or Speaker(speaker_id(written), written)

    def _own_outlet(self) -> tuple[Speaker, ...]:
        if not self.article.outlet:
            return ()
        name = re.sub(r"^the\s+", "", self.article.outlet.strip(), flags=re.IGNORECASE) or self.article.outlet
        return (self.registry.lookup(name) or Speaker(speaker_id(name), name),)

    def _is_person(self, run: Sequence[Word]) -> bool:
        title, name = split_title(run, self.lexicon)
        if title and (not name or title[-1].key in self.lexicon.people or title[-1].key in self.lexicon.honorifics):
            return title[-1].key not in self.lexicon.states and title[-1].key not in self.lexicon.fields
        figures = self.cast.named(name or run)
        return (
            bool(figures)
            and figures[0].kind == "person"
            or bool(name)
            and len(name) > 1
            and name[0].key in self.lexicon.given
        )

    def _outlet_word(self, words: Sequence[Word]) -> bool:
        return any(word.key in self.lexicon.outlets for word in words)

    def _follows_outlet_word(self, words: Sequence[Word], run: Sequence[Word]) -> bool:
        at = list(words).index(run[0])
        return at > 0 and words[at - 1].key in self.lexicon.outlets


def _parts(text: str, channel: Span) -> list[tuple[Span, bool]]:
    """A channel cut where another relay begins ("told SANA, as quoted by Interfax"); True where words were passed on."""
    parts: list[tuple[Span, bool]] = []
    start = channel.start
    cuts = [m.start() for m in RELAYED.finditer(text, channel.start, channel.end)]
    for cut in cuts:
        if text[start:cut].strip(" ,") and not re.fullmatch(
            r"[\s,]*(?:as|was|were|and|later|also|first|then)?\s*", text[start:cut]
        ):
            parts.append((Span(start, cut), False))
        start = cut
    if not cuts:
        return [(channel, False)]
    merged = [cuts[0]]
    for cut in cuts[1:]:
        merged.append(cut)
    for at, cut in enumerate(merged):
        end = merged[at + 1] if at + 1 < len(merged) else channel.end
        agent = re.compile(r"^\S+(?:\s+to)?(?:\s+(?:by|in|on|from|via))?\s*", re.IGNORECASE).match(text[cut:end])
        begin = cut + (agent.end() if agent else 0)
        if text[begin:end].strip(" ,"):
            parts.append((Span(begin, end), True))
    return parts if parts else [(channel, False)]
