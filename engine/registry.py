"""The speaker registry: names, aliases and offices of people and bodies, as `index_config/speakers.yaml` lists them.

A name is compared without case, accents, punctuation and a leading "the", in any script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from engine.errors import RegistryError
from engine.models import Speaker
from engine.registry_entry import Entry, EntryKind, Gender, Office
from engine.registry_file import read_registry
from engine.text import fold, words

__all__ = ["Entry", "EntryKind", "Gender", "Office", "Registry", "load_registry", "name_key"]

CLOSE_ENOUGH = 76.0
"""Least similarity (0..100, rapidfuzz ratio of folded names) of a suggestion: Zaharova is at 94, Peskoff at 77."""


def name_key(name: str) -> str:
    """What two spellings of one name share: `U.S.` and `US`, `al-Assad` and `Al Assad`, `the Kremlin` and `Kremlin`."""
    key = " ".join(word for word, _ in words(name.replace(".", "").replace("’", "'").replace("'", "")))
    return key.removeprefix("the ") or fold(name).strip()


@dataclass(frozen=True, slots=True)
class Registry:
    """Immutable, and safe to share between threads. Build it with `Registry.of` or `load_registry`."""

    entries: tuple[Entry, ...]
    _by_id: Mapping[str, Entry]
    _by_key: Mapping[str, Entry]

    @classmethod
    def of(cls, entries: Iterable[Entry], *, name: str = "speakers.yaml") -> Registry:
        """Raises RegistryError where two entries share an id or an alias: who is meant must never be a guess."""
        kept = tuple(entries)
        by_id: dict[str, Entry] = {}
        by_key: dict[str, Entry] = {}
        for entry in kept:
            if (other := by_id.setdefault(entry.id, entry)) is not entry:
                raise RegistryError(
                    f"{name}, line {entry.line}: id `{entry.id}` is taken by {other.name} (line {other.line}); "
                    "give it an `id:`"
                )
            for alias in entry.names:
                if (other := by_key.setdefault(name_key(alias), entry)) is not entry:
                    raise RegistryError(
                        f"{name}, line {entry.line}: `{alias}` already means {other.name} (line {other.line}); "
                        "an alias that two share must be taken from both"
                    )
        return cls(kept, MappingProxyType(by_id), MappingProxyType(by_key))

    def entry(self, id: str) -> Entry | None:
        return self._by_id.get(id)

    def speaker(self, id: str) -> Speaker | None:
        entry = self._by_id.get(id)
        return entry.speaker if entry else None

    def find(self, name: str) -> Entry | None:
        """The entry that goes by exactly this name or alias."""
        return self._by_key.get(name_key(name))

    def lookup(self, name: str, *, day: date | None = None) -> Speaker | None:
        """Who goes by this name, alias or office ("Lavrov", "Лавров", "the Russian foreign minister") on that day."""
        from engine.registry_offices import office_named

        entry = self.find(name)
        return entry.speaker if entry else office_named(self, name, day=day)

    def holder(self, title: str, *, of: str | None = None, day: date | None = None) -> Speaker | None:
        """Who held the office on that day; None where nobody or more than one did."""
        held = {
            entry.id: entry.speaker
            for entry in self.entries
            for office in entry.offices
            if office.title == title.lower() and (of is None or office.of == of) and office.held_on(day)
        }
        return next(iter(held.values())) if len(held) == 1 else None

    def match_alias(self, text: str) -> tuple[Speaker, ...]:
        """Whom a filter means: an id, a name or alias, or part of names ("Maria" may be several). Empty: nobody."""
        exact = self._by_id.get(text.strip()) or self._by_key.get(name_key(text))
        if exact:
            return (exact.speaker,)
        wanted = name_key(text).split()
        return tuple(
            entry.speaker
            for entry in self.entries
            if wanted and any(set(wanted) <= set(name_key(alias).split()) for alias in entry.names)
        )

    def suggest(self, text: str, *, limit: int = 5, likeness: float = CLOSE_ENOUGH) -> tuple[Speaker, ...]:
        """Whom a misspelt name may have meant, nearest first."""
        from rapidfuzz import fuzz, process

        key = name_key(text)
        best: dict[str, Speaker] = {}
        if len(key) > 1:
            near = process.extract(key, list(self._by_key), scorer=fuzz.ratio, score_cutoff=likeness, limit=None)
            for found, _, _ in sorted(near, key=lambda hit: (-hit[1], hit[0])):
                best.setdefault(self._by_key[found].id, self._by_key[found].speaker)
        return tuple(best.values())[:limit]

    def names(self, id: str) -> tuple[str, ...]:
        """All names of a speaker, the canonical one first; empty for one outside the registry."""
        entry = self._by_id.get(id)
        return entry.names if entry else ()


def load_registry(path: str | Path | None = None) -> Registry:
    """The bundled registry, or a newsroom's own file. Raises RegistryError."""
    if path is None:
        import index_config

        name, text = "speakers.yaml", index_config.read_text("speakers.yaml")
    else:
        name = str(path)
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise RegistryError(f"{path}: cannot be read: {error}") from error
    return Registry.of(read_registry(text, name=name), name=name)
