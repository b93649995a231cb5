"""The second reading of an article: at which places its figures are named, and what the places tell of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from engine.attribution.names import Word, name_text, split_title
from engine.attribution.speakers_cast import Figure
from engine.attribution.speakers_context import DOING, PLACING
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_reading import Mention, Reading
from engine.models import Span
from engine.registry import Registry

PRONOUN_REACH = 30
"""Words after a name within which "he" or "she" tells its gender, if no other name stands between."""


DATELINE = re.compile(
    r"^(?P<place>[A-Z][A-Z .'’-]{2,40}[A-Z])(?:,[^\n—–-]{0,40})?(?: \([^)\n]{1,40}\))? ?(?:—|–|--?) ", re.MULTILINE
)
""" "SHELBY FORGE, Ala. — ": where a report was filed, in capitals at the head of a paragraph."""
AT_PLACES = frozenset({"in", "at", "near", "outside", "across", "around", "inside", "on"})
OPENING_MARKS = frozenset('“„«‘"')


def datelines(text: str, words: Sequence[Word]) -> set[int]:
    """Words, by their number, of the places at which reports were filed: they speak nowhere."""
    starts = [word.start for word in words]
    spans = [match.span("place") for match in DATELINE.finditer(text)]
    return {at for start, end in spans for at in range(bisect_left(starts, start), bisect_left(starts, end))}


def shortened(reading: Reading, found: Sequence[tuple[int, int]], registry: Registry) -> None:
    """ "Bosphorus News Wire (BNW)": the letters mean the body from there on."""
    words = reading.words
    for a, b in found:
        if b - a < 2 or b + 2 >= len(words) or words[b].text != "(" or words[b + 2].text != ")":
            continue
        letters = words[b + 1].text
        if letters.isupper() and 1 < len(letters) < 9 and letters[0].lower() == words[a].key[0]:
            keys = tuple(word.key for word in words[a:b])
            written = name_text(reading.text, words[a:b])
            figure = reading.cast.by_keys.get(keys) or reading.cast.add(
                Figure("body", written, keys, entry=registry.find(written))
            )
            reading.cast.short[words[b + 1].key] = figure


def place(reading: Reading, found: Sequence[tuple[int, int]], lexicon: Lexicon) -> None:
    """Marks every place at which a figure is named."""
    openings = set(reading.sentences)
    for a, b in found:
        _, name = split_title(reading.words[a:b], lexicon)
        name = name or tuple(reading.words[a:b])
        start = reading.words[a].start
        if name[0].key in ("somebody", "someone", "nobody", "everyone", "everybody", "anyone", "anybody"):
            continue
        figures = reading.cast.named(name)
        if not figures and len(name) < b - a:
            figures = reading.cast.named(reading.words[a:b])
        if figures:
            same = [f for f in figures if f.keys[-1] == figures[0].keys[-1]]
            figure = max(
                same, key=lambda f: (f is figures[0] and f.keys == tuple(w.key for w in name), f.last_before(start))
            )
            opens = start in openings or (a > 0 and reading.words[a - 1].start in openings)
            speaks = b < len(reading.words) and reading.words[b].key in DOING
            oblique = reading.words[b - 1].possessive or (a > 0 and reading.words[a - 1].key in PLACING and not opens)
            figure.placed += a > 0 and reading.words[a - 1].key in AT_PLACES
            if len(name) == b - a and a > 0 and reading.words[a - 1].key == "the":
                figure.articled = True
            reading.mentions.append(Mention(start, reading.words[b - 1].end, figure, opens, oblique, speaks))
            figure.places.append(start)


def genders(reading: Reading) -> None:
    """Where titles and given names are silent, the pronouns that follow a name outside marks tell its gender."""
    votes: dict[int, int] = {}
    words, at = reading.words, 0
    for mention, following in zip(reading.mentions, [*reading.mentions[1:], None], strict=False):
        if mention.figure.gender or not mention.first or mention.figure.kind not in ("person", "unsure"):
            continue
        while at < len(words) and words[at].start < mention.end:
            at += 1
        for word in words[at : at + PRONOUN_REACH]:
            named_again = following and word.start >= following.start and following.figure is not mention.figure
            if named_again or word.text in OPENING_MARKS:
                break
            if vote := {"he": 1, "his": 1, "him": 1, "she": -1, "her": -1}.get(word.key):
                same = reading.sentence(word.start) == reading.sentence(mention.start)
                votes[id(mention.figure)] = votes.get(id(mention.figure), 0) + (2 * vote if same else vote)
                break
    for figure in reading.cast.figures:
        if figure.gender is None and (vote := votes.get(id(figure), 0)):
            figure.gender = "male" if vote > 0 else "female"


def strangers(reading: Reading, found: Sequence[tuple[int, int]], sources: Sequence[Span], lexicon: Lexicon) -> None:
    """Marks people who are only described, "a driver" or "officials": a pronoun may mean them, and then nobody.

    Those who are sources become figures of their own when they are resolved.
    """
    words, named = reading.words, {at for a, b in found for at in range(a, b)}
    starts = [word.start for word in words]
    for span in sources:
        named.update(range(bisect_left(starts, span.start), bisect_left(starts, span.end)))
    openings = set(reading.sentences)
    for at, word in enumerate(words[:-1]):
        single = lexicon.singular(word.key)
        if word.kind != "word" or at in named or (single not in lexicon.people and word.key not in lexicon.groups):
            continue
        if at + 1 in named or (words[at + 1].text == "," and at + 2 in named):
            continue  # "a retired forester, Anton Greiner"
        plural = single != word.key or word.key in lexicon.groups
        start = next(
            (i for i in range(at - 1, max(-1, at - 5), -1) if words[i].key in ("a", "an", "another", "one")), at
        )
        if not plural and (start == at or any(words[i].kind != "word" for i in range(start, at))):
            continue
        gender = None if plural else lexicon.genders.get(single)
        figure = Figure("person", gender=gender, plural=plural, roles={single}, places=[words[start].start])
        first = words[start].start in openings
        reading.strangers.append(Mention(words[start].start, word.end, figure, first))


_KINDS = {
    **dict.fromkeys(("he", "him", "his", "himself"), "male"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "female"),
    **dict.fromkeys(("it", "its", "itself"), "it"),
    **dict.fromkeys(("they", "them", "their", "themselves"), "they"),
}


def pronouns(reading: Reading) -> None:
    """Marks the sentences in which pronouns stand: who is spoken of by "she" all the while does not grow distant."""
    for word in reading.words:
        if kind := _KINDS.get(word.key):
            sentences = reading.pronouns.setdefault(kind, [])
            sentence = reading.sentence(word.start)
            if not sentences or sentences[-1] != sentence:
                sentences.append(sentence)
