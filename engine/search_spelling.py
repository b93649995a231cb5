"""Misspelt names in plain words: "what did Zaharova say about journalists" means Maria Zakharova.

A word is only taken for a name when no passage holds it, so no word of the archive is ever reinterpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import cast

from engine.clauses import Clause, Query, Word
from engine.models import Speaker
from engine.registry import Registry, name_key
from engine.search_plan import MAX_NAME_WORDS
from engine.text import fold, stem

LIKENESS = 80.0
"""Least similarity (0..100) of a word to a name: Lavrof is at 83, Zaharova at 94; Putin and "putting" too are at 83,
which is one reason why the archive must not know the word."""
LEAST_LETTERS = 4
"""Shorter words are like too many names."""

LONGEST_ENDING = 2
"""Letters that stemming takes from a name at most; what loses more ("putting") is an English word."""


def respelt(query: Query, registry: Registry, *, known: Callable[[Word], bool]) -> tuple[Query, tuple[str, ...]]:
    """The query with the names that were meant, and a note for each. `known`: whether any passage holds a word.

    Beside a person's name, words of a script in which nothing is written here are left out: "Асад террористы".
    """
    required: list[Clause] = []
    notes: list[str] = []
    clauses = query.required
    start, named = 0, False
    while start < len(clauses):
        size, typed, speaker, changed = _name(clauses[start : start + MAX_NAME_WORDS], registry, known)
        named |= speaker is not None
        if speaker is not None and changed:
            required += [Word((word,), word) for word in name_key(speaker.name).split()]
            notes.append(f"no passage holds “{typed}”; did you mean {speaker.name}? That name was searched")
        else:
            required += clauses[start : start + size]
        start += size
    strange = [clause for clause in required if isinstance(clause, Word) and _strange(clause, registry, known)]
    if named and strange and len(strange) < len(required):
        required = [clause for clause in required if clause not in strange]
        notes.append(f"no passage holds “{' '.join(clause.typed for clause in strange)}”: left out")
    return (replace(query, required=tuple(required)), tuple(notes)) if notes else (query, ())


def _strange(clause: Word, registry: Registry, known: Callable[[Word], bool]) -> bool:
    if all(fold(word).isascii() for word in clause.words) or registry.find(" ".join(clause.words)):
        return False
    return not known(clause)


def _name(
    clauses: Sequence[Clause], registry: Registry, known: Callable[[Word], bool]
) -> tuple[int, str, Speaker | None, bool]:
    """The longest name at the beginning: how many clauses it takes, how it was typed, whose it is, whether misspelt."""
    run = list(takewhile(lambda clause: isinstance(clause, Word), clauses))
    for size in range(len(run), 0, -1):
        part = cast(list[Word], run[:size])
        name = " ".join(word for clause in part for word in clause.words)
        entry = registry.find(name)
        if entry is not None:
            return size, name, entry.speaker if entry.kind == "person" else None, False
        speaker = _like(name, registry)
        if speaker is not None and not all(known(clause) for clause in part):
            return size, " ".join(clause.typed or " ".join(clause.words) for clause in part), speaker, True
    return 1, "", None, False


def _like(name: str, registry: Registry) -> Speaker | None:
    """The person whose name it resembles; a first letter is hardly ever mistaken."""
    if len(name) < LEAST_LETTERS or name.isdigit() or len(stem(name)) < len(name) - LONGEST_ENDING:
        return None
    for speaker in registry.suggest(name, limit=1, likeness=LIKENESS):
        entry = registry.entry(speaker.id)
        if entry is not None and entry.kind == "person" and any(name_key(n)[0] == name[0] for n in entry.names):
            return speaker
    return None
