"""What a speaker does by saying it: the act of a cue, from `index_config/acts.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import index_config
from engine.models import ACTS, Act
from engine.text import fold

_NEGATION = re.compile(r"\b(?:not|never|no longer|n't|refused to|declined to)\b")
_NEGATED: Mapping[Act, Act] = {"deny": "confirm", "confirm": "no-comment", "say": "deny"}
"""What a negated act is: "did not deny" confirms, "would not confirm" is no comment, "has not said" denies."""


@lru_cache(maxsize=1)
def _cues() -> tuple[dict[str, Act], int]:
    acts: dict[str, Act] = {}
    for act, listed in index_config.load_yaml("acts.yaml").items():
        assert act in ACTS, act
        for cue in listed:
            acts.setdefault(fold(cue), act)
    return acts, max(len(cue.split()) for cue in acts)


@lru_cache(maxsize=4096)
def act_of(cue: str, *, document: bool = False, question: bool = False) -> Act:
    """The act of a cue's words; the longest listed phrase decides, the last of equal ones.

    A neutral verb of a document reports; of a quotation that asks, asks.
    """
    acts, longest = _cues()
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", fold(cue.replace("’", "'")))
    for size in range(min(longest, len(words)), 0, -1):
        for start in range(len(words) - size, -1, -1):
            if found := acts.get(" ".join(words[start : start + size])):
                return _finished(found, cue, size, document=document)
    if document:
        return "report"
    if question and not words:
        return "ask"
    return "deny" if _NEGATION.search(fold(cue)) and words[-1:] in (["say"], ["said"]) else "say"


def _finished(found: Act, cue: str, size: int, *, document: bool) -> Act:
    if size == 1 and found in _NEGATED and _NEGATION.search(fold(cue.replace("’", "'"))):
        return _NEGATED[found]
    if found == "report" and not document:
        return "report"
    return found
