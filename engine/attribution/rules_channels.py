"""Channels by pattern, for both taggers: where, or through whom, the words came (GUIDELINES, decision 11)."""

from __future__ import annotations

import re

from engine.attribution.segments import Segment
from engine.models import Span

_NAME = r"(?:[A-Z][\w.'&-]{0,40}|\d{1,4})"
_CHAIN = (
    r"(?:(?:the|an?) )?(?:(?:state|daily|weekly|local|national|public|private|news|newspaper) )?"
    rf"{_NAME}(?: (?:{_NAME}|(?:of|and|for|de|news|agency|newspaper|television|radio|channel|magazine)\b)){{0,7}}"
)
_OUTLET = re.compile(
    r"(?i:\b(?:news|agency|newspaper|television|tv|radio|daily|weekly|magazine|media|broadcaster|channel)\b)|"
    r"\b(?:Times|Post|Journal|Tribune|Guardian|Herald|Gazette|Courier|Interfax|TASS|Reuters|SANA|AFP|AP|BBC|CNN|NBC|ABC|CBS|RIA)\b"
)
"""What tells an outlet from a person among the addressees of "told"."""
_SETTING = (
    r"(?:(?:[a-z'-]+|[A-Z][\w.'-]*)\s){0,4}?(?:interview|statement|press conference|news conference|press briefing|"
    r"briefing|speech|address|"
    r"letter|tweet|post|article|op-ed|column|memo|report|email|e-mail|release|hearing|debate|testimony|video|broadcast|message|commentary|blog)"
)
_PATTERNS = (
    re.compile(rf"\b(?:as )?(?:quoted|cited|reported|carried|relayed|published) by {_CHAIN}"),
    re.compile(
        rf"\b[Ii]n (?:an?|the|his|her|their|its|another) {_SETTING}"
        rf"(?: (?:with|to|for|on|of|by|released by|in) (?:the )?{_CHAIN})?"
    ),
    re.compile(rf"\b(?:[Aa]t|[Dd]uring) (?:an?|the|his|her|their) {_SETTING}(?: (?:in|with|on) {_CHAIN})?"),
    re.compile(
        r"\b(?:on|via) (?:Twitter|Facebook|Telegram|Instagram|YouTube|(?:state|national) (?:television|TV|radio)|X\b)"
    ),
    re.compile(r"\bthrough (?:an interpreter|a translator|a spokes(?:man|woman|person)|(?:his|her) lawyer)"),
)
_TOLD = re.compile(rf"\b(?:told|tell|tells|telling|informed) ({_CHAIN})")
_REPORTER = re.compile(rf", ({_CHAIN}) (?:has |had )?(?:reported|reports|quoted|cited)\b")


def channels_in(plain: str, span: Span) -> list[Segment]:
    """Channel segments of one block, apart from each other, in the order of the text."""
    found: list[Span] = []
    for pattern in _PATTERNS:
        found += (_trimmed(plain, m.start(), m.end()) for m in pattern.finditer(plain, span.start, span.end))
    for pattern in (_TOLD, _REPORTER):
        found += (
            _trimmed(plain, m.start(1), m.end(1))
            for m in pattern.finditer(plain, span.start, span.end)
            if _OUTLET.search(m[1])
        )
    apart: list[Span] = []
    for channel in sorted(found, key=lambda s: (s.start, -s.end)):
        if not apart or apart[-1].end <= channel.start:
            apart.append(channel)
    return [Segment("channel", channel, 0.7) for channel in apart]


def _trimmed(plain: str, start: int, end: int) -> Span:
    words = re.sub(r"[\s.'&-]*(?:\s(?:and|of|the|a|an|for))?\s*$", "", plain[start:end])
    return Span(start, start + max(1, len(words)))
