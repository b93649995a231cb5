"""Names by their sound: what spellings and transliterations of one name share, in any script.

"Okorro", "Окоро" and "Okoro" sound alike; so do "Lindquist" and "Lindqvist". For suggestions only: whom a filter or a
statement means is decided by names as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from engine.text import fold, words

ALIKE = 80.0
"""Least similarity (0..100, rapidfuzz ratio) of two sounds: one letter of five. "Bridge" and "bride" are at 91:
therefore only words that no passage holds are ever compared."""
LEAST_LETTERS = 4
"""Shorter words sound like too many names."""

_SOUNDS = (
    ("kh", "h"), ("ph", "f"), ("ck", "k"), ("qu", "kv"), ("q", "k"), ("w", "v"), ("x", "ks"), ("tz", "ts"),
    ("ou", "u"), ("y", "i"), ("j", "i"),
)  # fmt: skip
"""Letters that transliterations write differently, in this order."""
_ENDING = re.compile(r"(?<=[oe])ff?$")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Of one folded word, in Latin letters; empty where it has none."""
    from anyascii import anyascii

    latin = "".join(c for c in anyascii(word).lower() if c.isalpha())
    for written, heard in _SOUNDS:
        latin = latin.replace(written, heard)
    latin = _TWICE.sub(r"\1", _ENDING.sub("v", latin))
    return latin[1:] if latin.startswith("ie") else latin  # Yeltsin, Eltsin


class NamesBySound:
    """Full names, to be found by one of their words."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, dict[str, None]] = {}
        self._by_first: dict[str, dict[str, str]] = {}
        for name in names:
            for word, _ in words(name):
                heard = sound(word)
                if len(word) >= LEAST_LETTERS and heard:
                    self._names.setdefault(word, {})[name] = None
                    self._by_first.setdefault(heard[0], {})[word] = heard

    def like(self, word: str) -> tuple[str, tuple[str, ...]] | None:
        """The word of a name that sounds most like a word, and the names that have it. A first sound is hardly ever
        mistaken."""
        from rapidfuzz import fuzz, process

        heard = sound(fold(word))
        if len(heard) < LEAST_LETTERS:
            return None
        near = process.extract(
            heard, self._by_first.get(heard[0], {}), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None
        )
        if not near:
            return None
        _, _, found = min(near, key=lambda one: (-one[1], one[2]))
        return found, tuple(self._names[found])
