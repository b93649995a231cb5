"""Wire copies in a ranking: one hit stands for the same words in several articles, and names the others.

Looked for in blocks of the fused ranking, so that folding costs the same whatever the size of the archive, and so that
every page of a ranking folds alike. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.fusion import Fused
from engine.search_wording import without_dateline, wording
from engine.stores.base import StoredPassage

BLOCK = 50
"""Places of the ranking that are folded together: five pages of ten. Copies have nearly the same scores, so they stand
near each other; one that stands in a later block is shown there."""

LEAST_WORDS = 6
"""Words that a wording must have: "no comment" is said by many on many days."""

COPY_DAYS = timedelta(days=7)
"""Days between a copy and the next: a wire story is reprinted for a week. What is said again later is said anew."""

_LETTERS = "bdfgjkvwy"
"""Letters that no copy editor's change (`wording`) adds or takes."""

Ranked = tuple[Fused, StoredPassage]


@dataclass(frozen=True, slots=True)
class Standing:
    """A passage that is shown, at `place` (from 0) of its block, and its copies, earliest first."""

    place: int
    fused: Fused
    passage: StoredPassage
    copies: tuple[StoredPassage, ...] = ()


def folded(block: Sequence[Ranked | None]) -> list[Standing]:
    """The block in its order without copies of better places. None: a passage that was deleted meanwhile."""
    copies: dict[int, list[int]] = {}
    hidden: set[int] = set()
    for group in _groups(block):
        for members in _one_of_each_article([(place, block[place][1]) for place in group]):  # type: ignore[index]
            for first, *others in _by_days(members):
                copies[first] = others
                hidden.update(others)
    return [
        Standing(place, *ranked, copies=_earliest_first(block[copy][1] for copy in copies.get(place, ())))  # type: ignore[index]
        for place, ranked in enumerate(block)
        if ranked is not None and place not in hidden
    ]


def _groups(block: Sequence[Ranked | None]) -> Iterable[list[int]]:
    """Places of passages of the same words by the same speakers. Most passages are told apart by counting letters,
    which takes a tenth of the time of reading their words."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, ranked in enumerate(block):
        if ranked is not None:
            alike.setdefault(_outline(ranked[1]), []).append(place)
    for places in alike.values():
        if len(places) > 1:
            same: dict[str, list[int]] = {}
            for place in places:
                ranked = block[place]
                assert ranked is not None
                words = wording(ranked[1].text)
                if words.count(" ") + 1 >= LEAST_WORDS:
                    same.setdefault(words, []).append(place)
            yield from (group for group in same.values() if len(group) > 1)


def _outline(passage: StoredPassage) -> tuple[object, ...]:
    """Equal for copies. The same words said by somebody else are another statement."""
    statement = passage.statement
    speakers = None if statement is None else tuple(speaker.id for speaker in statement.speakers)
    body = statement.affiliation.id if statement and statement.affiliation else None
    lower = without_dateline(passage.text).lower()
    return (speakers, body, *map(lower.count, _LETTERS))


def _one_of_each_article(group: Sequence[tuple[int, StoredPassage]]) -> Iterable[list[tuple[int, StoredPassage]]]:
    """What an article says twice, in its title and below it, stands twice: first with first, second with second."""
    seen: dict[str, int] = {}
    parts: list[list[tuple[int, StoredPassage]]] = []
    for place, passage in group:
        time = seen.get(passage.article.id, 0)
        seen[passage.article.id] = time + 1
        if time == len(parts):
            parts.append([])
        parts[time].append((place, passage))
    return parts


def _by_days(group: Sequence[tuple[int, StoredPassage]]) -> Iterable[list[int]]:
    """The group cut where more than COPY_DAYS pass; the undated stay with the best place. Best place first in each."""
    dated = sorted((day, place) for place, passage in group if (day := _day(passage)) is not None)
    runs: list[list[int]] = []
    previous: date | None = None
    for day, place in dated:
        if previous is None or day - previous > COPY_DAYS:
            runs.append([])
        runs[-1].append(place)
        previous = day
    undated = [place for place, passage in group if _day(passage) is None]
    if not runs:
        return [sorted(undated)]
    best = min(runs, key=min)
    best += undated
    return [sorted(run) for run in runs]


def _day(passage: StoredPassage) -> date | None:
    published = passage.article.published
    return date.fromisoformat(published[:10]) if published else None


def _earliest_first(copies: Iterable[StoredPassage]) -> tuple[StoredPassage, ...]:
    def when(copy: StoredPassage) -> tuple[bool, str, str, str]:
        article = copy.article
        return (article.published is None, article.published or "", article.id, copy.id)

    return tuple(sorted(copies, key=when))
