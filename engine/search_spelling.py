"""Misspelt names in plain words: "what did Zaharova say about journalists" means Maria Zakharova.

The registry's persons are tried first, then everybody who speaks in the archive. A word is only taken for a name when
no passage holds it, so no word of the archive is ever reinterpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import cast

from engine.clauses import Clause, Query, Word
from engine.models import Speaker
from engine.registry import Registry, name_key
from engine.search_names import LEAST_LETTERS, NamesBySound
from engine.search_plan import MAX_NAME_WORDS
from engine.text import fold, stem

LIKENESS = 80.0
"""Least similarity (0..100) of a word to a name: Lavrof is at 83, Zaharova at 94; Putin and "putting" too are at 83,
which is one reason why the archive must not know the word."""
LONGEST_ENDING = 2
"""Letters that stemming takes from a name at most; what loses more ("putting") is an English word."""


LONGEST_ASKED = 8
"""Words of a query that may be misspelt names. A longer text is a pasted sentence: each word costs a look at all names
and into the store, and one word among many hardly matters."""
NAMED_IN_NOTE = 3


def respelt(
    query: Query, registry: Registry, *, known: Callable[[Word], bool], stored: Callable[[], Sequence[str]] = tuple
) -> tuple[Query, tuple[str, ...]]:
    """The query with the names that were meant, and a note for each. `known`: whether any passage holds a word.
    `stored`: the names of all who speak in the archive.

    Beside a person's name, words of a script in which nothing is written here are left out: "Асад террористы".
    """
    required: list[Clause] = []
    notes: list[str] = []
    clauses = query.required
    start, named = 0, False
    guess = len(clauses) <= LONGEST_ASKED
    while start < len(clauses):
        size, typed, speaker, changed = _name(clauses[start : start + MAX_NAME_WORDS], registry, known, guess=guess)
        named |= speaker is not None
        if speaker is not None and changed:
            required += [Word((word,), word) for word in name_key(speaker.name).split()]
            notes.append(f"no passage holds “{typed}”; did you mean {speaker.name}? That name was searched")
        else:
            required += clauses[start : start + size]
        start += size
    if guess:
        required, more = _as_stored(required, registry, known, stored)
        notes += more
        named |= bool(more)
    strange = [clause for clause in required if isinstance(clause, Word) and _strange(clause, registry, known)]
    if named and strange and len(strange) < len(required):
        required = [clause for clause in required if clause not in strange]
        notes.append(f"no passage holds “{' '.join(clause.typed for clause in strange)}”: left out")
    return (replace(query, required=tuple(required)), tuple(notes)) if notes else (query, ())


def _as_stored(
    required: Sequence[Clause],
    registry: Registry,
    known: Callable[[Word], bool],
    stored: Callable[[], Sequence[str]],
) -> tuple[list[Clause], list[str]]:
    """Words that no passage holds as the name of a speaker of the archive that sounds like them."""
    replaced: list[Clause] = []
    notes: list[str] = []
    names: NamesBySound | None = None
    for clause in required:
        replaced.append(clause)
        if not isinstance(clause, Word) or len(clause.words) > 1 or not _may_be_a_name(clause.words[0]):
            continue
        if registry.find(clause.words[0]) is not None or known(clause):
            continue
        names = names or NamesBySound(stored())
        like = names.like(clause.words[0])
        if like is not None:
            word, whose = like
            replaced[-1] = Word((word,), word)
            meant = " or ".join(whose[:NAMED_IN_NOTE])
            notes.append(f"no passage holds “{clause.typed or clause.words[0]}”; did you mean {meant}? "
                         f"“{word}” was searched")  # fmt: skip
    return replaced, notes


def _may_be_a_name(word: str) -> bool:
    """Whether it is a word long enough, and no inflected one."""
    return len(word) >= LEAST_LETTERS and not word.isdigit() and len(stem(word)) >= len(word) - LONGEST_ENDING


def _strange(clause: Word, registry: Registry, known: Callable[[Word], bool]) -> bool:
    if all(fold(word).isascii() for word in clause.words) or registry.find(" ".join(clause.words)):
        return False
    return not known(clause)


def _name(
    clauses: Sequence[Clause], registry: Registry, known: Callable[[Word], bool], *, guess: bool
) -> tuple[int, str, Speaker | None, bool]:
    """The longest name at the beginning: how many clauses it takes, how it was typed, whose it is, whether misspelt."""
    run = list(takewhile(lambda clause: isinstance(clause, Word), clauses))
    for size in range(len(run), 0, -1):
        part = cast(list[Word], run[:size])
        name = " ".join(word for clause in part for word in clause.words)
        entry = registry.find(name)
        if entry is not None:
            return size, name, entry.speaker if entry.kind == "person" else None, False
        speaker = _like(name, registry) if guess else None
        if speaker is not None and not all(known(clause) for clause in part):
            return size, " ".join(clause.typed or " ".join(clause.words) for clause in part), speaker, True
    return 1, "", None, False


def _like(name: str, registry: Registry) -> Speaker | None:
    """The person whose name it resembles; a first letter is hardly ever mistaken."""
    if not _may_be_a_name(name):
        return None
    for speaker in registry.suggest(name, limit=1, likeness=LIKENESS):
        entry = registry.entry(speaker.id)
        if entry is not None and entry.kind == "person" and any(name_key(n)[0] == name[0] for n in entry.names):
            return speaker
    return None
