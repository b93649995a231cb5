"""The cue verbs of the rules path, with their forms, from `index_config/cues.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from engine.errors import SettingsError

Manner = Literal["say", "tell", "urge", "judge"]
MANNERS: tuple[Manner, ...] = ("say", "tell", "urge", "judge")


@dataclass(frozen=True, slots=True)
class CueVerbs:
    """Verb form -> how it takes its content, and one pattern that finds any of them."""

    manners: dict[str, Manner]
    pattern: re.Pattern[str]

    def manner(self, form: str) -> Manner:
        return self.manners[" ".join(form.lower().split())]


_ADVERB = r"(?:\w+ly|also|ever|even|never|not|since|now|once|again|yet|still|already|long|often|so|far)"
_AUXILIARY = (
    r"(?:has|have|had|is|was|are|were|be|been|being|will|would|could|may|might|must|should|did|does|do|to"
    r"|'s|'ve|'d|'ll)"
)
AUXILIARIES = rf"(?:{_AUXILIARY}(?:n't)? (?:{_ADVERB} )*)*"


@cache
def cue_verbs() -> CueVerbs:
    """Read once. Raises SettingsError that names what is malformed."""
    place = resources.files("index_config") / "cues.yaml"
    listed = yaml.safe_load(place.read_text(encoding="utf-8"))
    manners: dict[str, Manner] = {}
    for manner in MANNERS:
        verbs = listed.get(manner) if isinstance(listed, dict) else None
        if not isinstance(verbs, list):
            raise SettingsError(f"index_config/cues.yaml: `{manner}` should be a list of verbs")
        for verb in verbs:
            for form in forms_of(str(verb)):
                manners.setdefault(form, manner)
    longest_first = sorted(manners, key=lambda form: (-len(form), form))
    alternatives = "|".join(re.escape(form) for form in longest_first)
    return CueVerbs(manners, re.compile(rf"(?<![\w'-]){AUXILIARIES}({alternatives})(?![\w-])", re.IGNORECASE))


def forms_of(entry: str) -> tuple[str, ...]:
    """The forms of "verb", "verb past participle", or of a verb with a particle ("point out pointed_out pointed_out").

    >>> forms_of("deny")
    ('deny', 'denies', 'denying', 'denied', 'denied')
    """
    words = entry.split()
    particle = ""
    if len(words) in (2, 4):
        particle = f" {words.pop(1)}"
    base, past, participle = words if len(words) == 3 else (words[0], "", "")
    doubled = base + base[-1] if base in ("slam", "beg", "rebut") else base
    stem = base[:-1] if base.endswith("e") else doubled
    third = (
        base[:-1] + "ies"
        if re.search(r"[^aeiou]y$", base)
        else base + ("es" if re.search(r"(?:s|sh|ch|x|z)$", base) else "s")
    )
    regular = base[:-1] + "ied" if re.search(r"[^aeiou]y$", base) else stem + "ed"
    pasts = [(form or regular + particle).replace("_", " ") for form in (past, participle)]
    return (base + particle, third + particle, stem + "ing" + particle, *pasts)
