"""The nouns of the speaker registry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.models import Speaker

EntryKind = Literal["person", "state", "body", "outlet"]
Gender = Literal["female", "male"]


@dataclass(frozen=True, slots=True)
class Office:
    """A role with dates; a missing date means that it is not known or not yet."""

    title: str
    of: str | None = None
    start: date | None = None
    end: date | None = None

    def held_on(self, day: date | None) -> bool:
        """Without a day: is it held still?"""
        if day is None:
            return self.end is None
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person or body. `line` is where its entry begins in the file."""

    id: str
    name: str
    kind: EntryKind = "person"
    aliases: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    gender: Gender | None = None
    nationality: str | None = None
    qid: str | None = None
    offices: tuple[Office, ...] = ()
    line: int = 0

    @property
    def speaker(self) -> Speaker:
        return Speaker(self.id, self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which it may be looked for, the canonical one first."""
        return tuple(dict.fromkeys((self.name, *self.aliases, *self.metonyms)))
