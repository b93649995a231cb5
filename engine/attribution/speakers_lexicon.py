"""The word lists of the resolver, from `index_config`: a newsroom may edit them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import index_config
from engine.text import words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`states`: an adjective or state's name, as folded words, to the state's name."""

    states: dict[str, str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    states: dict[str, str] = {}
    for state, adjectives in index_config.load_yaml("nationalities.yaml").items():
        for word in (state, *adjectives):
            states[" ".join(w for w, _ in words(word.replace(".", "")))] = state
    return Lexicon(states)
