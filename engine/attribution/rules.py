"""The tagger that needs no model: cue verbs, the noun phrases beside them, and the words they introduce.

It marks segments as the neural tagger does, so that one linker serves both. Its patterns run on plain text in which
every quotation is masked, sentence by sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from engine.attribution.quotes import Quotation, quotations
from engine.attribution.rules_channels import channels_in
from engine.attribution.rules_phrases import MASK, MASK_COMMA, MASK_STOP, MASKS, source_after, source_before
from engine.attribution.rules_words import cue_verbs
from engine.attribution.segments import Block, Role, Segment, has_letters
from engine.models import Span
from engine.text import plain

_M = f"[{MASKS}]"
_SENTENCE = re.compile(
    r"(?:(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bSen)(?<!\bGov)(?<!\bRep)(?<!\bGen)(?<!\b[A-Z])[.?!…][)]*"
    rf"|{MASK_STOP}(?=\s+[A-Z{MASK}]))\s+"
)
_MOST_CUES = 40
"""Cues read in one sentence. None of the corpus has ten; text without full stops stays bounded."""
_WHEN = (
    r"(?:(?:on |late |early |last )?"
    r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|yesterday|today|earlier|later)"
    r"(?: (?:morning|night|evening|afternoon|this week|this month))?)"
)
_ASIDE = re.compile(
    rf"(?:,? (?:{_WHEN}|(?:in|at|during|on|via|through|after|to|of) [^,.;:{MASKS}]{{2,80}}?)){{0,3}}"
    rf"(?=,? that\b|,? adding\b|:?,? *{_M}|[.?!:]?\s*$)"
)
_ADDRESSEE = re.compile(
    rf" [^,.;:{MASKS}]{{2,70}}?(?=,? that\b|,? {_M}|: ?{_M}|,? (?:to|how|why|what|whether)\b|[.,]|$)"
)
_SETTING = re.compile(
    r"(?:On|In|At|During|After|Before|Earlier|Last|Later|Speaking|Asked|Meanwhile|However|For|As|With|When|While|By|To)\b"
)
_QUOTED = re.compile(rf"[:,]? ?({MASK}[{MASKS}]*)")
_ACCORDING = re.compile(r"\b[Aa]ccording to |\b[Ii]n the words of ")
_ACCORDING_WHOM = re.compile(
    rf"[^,.;:{MASKS}()]{{2,120}}(?:, (?:the|an?|who|which) [^,.;:{MASKS}()]{{2,80}}"
    rf"(?=, (?:[A-Z{MASK}]|the|an?|he|she|they|it|there|its|his|her|\d)))?"
)
_DETERMINERS = re.compile(
    r"(?:the|an?|its|his|her|their|our|my|your|of|this|these|those|no|any|some|such|for|with|in|by|other|many|several|to)$"
)
_NEXT_CUE = re.compile(
    r",? (?:adding|saying|noting|stressing|insisting|arguing|warning|claiming)\b|,? according to |; "
    r"|, (?:but|while|and) (?=\w+ )"
    r"|,? (?=(?:the )?[A-Z][\w. ]{1,40}? (?:has |had )?(?:reported|reports)\b)"
)


@dataclass(slots=True)
class _Sentence:
    """A sentence within a block and what has been found in it."""

    masked: str
    span: Span
    found: list[Segment] = field(default_factory=list)

    def add(self, role: Role, start: int, end: int, certainty: float) -> bool:
        """Adds the stretch less its edge spaces and punctuation, unless it is empty or lies over another."""
        while start < end and (self.masked[start].isspace() or self.masked[start] in ",;:-"):
            start += 1
        while end > start and (self.masked[end - 1].isspace() or self.masked[end - 1] in ",;:-."):
            end -= 1
        span = Span(start, end) if start < end else None
        if span is None or any(segment.span.overlaps(span) for segment in self.found):
            return False
        self.found.append(Segment(role, span, certainty))
        return True


class RuleTagger:
    """`Tagger` by rules alone."""

    def tag(self, text: str, blocks: Sequence[Block]) -> list[tuple[Segment, ...]]:
        even = plain(text)
        found = quotations(text, blocks)
        return [_tagged(even, block, marks) for block, marks in zip(blocks, found, strict=True)]


def _tagged(even: str, block: Block, marks: Sequence[Quotation]) -> tuple[Segment, ...]:
    if not has_letters(even, block.span):
        return ()
    masked = masked_block(even, block.span, marks)
    channels = [c for c in channels_in(even, block.span) if masked[c.span.start - block.span.start] not in MASKS]
    segments: list[Segment] = []
    for span in _sentences(masked):
        sentence = _Sentence(masked, span)
        _according(sentence)
        for cue in islice(cue_verbs().pattern.finditer(masked, span.start, span.end), _MOST_CUES):
            _cue(sentence, cue)
        _alone(sentence, after_speech=bool(segments))
        segments += sentence.found
    shift = block.span.start
    moved = [Segment(s.role, s.span.shifted(shift), s.certainty) for s in segments]
    apart = [c for c in channels if not any(c.span.overlaps(s.span) for s in moved if s.role != "content")]
    return tuple(sorted([*moved, *apart], key=lambda s: s.span))


def masked_block(even: str, span: Span, marks: Sequence[Quotation]) -> str:
    """The block's text with each quotation overwritten; offsets within the block."""
    pieces, at = [], span.start
    for quotation in marks:
        if quotation.depth == 0 and quotation.span.start >= at:
            pieces += [even[at : quotation.span.start], MASK * (len(quotation.span) - 1), _last_mask(even, quotation)]
            at = quotation.span.end
    return "".join(pieces) + even[at : span.end]


def _last_mask(even: str, quotation: Quotation) -> str:
    inner = even[quotation.span.start : quotation.span.end].rstrip("\"'")[-1:]
    return MASK_STOP if inner in (".", "?", "!", "…") else MASK_COMMA if inner == "," else MASK


def _sentences(masked: str) -> Iterator[Span]:
    start = 0
    for end in _SENTENCE.finditer(masked):
        yield Span(start, end.end())
        start = end.end()
    if start < len(masked):
        yield Span(start, len(masked))


def _according(sentence: _Sentence) -> None:
    """ "According to X, ..." and "..., according to X": the rest of the sentence is the content."""
    found = _ACCORDING.search(sentence.masked, sentence.span.start, sentence.span.end)
    whom = _ACCORDING_WHOM.match(sentence.masked, found.end(), sentence.span.end) if found else None
    if not found or not whom:
        return
    sentence.add("cue", found.start(), found.end(), 0.9)
    sentence.add("source", whom.start(), whom.end(), 0.8)
    before = sentence.masked[sentence.span.start : found.start()].strip(" ,")
    if len(before.split()) > 2:
        sentence.add("content", sentence.span.start, found.start(), 0.8)
    else:
        sentence.add("content", whom.end(), sentence.span.end, 0.8)


def _cue(sentence: _Sentence, found: re.Match[str]) -> None:
    """One cue verb with its source and contents, where the words around it have the shape of a report."""
    masked, start, end = sentence.masked, sentence.span.start, sentence.span.end
    cue = Span(found.start(), found.end())
    if any(segment.span.overlaps(cue) for segment in sentence.found) or _is_noun(masked, start, found):
        return
    manner = cue_verbs().manner(found[1])
    before_cue = masked[start : cue.start].rstrip()
    participle = found[0].lower().split()[0].endswith("ing")
    if manner == "say" and not participle and before_cue[-1:] in (",", *MASKS):
        source = source_after(masked, cue.end, end)
        if source and masked[source.end : source.end + 6] != " that ":
            _add_cue(sentence, cue, source, 0.9)
            sentence.add("content", start, cue.start, 0.9)
            _following_quotation(sentence, source.end)
            return
    source = source_before(masked, start, cue.start)
    if participle and not (before_cue[-1:] in (",", *MASKS) and len(before_cue) > 10):
        return
    if source is None and not participle:
        return
    at = cue.end
    if manner == "tell":
        addressee = _ADDRESSEE.match(masked, at, end)
        at = addressee.end() if addressee else at
    if _contents(sentence, source, at, plain_object=manner in ("urge", "judge")):
        _add_cue(sentence, cue, None if participle else source, 0.8)


def _is_noun(masked: str, start: int, found: re.Match[str]) -> bool:
    """ "the reports", "Islamic State", "his claims", "to say": the same letters, no cue."""
    before = masked[start : found.start()].rstrip().rsplit(" ", 1)[-1].lower().strip("'\"")
    inside = found.start() > start and found[1][:1].isupper()
    return (
        inside or _DETERMINERS.match(before) is not None or before.endswith("'s") or found[0].lower().startswith("to ")
    )


def _alone(sentence: _Sentence, *, after_speech: bool) -> None:
    """A sentence that is one quotation, after speech in its block or filling the block: more of the same."""
    words = sentence.span.of(sentence.masked).strip()
    fills = len(words) == len(sentence.masked.strip())
    quoted = words[:1] == MASK and words.strip(MASKS) == "" and words[-1] == MASK_STOP
    if not sentence.found and quoted and (after_speech or fills):
        sentence.add("content", sentence.span.start, sentence.span.end, 0.6)


def _add_cue(sentence: _Sentence, cue: Span, source: Span | None, certainty: float) -> None:
    sentence.add("cue", cue.start, cue.end, certainty)
    if source:
        sentence.add("source", source.start, source.end, certainty)


def _contents(sentence: _Sentence, source: Span | None, at: int, *, plain_object: bool) -> bool:
    """The words after the cue, those before the source, or both where the cue stands between them."""
    masked, end = sentence.masked, sentence.span.end
    aside = None if plain_object else _ASIDE.match(masked, at, end)
    at = aside.end() if aside else at
    before = Span(sentence.span.start, source.start) if source and source.start > sentence.span.start else None
    lead = masked[before.start : before.end].rstrip() if before else ""
    reported = lead[-1:] in tuple(MASKS) or (lead.endswith(",") and _is_clause(lead))
    rest = masked[at:end].strip()
    if rest == ":":
        return True  # the next paragraph's words
    if lead[-1:] in (MASK_COMMA, MASK_STOP) and not re.search(rf"\bthat\b|[{MASKS}]", rest):
        return sentence.add("content", sentence.span.start, sentence.span.start + len(lead), 0.9)
    quoted = _QUOTED.match(masked, at, end)
    if quoted and not _clause_goes_on(masked, quoted.end(), end):
        added = sentence.add("content", quoted.start(1), quoted.end(1), 0.9)
    elif not rest.strip(".?! ") or (reported and rest.startswith(",")):
        added = False
        if reported and rest.startswith(",") and not _NEXT_CUE.match(masked, at):
            added = sentence.add("content", at, _clause_end(masked, at, end), 0.7)
    else:
        return sentence.add("content", at, _clause_end(masked, at, end), 0.7)
    if before and reported and not _NEXT_CUE.match(lead):
        added = sentence.add("content", before.start, before.end, 0.8) or added
    return added


def _is_clause(lead: str) -> bool:
    """ "They were ready, | he said" and not "On Monday, | he said"."""
    words = len(lead.split())
    return words > 6 or (words > 2 and not _SETTING.match(lead))


def _clause_goes_on(masked: str, at: int, end: int) -> bool:
    """ "said “no” to the plan": unmarked words of the same clause follow the quotation."""
    rest = masked[at:end]
    return bool(re.match(r" [a-z]", rest)) and not _NEXT_CUE.match(rest)


def _clause_end(masked: str, at: int, end: int) -> int:
    following = _NEXT_CUE.search(masked, at + 1, end)
    return following.start() if following else end


def _following_quotation(sentence: _Sentence, at: int) -> None:
    """ "“A,” said Ruiz, “B.” ": the second piece."""
    aside = _ASIDE.match(sentence.masked, at, sentence.span.end)
    quoted = _QUOTED.match(sentence.masked, aside.end() if aside else at, sentence.span.end)
    if quoted:
        sentence.add("content", quoted.start(1), quoted.end(1), 0.9)
