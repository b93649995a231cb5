"""Whom a description means: "the foreign minister", "the Syrian leader", "the company", "the report"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from engine.attribution.speakers_cast import PUBLIC, Cast, Figure
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_noun import Phrase
from engine.registry import Entry, Registry
from engine.text import fold

_GENERIC_BODIES_WORDS = """
company firm group organisation organization body agency operator business corporation manufacturer maker supplier
retailer developer carrier contractor charity outlet institution brand publisher insurer lender
"""
GENERIC_BODIES = frozenset(_GENERIC_BODIES_WORDS.split())
_NOT_TRADING_WORDS = """
society foundation institute bureau fraternity brotherhood union federation confederation association league campaign
party nation guild workers commission circuit coalition committee alliance forum movement court caucus police council
"""
NOT_TRADING = frozenset(_NOT_TRADING_WORDS.split())
"""Words of names that no company bears."""
UNIONS = ("federation", "brotherhood", "fraternity", "workers", "teamsters", "confederation", "league")
BLOCS = frozenset({"alliance", "union", "league", "treaty"})
"""Words of names of what may be called a bloc."""
LEADS = ("president", "prime minister", "chancellor")
"""Offices whose holder is "the Syrian leader", in the order in which they are looked up."""


def person_of(phrase: Phrase, position: int, cast: Cast, lexicon: Lexicon) -> Figure | None:
    """The latest figure before the position that the description fits; then one that only comes later."""
    states = {lexicon.states[word] for word in phrase.words if word in lexicon.states}
    found: list[tuple[int, int, Figure]] = []
    for role in _roles(phrase, lexicon):
        for figure in cast.having(role):
            if figure.kind in ("person", "unsure") and _agrees(figure, phrase, states, lexicon):
                found.append((shared_roles(figure, phrase), figure.last_before(position), figure))
    before = [entry for entry in found if entry[1] >= 0]
    if before:
        return max(before, key=lambda entry: (entry[0], entry[1]))[2]
    named = {id(figure): figure for _, _, figure in found if figure.name}
    return next(iter(named.values())) if len(named) == 1 else None


def _roles(phrase: Phrase, lexicon: Lexicon) -> Iterable[str]:
    """The head itself, then every role whose holder may be called by it."""
    yield phrase.head
    for role, others in lexicon.broader.items():
        if phrase.head in others:
            yield role


def shared_roles(figure: Figure, phrase: Phrase) -> int:
    """How many of the phrase's words beside its head the figure has been described by."""
    return len(figure.roles & (phrase.words - {phrase.head}))


def agrees(figure: Figure, phrase: Phrase, lexicon: Lexicon) -> bool:
    """May the figure be described so: by gender, number and state?"""
    return _agrees(figure, phrase, {lexicon.states[word] for word in phrase.words if word in lexicon.states}, lexicon)


def _agrees(figure: Figure, phrase: Phrase, states: set[str], lexicon: Lexicon) -> bool:
    if phrase.gender and figure.gender and phrase.gender != figure.gender:
        return False
    if figure.plural != phrase.plural:
        return False
    theirs = {lexicon.states[role] for role in figure.roles if role in lexicon.states}
    if figure.entry and figure.entry.nationality:
        theirs.add(figure.entry.nationality)
    return not states or not theirs or bool(states & theirs)


def office_of(phrase: Phrase, registry: Registry, lexicon: Lexicon, day: date | None) -> Entry | None:
    """The registry's holder of the office on the article's day; only where state and office are both told."""
    if day is None:
        return None
    states = [lexicon.states[word] for word in sorted(phrase.words) if word in lexicon.states]
    owner = " ".join(word.key for word in phrase.owner)
    of = states[0] if states else lexicon.states.get(owner)
    if of is None and (entry := registry.find(owner) if owner else None):
        of = entry.name
    if of is None:
        return None
    titles = [word for word in phrase.words if " " in word] or [phrase.head]
    if phrase.head == "leader":
        titles = list(LEADS)
    for title in titles:
        if holder := registry.holder(title, of=of, day=day):
            return registry.entry(holder.id)
    return None


def body_of(phrase: Phrase, position: int, cast: Cast) -> Figure | None:
    """The body last mentioned that is called so: by a word of its name, or by what the article says it is."""
    head = phrase.head
    found: dict[int, Figure] = {}
    for figure in (*cast.by_word.get(head, [])[-200:], *cast.by_role.get(head, [])[-200:]):
        if figure.kind not in ("person", "document") and not figure.plural and _is_whose(figure, phrase):
            found[id(figure)] = figure
    if head in GENERIC_BODIES:
        found.update({id(f): f for f in _companies(cast)} if not found else {})
        trading = {key: figure for key, figure in found.items() if not NOT_TRADING & set(figure.keys)}
        found = trading if trading and head not in ("body", "organisation", "organization", "group") else found
        if found:
            return max(
                found.values(), key=lambda f: (f.last_before(position) >= 0, _overlap(f, phrase), _known(f, position))
            )
    if head == "union":
        found.update({id(f): f for word in UNIONS for f in cast.by_word.get(word, [])[-200:] if f.kind == "body"})
    found.update({id(f): f for f in cast.figures[:400] if f.entry and f.kind == "body" and _is_called(f, head)})
    before = [figure for figure in found.values() if figure.last_before(position) >= 0]
    if before:
        return max(before, key=lambda f: (_overlap(f, phrase), f.entry is not None, f.last_before(position)))
    return next(iter(found.values())) if len(found) == 1 else None


def _is_whose(figure: Figure, phrase: Phrase) -> bool:
    """ "The Tolliver campaign" is no other's: a name in the phrase must be in the body's own."""
    named = {word.key for word in phrase.core if word.capital and word.key != phrase.head}
    first = phrase.core[0].key if phrase.core else ""
    named -= {first} if len(named) == 1 and not phrase.owner else set()
    return not named or bool(named & (set(figure.keys) | figure.roles))


def _is_called(figure: Figure, head: str) -> bool:
    """Does the registry call the body so ("the alliance": the North Atlantic Alliance)?"""
    heads = BLOCS if head == "bloc" else {head}
    return figure.entry is not None and any(heads & set(fold(name).split()) for name in figure.entry.names)


def _companies(cast: Cast) -> list[Figure]:
    """Bodies that may be called a company: none that is public, a party or an outlet."""
    return [figure for figure in cast.figures[-400:] if figure.name and figure.places and _may_be_company(figure)]


def _may_be_company(figure: Figure) -> bool:
    if figure.kind not in ("body", "unsure") or figure.gender or figure.given_name:
        return False
    if figure.kind == "unsure" and 2 * figure.placed >= len(figure.places):
        return False
    if PUBLIC & (set(figure.keys) | figure.roles) or figure.roles & {"party", "outlet", "newspaper"}:
        return False
    return figure.kind == "body" or figure.speaks or len(figure.places) > (1 if len(figure.keys) > 1 else 2)


def _known(figure: Figure, position: int) -> int:
    """How often the article has mentioned it before: "the company" is the one that the article is about."""
    return bisect_left(figure.places, position)


def _overlap(figure: Figure, phrase: Phrase) -> int:
    return len((set(figure.keys) | figure.roles) & (phrase.words - {phrase.head}))
