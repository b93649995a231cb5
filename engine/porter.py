"""Porter's stemmer with its author's later departures ("bli", "logi"), as SQLite's FTS5 and Lucene compute it.

M.F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980; the departures are those of his reference
implementation. Snowball's `porter` is the strict paper, so it parts "technology" from "technological"; both stores
join them, and highlights must agree with the stores. A test compares this with FTS5 itself.
"""

from __future__ import annotations

from functools import lru_cache

_LONGEST = 64
"""FTS5 passes longer tokens (in bytes) through unstemmed."""

_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "logi": "log", "bli": "ble",
    "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive",
    "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
    "iti", "ous", "ive", "ize",
)  # fmt: skip


def _shape(word: str) -> str:
    """The word as vowels (v) and consonants (c); `y` is a vowel after a consonant."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape.endswith("c"))
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    """Porter's m: how often a vowel is followed by a consonant."""
    return _shape(word).count("vc")


def _has_vowel(word: str) -> bool:
    return "v" in _shape(word)


def _short_end(word: str) -> bool:
    """Porter's *o: ends consonant, vowel, consonant other than w, x, y."""
    return _shape(word).endswith("cvc") and word[-1] not in "wxy"


def _ends(word: str, suffix: str) -> bool:
    """Whether it ends so and something stands before the ending."""
    return len(word) > len(suffix) and word.endswith(suffix)


def _plural(word: str) -> str:
    if _ends(word, "sses") or _ends(word, "ies"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if _ends(word, "eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for suffix in ("ed", "ing"):
        if _ends(word, suffix):
            root = word.removesuffix(suffix)
            return _mended(root) if _has_vowel(root) else word
    return word


def _mended(root: str) -> str:
    """What is left when -ed or -ing went: an e comes back, a doubled consonant becomes one."""
    if root.endswith(("at", "bl", "iz")):
        return root + "e"
    if len(root) > 1 and root[-1] == root[-2] and _shape(root)[-1] == "c" and root[-1] not in "lsz":
        return root[:-1]
    return root + "e" if _measure(root) == 1 and _short_end(root) else root


def _replaced(word: str, table: dict[str, str]) -> str:
    suffix = max((s for s in table if _ends(word, s)), key=len, default=None)
    if suffix is None or not _measure(word.removesuffix(suffix)):
        return word
    return word.removesuffix(suffix) + table[suffix]


def _stripped(word: str) -> str:
    suffix = max((s for s in _STEP_4 if _ends(word, s)), key=len, default=None)
    if suffix is None or _measure(word.removesuffix(suffix)) < 2:
        return word
    root = word.removesuffix(suffix)
    return word if suffix == "ion" and root[-1] not in "st" else root


def _tidied(word: str) -> str:
    if word.endswith("e"):
        measure = _measure(word[:-1])
        if measure > 1 or (measure == 1 and not _short_end(word[:-1])):
            word = word[:-1]
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


@lru_cache(maxsize=262_144)
def porter(word: str) -> str:
    """The stem of a folded word; words of one or two letters, and very long ones, are their own."""
    if not word.isascii():  # FTS5 counts bytes: every byte of another letter is a consonant
        octets = word.encode("utf-8", "surrogatepass").decode("latin-1")
        return _stemmed(octets).encode("latin-1").decode("utf-8", "surrogatepass")
    return _stemmed(word)


def _stemmed(word: str) -> str:
    if not 3 <= len(word) <= _LONGEST:
        return word
    word = _past(_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    return _tidied(_stripped(_replaced(_replaced(word, _STEP_2), _STEP_3)))
