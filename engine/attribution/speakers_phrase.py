"""What a source says of whom it means: its noun phrases, appositions included, read as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engine.attribution.names import Word, runs, tokens
from engine.attribution.speakers_issuer import HANDLED, issuer, tells_fate
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_noun import Phrase, part_of
from engine.models import Span

CALLED = re.compile(
    r"\b(?:named|called|nicknamed|(?:name|names|identified|known|introduced)(?: \w+){0,3} as"
    r"|under the name(?: of)?|whose name is) "
)
"""A name given inside a description: "a driver who gave his name only as Blaise"."""


def describe(text: str, span: Span, lexicon: Lexicon) -> Phrase:
    """Reads a whole source with its appositions: the name from one part, what it is from all."""
    words_of = tokens(text, span.start, span.end)
    cut = _parts(words_of)
    parts = [part for part in (part_of(text, words, lexicon) for words in cut) if part.core]
    if not parts:
        return Phrase("unsure")
    if parts[0].kind == "document" and not parts[0].owner and not parts[0].name and len(cut) > 1:
        return replace(parts[0], owner=_issuer_behind(text, cut, lexicon))
    called = CALLED.search(text, span.start, span.end)
    if called and not parts[0].name:
        name = [word for word in words_of if word.start >= called.end()]
        bearer = next(((a, b) for a, b in runs(text, name, lexicon) if a == 0), None)
        if bearer:
            return replace(parts[0], kind="person", name=tuple(name[: bearer[1]]))
    named = _main(parts)
    words = frozenset().union(*(part.words for part in parts))
    genders = [part.gender for part in (named, *parts) if part.gender]
    head = next((part.head for part in (named, *parts) if part.head), "")
    kind = named.kind
    if kind == "unsure":
        kind = next((part.kind for part in parts if part is not named and part.kind in ("person", "body")), kind)
    return replace(named, kind=kind, words=words, head=head, gender=genders[0] if genders else None)


def _issuer_behind(text: str, parts: Sequence[Sequence[Word]], lexicon: Lexicon) -> tuple[Word, ...]:
    """ "The notice, posted overnight by Corvane Medical"; "papers lodged by the administrators, Dunne Rathbone"."""
    agent = next((at for at, word in enumerate(parts[0]) if word.key == "by"), None)
    if agent is not None and not any(word.key in HANDLED for word in parts[0][:agent]):
        name = next(((a, b) for a, b in runs(text, parts[1], lexicon)), None)
        if name and name == (0, len(parts[1])):
            return tuple(parts[1])
    for part in parts[1:]:
        fate = part[0].key == "by" or (tells_fate(part[0]) and part[0].key not in HANDLED)
        if fate and (found := issuer(text, (), part, lexicon)):
            return found
    return ()


def _main(parts: Sequence[Phrase]) -> Phrase:
    """The part with the name: the first, unless it is a mere role and a name follows ("its director, Ana Ruiz")."""
    first = parts[0]
    if first.name or first.kind == "pronoun" or len(parts) == 1:
        return first
    second = parts[1]
    introduced = first.kind == "person" and len(second.name) > 1 and len(second.core) - len(second.name) < 3
    if (
        second.name
        and (second.core[0].capital or second.kind == "person" or introduced)
        and not (first.plural and first.head != "one")
    ):
        if first.kind == "body" and second.kind == "unsure":
            return replace(second, kind="body")
        if first.kind == "person" and second.kind == "unsure":
            return replace(second, kind="person")
        return second
    return first


def _parts(found: Sequence[Word]) -> list[list[Word]]:
    parts: list[list[Word]] = [[]]
    for at, word in enumerate(found):
        if (word.key in ("is", "was", "became") and at > 0) or (
            word.text in (",", "(", ")", ";", "–", "—", ":")
            and not (word.text == "," and at + 1 < len(found) and found[at + 1].key in ("jr", "sr"))
        ):
            parts.append([])
        elif word.kind != "mark" or word.text in ("&", "%"):
            parts[-1].append(word)
    return [part for part in parts if part]
