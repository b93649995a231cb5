"""Whether the draft and the archive mean the same speaker. Doubt never accuses: who is unknown is not another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import Levenshtein

from engine.attribution.speakers_lexicon import lexicon
from engine.models import Speaker, Statement
from engine.query_words import FUNCTION_WORDS
from engine.text import fold, words

Sameness = Literal["same", "other", "unknown"]
SHORTEST_NAME = 2
ALIKE, ALIKE_FROM = 0.75, 5
"""Two spellings of one name in another alphabet share this much; shorter names are told apart by every letter."""
_LABEL = re.compile(r"\W{0,3}([A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,4}):\W")
_TITLE_WORDS = """
mr mrs ms miss dr sir lord lady dame prof professor president minister prime foreign senator governor mayor judge
justice general captain chief deputy king queen prince princess
"""
_TITLES = frozenset(_TITLE_WORDS.split())


def _names(name: str) -> tuple[str, ...]:
    found = tuple(word for word, _ in words(name) if len(word) >= SHORTEST_NAME and word not in FUNCTION_WORDS)
    untitled = tuple(word for word in found if word not in _TITLES)
    return untitled or found


def same_name(one: str, other: str) -> bool:
    """Are all names of the shorter in the longer, titles aside? Dr Lavrov is Sergei Lavrov, Ana Ruiz not Pedro Ruiz."""
    shorter, longer = sorted((_names(one), _names(other)), key=len)
    return bool(shorter) and set(shorter) <= set(longer)


def is_name(text: str) -> bool:
    """Does it name somebody ("Ana Ruiz", "the Health Ministry"), rather than describe ("the chair", "two bankers")?"""
    found = [word for word in text.split() if fold(word.strip(".,")) not in FUNCTION_WORDS]
    return any(word[:1].isupper() or word[:1].isdigit() or not word.isascii() for word in found)


def same_speaker(attributed: Speaker | None, speakers: Iterable[Speaker]) -> Sameness:
    """Compares the draft's speaker with a stored statement's; unknown where either is not named."""
    known = tuple(speaker for speaker in speakers if is_name(speaker.name))
    if attributed is None or not known or not is_name(attributed.name):
        return "unknown"
    if any(speaker.id == attributed.id or same_name(attributed.name, speaker.name) for speaker in known):
        return "same"
    return "other"


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a draft names as the speaker. `worded` are the draft's own words for him ("Prof. Cole", "he"); `around` are
    the draft's words before and after, given where those words say little."""

    speaker: Speaker | None
    worded: str = ""
    around: str = ""

    def may_be(self, stored: Iterable[Speaker]) -> bool:
        """Do the draft's words fit one of the stored speakers, whoever was concluded from them?"""
        names = [_names(speaker.name) for speaker in stored]
        worded, around = _names(self.worded), {word for word, _ in words(self.around)}
        if not self.around:
            return bool(worded) and any(_fits(worded, own) for own in names)
        return any(own[-1:] and own[-1] in around for own in names)

    def labels(self, text: str, at: int) -> bool:
        """Does the line that holds the place begin with his name and a colon, as a turn of a transcript does?"""
        label = _LABEL.match(text, text.rfind("\n", 0, at) + 1, at)
        names = _names(label[1]) if label else ()
        return bool(names) and self.speaker is not None and _fits(names, _names(self.speaker.name))


def said_by(named: Named, statement: Statement | None, article_text: str = "") -> Sameness:
    """As `same_speaker`; a body that the stored speaker speaks for is no other speaker ("the Kremlin said").

    Speakers were concluded from the words of the draft and, with `article_text` given, of the article: a conclusion
    that those words leave open is not held against the draft.
    """
    if statement is None:
        return "unknown"
    found = same_speaker(named.speaker, statement.speakers)
    if found != "other" or named.speaker is None:
        return found
    if statement.affiliation and same_speaker(named.speaker, (statement.affiliation,)) == "same":
        return "same"
    if named.may_be(statement.speakers):
        return "unknown"
    if article_text and _left_open(named.speaker, statement, article_text):
        return "unknown"
    return found


NEAR, FAR = 1, 4
"""Paragraphs back to a name that a pronoun may mean (NEAR), and from which on nobody thinks of it (FAR).

Of the direct statements in the marked corpus that the accurate tagger gives to another, these rules leave 21 of 22
with a pronoun, a role or a body's description open, and 19 of 20 without source; of those given rightly they leave 15
of 153 and 20 of 33 open against a person that the article quotes elsewhere."""


def _left_open(attributed: Speaker, statement: Statement, text: str) -> bool:
    """Do the words of the source fit the draft's speaker too ("Mrs. Freeman said", of two Freemans; "she said")?"""
    source = " ".join(span.of(text) for span in statement.source)
    if not source and statement.form == "named":
        return False
    stored = [name for speaker in statement.speakers for name in _names(speaker.name)]
    if named := [word for word in _names(source) if word in stored]:
        return _fits(named, _names(attributed.name))
    if _other_gender(source, attributed.name):
        return False
    if set(_names(attributed.name)[-1:]) & set(stored):
        return True
    start = statement.content[0].start
    ours = _since(text, _mentions(attributed.name, text), start)
    theirs = min((_since(text, _mentions(s.name, text), start) for s in statement.speakers), default=(FAR, start))
    if not source:
        return attributed.name in text and (theirs[0] > NEAR or ours[0] < FAR)
    return ours < theirs or (ours[0] <= NEAR and theirs[0] > 0)


def _other_gender(source: str, name: str) -> bool:
    """ "she said" of a Tomas."""
    pronoun = {"he": "male", "she": "female"}.get(source.lower())
    given = lexicon().given_gender(next(iter(_names(name)), ""))
    return bool(pronoun and given) and pronoun != given


def _since(text: str, places: Sequence[int], start: int) -> tuple[int, int]:
    """How far before `start` the last of the places lies: in paragraphs, then in characters."""
    last = max((place for place in places if place < start), default=None)
    return (FAR, start) if last is None else (len(re.findall(r"\n\s*", text[last:start])), start - last)


def named_in(named: Named, text: str) -> bool:
    """Does the text name the draft's speaker, by his surname or as the draft words him?"""
    speaker = named.speaker
    return speaker is None or bool(_mentions(speaker.name, text)) or bool(named.worded and named.worded in text)


def _fits(worded: Iterable[str], names: Sequence[str]) -> bool:
    """Is each word one of the names, or one of them in another spelling ("Ghaffar", "Ghafar")?"""
    return all(any(word == name or _spelled_alike(word, name) for name in names) for word in worded)


def _spelled_alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= ALIKE_FROM and Levenshtein.normalized_similarity(one, other) >= ALIKE


def _mentions(name: str, text: str) -> list[int]:
    """Where a text has the surname; a name of one word, or of a body, by its last."""
    surname = next(reversed(_names(name)), "")
    return list(_places(text).get(surname, ()))


@lru_cache(maxsize=16)
def _places(text: str) -> dict[str, list[int]]:
    """Where each word of an article stands: several quotations of a draft ask of the same few articles."""
    found: dict[str, list[int]] = {}
    for word, span in words(text):
        found.setdefault(word, []).append(span.start)
    return found
