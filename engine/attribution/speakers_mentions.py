"""The first reading of an article: every name in it, with the titles and appositions around it, becomes a figure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date

from engine.attribution.names import Word, name_text, runs, split_title, tokens
from engine.attribution.speakers_cast import FEW_ENOUGH, Cast, Figure
from engine.attribution.speakers_context import BEING, DOING, acts, in_context
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_noun import Phrase
from engine.attribution.speakers_placing import datelines, genders, place, pronouns, shortened, strangers
from engine.attribution.speakers_reading import Reading, sentence_starts
from engine.models import Span
from engine.registry import Entry, Registry
from engine.text import fold

RECURS = 3
"""Places at which a name of one word must stand to be taken for a body's."""
NO_BODY = frozenset({"may", "god", "internet", "bible", "christmas", "easter", "english", "congress", "capitol"})
LONG_GIVEN_NAME, SAME_GIVEN_NAME = 6, 85
"""Letters, and similarity (0..100), of two spellings of a given name: Kristin is 86 to Kristen, Maria 80 to Marie."""


def read(
    text: str, sources: Sequence[Span], registry: Registry, lexicon: Lexicon, *, day: date | None = None
) -> Reading:
    """`sources` are the spans that speak: a name in them is somebody's even where nothing else shows it."""
    words = tokens(text)
    capitals = frozenset(word.text for word in words if word.capital)
    reading = Reading(text, words, Cast(), [], sentence_starts(text, words), capitals)
    dates = datelines(text, words)
    found = [(a, b) for a, b in runs(text, words, lexicon) if a not in dates]
    speaking = _starts_inside(found, words, sources)
    alone, called = _alone(found, words, speaking, lexicon)
    recurring = Counter(tuple(word.key for word in words[a:b]) for a, b in found)
    singles: list[tuple[int, int]] = []
    for a, b in found:
        _, name = split_title(words[a:b], lexicon)
        if not name:
            continue
        phrase = in_context(text, words, b - len(name), b, a, lexicon)
        recurs = len(name) > 1 and (
            recurring[tuple(w.key for w in name)] > 1
            or name[-1].key in alone
            or name[0].key in called
            or acts(words, a, b, name, lexicon)
        )
        if len(name) > 1 and (
            phrase.kind != "unsure" or a in speaking or recurs or registry.find(name_text(text, name))
        ):
            _learn(reading, name, phrase, registry, lexicon)
        else:
            singles.append((a, b))
    _read_singles(reading, singles, speaking, registry, lexicon)
    _recurring(reading, singles, lexicon)
    shortened(reading, found, registry)
    for figure in reading.cast.figures:
        if figure.entry:
            reading.cast.describe(figure, offices(figure.entry, day, lexicon))
    place(reading, found, lexicon)
    genders(reading)
    strangers(reading, found, sources, lexicon)
    pronouns(reading)
    return reading


def _starts_inside(found: Sequence[tuple[int, int]], words: Sequence[Word], sources: Sequence[Span]) -> set[int]:
    inside: set[int] = set()
    ordered = sorted(sources)
    starts = [span.start for span in ordered]
    for a, _ in found:
        at = bisect_right(starts, words[a].start) - 1
        if at >= 0 and words[a].start < ordered[at].end:
            inside.add(a)
    return inside


def _alone(
    found: Sequence[tuple[int, int]], words: Sequence[Word], speaking: set[int], lexicon: Lexicon
) -> tuple[set[str], set[str]]:
    """Names that stand alone somewhere, so that a longer run is their full form; and those that speak alone."""
    alone: set[str] = set()
    called: set[str] = set()
    for a, b in found:
        _, name = split_title(words[a:b], lexicon)
        if len(name) == 1:
            alone.add(name[0].key)
            if a in speaking:
                called.add(name[0].key)
    return alone, called


def _learn(reading: Reading, name: Sequence[Word], phrase: Phrase, registry: Registry, lexicon: Lexicon) -> Figure:
    """The figure of that name, new or known, with what the phrase adds."""
    name = phrase.name or name
    keys = tuple(word.key for word in name)
    written = name_text(reading.text, name)
    figure = next((f for f in reading.cast.named(name) if _one(f, keys, phrase)), None) or _misspelt(reading, keys)
    if figure is None:
        figure = reading.cast.add(Figure(phrase.kind, written, keys, entry=registry.find(written)))
        if figure.entry:
            figure.kind, figure.gender = figure.entry.kind, figure.entry.gender
    elif len(keys) > len(figure.keys):
        figure.name, figure.keys = written, keys
        figure.entry = figure.entry or registry.find(written)
        for key in keys:
            if figure not in reading.cast.by_word[key]:
                reading.cast.by_word[key].append(figure)
        reading.cast.forget()
    if keys not in reading.cast.by_keys or (figure.kind == "unsure" and phrase.kind != "unsure"):
        reading.cast.by_keys.setdefault(keys, figure)
        figure.kind = phrase.kind if figure.kind == "unsure" else figure.kind
        reading.cast.forget()
    figure.gender = figure.gender or phrase.gender
    figure.given_name = figure.given_name or keys[0] in lexicon.given
    reading.cast.describe(figure, phrase.words)
    return figure


def _misspelt(reading: Reading, keys: tuple[str, ...]) -> Figure | None:
    """The figure whose given name differs by a slip of the pen: Kristen Wilkins is Kristin Wilkins."""
    if len(keys) < 2 or len(keys[0]) < LONG_GIVEN_NAME:
        return None
    from rapidfuzz import fuzz

    alike = [f for f in reading.cast.by_word.get(keys[-1], [])[:FEW_ENOUGH] if f.keys[1:] == keys[1:]]
    return next((f for f in alike if f.kind == "person" and fuzz.ratio(f.keys[0], keys[0]) >= SAME_GIVEN_NAME), None)


def _one(figure: Figure, keys: tuple[str, ...], phrase: Phrase) -> bool:
    """Are a full name and a figure one? Two words of the name must agree, or the figure be known by one alone."""
    if figure.gender and phrase.gender and figure.gender != phrase.gender:
        return False
    if (
        "person" in (figure.kind, phrase.kind)
        and figure.kind not in (phrase.kind, "unsure")
        and phrase.kind != "unsure"
    ):
        return False
    return len(figure.keys) > 1 or figure.keys[-1] == keys[-1]


def _read_singles(
    reading: Reading, singles: Sequence[tuple[int, int]], speaking: set[int], registry: Registry, lexicon: Lexicon
) -> None:
    """Names of one word, after all longer ones: what is said of them, and those that have no longer form."""
    text, words = reading.text, reading.words
    for a, b in singles:
        title, name = split_title(words[a:b], lexicon)
        known = [figure for figure in reading.cast.named(name) if figure.keys[-1:] == (name[-1].key,)]
        titled = (
            bool(title) and lexicon.singular(lexicon.abbreviations.get(title[-1].key, title[-1].key)) in lexicon.people
        )
        if known and b < len(words) and (titled or words[b].text == "," or words[b].key in BEING):
            phrase = in_context(text, words, b - len(name), b, a, lexicon)
            if phrase.words and len({id(figure) for figure in known}) == 1:
                reading.cast.describe(known[0], phrase.words)
        entry = registry.find(name_text(text, name)) if len(name) == 1 and not known else None
        if entry and entry.kind == "body":
            reading.cast.add(Figure("body", entry.name, (name[0].key,), entry=entry))
        if (
            len(name) == 1
            and not reading.cast.named(name)
            and (title or a in speaking or (b < len(words) and words[b].text == ","))
        ):
            phrase = in_context(text, words, b - 1, b, a, lexicon)
            if phrase.kind == "body" and b < len(words) and words[b].text == "," and phrase.words & lexicon.bodies:
                _learn(reading, name, phrase, registry, lexicon)  # "Coldwater, the bottling company,"
            elif phrase.kind == "person" and title and title[-1].key not in lexicon.states:
                _learn(reading, name, phrase, registry, lexicon)


def _recurring(reading: Reading, singles: Sequence[tuple[int, int]], lexicon: Lexicon) -> None:
    """A name of one word that recurs, and does or has something where it does, may be a body's: Parallax."""
    words = reading.words
    seen = Counter(words[a].key for a, b in singles if b - a == 1)
    openings = set(reading.sentences)
    for a, b in singles:
        word = words[a]
        if b - a != 1 or seen[word.key] < RECURS or reading.cast.by_word.get(word.key) or len(word.text) < 3:
            continue
        known = word.key in lexicon.states or word.key in lexicon.given or lexicon.titles(lexicon.singular(word.key))
        if known or word.kind != "word" or word.key in lexicon.fields or word.key in NO_BODY:
            continue
        after = words[b].key if b < len(words) else ""
        if word.possessive or (word.start in openings and (after in DOING or after.endswith(("ed", "s")))):
            reading.cast.add(Figure("unsure", word.text, (word.key,)))


def offices(entry: Entry, day: date | None, lexicon: Lexicon) -> frozenset[str]:
    """What the registry knows a figure to be on the article's day."""
    held = [office for office in entry.offices if office.held_on(day)]
    titles = [fold(office.title) for office in held]
    return frozenset((*titles, *(word for title in titles for word in title.split() if word in lexicon.people)))
