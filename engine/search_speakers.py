"""Whom a filter means: an id, an alias of the registry, or a name that only the store knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engine.models import Speaker
from engine.query import Filters
from engine.registry import Registry
from engine.search_names import NamesBySound
from engine.stores.base import Retrieval, Store
from engine.text import words

Part = Literal["speaker", "via"]

CLOSE_ENOUGH = 80.0
"""Least similarity (0..100) of a stored name that is suggested for an unknown one."""


@dataclass(frozen=True, slots=True)
class Named:
    """Filters with ids only. `unknown` says that a name was given and none of that filter's names is anybody."""

    filters: Filters
    notes: tuple[str, ...]
    unknown: bool


def resolve_filters(filters: Filters, store: Store, registry: Registry) -> Named:
    """Names become ids, those that are nobody become notes with suggestions."""
    names = SpeakerNames(store, registry)
    notes: list[str] = []
    unknown = False
    changed: dict[str, tuple[str, ...]] = {}
    for part, given in (("speaker", filters.speakers), ("via", filters.via)):
        ids, said = names.ids(part, given)  # type: ignore[arg-type]
        notes += said
        unknown |= bool(given) and not ids
        changed["speakers" if part == "speaker" else "via"] = ids
    excluded = filters.excluded
    if excluded is not None:
        speakers, said = names.ids("speaker", excluded.speakers)
        via, more = names.ids("via", excluded.via)
        notes += (*said, *more)
        excluded = replace(excluded, speakers=speakers, via=via)
    return Named(
        replace(filters, speakers=changed["speakers"], via=changed["via"], excluded=excluded), tuple(notes), unknown
    )


class SpeakerNames:
    """Looks names up, the registry first; the store's own names are fetched once and only if needed."""

    def __init__(self, store: Store, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self._stored: dict[Part, tuple[Speaker, ...]] = {}

    def ids(self, part: Part, given: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids that the names mean, and a note for each name that means nobody."""
        ids: list[str] = []
        notes: list[str] = []
        for name in given:
            found = self.match(part, name)
            ids += found
            if not found:
                notes.append(self._unknown(part, name))
        return tuple(dict.fromkeys(ids)), tuple(notes)

    def match(self, part: Part, name: str) -> tuple[str, ...]:
        entry = self._registry.find(name)
        if entry is not None or self._registry.entry(name.strip()) is not None:
            return (entry.id if entry is not None else name.strip(),)
        wanted = {word for word, _ in words(name)}
        partly = [speaker.id for speaker in self._registry.match_alias(name)]
        stored = self.stored(part)
        exact = [s.id for s in stored if s.id == name.strip() or (wanted and {w for w, _ in words(s.name)} == wanted)]
        if exact:
            return tuple(exact)
        partly += [s.id for s in stored if wanted and wanted <= {word for word, _ in words(s.name)}]
        return tuple(dict.fromkeys(partly))

    def stored(self, part: Part) -> tuple[Speaker, ...]:
        if part not in self._stored:
            asked = Retrieval("statement", depth=1, facets=(part,), facet_size=None)
            counts = self._store.retrieve(asked).facets[part]
            self._stored[part] = tuple(Speaker(count.value, count.label) for count in counts)
        return self._stored[part]

    def speaker_names(self) -> tuple[str, ...]:
        """Of all who speak in the store, most statements first."""
        return tuple(speaker.name for speaker in self.stored("speaker"))

    def _unknown(self, part: Part, name: str) -> str:
        from rapidfuzz import fuzz, process, utils

        likely = [speaker.name for speaker in self._registry.suggest(name)]
        names = [speaker.name for speaker in self.stored(part)]
        near = process.extract(
            name, names, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=CLOSE_ENOUGH, limit=3
        )
        likely += [found for found, _, _ in near]
        by_sound = NamesBySound(names)
        likely += [whose for word, _ in words(name) if (like := by_sound.like(word)) for whose in like[1]]
        likely = list(dict.fromkeys(likely))[:3]
        asked = f"; did you mean {' or '.join(likely)}?" if likely else ""
        return f"nobody known as “{name}” is stored as {'a speaker' if part == 'speaker' else 'a relay (via)'}{asked}"
