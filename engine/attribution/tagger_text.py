"""Text as the taggers read it, in training and at work alike: words, word pieces, place within marks, windows.

Marks and dashes are evened out (`engine.text.plain`), so that glyphs do not matter, and every piece is told whether it
stands inside a quotation, which a window alone could not always see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.attribution.quotes import Quotation, quotations
from engine.attribution.segments import Block, has_letters
from engine.errors import ModelError
from engine.models import Span
from engine.text import plain

if TYPE_CHECKING:
    from tokenizers import Tokenizer

OUTSIDE, INSIDE, OPENING, CLOSING = range(4)
"""Where a word stands relative to the outermost quotations."""

LONGEST_WINDOW = 140
"""Words. Longer paragraphs are read in several windows (256-token windows did no better; short ones are faster)."""
MOST_PIECES = 380
"""Word pieces in a window, within the position table of the shipped models."""
_WORD = re.compile(r"\w{1,80}(?:'\w{1,80})*|''|``|[^\w\s]")
_ONE_MARK = {"''": '"', "``": '"'}


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one block for one pass of the network; the first piece of `words[i]` is `ids[firsts[i]]`."""

    block: int
    words: tuple[Span, ...]
    firsts: tuple[int, ...]
    ids: tuple[int, ...]
    places: tuple[int, ...]


def words_of(even: str, span: Span) -> list[Span]:
    return [Span(m.start(), m.end()) for m in _WORD.finditer(even, span.start, span.end)]


def places_of(words: Sequence[Span], marks: Sequence[Quotation]) -> list[int]:
    """For each word, its place relative to the block's outermost quotations."""
    places = [OUTSIDE] * len(words)
    at = 0
    for quotation in (q.span for q in marks if q.depth == 0):
        while at < len(words) and words[at].end <= quotation.start:
            at += 1
        first = at
        while at < len(words) and words[at].start < quotation.end:
            places[at] = INSIDE
            at += 1
        if at > first:
            places[at - 1] = CLOSING
            places[first] = OPENING
    return places


def windows(text: str, blocks: Sequence[Block], tokenizer: Tokenizer) -> list[Window]:
    """The windows of an article in order, but for those without a letter. Each stands for itself: none sees another."""
    even, found = plain(text), []
    edges = _piece(tokenizer, "<s>", "[CLS]"), _piece(tokenizer, "</s>", "[SEP]")
    for number, (block, marks) in enumerate(zip(blocks, quotations(text, blocks), strict=True)):
        if not has_letters(even, block.span):
            continue
        words = words_of(even, block.span)
        places = places_of(words, marks)
        pieces = _pieces(even, words, tokenizer)
        for first, last in _cut(pieces):
            if has_letters(even, Span(words[first].start, words[last - 1].end)):
                found.append(_window(number, words[first:last], places[first:last], pieces[first:last], edges))
    return found


def _pieces(even: str, words: Sequence[Span], tokenizer: Tokenizer) -> list[list[int]]:
    if not words:
        return []
    written = [_ONE_MARK.get(word.of(even), word.of(even)) for word in words]
    encoding = tokenizer.encode(written, is_pretokenized=True, add_special_tokens=False)
    pieces: list[list[int]] = [[] for _ in words]
    for place, piece in zip(encoding.word_ids, encoding.ids, strict=True):
        if place is not None:
            pieces[place].append(piece)
    unknown = _piece(tokenizer, "[UNK]", "<unk>")
    return [word or [unknown] for word in pieces]


def _piece(tokenizer: Tokenizer, *names: str) -> int:
    """The id of a special piece under the first of its names that the vocabulary has."""
    found = next((number for name in names if (number := tokenizer.token_to_id(name)) is not None), None)
    if found is None:
        raise ModelError(f"the tokenizer has none of {names}")
    return int(found)


def _cut(pieces: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    cuts, first, size = [], 0, 0
    for number, word in enumerate(pieces):
        if number > first and (number - first >= LONGEST_WINDOW or size + len(word) > MOST_PIECES):
            cuts.append((first, number))
            first, size = number, 0
        size += len(word)
    if first < len(pieces):
        cuts.append((first, len(pieces)))
    return cuts


def _window(
    number: int, words: Sequence[Span], places: Sequence[int], pieces: Sequence[Sequence[int]], edges: tuple[int, int]
) -> Window:
    ids, spots, firsts = [edges[0]], [OUTSIDE], []
    for word, place in zip(pieces, places, strict=True):
        firsts.append(len(ids))
        ids += word
        spots += [place] * len(word)
    return Window(number, tuple(words), tuple(firsts), (*ids, edges[1]), (*spots, OUTSIDE))
