"""Words and names in running text: tokens, runs of capitals, and what is title and what is name in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.attribution.speakers_lexicon import Lexicon
from engine.text import fold

_ABBREVIATED = (
    "Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Capt|Sgt|Rev|St|Hon|Messrs|Cllr|Adm|Maj|Supt|Insp|Amb|Pres|Jr|Sr|Cpl|Cmdr"
)
_TOKEN = re.compile(
    rf"(?P<abbreviation>\b(?:{_ABBREVIATED})\.)|(?P<initials>\b(?:[^\W\d_]\.)+(?!\w))"
    r"|(?P<word>[^\W\d_]+(?:[’'\-‐‑][^\W\d_]+)*(?:\.(?:com|org|net|info)\b)?)|(?P<number>\d+(?:[.,:]\d+)*\w*)|(?P<line>\n+)|(?P<mark>[^\s\w]|_)"
)
_NICKNAME = re.compile(r"[ \u00a0][“\"‘'](?:[A-Z][\w’-]*[ \u00a0]?){1,3}[”\"’'][ \u00a0](?=[A-Z])")
""" "Rodolfo “Boy Kaldero” Magtanggol": in marks between given name and surname; it parts the name, and is none of it.
"""
_POSSESSIVE = re.compile(r"[’']s?$")

_FUNCTION_WORDS_WORDS = """
the a an and or but if when while as at by for from in into of on to with without after before since until during he
she it they we i you his her its their our my your this that these those there here what who whom whose which why
how where not no nor so yet then than also even only just both either neither each every all some any many several
few most more much one two three four five six seven eight nine ten hundreds thousands dozens another other others
such according asked told said says yes did does do is are was were be been being has have had will would can could
may might must shall should about over under between among against through because though although however meanwhile
still once again later earlier yesterday today tomorrow now never always perhaps maybe instead monday tuesday
wednesday thursday friday saturday sunday january february march april june july august september october november
december speaking asking adding saying read
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_WORDS.split())
"""Capitalised at a sentence's start they begin no name. ("May" is left out: it is also a name.)"""
SHARES = frozenset({"one", "two", "three", "four"})
"""Begin a share at a sentence's start: "Two-thirds of those asked"."""
PLACED = frozenset({"bank", "university", "city", "republic", "kingdom", "house", "college", "church", "port"})
"""Bodies called after a place: what follows "and" is another's name."""


POSTNOMINALS = frozenset({"kc", "qc", "sc", "mp", "mps", "mep", "msp", "td", "obe", "mbe", "cbe", "jp", "frs"})
"""Letters after a name that are no part of it."""
_ORGANS_WORDS = """
staff bureau council committee agency commission authority association union ministry department office board court
institute university federation confederation corporation company party government police senate parliament assembly
administration tribunal alliance league coalition foundation society caucus subcommittee secretariat organisation
organization treasury directorate inspectorate
"""
ORGANS = frozenset(_ORGANS_WORDS.split())
PLURALS = ("men", "women", "children", "people")
"""Whose possessive may stand inside a name, as that of a plural in -s does: the Marksmen's League."""
"""Words at the end of a body's name that no person's title runs into."""


@dataclass(frozen=True, slots=True)
class Word:
    """A token; `key` is folded, without the possessive, which `possessive` tells of."""

    text: str
    key: str
    start: int
    end: int
    kind: str
    possessive: bool = False

    @property
    def capital(self) -> bool:
        if self.kind == "initials":
            return self.text[0].isupper()
        if self.kind not in ("word", "abbreviation"):
            return False
        return self.text[0].isupper() or ("-" in self.text and any(c.isupper() for c in self.text))


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    return list(_tokens(text, start, len(text) if end is None else end))


def _tokens(text: str, start: int, end: int) -> Iterator[Word]:
    before, past = None, start
    for match in _TOKEN.finditer(text, start, end):
        if before and match.start() - before.end == 1 and match.lastgroup == "mark" and before.capital:
            nickname = _NICKNAME.match(text, before.end, end) if before.key not in FUNCTION_WORDS else None
            past = nickname.end() if nickname else past
        if match.start() < past:
            continue
        kind, raw = match.lastgroup or "mark", match.group()
        stop, possessive = match.end(), False
        if kind == "word":
            bare = _POSSESSIVE.sub("", raw) if raw[-2:] in ("’s", "'s") else raw
            possessive = bare != raw or (text[stop : stop + 1] in ("’", "'") and raw.endswith("s") and stop < end)
            stop -= len(raw) - len(bare)
            raw = bare
        key = fold(raw.replace(".", "").replace("’", "'").replace("‐", "-").replace("‑", "-"))
        before = Word(raw, key, match.start(), stop, kind, possessive)
        yield before


def adjacent(text: str, left: Word, right: Word) -> bool:
    """Only blanks between, on one line."""
    between = text[left.end : right.start]
    if between.isspace():
        return "\n" not in between
    nickname = _NICKNAME.match(text, left.end)
    return nickname is not None and nickname.end() == right.start


def runs(text: str, found: Sequence[Word], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Names as runs of capitals, with what joins a body's name: Ministry of Health, Tolland & Wye, Farmers' Union."""
    before: tuple[int, int] | None = None
    for a, b in _capitals(text, found, lexicon):
        if before and _is_one(text, found, before, (a, b), lexicon):
            before = (before[0], b)
            continue
        if before:
            yield before
        before = (a, b)
    if before:
        yield before


def _is_one(text: str, found: Sequence[Word], left: tuple[int, int], right: tuple[int, int], lexicon: Lexicon) -> bool:
    """Are two runs one body's name?"""
    last, between = found[left[1] - 1], found[left[1] : right[0]]
    inside = text[last.end : found[right[0]].start]
    if "\n" in inside or len(between) > 2:
        return False
    joint = " ".join(word.key for word in between)
    whole = found[left[0] : left[1]]
    if last.possessive:
        plural = inside.strip() in ("’", "'") or last.key.endswith(PLURALS)
        return plural and _names_body(found[right[1] - 1], lexicon)
    if joint == "&":
        return True
    if joint in ("of", "for", "of the", "for the", "of a", "for a"):
        return _leads_name(whole, joint, lexicon)
    if joint == "and" and _completes(whole, found[right[0] : right[1]], lexicon):
        return True
    if joint == "and" and _names_body(found[right[1] - 1], lexicon):
        known = any(_names_body(w, lexicon) or w.key in lexicon.given or w.key in lexicon.states for w in whole)
        return not known and not lexicon.titles(whole[0].key)
    return False


def _leads_name(whole: Sequence[Word], joint: str, lexicon: Lexicon) -> bool:
    """May a name go on with "of" or "for" here: Court of Arbitration of the Lakes, Warm for All?"""
    last = whole[-1]
    if _names_body(last, lexicon):
        return lexicon.singular(last.key) not in lexicon.people
    if joint.startswith("of"):
        return len(whole) > 1 and any(word.key == "of" for word in whole) and _names_body(whole[0], lexicon)
    alone = len(whole) == 1 and not lexicon.titles(last.key) and last.key not in lexicon.people
    return joint == "for" and alone and last.key not in lexicon.given and last.key not in lexicon.states


def _completes(whole: Sequence[Word], right: Sequence[Word], lexicon: Lexicon) -> bool:
    """Does "and" go on after "of" inside one name: Federation of Port and Harbour Workers, Union of Carers and ...?"""
    inner = next((at for at, word in enumerate(whole) if word.key in ("of", "for")), None)
    if inner is None or len(whole) - inner != 2 or not _names_body(whole[inner - 1], lexicon):
        return False
    one, other = whole[-1], right[-1]
    if len(right) > 3 or whole[0].key in PLACED or any(w.kind == "initials" or w.text.isupper() for w in right):
        return False
    known = lexicon.states.keys() | lexicon.given.keys()
    return (
        not any(word.key in known for word in (one, *right))
        and not _names_organ(right, lexicon)
        and not other.possessive
    )


def _names_organ(right: Sequence[Word], lexicon: Lexicon) -> bool:
    """A body of its own begins after "and": "the Bank of Varna and the Senate"."""
    return len(right) == 1 and right[0].key in lexicon.bodies and lexicon.singular(right[0].key) == right[0].key


def _names_body(word: Word, lexicon: Lexicon) -> bool:
    return word.key in lexicon.bodies or lexicon.singular(word.key) in lexicon.bodies


def _capitals(text: str, found: Sequence[Word], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words, `[first, last)` in `found`: "Staffan de Mistura", "Russian Foreign Ministry"."""
    at = 0
    while at < len(found):
        if not found[at].capital or (_opens_no_name(found[at]) and not _inside_name(found, at)):
            at += 1
            continue
        end = at + 1
        while end < len(found) and not found[end - 1].possessive and adjacent(text, found[end - 1], found[end]):
            if found[end].capital:
                end += 1
            elif found[end].key in lexicon.particles and (ahead := _past_particles(text, found, end, lexicon)):
                end = ahead
            else:
                break
        yield at, end
        at = end


def _opens_no_name(word: Word) -> bool:
    return word.key in FUNCTION_WORDS or word.key.partition("-")[0] in SHARES


def _inside_name(found: Sequence[Word], at: int) -> bool:
    """ "Those" in "Association of Those Concerned": a capital after a name's "of" or "for"."""
    return at > 1 and found[at - 1].key in ("of", "for") and not found[at - 1].capital and found[at - 2].capital


def _past_particles(text: str, found: Sequence[Word], at: int, lexicon: Lexicon) -> int | None:
    """The place after the capital that follows up to three particles, if one does."""
    for ahead in range(at + 1, min(at + 4, len(found))):
        if not adjacent(text, found[ahead - 1], found[ahead]):
            return None
        if found[ahead].capital:
            return ahead + 1
        if found[ahead].key not in lexicon.particles:
            return None
    return None


def split_title(found: Sequence[Word], lexicon: Lexicon) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Title and name of one run: (President, Bashar), (Assad). A run all of titles is all title."""
    at = 0
    while at < len(found) and _opens_title(found[at], lexicon):
        at += 1
    if len(found) == 1 and lexicon.singular(found[0].key) != found[0].key and found[0].key not in lexicon.given:
        return tuple(found), ()  # "Campaigners", "Officials": a plural that opens a sentence
    if _is_body(found) and not any(word.key in lexicon.given or word.possessive for word in found[at:-1]):
        return (), tuple(found)  # "Lone Star Grid & Power", "the Sorvian General Staff"
    given = next((i for i in range(at, len(found)) if found[i].key in lexicon.given), len(found))
    for inner in range(at, min(given, len(found) - 1)):
        # "Roads Minister Kirsty Abara", "U.S. District Judge Yolanda Strickland": the last title decides.
        if _ends_title(found[inner], lexicon):
            at = inner + 1
    while at < len(found) - 1 and found[at].key in lexicon.honorifics:
        at += 1
    if at == len(found) - 1 > 0 and not any(_is_office(word, lexicon) for word in found[:at]):
        at = 0  # "the Federal Reserve": nothing before the noun is anybody's title
    while len(found) - at > 2 and found[-1].key in POSTNOMINALS and found[-1].text.isupper():
        found = found[:-1]
    if at == 0 < given < len(found) - 1 and found[at].kind != "initials" and found[0].text.isascii():
        at = given  # "Distiller Fergus Mackellan"
    return tuple(found[:at]), tuple(found[at:])


def _is_body(found: Sequence[Word]) -> bool:
    """Words that look like titles belong to a body's name: "&" in it, or an organ's word at its end."""
    organ = len(found) > 1 and found[-1].key in ORGANS
    return organ or (len(found) > 2 and any(word.text == "&" for word in found))


def _opens_title(word: Word, lexicon: Lexicon) -> bool:
    known = lexicon.titles(word.key) or word.key in lexicon.states or word.key in lexicon.fields
    return known and (word.kind != "initials" or word.key in lexicon.abbreviations or word.key in lexicon.states)


def _is_office(word: Word, lexicon: Lexicon) -> bool:
    known = word.key in lexicon.people or word.key in lexicon.honorifics or word.key in lexicon.abbreviations
    return known or word.key in lexicon.states or word.possessive


def _ends_title(word: Word, lexicon: Lexicon) -> bool:
    last = word.key.rsplit("-", 1)[-1]
    return last in lexicon.people or last in lexicon.honorifics or last in lexicon.abbreviations


def name_text(text: str, found: Sequence[Word]) -> str:
    """The name as written, on one line, without a nickname in marks."""
    if not found:
        return ""
    written = text[found[0].start : found[-1].end]
    return " ".join((_NICKNAME.sub(" ", written) if len(found) > 1 else written).split())
