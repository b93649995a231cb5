"""When two texts are the same words: what a wire copy changes is taken out, whatever tells two statements apart stays.

Out go quotation marks and punctuation, case, accents, articles, "that", Mr and Mrs, the dateline of an agency, commas
in numbers, contractions, British and American -ise. Numbers, currencies, negations, question marks and every other word
stay: one of them changed is another statement. Wordings are compared as plain strings, so copies are found by a look
into a table and "is a copy of" is an equivalence: no order of comparing can change who is folded with whom.
"""

from __future__ import annotations

import re
from functools import lru_cache

from engine.text import index_text, plain

_DROPPED = frozenset(("a", "an", "the", "that", "mr", "mrs", "ms"))
"""What copy editors put in and take out. No preposition, pronoun or auxiliary: "for" or "against" is the statement."""

_DATELINE = re.compile(
    r"[A-Z]{2}[A-Z.,/'’ -]{1,40}"
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2},? ?(?:\d{4},? ?)?(?:\([A-Z][\w ./-]{1,30}\) ?)?|\([A-Z][\w ./-]{1,30}\) ?)"
    r"[-–—]{1,2}\s+"
)
"""`MOSCOW, February 3 (TASS) -`, `GENEVA (Reuters) -`: a place in capitals with a day or an agency, up to a dash."""

_DIGIT = re.compile(r"\d")
_GROUPED = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
_RANGE = re.compile(r"(?<=\d)-(?=\d)")
_MINUS = re.compile(r"(?<![\w)])-(?=\d)")
_SIGNS = str.maketrans({
    "%": " percent ", "$": " dollar ", "€": " euro ", "£": " pound ", "₽": " rouble ", "¥": " yen ", "°": " degree ",
    "?": " question ", "+": " plus ",
    **{fraction: f" fraction {fraction} " for fraction in "¼½¾⅓⅔⅛⅜⅝⅞"},
})  # fmt: skip
_SPOKEN_SIGNS = frozenset("%$€£₽¥°?+¼½¾⅓⅔⅛⅜⅝⅞")
_BRITISH = re.compile(r"(?<=\w{4})is(?=(?:e[drs]?|ing|ations?)$)")


def wording(text: str) -> str:
    """The words of a text as copies of it share them, joined by one space."""
    text = plain(without_dateline(text))
    if "US" in text:
        text = re.sub(r"\bUS\b", "U.S.", text)  # not the pronoun
    if _DIGIT.search(text):
        text = _MINUS.sub(" minus ", _RANGE.sub(" to ", _DECIMAL.sub(" point ", _GROUPED.sub("", text))))
    if not _SPOKEN_SIGNS.isdisjoint(text):
        text = text.translate(_SIGNS)
    joined = f" {' '.join([word for raw in index_text(text).split() if (word := _copied(raw))])} "
    if "n t " in joined:
        joined = joined.replace(" can t ", " can not ").replace(" won t ", " will not ").replace("n t ", " not ")
    return joined.replace(" cannot ", " can not ").replace(" per cent ", " percent ").strip()


def without_dateline(text: str) -> str:
    dateline = _DATELINE.match(text) if text[:2].isupper() else None
    return text[dateline.end() :] if dateline else text


@lru_cache(maxsize=65_536)
def _copied(word: str) -> str:
    return "" if word in _DROPPED else _BRITISH.sub("iz", word)
