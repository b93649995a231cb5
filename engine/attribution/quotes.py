"""Quotations by typography alone: what stands between quotation marks, whoever wrote it and in whatever style.

All usual styles (“ ” " ' ‘ ’ « » „ “ ‚ ‘ ‹ › `` ''), their mixtures, nesting, quotations over several paragraphs
(each reopened, the last closed) and broken ones. Whether a quotation is speech, a title or a scare quote is not
decided here. One pass over the marks of each block, so time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from engine.attribution.segments import Block
from engine.models import Span

_DOUBLE = '“”„‟«»"＂〝〞'
_SINGLE = "‘’‚‛‹›'`"
_RULE = 6
"""So many marks side by side are a rule or litter; quotations nested to the deepest meet with four."""
_ANY = "[" + re.escape(_DOUBLE + _SINGLE) + "]"
_MARK = re.compile(rf"(?P<rule>{_ANY}{{{_RULE},}})|``|''|{_ANY}")
_LETTER = re.compile(r"[^\W_]")
_ELISION = re.compile(r"(?:\d0s|em|til|tis|twas|cause|n|round|bout|cos|im|er|ello)\b", re.IGNORECASE)
"""Words that begin with an apostrophe: 'em, 'til, '90s."""
_DEEPEST = 8
"""Marks nested deeper than this are noise, not quotations."""

Family = Literal["double", "single"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Text between marks, the marks included. Depth 0 is outermost."""

    span: Span
    depth: int = 0
    opened: bool = True
    closed: bool = True
    reopened: bool = False
    """Not closed, but the next block opens with a mark of its own: a quotation over paragraphs, nothing broken."""
    family: Family = "double"

    @property
    def unbalanced(self) -> bool:
        return not self.opened or not (self.closed or self.reopened)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark and what its neighbours allow it to do; what it does depends on what is open."""

    at: int
    end: int
    family: Family
    glyph: str
    may_open: bool
    may_close: bool


def quotations(text: str, blocks: Sequence[Block]) -> list[tuple[Quotation, ...]]:
    """The quotations of each block, in the order of their opening, each before those inside it."""
    return list(_quotations(text, tuple(blocks)))


@lru_cache(maxsize=1)  # the tagger and the linker ask one after the other about the same article
def _quotations(text: str, blocks: tuple[Block, ...]) -> tuple[tuple[Quotation, ...], ...]:
    found = [_in_block(text, block.span) for block in blocks]
    for here, (block, following) in enumerate(pairwise(blocks)):
        last = next((q for q in reversed(found[here]) if q.depth == 0), None)
        if last and not last.closed and (block.goes_on or _opens_with_mark(text, following.span)):
            found[here] = tuple(replace(q, reopened=True) if q is last else q for q in found[here])
    return tuple(found)


def outermost(found: Iterable[Quotation]) -> tuple[Quotation, ...]:
    return tuple(quotation for quotation in found if quotation.depth == 0)


def _opens_with_mark(text: str, span: Span) -> bool:
    head = text[span.start : min(span.end, span.start + 40)].lstrip()
    return bool(head) and (head[0] in _DOUBLE + "‘‚" or head.startswith(("``", "''")))


def _in_block(text: str, span: Span) -> tuple[Quotation, ...]:
    if not _LETTER.search(text, span.start, span.end):
        return ()  # nothing is said between marks without a letter or digit
    found = (m for m in _MARK.finditer(text, span.start, span.end) if m.lastgroup != "rule")
    marks = [mark for m in found if (mark := _read(text, span, m))]
    nests, singles = _nests(marks), _closing_singles(text, marks)
    last_single = max(singles, default=-1)
    stack: list[_Mark] = []
    done: list[Quotation] = []
    for mark in marks:
        partner = None if mark.family == "single" and mark.at not in singles else _partner(text, stack, mark)
        if partner is not None:
            done.append(Quotation(Span(stack[partner].at, mark.end), family=mark.family))
            del stack[partner:]
        elif mark.may_open and len(stack) < _DEEPEST and (mark.family == "double" or mark.at < last_single):
            broken = None if nests else _broken_by(stack, mark, span)
            if broken is not None:
                done.append(_left_open(text, stack[broken], mark.at))
                del stack[broken:]
            stack.append(mark)
        elif mark.family == "double" and not stack and not done and _ends_speech(text, span, mark):
            done.append(Quotation(Span(span.start, mark.end), opened=False))
    opening = next((mark for mark in stack if mark.family == "double"), None)
    if opening:  # (a single mark left open was an apostrophe)
        done.append(_left_open(text, opening, span.end))
    return _with_depths(done)


def _read(text: str, span: Span, found: re.Match[str]) -> _Mark | None:
    """The mark with its abilities; None for an apostrophe inside a word."""
    at, end, glyph = found.start(), found.end(), found.group()
    before = text[at - 1] if at > span.start else " "
    after = text[end] if end < span.end else " "
    single = len(glyph) == 1 and glyph in _SINGLE
    if single and before.isalnum() and after.isalnum():
        return None
    starts = before.isspace() or before in "([{—–-/:;…" or before in _DOUBLE + _SINGLE
    leads = not after.isspace() and after not in ",;:)]}"
    ends = not before.isspace() and before not in "([{"
    if single:
        elided = glyph in "'’`" and _ELISION.match(text, end) is not None
        may_open = starts and leads and not elided and glyph not in "’›"
        return _Mark(at, end, "single", glyph, may_open, ends and not after.isalnum() and glyph not in "‚‛‹`")
    inch = glyph == '"' and before.isdigit()
    may_open = leads and not inch and (starts or glyph in "“„«〝")
    may_close = glyph not in "„‟〝``" and not (starts and leads and glyph not in "”»〞")
    return _Mark(at, end, "double", glyph, may_open, may_close)


def _partner(text: str, stack: Sequence[_Mark], mark: _Mark) -> int | None:
    """Which open mark this one closes, as an index into the stack."""
    if not mark.may_close and mark.glyph not in "“«":
        return None
    for depth in range(len(stack) - 1, -1, -1):
        opening = stack[depth]
        if opening.family != mark.family:
            continue
        if mark.glyph in "“«‘":  # an opening glyph closes „so“, »so« and ‚so‘, and a quotation whose end was mistyped
            reverse = opening.glyph in "„»”‚" if mark.glyph != "«" else opening.glyph in "»›"
            ends_word = mark.at > 0 and not text[mark.at - 1].isspace() and not text[mark.end : mark.end + 1].isalnum()
            return depth if mark.at > opening.end and (reverse or ends_word) else None
        return depth if mark.at > opening.end else None
    return None


def _nests(marks: Sequence[_Mark]) -> bool:
    """Do opening and closing glyphs balance in this block, so that “a “b” c” is nesting and not a lost mark?"""
    depth = deepest = 0
    for mark in marks:
        if mark.family == "double":
            if mark.glyph not in "“”«»":
                return False
            depth += 1 if mark.glyph in "“«" else -1
            deepest = max(deepest, depth)
            if depth < 0:
                return False
    return depth == 0 and deepest > 1


def _closing_singles(text: str, marks: Sequence[_Mark]) -> frozenset[int]:
    """Places of single marks that may end a quotation, less a plural's possessive (‘the boys’ game is over’)."""
    found: set[int] = set()
    later = False  # does another closing mark follow before the next opening one?
    for mark in reversed(marks):
        if mark.family != "single":
            continue
        if mark.may_open and not mark.may_close:
            later = False
        elif mark.may_close:
            possessive = text[max(0, mark.at - 1) : mark.at] in ("s", "S") and text[mark.end : mark.end + 1] == " "
            if not (possessive and later and text[mark.end + 1 : mark.end + 2].islower()):
                found.add(mark.at)
                later = True
    return frozenset(found)


def _broken_by(stack: Sequence[_Mark], mark: _Mark, span: Span) -> int | None:
    """An open double quotation that this new opening shows to have lost its end.

    Not the one that opens the block with another glyph: that is a quotation holding another.
    """
    if mark.family != "double":
        return None
    for depth, opening in enumerate(stack):
        if opening.family == "double" and (opening.glyph == mark.glyph or opening.at != span.start):
            return depth
    return None


def _left_open(text: str, opening: _Mark, end: int) -> Quotation:
    while end > opening.end and text[end - 1].isspace():
        end -= 1
    return Quotation(Span(opening.at, end), closed=False, family=opening.family)


def _ends_speech(text: str, span: Span, mark: _Mark) -> bool:
    """A closing mark that nothing opened, after the block's first words: what stands before it was quoted."""
    if mark.glyph not in "”»\"''" or mark.at - span.start < 2:
        return False
    return text[mark.at - 1] in ",.?!…" and not text[mark.end : mark.end + 1].isalnum()


def _with_depths(found: list[Quotation]) -> tuple[Quotation, ...]:
    ordered, ends = [], list[int]()
    for quotation in sorted(found, key=lambda q: (q.span.start, -q.span.end)):
        while ends and ends[-1] <= quotation.span.start:
            ends.pop()
        ordered.append(replace(quotation, depth=len(ends)) if ends else quotation)
        ends.append(quotation.span.end)
    return tuple(ordered)
