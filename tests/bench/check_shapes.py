"""Drafts for the quote check's cases in many shapes: what stands around a quotation, its marks, the kind of file."""

from __future__ import annotations

import html
import io
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.drafts import Draft, read_draft
from engine.models import Span
from tests.bench.check_cases import Case

_MARKS = ("“”", "“”", "“”", '""', '""', "‘’", "«»", "''", "„“")
_CUES = ("said", "said", "said", "added", "insisted", "argued", "warned", "recalled", "wrote", "replied", "conceded")
_BEFORE = (
    "{S} {cue}: {o}{q}{end}{c}",
    "{S} told reporters: {o}{q}{end}{c}",
    "{S} told the Morning Ledger on Tuesday: {o}{q}{end}{c}",
    "According to {S}, {o}{q}{end}{c}",
    "As {S} put it, {o}{q}{end}{c}",
    "{S} was blunt:\n\n{o}{q}{end}{c}",
    "Asked about it afterwards, {S} said: {o}{q}{end}{c}",
)
_AFTER = (
    "{o}{q},{c} {S} {cue}.",
    "{o}{q},{c} said {S}.",
    "{o}{q}{c}, {cue} {S}.",
    "{o}{q},{c} {S} told reporters on Tuesday, before leaving for the talks.",
    "{o}{q},{c} {S} {cue} in a letter that was read out on Monday.",
)
_PRONOUN = (
    "{S} was asked about it on Monday.\n\n{o}{q},{c} {he} {cue}.",
    "{S} left the meeting early. {He} {cue}: {o}{q}{end}{c}",
)
_SPLIT = ("{o}{first},{c} {S} {cue}. {o}{rest}.{c}", "{o}{first},{c} {cue} {S}, {o}{rest}.{c}")
_FRAGMENT = (
    "{S} spoke of {o}{q}{c} on Tuesday.",
    "The words {o}{q}{c} were {S}’s.",
    "For {S} it was a matter of {o}{q}{c}.",
    "{S} {cue} that {o}{q}{c} would be remembered.",
)
_REPORTED = ("{S} said that {q}.", "{S} said {q}.", "{S} told reporters on Tuesday that {q}.", "According to {S}, {q}.")
_FILLER = (
    "The matter has occupied the council since the spring.",
    "Trading was thin and the afternoon passed without further news.",
    "A decision is expected before the end of the month.",
    "The second reading is set for Thursday, and few expect a surprise.",
)
_SPLITTABLE = frozenset(["verbatim", "re-punctuated", "wrong speaker", "invented", "statement removed"])


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A draft of several cases; `places[i]` is where the words of `cases[i]` stand, in one piece or two."""

    draft: Draft
    cases: tuple[Case, ...]
    places: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    pieces: tuple[str, ...]


def drafts_of(cases: Sequence[Case], *, seed: int, largest: int = 12, plain: bool = False) -> list[CaseDraft]:
    """Drafts of one to `largest` cases. `plain`: text files only."""
    chance = random.Random(seed)
    made = []
    at = 0
    while at < len(cases):
        some = tuple(cases[at : at + chance.randint(1, largest)])
        at += len(some)
        blocks = [_block(case, chance) for case in some]
        kind = "text" if plain else chance.choice(("text", "text", "text", "markdown", "html", "docx"))
        draft = _written(kind, blocks, chance)
        made.append(CaseDraft(draft, some, _places(draft.text, blocks)))
    return made


def _block(case: Case, chance: random.Random) -> _Block:
    marks = chance.choice(_MARKS)
    if re.search(r"[‘’']", case.quotation) and marks in ("‘’", "''"):
        marks = "“”"
    words = case.quotation.rstrip(",")
    bare = words.rstrip(".,;")
    name = _name(case, chance)
    frame = _frame(case, chance)
    first, rest = _halves(bare) if "{first}" in frame else ("", "")
    if "{first}" in frame and not first:
        frame = _AFTER[0]
    if bare[-1:] in "?!":
        frame = frame.replace("{q},{c}", "{q}{c}")
    he = case.said.pronoun or "he"
    end = "" if bare[-1:] in "?!" else "."
    text = frame.format(
        S=name, q=bare, o=marks[0], c=marks[1], end=end,
        first=first, rest=rest, cue=chance.choice(_CUES), he=he, He=he.title(),
    )  # fmt: skip
    return _Block(text, (first, rest) if first else (bare,))


def _frame(case: Case, chance: random.Random) -> str:
    if case.kind == "reported":
        return chance.choice(_REPORTED)
    if case.kind == "fragment":
        return chance.choice((*_FRAGMENT, *_AFTER))
    if case.kind in _SPLITTABLE and chance.random() < 0.15:
        return chance.choice(_SPLIT)
    if case.said.pronoun and case.speaker == case.said.speaker and chance.random() < 0.2:
        return chance.choice(_PRONOUN)
    return chance.choice(_BEFORE if chance.random() < 0.55 else _AFTER)


def _name(case: Case, chance: random.Random) -> str:
    """The full name, with a title, or the surname alone."""
    way = chance.random()
    if (
        way < 0.6
        or case.said.body
        or " " not in case.speaker
        or not re.fullmatch(r"[A-Z][\w’'-]+(?: [A-Z][\w.’'-]*)*", case.speaker)
    ):
        return case.speaker
    if way < 0.75 and case.said.title and case.speaker == case.said.speaker:
        return case.said.title
    surname = case.speaker.split()[-1]
    return surname if way < 0.9 else f"{chance.choice(('Dr', 'Prof.', 'Mr', 'Ms'))} {surname}"


def _halves(words: str) -> tuple[str, str]:
    """Two pieces of at least four words, cut at a comma where there is one."""
    parts = words.split()
    cuts = [i for i in range(4, len(parts) - 3) if parts[i - 1].endswith(",")] or list(range(4, len(parts) - 3))
    if not cuts:
        return "", ""
    cut = cuts[len(cuts) // 2]
    return " ".join(parts[:cut]).rstrip(",.;"), " ".join(parts[cut:])


def _written(kind: str, blocks: Sequence[_Block], chance: random.Random) -> Draft:
    paragraphs: list[str] = []
    for block in blocks:
        if chance.random() < 0.4:
            paragraphs.append(chance.choice(_FILLER))
        paragraphs.append(block.text)
    if kind == "markdown":
        lines = [f"> {p}" if chance.random() < 0.2 and "\n" not in p else p for p in paragraphs]
        return read_draft("\n\n".join(["# A *draft*", *lines]).encode(), name="draft.md")
    if kind == "html":
        tagged = "".join(f"<p>{html.escape(p, quote=False)}</p>\n" for q in paragraphs for p in q.split("\n\n"))
        page = f"<html><head><title>t</title></head><body><h1>A draft</h1>{tagged}</body></html>"
        return read_draft(page.encode(), name="draft.html")
    if kind == "docx":
        return read_draft(_docx([p for q in paragraphs for p in q.split("\n\n")]), name="draft.docx")
    return read_draft("\n\n".join(paragraphs).encode(), name="draft.txt")


def _docx(paragraphs: Sequence[str]) -> bytes:
    import docx

    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


def _places(text: str, blocks: Sequence[_Block]) -> tuple[tuple[Span, ...], ...]:
    """Where the pieces stand in the text that was read, in order."""
    at = 0
    places = []
    for block in blocks:
        found = []
        for piece in block.pieces:
            start = text.index(piece, at)
            at = start + len(piece)
            found.append(Span(start, at))
        places.append(tuple(found))
    return tuple(places)
