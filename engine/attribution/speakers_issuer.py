"""Documents in a noun phrase: where their name ends, and who issued them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.attribution.names import FUNCTION_WORDS, Word, runs
from engine.attribution.speakers_lexicon import Lexicon

_ENDS_WORDS = """
of for at in from with who which that to on by near under whose as familiar close based speaking briefed involved
present obtained seen published circulated carried posted issued conducted released quoted cited responsible behind
before after during against over about among within inside outside, where when sent dated shown commissioned
representing running working including led made written signed filed lodged unsealed
"""
ENDS = frozenset(_ENDS_WORDS.split())
"""A word that ends the head of a noun phrase."""
FATES = frozenset({"late", "out", "put", "read", "held", "kept", "taken", "made", "drawn", "given", "itself", "today"})
"""What befell a document, after its noun."""
_DAYS_WORDS = """
january february march april may june july august september october november december monday tuesday wednesday
thursday friday saturday sunday
"""
DAYS = frozenset(_DAYS_WORDS.split())
HANDLED = frozenset({
    "seen", "obtained", "leaked", "viewed", "reviewed", "cited", "quoted", "shared", "monitored", "shown", "sent"
})  # fmt: skip
"""What is done to a document by others than who issued it."""


def issuer(text: str, core: Sequence[Word], rest: Sequence[Word], lexicon: Lexicon) -> tuple[Word, ...]:
    """Who made a document: "by X", "from X", "of X" where X is a body, or a name before its noun ("an X survey")."""
    handled = False
    for at, word in enumerate(rest):
        handled = handled or word.key in HANDLED
        if word.key not in ("by", "from", "of") or handled:
            handled = handled and word.key != "and"
            continue
        after = rest[at + 1 :]
        found = [(a, b) for a, b in runs(text, after, lexicon)]
        near = found and found[0][0] < 5 and not any(w.key in ("of", "and", "in") for w in after[: found[0][0]])
        name = tuple(after[found[0][0] : found[0][1]]) if near else ()
        plain = [w for w in after if w.key not in FUNCTION_WORDS]
        if word.key != "of" and name and name[0].key not in DAYS and name[0].key not in lexicon.states:
            return name
        if word.key == "of" and name and any(lexicon.singular(w.key) in lexicon.bodies for w in name):
            return name
        if word.key == "by" and plain and not name:
            upto = next((i for i, w in enumerate(plain) if w.key in ENDS or w.kind == "mark"), len(plain))
            return tuple(plain[upto - 1 : upto]) if upto and plain[upto - 1].key in lexicon.bodies - {"state"} else ()
    inner = [(a, b) for a, b in runs(text, core, lexicon) if b < len(core)]
    return tuple(core[inner[-1][0] : inner[-1][1]]) if inner and not (inner[-1][0] == 0 and inner[-1][1] == 1) else ()


def tells_fate(word: Word) -> bool:
    """Does the word tell what befell a document: "records *turned* over", "a paper *quietly* posted"?"""
    return word.key in FATES or (len(word.key) > 4 and word.key.endswith(("ed", "ly")))
