"""What stands around a name in running text: titles before it, appositions behind it, what it does."""

from __future__ import annotations

from collections.abc import Sequence

from engine.attribution.names import FUNCTION_WORDS, Word
from engine.attribution.speakers_issuer import ENDS
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_noun import Phrase
from engine.attribution.speakers_phrase import describe
from engine.models import Span

APPOSITION_WORDS = 14
"""How many words after a name are read as what its bearer is."""
DESCRIBED_BY = 7
"""How many words before a name are read as what its bearer is."""
OPENING = frozenset(["the", "a", "an", "its", "his", "her", "their"])
BEING = frozenset({"is", "was", "became"})
PLACING_WORDS = """
in at near from to of on into around through across outside inside between beyond towards toward via
"""
PLACING = frozenset(PLACING_WORDS.split())
DOING_WORDS = """
who is was has had will would says said whose does did says writes wrote told tells knows knew
"""
DOING = frozenset(DOING_WORDS.split())


def acts(words: Sequence[Word], a: int, b: int, name: Sequence[Word], lexicon: Lexicon) -> bool:
    """May a run of two to four capitals be a person: is it no place and no body, or does it do what people do?"""
    if not 1 < len(name) < 5 or b >= len(words):
        return False
    if any(
        w.key in lexicon.bodies or w.key in lexicon.documents or w.key in lexicon.outlets or w.possessive for w in name
    ):
        return False
    if words[b].text == "," and words[b + 1 : b + 2] and words[b + 1].key in ("who", "whose"):
        return True
    if a > 0 and words[a - 1].key in PLACING:
        return False
    following = words[b].key
    verb = words[b].kind == "word" and not words[b].capital and following.endswith(("s", "ed")) and len(following) > 3
    called = a > 0 and words[a - 1].key in ("called", "named", "is")
    return called or words[b].text == "," or following in DOING or verb


def in_context(text: str, words: Sequence[Word], first: int, end: int, run: int, lexicon: Lexicon) -> Phrase:
    """The phrase of a name in running text, with the words before it and the apposition after it."""
    start = run
    while start > 0 and run - start < DESCRIBED_BY and _describes(text, words, start - 1, lexicon):
        start -= 1
    if start < run and not any(
        lexicon.singular(w.key) in lexicon.people or w.key in lexicon.bodies for w in words[start:run]
    ):
        start = run
    if start == run:
        start = _role_before(words, run, lexicon)
    stop = _apposition_end(words, first, end, lexicon)
    phrase = describe(text, Span(words[start].start, words[stop - 1].end), lexicon)
    if phrase.kind == "unsure" and end < len(words) - 1 and words[end].text == ",":
        after = words[end + 1]
        if after.kind == "number" and after.text.rstrip(",.").isdigit() and 5 < int(after.text.rstrip(",.")) < 115:
            return Phrase("person", words[first:end], words=phrase.words, gender=phrase.gender)  # type: ignore[arg-type]
    return phrase


def _role_before(words: Sequence[Word], run: int, lexicon: Lexicon) -> int:
    """ "The ombudsman, Justina Eberle-Sow, ...": where the role begins; the run itself where there is none."""
    if run < 3 or words[run - 1].text != "," or words[run - 2].kind not in ("word",):
        return run
    for at in range(run - 2, max(-1, run - 2 - APPOSITION_WORDS), -1):
        word = words[at]
        if word.kind in ("line", "mark", "number"):
            return run
        if word.key in ("the", "a", "an", "its", "his", "her", "their", "our", "my") or word.possessive:
            inside = [lexicon.singular(w.key) for w in words[at + 1 : run - 1]]
            upto = next((i for i, key in enumerate(inside) if key in ENDS), len(inside))
            return at if inside[:upto] and inside[:upto][-1] in lexicon.people else run
    return run


def _describes(text: str, words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    word, after = words[at], words[at + 1]
    if word.kind not in ("word", "abbreviation") or text[word.end : after.start] not in (" ", "\u00a0", "’s ", "'s "):
        return False
    key = lexicon.singular(word.key)
    known = key in lexicon.people or key in lexicon.bodies or lexicon.titles(key) or key in lexicon.fields
    return known or key in lexicon.states or (word.capital and word.key not in FUNCTION_WORDS)


def _apposition_end(words: Sequence[Word], first: int, end: int, lexicon: Lexicon) -> int:
    """Where an apposition after a name ends; `end` itself where there is none."""
    if end >= len(words) - 2:
        return end
    if words[end].key in BEING and (words[end + 1].key in OPENING or lexicon.titles(words[end + 1].key)):
        return _role_end(words, end + 1, lexicon) or end
    if words[end].text != ",":
        return end
    at = end + 1
    if words[at].kind == "number" and at + 2 < len(words) and words[at + 1].text == ",":
        at += 2  # "Abernethy, 71, a retired band teacher"
    if words[at].key == "who" and at + 2 < len(words) and words[at + 1].key in BEING:
        at += 2
    opens = words[at].key in OPENING or lexicon.titles(words[at].key)
    if words[at].kind == "number" or (not opens and not any(w.possessive for w in words[at : at + 3])):
        return end
    calling = words[at].key in ("a", "an") and lexicon.given_gender(words[first].key) is not None
    last = _role_end(words, at, lexicon, any_noun=calling)
    closed = last and last < len(words) and words[last].text in (",", ".", ";", "—", "–", ":")
    return last if last and closed else end


def _role_end(words: Sequence[Word], at: int, lexicon: Lexicon, *, any_noun: bool = False) -> int | None:
    """Where a role that begins here ends; None where what begins here is no role. `any_noun`: behind a person's name
    ("Vernon Strickland, a retired pipefitter") every noun is what somebody is.
    """
    stop, last = min(len(words), at + APPOSITION_WORDS), at
    while (
        last < stop and words[last].kind != "line" and words[last].text not in (",", ".", ";", "—", "–", "“", '"', ":")
    ):
        last += 1
    inside = [lexicon.singular(w.key) for w in words[at:last]]
    upto = next((i for i, key in enumerate(inside) if key in ENDS), len(inside))
    heads = [key for key in inside[:upto] if key in lexicon.people or key in lexicon.bodies]
    clause = any(key in DOING or key in ("have", "are", "were") for key in inside[:upto])
    return last if (heads or any_noun) and not clause else None
