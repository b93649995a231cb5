"""A channel's words cut into its relays: to whom it was said, and who passed it on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.models import Span

RELAYED = re.compile(
    r"\b(?:as |was |were |and |later |also |first |then )*(?:"
    r"(?:quoted|cited|reported|carried|relayed|published|obtained|seen|monitored|aired|broadcast|printed|distributed|read|signed"
    r"|translated|picked up|transmitted|run|released|recalled|recounted|summarised|summarized|issued"
    r"|circulated|taken|excerpted)"
    r"(?:\s+[\w’'-]+){0,6}?\s+by"
    r"|(?:quoted|cited|carried|published|printed|aired|broadcast|issued)(?:\s+[\w’'-]+){0,3}?\s+(?:through|in|on)"
    r"|according to|citing|quoting|through|via|by way of|as told to|by|following)\s+",
    re.IGNORECASE,
)
"""Words of a channel whose agent passed the words on, whoever it is."""
SPOKEN_TO = re.compile(
    r"^(?:.*?\b(?:interview(?:s|ed)?|comments?|remarks?|conversation|talk(?:s|ing)?|speaking|spoke|statements?|e-?mails?|letters?"
    r"|call|messages?|notes?|answers?|reply|response|text|opinion|reporters?)\b[^,;]*?\b(?:with|to|for)|to|with)\s+",
    re.IGNORECASE | re.DOTALL,
)
"""Whom it was said to: "in an interview with X", "in a statement to X", "to X"."""
COLUMN = re.compile(
    r"^.*?\b(?:column|article|essay|op-ed|editorial|profile|piece|appearance|interview)\s+(?:in|on)\s+", re.I | re.S
)
WRITTEN_IN = re.compile(r"^[Ii]n\s+(?=(?:the\s+|last\s+|this\s+|yesterday[’']s\s+)?(?:[\w’']+\s+){0,2}?[^\W\d_a-z])")
ON = re.compile(r"^(?:on|over)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One relay's words. `addressed`: somebody was spoken to there; `platform`: "on X", which may be no outlet."""

    span: Span
    passed_on: bool = False
    addressed: bool = False
    platform: bool = False
    written: bool = False


def parts(text: str, channel: Span) -> list[Part]:
    """ "told SANA, as quoted by Interfax": (SANA), (Interfax, passed on)."""
    cuts = list(RELAYED.finditer(text, channel.start, channel.end))
    found: list[Part] = []
    first = cuts[0].start() if cuts else channel.end
    if text[channel.start : first].strip(" ,;"):
        found += _told(text, channel.start, first)
    for cut, following in zip(cuts, [*cuts[1:], None], strict=False):
        end = following.start() if following else channel.end
        if text[cut.end() : end].strip(" ,;"):
            found.append(Part(Span(cut.end(), end), passed_on=True))
    return found


def _told(text: str, start: int, end: int) -> list[Part]:
    words = text[start:end]
    for pattern, addressed, platform in (
        (SPOKEN_TO, True, False),
        (COLUMN, True, False),
        (ON, False, True),
        (WRITTEN_IN, False, None),
    ):
        match = pattern.match(words)
        if match and match.end() < len(words):
            span = Span(start + match.end(), end)
            return [Part(span, addressed=addressed, platform=bool(platform), written=platform is None)]
    if re.match(r"in (?:a|the|its|their)\b.*\b(?:poll|survey)\b", words, re.IGNORECASE):
        return [Part(Span(start + 3, end), addressed=True)]
    if re.match(r"(?:in|at|during|from|for|after|before|under|outside|over|with)\b", words, re.IGNORECASE):
        return []
    return [Part(Span(start, end))]
