"""The word lists of the resolver, from `index_config`: a newsroom may edit them. All words are folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import index_config
from engine.registry_entry import Gender
from engine.text import fold, words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`states`: an adjective or a state's name to the state's name. `broader`: a role to other names for who has it."""

    states: Mapping[str, str]
    countries: frozenset[str]
    honorifics: frozenset[str]
    abbreviations: Mapping[str, str]
    genders: Mapping[str, Gender]
    people: frozenset[str]
    groups: frozenset[str]
    broader: Mapping[str, frozenset[str]]
    bodies: frozenset[str]
    documents: frozenset[str]
    particles: frozenset[str]
    modifiers: frozenset[str]
    fields: frozenset[str]
    settings: frozenset[str]
    outlets: frozenset[str]
    given: Mapping[str, Gender]

    def titles(self, word: str) -> bool:
        """May the word stand before a name as (part of) a title?"""
        return any(word in words for words in (self.honorifics, self.people, self.modifiers, self.abbreviations))

    def given_gender(self, word: str) -> Gender | None:
        """The gender of a given name, also of a double one (Pieter-Jan)."""
        return self.given.get(word) or self.given.get(word.split("-")[0])

    def singular(self, word: str) -> str:
        """A role's singular: spokesmen, secretaries, officials; the word itself where it is none."""
        if word in self.people or word in self.bodies:
            return word
        for ending, instead in (("women", "woman"), ("men", "man"), ("ies", "y"), ("ses", "s"), ("s", "")):
            if word.endswith(ending) and len(word) > len(ending) + 1:
                bare = word[: -len(ending)] + instead
                if bare in self.people or bare in self.bodies or bare in self.documents:
                    return bare
        return word


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    titles = index_config.load_yaml("titles.yaml")
    states: dict[str, str] = {}
    for state, adjectives in index_config.load_yaml("nationalities.yaml").items():
        for word in (state, *adjectives):
            states[" ".join(w for w, _ in words(word.replace(".", "")))] = state
    genders: dict[str, Gender] = {}
    both: tuple[Gender, ...] = ("female", "male")
    for gender in both:
        genders.update(dict.fromkeys(map(fold, titles[gender] + titles["honorifics"][gender]), gender))
    given: dict[str, Gender] = {}
    for gender in both:
        given.update(dict.fromkeys(map(fold, index_config.load_yaml("first_names.yaml")[gender]), gender))
    return Lexicon(
        states=states,
        countries=frozenset(" ".join(w for w, _ in words(state)) for state in states.values()),
        honorifics=_set([word for kind in titles["honorifics"].values() for word in kind]),
        abbreviations={fold(short): fold(full) for short, full in titles["abbreviations"].items()},
        genders=genders,
        people=_set(titles["people"]) | frozenset(genders),
        groups=_set(titles["groups"]),
        broader={fold(role): _set(others) for role, others in titles["broader"].items()},
        bodies=_set(titles["bodies"]),
        documents=_set(titles["documents"]),
        particles=_set(titles["relations"]["particles"]),
        modifiers=_set(titles["modifiers"]),
        fields=_set(titles["fields"]),
        settings=_set(titles["settings"]),
        outlets=_set(titles["outlets"]),
        given=given,
    )


def _set(listed: list[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in listed)
