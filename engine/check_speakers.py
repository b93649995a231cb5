"""Whether the draft and the archive mean the same speaker. Doubt never accuses: who is unknown is not another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from engine.models import Speaker, Statement
from engine.text import words

Sameness = Literal["same", "other", "unknown"]
SHORTEST_NAME = 2


def _names(name: str) -> tuple[str, ...]:
    return tuple(word for word, _ in words(name) if len(word) >= SHORTEST_NAME)


def same_name(one: str, other: str) -> bool:
    """Are all names of the shorter in the longer? Lavrov is Sergei Lavrov; Ana Ruiz is not Pedro Ruiz."""
    shorter, longer = sorted((_names(one), _names(other)), key=len)
    return bool(shorter) and set(shorter) <= set(longer)


def same_speaker(attributed: Speaker | None, speakers: Iterable[Speaker]) -> Sameness:
    """Compares the draft's speaker with a stored statement's; unknown where either is not named."""
    known = tuple(speakers)
    if attributed is None or not known:
        return "unknown"
    if any(speaker.id == attributed.id or same_name(attributed.name, speaker.name) for speaker in known):
        return "same"
    return "other"


def said_by(attributed: Speaker | None, statement: Statement | None) -> Sameness:
    """As `same_speaker`; a body that the stored speaker speaks for is no other speaker ("the Kremlin said")."""
    if statement is None:
        return "unknown"
    found = same_speaker(attributed, statement.speakers)
    if found == "other" and statement.affiliation and same_speaker(attributed, (statement.affiliation,)) == "same":
        return "same"
    return found
