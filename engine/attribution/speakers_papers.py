"""Documents that the article introduces before they speak: "a survey by the Bellwether Institute", later "the poll"."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence

from engine.attribution.names import Word, runs, split_title
from engine.attribution.speakers_bodies import Bodies
from engine.attribution.speakers_context import DOING
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_noun import Phrase
from engine.attribution.speakers_phrase import describe
from engine.attribution.speakers_reading import Reading
from engine.models import Span

MOST = 300
"""Documents of one article that are looked at: more than it has, and a bound for a hostile one."""
BEFORE, BEHIND = 6, 14
"""Words around a document's noun that may tell whose it is."""
OPENERS = frozenset({"a", "an", "the", "its", "their", "his", "her", "one", "another"})


def introduce(reading: Reading, bodies: Bodies, sources: Sequence[Span], lexicon: Lexicon) -> None:
    """Gives every document outside the sources, if its phrase says whose or which it is, its figure and its place."""
    ordered = sorted(sources)
    starts = [span.start for span in ordered]
    looked = 0
    for at, word in enumerate(reading.words):
        if word.kind != "word" or lexicon.singular(word.key) not in lexicon.documents | {"campaign"}:
            continue
        holder = bisect_right(starts, word.start) - 1
        if holder >= 0 and word.start < ordered[holder].end:
            continue
        if word.key == "campaign":
            _campaign(reading, bodies, at, lexicon)
            continue
        first, last = _extent(reading.words, at)
        looked += 1
        if first == at or looked > MOST:
            continue
        span = Span(reading.words[first].start, reading.words[last].end)
        phrase = describe(reading.text, span, lexicon)
        if phrase.kind != "document" or phrase.name or phrase.head != lexicon.singular(word.key):
            continue
        if phrase.owner or (not phrase.definite and len(phrase.core) > 1):
            insort(bodies.document(phrase, span).places, span.start)


def _campaign(reading: Reading, bodies: Bodies, at: int, lexicon: Lexicon) -> None:
    """ "Ruiz's campaign", "the Ruiz campaign": later "the campaign"."""
    name = next((r for r in runs(reading.text, reading.words[max(0, at - 4) : at], lexicon)), None)
    start = max(0, at - 4)
    if name is None or start + name[1] != at:
        return
    _, holder = split_title(reading.words[start + name[0] : at], lexicon)
    people = [f for f in bodies.cast.named(holder) if f.kind == "person" and f.name] if holder else []
    if people:
        phrase = Phrase("body", head="campaign", core=(reading.words[at],))
        insort(bodies.belonging(people[0], phrase).places, reading.words[at].start)


def _extent(words: Sequence[Word], at: int) -> tuple[int, int]:
    """First and last word of the noun phrase around a document's noun; the noun itself first where none opens it."""
    first = at
    for before in range(at - 1, max(-1, at - 1 - BEFORE), -1):
        word = words[before]
        if word.kind in ("line", "mark") and word.text != "-":
            break
        if word.key in OPENERS or (word.possessive and word.capital):
            first = before
            break
    last = at
    while last + 1 < len(words) and last - at < BEHIND:
        word = words[last + 1]
        if word.kind in ("line", "mark") or word.key in DOING or word.key in ("and", "that", "which", "but"):
            break
        last += 1
    return first, last
