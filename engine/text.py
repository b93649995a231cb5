"""Text helpers that never move an offset.

`plain()` gives a parallel string of *equal length* in which typographic variants are unified, so that patterns can
be written once and their matches are offsets into the original. `words()` is the one definition of a search word:
both stores analyse text the same way (see index_config/), and highlights are cut with it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from engine.models import Span

_DOUBLE = dict.fromkeys("“”„‟«»〝〞＂", '"')
_SINGLE = dict.fromkeys("‘’‚‛‹›ʼ`´′＇", "'")
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_SPACES = dict.fromkeys([*"\u00a0\u1680\u202f\u205f\u3000\t", *map(chr, range(0x2000, 0x200B))], " ")
_PLAIN = str.maketrans({**_DOUBLE, **_SINGLE, **_DASHES, **_SPACES})


def plain(text: str) -> str:
    """The text with quotation marks, dashes and spaces unified; same length, same offsets."""
    return text.translate(_PLAIN)


# Letters that Unicode does not decompose, folded as Lucene's ASCIIFoldingFilter does.
_FOLDED = str.maketrans({
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ß": "ss", "ẞ": "SS",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ð": "d", "Ð": "D", "ŋ": "n", "Ŋ": "N",
})  # fmt: skip


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case without accents, for matching. The length may change: never use its offsets."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


WORD = re.compile(r"[^\W_]+")
"""A search word: a run of letters and digits (`don't`, `U.S.` and `2,000` are two words each, on both sides alike)."""


def words(text: str) -> list[tuple[str, Span]]:
    """The folded search words of a text with their places."""
    return [(fold(m.group()), Span(m.start(), m.end())) for m in WORD.finditer(text)]


_PORTER = snowballstemmer.stemmer("porter")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Porter's stem of a folded word (M.F. Porter, 1980), as FTS5 and Lucene's porter_stem compute it."""
    return str(_PORTER.stemWord(word)) if len(word) > 2 else word
