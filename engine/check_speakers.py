"""Whether the draft and the archive mean the same speaker. Doubt never accuses: who is unknown is not another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from engine.models import Speaker, Statement
from engine.query_words import FUNCTION_WORDS
from engine.text import fold, words

Sameness = Literal["same", "other", "unknown"]
SHORTEST_NAME = 2
_TITLE_WORDS = """
mr mrs ms miss dr sir lord lady dame prof professor president minister prime foreign senator governor mayor judge
justice general captain chief deputy king queen prince princess
"""
_TITLES = frozenset(_TITLE_WORDS.split())


def _names(name: str) -> tuple[str, ...]:
    found = tuple(word for word, _ in words(name) if len(word) >= SHORTEST_NAME and word not in FUNCTION_WORDS)
    untitled = tuple(word for word in found if word not in _TITLES)
    return untitled or found


def same_name(one: str, other: str) -> bool:
    """Are all names of the shorter in the longer, titles aside? Dr Lavrov is Sergei Lavrov, Ana Ruiz not Pedro Ruiz."""
    shorter, longer = sorted((_names(one), _names(other)), key=len)
    return bool(shorter) and set(shorter) <= set(longer)


def is_name(text: str) -> bool:
    """Does it name somebody ("Ana Ruiz", "the Health Ministry"), rather than describe ("the chair", "two bankers")?"""
    found = [word for word in text.split() if fold(word.strip(".,")) not in FUNCTION_WORDS]
    return any(word[:1].isupper() or word[:1].isdigit() or not word.isascii() for word in found)


def same_speaker(attributed: Speaker | None, speakers: Iterable[Speaker]) -> Sameness:
    """Compares the draft's speaker with a stored statement's; unknown where either is not named."""
    known = tuple(speaker for speaker in speakers if is_name(speaker.name))
    if attributed is None or not known or not is_name(attributed.name):
        return "unknown"
    if any(speaker.id == attributed.id or same_name(attributed.name, speaker.name) for speaker in known):
        return "same"
    return "other"


def said_by(attributed: Speaker | None, statement: Statement | None, around: str = "") -> Sameness:
    """As `same_speaker`; a body that the stored speaker speaks for is no other speaker ("the Kremlin said").

    Where the source is worded as a pronoun, a role or not at all, who it is was inferred: if the draft's speaker is
    named in the paragraphs `around`, the inference is not held against the draft.
    """
    if statement is None:
        return "unknown"
    found = same_speaker(attributed, statement.speakers)
    if found != "other" or attributed is None:
        return found
    if statement.affiliation and same_speaker(attributed, (statement.affiliation,)) == "same":
        return "same"
    if statement.form != "named" and around and _surname(attributed) in {word for word, _ in words(around)}:
        return "unknown"
    return found


def _surname(speaker: Speaker) -> str:
    return _names(speaker.name)[-1]
