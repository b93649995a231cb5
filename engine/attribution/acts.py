"""What a speaker does by saying it: the act of a cue, from `index_config/acts.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import index_config
from engine.errors import SettingsError
from engine.models import ACTS, Act, Form
from engine.text import fold

_NEGATION = re.compile(r"\b(?:not|never|no longer)\b|n't\b")
_NEGATED: Mapping[Act, Act] = {"deny": "confirm", "confirm": "no-comment"}
"""What a negated act is: "did not deny" confirms, "would not confirm" is no comment."""
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SAYING = frozenset({"say", "tell"})
"""At a cue's end they decide: "is expected to say" says."""
REPORTERS: frozenset[Form] = frozenset({"document", "body", "none"})
"""Forms of sources that report, where persons say: "the survey found", "Ruiz found"."""


@lru_cache(maxsize=1)
def _cues() -> tuple[dict[str, Act], int]:
    acts: dict[str, Act] = {}
    for act, listed in index_config.load_yaml("acts.yaml").items():
        if act not in ACTS or not isinstance(listed, list):
            raise SettingsError(
                f"index_config/acts.yaml: `{act}` should be one of {', '.join(ACTS)}, with a list of cues"
            )
        for cue in listed:
            acts.setdefault(fold(str(cue)), act)
    return acts, max(len(cue.split()) for cue in acts)


@lru_cache(maxsize=8192)
def act_of(cue: str, *, form: Form = "named", asks: bool = False, told_to: bool = False) -> Act:
    """The act of a cue's words; the longest listed phrase decides, the last of equal ones.

    `asks`: the content is a question; `told_to`: it begins with an infinitive ("asked them to go" urges).
    """
    acts, longest = _cues()
    words = _WORD.findall(fold(cue.replace("’", "'")))
    negated = bool(_NEGATION.search(fold(cue.replace("’", "'"))))
    for size in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - size, -1, -1):
            if found := acts.get(" ".join(words[start : start + size])):
                said = size == 1 and found in ("believe", "plan") and words[-1] in _SAYING
                return "say" if said else _settled(found, negated=negated and size == 1, form=form, told_to=told_to)
    if form == "document":
        return "report"
    if told_to and words[-1:] in (["told"], ["tell"], ["tells"], ["warned"], ["reminded"], ["telling"]):
        return "urge"
    return "ask" if asks and not words else "say"


def _settled(found: Act, *, negated: bool, form: Form, told_to: bool) -> Act:
    if found == "report" and form not in REPORTERS:
        return "say"
    if found == "ask" and told_to:
        return "urge"
    return _NEGATED.get(found, found) if negated else found
