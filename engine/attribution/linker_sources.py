"""Sources mended after pairing: the pronoun or name that the tagger left out, and clitics glued to it."""

from __future__ import annotations

import re

from engine.attribution.linker_draft import Draft, Page
from engine.attribution.segments import Segment
from engine.models import Span

_FURTHEST = 600
"""A subject is looked for this many characters to the left of its cue, no further: sentences are shorter."""
_PRONOUN = re.compile(r"\b(who|which|[Hh]e|[Ss]he|[Tt]hey|[Ii]t|I|[Ww]e|[Yy]ou)\s(?:\w+ly )?$")
_STARTS = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSen)(?<!\bGov)(?<!\bRep)(?<!\bGen)(?<!\b[A-Z])[.?!][\"']{0,2}\s+"
)
_NAME = re.compile(
    r"[\"']?((?:(?:Mr|Mrs|Ms|Dr|Sen|Gov|Rep|Gen|President|Senator)\.? )?[A-Z][\w'-]+"
    r"(?: (?:[A-Z]\.|[A-Z][\w'-]+|de|van|von|al|bin)){0,3}|He|She|They|We|I)\b"
)
_NOT_NAMES = re.compile(
    r"(?:The|In|On|But|And|At|For|After|While|When|As|If|This|That|With|His|Her|Their|Its?|There|These|Those|What|How|However"
    r"|Meanwhile|Still|Yet|Now|Then|So|Or|Since|Although|Though|Despite|By|From|To|Of|Instead|Later|Earlier)\b"
)
_SECOND_VERB = re.compile(r"(?:,|\band|\bbut)\s(?:\w+ly |then |also )?$")
_CLITIC = re.compile(r"(?i)^(?:he|she|they|it|we|i|you|who)('(?:s|ve|d|ll|re|m))$")


def mended_sources(page: Page, number: int, drafts: list[Draft]) -> None:
    for draft in drafts:
        if draft.cue and not draft.source:
            span = _pronoun_before(page, number, draft) or _name_that_begins(page, number, draft)
            draft.source += [Segment("source", span, 0.5)] if span else []
        _clitic(page, draft)


def _left(page: Page, number: int, draft: Draft) -> tuple[int, str]:
    end = draft.anchor.start
    start = max(page.blocks[number].span.start, end - _FURTHEST)
    return start, page.plain[start:end]


def _pronoun_before(page: Page, number: int, draft: Draft) -> Span | None:
    """ "which she | said": the relative or personal pronoun at the cue's left."""
    start, left = _left(page, number, draft)
    found = _PRONOUN.search(left)
    return Span(start + found.start(1), start + found.end(1)) if found else None


def _name_that_begins(page: Page, number: int, draft: Draft) -> Span | None:
    """ "Ruiz opened the session and | warned": the name that begins the sentence of a second verb."""
    start, left = _left(page, number, draft)
    if not _SECOND_VERB.search(left):
        return None
    sentence = max((end.end() for end in _STARTS.finditer(left)), default=0)
    found = _NAME.match(left, sentence)
    if not found or _NOT_NAMES.match(found[1]):
        return None
    return Span(start + found.start(1), start + found.end(1))


def _clitic(page: Page, draft: Draft) -> None:
    """ "he's | said": the clitic is the cue's auxiliary, not part of the pronoun."""
    if len(draft.source) != 1 or len(draft.cue) != 1:
        return
    source, cue = draft.source[0], draft.cue[0]
    found = _CLITIC.match(source.span.of(page.plain)) if len(source.span) < 9 else None
    if found and cue.span.start - source.span.end in (0, 1):
        at = source.span.start + found.start(1)
        draft.source = [Segment("source", Span(source.span.start, at), source.certainty)]
        draft.cue = [Segment("cue", Span(at, cue.span.end), cue.certainty)]
