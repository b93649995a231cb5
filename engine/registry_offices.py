"""Offices named in words: "the Russian foreign minister", "president of Ukraine"."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.models import Speaker

if TYPE_CHECKING:
    from engine.registry import Registry


def office_named(registry: Registry, text: str, *, day: date | None) -> Speaker | None:
    """Who held the office that the words name on that day; None where they name none or more than one."""
    from engine.attribution.speakers_lexicon import lexicon
    from engine.registry import name_key

    words = name_key(text).split()
    states = lexicon().states
    for size in (3, 2, 1):
        for start in range(len(words) - size + 1):
            state = states.get(" ".join(words[start : start + size]))
            rest = [word for word in words[:start] + words[start + size :] if word not in ("of", "the")]
            if state and rest and (found := registry.holder(" ".join(rest), of=state, day=day)):
                return found
    return None
