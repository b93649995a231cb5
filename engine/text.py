"""Text helpers that never move an offset.

`plain()` gives a parallel string of *equal length* in which typographic variants are unified, so that patterns can
be written once and their matches are offsets into the original. `words()` is the one definition of a search word:
both stores analyse text the same way (see index_config/), and highlights are cut with it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import dropwhile

from engine.marks import MARKS
from engine.models import Span
from engine.porter import porter

_DOUBLE = dict.fromkeys("“”„‟«»〝〞＂", '"')
_SINGLE = dict.fromkeys("‘’‚‛‹›ʼ`´′＇", "'")
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_SPACES = dict.fromkeys([*"\u00a0\u1680\u202f\u205f\u3000\t", *map(chr, range(0x2000, 0x200B))], " ")
_PLAIN = str.maketrans({**_DOUBLE, **_SINGLE, **_DASHES, **_SPACES})


def plain(text: str) -> str:
    """The text with quotation marks, dashes and spaces unified; same length, same offsets."""
    if text.isascii() and "`" not in text and "\t" not in text:
        return text  # no other ASCII character is changed, and most lines are ASCII
    return text.translate(_PLAIN)


# Letters that Unicode does not decompose, folded as Lucene's ASCIIFoldingFilter does.
_FOLDED = str.maketrans({
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ß": "ss", "ẞ": "SS",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ð": "d", "Ð": "D", "ŋ": "n", "Ŋ": "N",
    # Arabic as Lucene's ArabicNormalizationFilter: no tatweel, one yeh, one heh.
    "\u0640": None, "\u0649": "\u064a", "\u0629": "\u0647",
})  # fmt: skip


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case without accents, for matching. The length may change: never use its offsets."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.translate(_FOLDED).casefold()


WORD = re.compile(rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*")
"""A search word: a run of letters, digits and the marks on them (`don't`, `U.S.` and `2,000` are two words each)."""


def words(text: str) -> list[tuple[str, Span]]:
    """The folded search words of a text with their places."""
    return [(word, Span(m.start(), m.end())) for m in WORD.finditer(text) if (word := _search_word(m.group()))]


@lru_cache(maxsize=262_144)
def _search_word(text: str) -> str:
    """Folded, and without what a compatibility form unfolds to besides letters, digits and vowel signs (`½`, `⑴`).

    A sign that would stand before the first letter is left out (Thai `ำ` alone unfolds so): no word begins with one.
    """
    folded = fold(text)
    if folded.isalnum():
        return folded
    kept = (c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M")
    return "".join(dropwhile(lambda c: not c.isalnum(), kept))


def index_text(text: str) -> str:
    """What a store indexes: the search words joined by one space. Split at spaces it is `words()` again."""
    return " ".join([word for m in WORD.finditer(text) if (word := _search_word(m.group()))])


def stem(word: str) -> str:
    """Porter's stem of a folded word, as FTS5 and Lucene's porter_stem compute it."""
    return porter(word)


def encodable(text: str) -> str:
    """The text with lone surrogates replaced: they have no UTF-8 form and would stop a tokenizer."""
    return text.encode("utf-8", "replace").decode("utf-8")
