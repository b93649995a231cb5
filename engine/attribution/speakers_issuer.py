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
FATES = frozenset(
    {
        "last",
        "this",
        "first",
        "done",
        "early",
        "earlier",
        "late",
        "out",
        "put",
        "read",
        "held",
        "kept",
        "taken",
        "made",
        "drawn",
        "given",
        "itself",
        "today",
    }
)
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


BY = frozenset({"by", "from", "of", "for", "at"})
MADE = frozenset({"prepared", "written", "drawn", "compiled", "drafted", "done", "conducted", "made"})
"""What is done to a document where it is made: "prepared at the Commerce Department"."""
DETERMINERS = frozenset({"the", "a", "an", "its", "their", "his", "her", "this", "that", "own"})
LONGEST_ISSUER = 8


def issuer(text: str, core: Sequence[Word], rest: Sequence[Word], lexicon: Lexicon) -> tuple[Word, ...]:
    """Who made a document: "by X", "from X", "for X", "of X" where X is a body, a name before its noun ("an X survey").

    X is a name, or a body that is only described ("from the chamber of trade").
    """
    handled = False
    for at, word in enumerate(rest):
        handled = handled or word.key in HANDLED
        if word.key not in BY or handled or (word.key == "at" and not any(w.key in MADE for w in rest[:at])):
            handled = handled and word.key != "and"
            continue
        after = rest[at + 1 :]
        found = [(a, b) for a, b in runs(text, after, lexicon)]
        near = found and found[0][0] < 5 and not any(w.key in (*BY, "and", "in") for w in after[: found[0][0]])
        name = tuple(after[found[0][0] : found[0][1]]) if near else ()
        if name and (name[0].key in DAYS or " ".join(w.key for w in name) in lexicon.states):
            name = ()
        name = _whole(text, name, after, lexicon)
        body = any(lexicon.singular(w.key) in lexicon.bodies for w in name)
        if name and name[-1].possessive:
            name = (*name, *_described(after[found[0][1] :], lexicon)) or name
        if name and (body or word.key != "of"):
            return name
        if not name and word.key != "at" and (described := _described(after, lexicon)):
            return described
    inner = [(a, b) for a, b in runs(text, core, lexicon) if b < len(core)]
    return tuple(core[inner[-1][0] : inner[-1][1]]) if inner and not (inner[-1][0] == 0 and inner[-1][1] == 1) else ()


def _whole(text: str, name: tuple[Word, ...], after: Sequence[Word], lexicon: Lexicon) -> tuple[Word, ...]:
    """The name with what "and" or an office's "of" adds: the engineers Lamb and Oduya, the Secretary of State."""
    if not name or name[-1].possessive:
        return name
    at = list(after).index(name[-1]) + 1
    if at + 1 >= len(after) or not after[at + 1].capital:
        return name
    office = after[at].key == "of" and lexicon.singular(name[-1].key) in lexicon.people
    if not office and not (after[at].key == "and" and len(name) == 1):
        return name
    end = next((b for a, b in runs(text, after, lexicon) if a <= at + 1 < b), at + 2)
    return (*name, *after[at:end])


def _described(words: Sequence[Word], lexicon: Lexicon) -> tuple[Word, ...]:
    """A body that is only described, without its article: "the county's water board", "the chamber of trade"."""
    if words and words[0].key in ("his", "her", "its", "their", "this"):
        return ()
    first = next((at for at, word in enumerate(words) if word.key not in DETERMINERS), len(words))
    last = first
    for at in range(first, min(len(words), first + LONGEST_ISSUER)):
        word = words[at]
        if word.kind not in ("word", "initials") or (word.key in ENDS and word.key != "of"):
            break
        if word.key == "of" and lexicon.singular(words[at - 1].key) not in lexicon.bodies:
            break
        last = at + 1
        if word.key not in FUNCTION_WORDS and tells_fate(word) and at > first:
            last = at
            break
    named = tuple(words[first:last])
    heads = [w for w in named if w.key in lexicon.bodies - {"state", "city", "country"}]
    if not heads and named and named[-1].key in lexicon.people and words[0].key == "the":
        return named  # "a report by the legislative auditor"
    return named if heads and (heads[-1] is named[-1] or any(w.key == "of" for w in named)) else ()


def tells_fate(word: Word) -> bool:
    """Does the word tell what befell a document: "records *turned* over", "a paper *quietly* posted"?"""
    return word.key in FATES or (len(word.key) > 4 and word.key.endswith(("ed", "ly")))
