"""The people and bodies of one article: whom it names, how it describes them, and where."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.attribution.names import Word
from engine.identity import speaker_id
from engine.models import Speaker
from engine.registry import Entry
from engine.registry_entry import Gender

FEW_ENOUGH = 100
"""Figures of one name or role that are looked at; more than a long article has, and a bound for a hostile one."""

NAMESAKES = 40
"""Figures of one surname who are compared with a name: a bound for lists of hundreds. Exact names are always found."""


@dataclass(slots=True, eq=False)
class Figure:
    """Somebody the article speaks of. `name` is None for one whom it only describes."""

    kind: str
    name: str | None = None
    keys: tuple[str, ...] = ()
    gender: Gender | None = None
    plural: bool = False
    roles: set[str] = field(default_factory=set)
    entry: Entry | None = None
    owner: Figure | None = None
    members: tuple[Figure, ...] = ()
    places: list[int] = field(default_factory=list)
    given_name: bool = False
    articled: bool = False
    """Has its bare name stood after "the", as no person's does?"""
    placed: int = 0
    """How often its name stands after "in", "at" or "near", as a place's does."""
    speaks: bool = False
    heard_by: tuple[Speaker, ...] = ()
    """The outlets to which an unnamed source spoke when the article introduced it."""

    @property
    def speaker(self) -> Speaker | None:
        if self.entry:
            return self.entry.speaker
        return Speaker(speaker_id(self.name), self.name) if self.name else None

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """All of a joint figure, else itself, else nobody."""
        found = [figure.speaker for figure in (self.members or (self,))]
        return tuple(dict.fromkeys(speaker for speaker in found if speaker))

    def last_before(self, position: int) -> int:
        """The last place before the position at which the article mentions it; -1 where there is none."""
        at = bisect_left(self.places, position)
        return self.places[at - 1] if at else -1


class Cast:
    """Figures by name, by word of their name, and by role."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.by_word: dict[str, list[Figure]] = defaultdict(list)
        self.by_role: dict[str, list[Figure]] = defaultdict(list)
        self.polls: list[tuple[int, tuple[Speaker, ...]]] = []
        self.outlets: list[tuple[int, Figure]] = []
        self.by_keys: dict[tuple[str, ...], Figure] = {}
        self.short: dict[str, Figure] = {}
        self._asked: dict[tuple[str, ...], list[Figure]] = {}

    def add(self, figure: Figure) -> Figure:
        self.figures.append(figure)
        self.forget()
        self.by_keys.setdefault(figure.keys, figure)
        for key in dict.fromkeys(figure.keys):
            self.by_word[key].append(figure)
            for piece in key.split("-") if "-" in key else ():
                self.by_word[piece].append(figure)
        return figure

    def describe(self, figure: Figure, roles: frozenset[str] | set[str]) -> None:
        """The article says that the figure is this."""
        for role in sorted(roles - figure.roles):
            self.by_role[role].append(figure)
        figure.roles |= roles

    def named(self, name: Sequence[Word]) -> list[Figure]:
        """All figures whose name holds every word of this one, those whose last word is the same first."""
        keys = tuple(word.key for word in name)
        if not keys:
            return []
        if len(keys) == 1 and (known := self.short.get(keys[0])):
            return [known]
        if (asked := self._asked.get(keys)) is None:
            asked = self._asked[keys] = self._bearers(keys)
        return list(asked)

    def forget(self) -> None:
        """Names and kinds have changed: who bears a name is looked up anew."""
        self._asked.clear()

    def _bearers(self, keys: tuple[str, ...]) -> list[Figure]:
        exact = self.by_keys.get(keys)
        shared = self.by_word.get(keys[-1], [])[:NAMESAKES]
        found = [
            f for f in shared if compatible(keys, f.keys) and (f.kind == "person" or f is exact or _shortens(keys, f))
        ]
        if exact and exact not in found:
            found.append(exact)
        found.sort(key=lambda f: (f is not exact, f.keys[-1:] != keys[-1:]))
        return found

    def having(self, role: str) -> Iterator[Figure]:
        return iter(self.by_role.get(role, [])[-FEW_ENOUGH:])


_PUBLIC_WORDS = """
ministry government army navy police council court embassy consulate staff parliament senate department office
university college hospital school delegation commission committee authority board bank agency forces guard treasury
campaign assembly cabinet opposition union church airport state county city province
"""
PUBLIC = frozenset(_PUBLIC_WORDS.split())
"""What a place has: "Sarrow" is not short for the Sarrow Foreign Ministry, as Kestrel is for Kestrel Charter."""


def _shortens(keys: tuple[str, ...], figure: Figure) -> bool:
    """May these words be short for a body's name? Its last word (the League), or a first one that is no place's."""
    if len(keys) > len(figure.keys):
        return figure.kind == "unsure" and figure.keys[-1] == keys[-1] and figure.keys[0] == keys[0]
    if _same(keys[-1], figure.keys[-1]):
        return True
    return keys[0] == figure.keys[0] and (not PUBLIC & set(figure.keys[1:]) or "news" in figure.keys)


def compatible(keys: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """May both be one name? The shorter's words stand in the longer, in order; an initial stands for its word."""
    short, long = (keys, other) if len(keys) <= len(other) else (other, keys)
    at = 0
    for key in short:
        while at < len(long) and not _same(key, long[at]):
            at += 1
        if at == len(long):
            return False
        at += 1
    if len(short) > 1:
        return _same(short[-1], long[-1]) or (short == long[: len(short)])
    return True


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[:1] == other[:1] and len(one) != len(other)
    return one.removeprefix("al-") == other.removeprefix("al-") or ("-" in other and one in other.split("-"))
