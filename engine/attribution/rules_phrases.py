"""Noun phrases beside a cue, by shape: who is being quoted? Patterns run on plain text whose quotations are masked."""

from __future__ import annotations

import re

from engine.models import Span

MASK, MASK_COMMA, MASK_STOP = "§", "¤", "¶"
"""Stand for every character of a quotation, so that no pattern looks inside and every offset stays. The last character
of one that ends in a comma, or in a sentence's end, has a sign of its own."""
MASKS = MASK + MASK_COMMA + MASK_STOP

_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|I|[Ww]e|who)"
_BODIES = (
    r"(?:officials|police|authorities|critics|experts|analysts|residents|witnesses|investigators|prosecutors|scientists|"
    r"researchers|reports|sources|campaigners|activists|lawyers|doctors|diplomats|lawmakers|economists|locals|neighbou?rs|"
    r"opponents|supporters|observers|organi[sz]ers|military|media|medics|rescuers|firefighters|union|"
    r"ministers?|mayor|president|spokes(?:man|woman|person)|official|source|study|survey|poll|report|watchdog|charity)"
)
_STARTER = re.compile(
    rf"^(?:{_PRONOUN}$|(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Oo]ur|[Tt]his|[Tt]hese|[Ss]ome|[Mm]any|[Mm]ost|[Oo]ther|"
    rf"[Aa]nother|[Ss]everal|[Oo]ne|[Tt]wo|[Tt]hree|[Bb]oth|[Ss]enior|[Ll]ocal|[Ff]ormer|[Uu]nnamed|[Aa]nonymous)\b|"
    rf"(?:[a-z]+ ){{0,3}}{_BODIES}\b|[^\W\d_a-z])",
)
_BREAK = re.compile(
    r"[,;:()§¤¶]|\s-\s|\b(?:that|which|while|but|as|when|because|if|after|before|where|whether|than|although|though|since|"
    r"and then|so|until|unless|however|meanwhile)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:On|In|At|Earlier|Last|Later|Meanwhile|Yesterday|Today|Also|And|But|Then|Yet|Still|Now|Instead|Indeed|Again|"
    r"Finally|Nevertheless|Separately|Afterwards|However)\b(?: (?:on|in|at)\b)?"
    r"(?: (?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|week|month|year|night|morning|afternoon|evening"
    r"|\d+))*\s)"
)
_ADVERBS_AFTER = re.compile(
    r"(?:\s(?:\w+ly|also|then|later|once|further|again|reportedly|never|even|first|still|now|too|himself|herself))+$"
)
_NOT_SOURCES = re.compile(
    r"(?:The|This|That|These|Those|There|Here|What|When|Where|Why|How|If|As|For|In|On|At|By|With|From|To|And|But|Or|Nor"
    r"|So|Yet|While|After|Before|Since|Because|Although|Though|Until|Unless)$"
)
_AFTER = re.compile(
    rf"\s(?:{_PRONOUN}\b(?! \w+ed\b)|(?:[A-Z][\w.'-]*|[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Oo]ne|[a-z]+)"
    r"(?: (?!(?:in|on|at|during|after|before|as|told|to|when|while|by|via|through|and|but|yesterday|today|last|this"
    r"|earlier|who|whose|adding|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
    r"(?:[A-Z]\.|[\w'&/-]+))*)"
)
_APPOSITION = re.compile(
    r", (?!who\b|which\b|whose\b|adding\b|saying\b|while\b|when\b|as\b|but\b|and\b|in\b|on\b)"
    r"[^,.;:§¤¶()]{3,90}(?=[,.;:§¤¶]|$)"
)
_LONGEST = 14
"""Words in a source's own noun phrase, apposition apart; longer runs are clauses."""


def source_before(masked: str, start: int, cue: int) -> Span | None:
    """The noun phrase that ends right before the cue, with an apposition: "X, the mayor of Y, | said"."""
    left = masked[start:cue].rstrip()
    adverbs = _ADVERBS_AFTER.search(left)
    left = left[: adverbs.start()] if adverbs else left
    if left.endswith(","):
        comma = left.rfind(",", 0, len(left) - 1)
        apposition = left[comma + 1 : -1].strip()
        if (
            comma < 0
            or not apposition
            or any(mask in apposition for mask in MASKS)
            or len(apposition.split()) > _LONGEST + 6
        ):
            return None
        named = _phrase_at_end(left[:comma])
        if named is None:
            return None
        relative = re.match(r"(?:who|which|whose)\b", apposition) or re.match(r"\w+(?:ing|ed)\b", apposition)
        return Span(start + named[0], start + (named[1] if relative else len(left) - 1))
    found = _phrase_at_end(left)
    return Span(start + found[0], start + found[1]) if found else None


def _phrase_at_end(left: str) -> tuple[int, int] | None:
    start = max((b.end() for b in _BREAK.finditer(left)), default=0)
    chunk = left[start:]
    start += len(chunk) - len(chunk.lstrip(" \"'"))
    chunk = left[start:]
    pronoun = re.search(rf"\b(?:and|but) ({_PRONOUN})$", chunk)
    if pronoun:
        return start + pronoun.start(1), len(left)
    while (leading := _LEADING.match(chunk)) is not None:
        start += leading.end()
        chunk = left[start:]
    relative = re.search(r"(?:^|, )who$", left)
    if relative:
        return len(left) - 3, len(left)
    if not chunk or len(chunk.split()) > _LONGEST or not _STARTER.match(chunk) or _NOT_SOURCES.match(chunk):
        return None
    return start, len(left)


def source_after(masked: str, cue_end: int, end: int) -> Span | None:
    """The noun phrase after an inverted cue: "said | Ana Ruiz, the foreign minister"."""
    window = masked[: min(end, cue_end + 300)]
    found = _AFTER.match(window, cue_end)
    if not found:
        return None
    stop = found.end()
    phrase = window[found.start() + 1 : stop]
    if len(phrase.split()) > _LONGEST or not _STARTER.match(phrase):
        return None
    apposition = _APPOSITION.match(window, stop)
    if apposition and not phrase.islower() and not re.match(_PRONOUN + "$", phrase):
        stop = apposition.end()
    return Span(found.start() + 1, stop)
