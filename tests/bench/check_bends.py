"""How a true quotation is bent for a test case: each takes the words, and gives the bent ones or None."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from engine.check_words import negations
from engine.query_words import FUNCTION_WORDS
from engine.text import stem, words

LEAST_WORDS = 7

Bend = Callable[[str, random.Random], str | None]


def unchanged(said: str, chance: random.Random) -> str | None:
    del chance
    return said


def repunctuated(said: str, chance: random.Random) -> str | None:
    """Other punctuation, dashes, apostrophes and first letter; the same words."""
    bent = said.replace("’", "'").replace(" — ", chance.choice((" - ", " – ", ", "))).rstrip(".,;!?")
    bent = bent.replace(", ", chance.choice((" ", "; ", " – ")), chance.randint(1, 2))
    bent = re.sub(r"[.?!] (?=[A-Z])", chance.choice((". ", "! ", " — ", "; ")), bent)
    if chance.random() < 0.2:
        bent = bent.upper() if chance.random() < 0.3 else bent.title().replace("'S", "'s").replace("'T", "'t")
    return bent[0].swapcase() + bent[1:] + chance.choice(("", ".", "!", ","))


def ends_cut(said: str, chance: random.Random) -> str | None:
    parts = said.split()
    if len(parts) < LEAST_WORDS + 3:
        return None
    start = chance.randint(0, 3)
    return " ".join(parts[start : len(parts) - chance.randint(0 if start else 1, 2)])


def fragment(said: str, chance: random.Random) -> str | None:
    """Four to seven words out of the middle."""
    parts = said.split()
    size = chance.randint(4, 7)
    if len(parts) < size + 4:
        return None
    start = chance.randint(1, len(parts) - size - 1)
    bent = " ".join(parts[start : start + size])
    return bent if sum(w not in FUNCTION_WORDS for w, _ in words(bent)) >= 2 else None


def _left_out(said: str, chance: random.Random, *, most: int) -> tuple[str, str] | None:
    """The words before and after some that are left out: one of them has content, none negates."""
    parts = said.split()
    if len(parts) < 12:
        return None
    cut = chance.randint(1, min(most, len(parts) - 8))
    start = chance.randint(4, len(parts) - cut - 4)
    gone = " ".join(parts[start : start + cut])
    if negations(gone) or not any(w not in FUNCTION_WORDS for w, _ in words(gone)):
        return None
    return " ".join(parts[:start]), " ".join(parts[start + cut :])


def shortened_with_ellipsis(said: str, chance: random.Random) -> str | None:
    halves = _left_out(said, chance, most=14)
    return chance.choice((" … ", " ... ", "... ", " […] ", " . . . ", " (...) ")).join(halves) if halves else None


def shortened(said: str, chance: random.Random) -> str | None:
    halves = _left_out(said, chance, most=6)
    return " ".join(halves) if halves else None


def bracketed(said: str, chance: random.Random) -> str | None:
    """A pronoun explained in brackets."""
    place = re.search(r"\b(?:it|they|he|she|we|this|them)\b", said)
    note = chance.choice(("the council", "the ministry", "the plan", "the two sides"))
    return f"{said[: place.start()]}[{note}]{said[place.end() :]}" if place else None


def _content_places(said: str) -> list[re.Match[str]]:
    return [m for m in re.finditer(r"\b[a-z]{4,}\b", said) if m.group() not in FUNCTION_WORDS]


def word_changed(vocabulary: Sequence[str]) -> Bend:
    def bend(said: str, chance: random.Random) -> str | None:
        places = _content_places(said)
        if not places:
            return None
        place = chance.choice(places)
        other = chance.choice([w for w in vocabulary if stem(w) != stem(place.group())])
        return said[: place.start()] + other + said[place.end() :]

    return bend


def word_added(vocabulary: Sequence[str]) -> Bend:
    def bend(said: str, chance: random.Random) -> str | None:
        places = _content_places(said)
        if not places:
            return None
        place = chance.choice(places)
        return f"{said[: place.start()]}{chance.choice(vocabulary)} {said[place.start() :]}"

    return bend


def number_changed(said: str, chance: random.Random) -> str | None:
    place = re.search(r"\b\d{1,3}\b(?![,.]\d)", said)
    if place is None:
        return None
    return said[: place.start()] + str(int(place.group()) + chance.randint(1, 9)) + said[place.end() :]


_NEGATION = re.compile(r"\b(?:not|never) |(?<=is|as|re|ld|id|es)n[’']t(?= )| no longer\b")
"""Negations that can go without breaking the sentence ("isn't", "hasn't", "weren't", "wouldn't", "didn't")."""


def negation_dropped(said: str, chance: random.Random) -> str | None:
    del chance
    bent, count = _NEGATION.subn("", said, count=1)
    return bent[0].upper() + bent[1:] if count else None


def negation_added(said: str, chance: random.Random) -> str | None:
    del chance
    place = re.search(r"\b(?:will|is|are|was|were|must|can|should|would|have|has)\b(?! not|n['’]t)", said)
    return f"{said[: place.end()]} not{said[place.end() :]}" if place else None


_DIRECT = (
    (r"^that\b ?", ""), (r"\b(?:he|she) had\b", "I have"), (r"\b(?:he|she) was\b", "I am"),
    (r"\bthey had\b", "we have"),
    (r"\bthey were\b", "we are"), (r"\bthey\b", "we"), (r"\btheir\b", "our"), (r"\b(?:he|she)\b", "I"),
    (r"\bhis\b", "my"), (r"\bwould\b", "will"), (r"\bhad\b", "has"), (r"\bwas\b", "is"), (r"\bwere\b", "are"),
    (r"\bcould\b", "can"),
)  # fmt: skip


def made_direct(said: str, chance: random.Random) -> str | None:
    """A reporter's words turned into a speech that was never given in them."""
    del chance
    bent = said
    for pattern, other in _DIRECT:
        bent = re.sub(pattern, other, bent, flags=re.IGNORECASE)
    changed = sum(a != b for a, b in zip(bent.split(), said.removeprefix("that ").split(), strict=False))
    return bent[0].upper() + bent[1:] if changed else None


_REPORTED = (
    (r"\bI am\b|\bI'm\b|\bI’m\b", "{they} was"), (r"\bI have\b|\bI['’]ve\b", "{they} had"),
    (r"\bI['’]ll\b", "{they} would"),
    (r"\bI\b", "{they}"), (r"\bmy\b", "their"), (r"\bme\b", "them"), (r"\b[Ww]e are\b|\b[Ww]e['’]re\b", "they were"),
    (r"\b[Ww]e\b", "they"), (r"\bour\b", "their"), (r"\bwill\b", "would"), (r"\bis\b", "was"), (r"\bare\b", "were"),
    (r"\bhas\b", "had"), (r"\bcan\b", "could"),
)  # fmt: skip


def reported(said: str, chance: random.Random) -> str | None:
    """The speech as a reporter tells it, with its tenses and persons shifted: `... said that <this>`."""
    del chance
    if re.search(r"[.?!] |[?!;:]", said) or len(said.split()) > 35:
        return None
    bent = said.rstrip(".,")
    for pattern, other in _REPORTED:
        bent = re.sub(pattern, other.format(they="they"), bent)
    return bent[0].lower() + bent[1:] if bent != said.rstrip(".,") else None
