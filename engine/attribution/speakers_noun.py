"""One noun phrase without its appositions: name, titles, head noun, gender, number, and what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from engine.attribution.names import FUNCTION_WORDS, Word, runs, split_title
from engine.attribution.speakers_issuer import ENDS, issuer, tells_fate
from engine.attribution.speakers_lexicon import Lexicon
from engine.registry_entry import Gender

PhraseKind = Literal["person", "body", "document", "pronoun", "unsure"]

_PRONOUNS_WORDS = """
he she it they him her them his hers its their theirs i we me us my our mine you your who which whom whose himself
herself themselves itself one ones this that these those
"""
PRONOUNS = frozenset(_PRONOUNS_WORDS.split())
_INDEFINITE_WORDS = """
a an one some another two three four five six seven eight nine ten several many most few any other others each both
neither either none more all dozens hundreds thousands unnamed anonymous
"""
INDEFINITE = frozenset(_INDEFINITE_WORDS.split())
OPENERS = frozenset({"a", "an", "the", "his", "her", "its", "their", "our", "my"})
"""After these a participle opens the phrase and does not end it."""
WHAT_FOR = frozenset(
    {"ministry", "chamber", "department", "bureau", "board", "college", "school", "institute", "guild"}
)
"""Bodies that "of" and a plain noun tell apart."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """`name` are the words of a name without titles; `head` the noun, singular; `words` all that describes, folded.

    `owner` is the name the phrase hangs on: "a spokeswoman for the *union*", "*Strake*'s campaign".
    """

    kind: PhraseKind
    name: tuple[Word, ...] = ()
    head: str = ""
    words: frozenset[str] = frozenset()
    definite: bool = True
    plural: bool = False
    gender: Gender | None = None
    owner: tuple[Word, ...] = ()
    core: tuple[Word, ...] = ()
    possessor: str = ""


POSSESSIVES = ("his", "her", "its", "their", "my", "our", "your")
TRAILING: dict[str, Gender | None] = {
    "himself": "male",
    "herself": "female",
    "itself": None,
    "themselves": None,
    "alone": None,
    "too": None,
    "today": None,
    "yesterday": None,
    "meanwhile": None,
    "also": None,
}


def part_of(text: str, found: Sequence[Word], lexicon: Lexicon) -> Phrase:
    """One part of a source, between commas."""
    if len(found) == 1 and found[0].key in PRONOUNS:
        return Phrase("pronoun", head=found[0].key, core=tuple(found))
    found = _past_office(text, found, lexicon)
    cut = _head_end(text, found, lexicon)
    core, rest = list(found[:cut]), found[cut:]
    if not core:
        return Phrase("unsure", core=tuple(found[:1]))
    definite = core[0].key not in INDEFINITE and core[0].kind != "number"
    possessor = core[0].key if core[0].key in POSSESSIVES else ""
    owner = _owner(text, core, rest, lexicon)
    self_gender: Gender | None = None
    while len(core) > 1 and core[-1].key in TRAILING:
        self_gender = TRAILING[core.pop().key]
    while len(core) > 1 and core[0].key in FUNCTION_WORDS | INDEFINITE | {"then"}:
        core.pop(0)
    held, core = _without_owner(core, _last_run(text, core, lexicon))
    last = _last_run(text, core, lexicon)
    _, name = split_title(last, lexicon) if last else ((), ())
    if len(last) > 1 and found[0].key in ("the", "a", "an") and last[-1].key in lexicon.people:
        name = ()  # "the Arab League Envoy"
    if len(last) == 1 and last[0] is found[0] and last[0].key in lexicon.documents:
        name = ()  # "Minutes of the meeting", "Papers lodged by ..."
    if last and not name and len(last) == len(core) and " ".join(word.key for word in last) in lexicon.countries:
        name = tuple(last)
    described = [word.key for word in (*held, *core) if word not in name]
    if not name and core[-1].key in lexicon.outlets:
        name = _outlet_name(text, core, lexicon)
    if not name:
        noun = _noun([*held, *core], described, lexicon)
        return replace(noun, definite=definite, owner=owner, possessor=possessor)
    kind = _kind_of_name(name, described, lexicon)
    words = _roles(described, lexicon)
    if kind == "person":
        words |= _roles([word.key for word in rest], lexicon)
    return Phrase(
        kind,
        name=tuple(last) if kind == "body" and last else tuple(name),
        head=_head(described, lexicon),
        words=words,
        gender=_gender(described, name, lexicon) or self_gender,
        owner=owner,
        core=tuple(core),
    )


def _outlet_name(text: str, core: list[Word], lexicon: Lexicon) -> tuple[Word, ...]:
    """ "Yonhap news agency", "the Norvik agency": the name before what it is."""
    found = list(runs(text, core, lexicon))
    if len(found) != 1 or not all(word.key in lexicon.outlets for word in core[found[0][1] :]):
        return ()
    return split_title(core[found[0][0] : found[0][1]], lexicon)[1]


def _without_owner(core: list[Word], last: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """ "the Kremlin's spokesman": what is held by whom; a possessive inside a name (Farmers' Union) holds nothing."""
    inside = {id(word) for word in last[:-1]}
    for at in range(len(core) - 2, -1, -1):
        if core[at].possessive and id(core[at]) not in inside:
            return core[: at + 1], core[at + 1 :]
    return [], core


def _noun(core: list[Word], described: Sequence[str], lexicon: Lexicon) -> Phrase:
    of = next((at for at, word in enumerate(core) if at and word.key == "of" and core[at - 1].key in WHAT_FOR), None)
    head = core[of - 1 if of else -1].key
    single = lexicon.singular(head)
    plural = single != head or head in lexicon.groups
    return Phrase(
        _kind_of_noun(head, single, lexicon),
        head=single,
        words=_roles(described, lexicon) | {single},
        plural=plural,
        gender=None if plural else lexicon.genders.get(single),
        core=tuple(core),
    )


def _past_office(text: str, found: Sequence[Word], lexicon: Lexicon) -> Sequence[Word]:
    """ "Secretary of State Joon-ho Whitfield", "Minister of Education Stefania Giannini": a title with "of" in it."""
    for at in range(1, len(found) - 3):
        if (
            found[at].key not in ("of", "for", "to")
            or lexicon.singular(found[at - 1].key) not in lexicon.people
            or not found[at - 1].capital
        ):
            continue
        name = found[at + 2 if found[at + 1].key == "the" else at + 1 :]
        run = next(((a, b) for a, b in runs(text, name, lexicon)), None)
        if run is None or run[0] != 0 or run[1] < 3 or run[1] != len(name):
            continue
        first = next(
            (i for i in range(1, len(name)) if name[i].key in lexicon.given or name[i].kind == "initials"),
            len(name) - 2,
        )
        titled = next((i + 1 for i in range(len(name) - 1) if name[i].key in lexicon.honorifics), 0)
        return [*found[:at], *name[titled or max(1, first) :]]
    return found


def _head_end(text: str, found: Sequence[Word], lexicon: Lexicon) -> int:
    """Where the head ends: at a preposition or relative, unless a body's name runs over it (Ministry of Health)."""
    inside = {i for a, b in runs(text, found, lexicon) for i in range(a, b)}
    for at, word in enumerate(found):
        opening = at == 0 or (at == 1 and found[0].key in OPENERS and word.key not in ("of", "who"))
        if opening or word.capital or at in inside:
            continue  # "a working paper", "a written answer"
        if word.key == "of" and _says_which(found, at):
            continue  # "the ministry of agriculture"
        if word.key in ENDS or (tells_fate(word) and lexicon.singular(found[at - 1].key) in lexicon.documents):
            return at
    return len(found)


def _says_which(found: Sequence[Word], at: int) -> bool:
    """Does "of" and a plain noun say which body it is, as in "the chamber of commerce"?"""
    if found[at - 1].key not in WHAT_FOR or at + 1 >= len(found) or (found[at - 1].capital and at > 1):
        return False
    noun = found[at + 1]
    return noun.kind == "word" and not noun.capital and noun.key not in FUNCTION_WORDS


def _last_run(text: str, core: Sequence[Word], lexicon: Lexicon) -> Sequence[Word]:
    """The run of capitals that the head ends with; a body's connectors inside."""
    found = [(a, b) for a, b in runs(text, core, lexicon)]
    if not found or found[-1][1] != len(core):
        return ()
    start, end = found[-1]
    if (
        len(found) > 1
        and start - found[-2][1] == 1
        and core[start - 1].key == "and"
        and not core[found[-2][1] - 1].possessive
    ):
        start = found[-2][0]  # one name with "and" in it: joint speakers were parted before
    return core[start:end]


def _owner(text: str, core: Sequence[Word], rest: Sequence[Word], lexicon: Lexicon) -> tuple[Word, ...]:
    """ "spokeswoman for the union": the union; "the Kremlin's spokesman": the Kremlin; "a NATO diplomat": NATO."""
    for at, word in enumerate(core[:-1]):
        if word.possessive:
            return tuple(w for w in core[: at + 1] if w.key not in FUNCTION_WORDS)
    if core and (lexicon.singular(core[-1].key) in lexicon.documents):
        return issuer(text, core, rest, lexicon)
    for at, word in enumerate(rest):
        if word.key == "by" and rest[at - 1].key in (
            "seen",
            "obtained",
            "leaked",
            "viewed",
            "reviewed",
            "cited",
            "quoted",
        ):
            continue
        if word.key in ("of", "for", "at", "from", "in", "inside", "within", "by"):
            found = [(a, b) for a, b in runs(text, rest[at:], lexicon)]
            if found:
                return tuple(rest[at:][found[0][0] : found[0][1]])
            return tuple(w for w in rest[at + 1 :] if w.key not in FUNCTION_WORDS)[-1:]
    inner = [(a, b) for a, b in runs(text, core, lexicon) if b < len(core)]
    if inner and inner[-1][1] == 1 and (core[0].key in lexicon.bodies or core[0].key in lexicon.fields):
        return ()  # "Military sources", at a sentence's start
    if inner:
        return tuple(core[inner[-1][0] : inner[-1][1]])
    return ()


def _roles(keys: Sequence[str], lexicon: Lexicon) -> frozenset[str]:
    """Every word that describes, short titles written out, and the roles of two words ("foreign minister")."""
    full = [lexicon.abbreviations.get(key, key) for key in keys if key not in FUNCTION_WORDS]
    full = [lexicon.singular(key) for key in full]
    split = [piece for key in full if "-" in key for piece in key.split("-")]
    pairs = [f"{a} {b}" for a, b in pairwise(full) if b in lexicon.people or b in lexicon.bodies]
    return frozenset((*full, *split, *pairs))


def _head(keys: Sequence[str], lexicon: Lexicon) -> str:
    heads = [lexicon.singular(lexicon.abbreviations.get(key, key)) for key in keys]
    return next((head for head in reversed(heads) if head in lexicon.people or head in lexicon.bodies), "")


def _gender(described: Sequence[str], name: Sequence[Word], lexicon: Lexicon) -> Gender | None:
    for key in described:
        if gender := lexicon.genders.get(key) or lexicon.genders.get(key.split("-")[0]):
            return gender
    return lexicon.given_gender(name[0].key) if name else None


def _kind_of_name(name: Sequence[Word], described: Sequence[str], lexicon: Lexicon) -> PhraseKind:
    keys = [word.key for word in name]
    if lexicon.given_gender(name[0].key) or name[0].kind == "initials":
        return "person"
    if any(key in lexicon.bodies or lexicon.singular(key) in lexicon.bodies or key in lexicon.outlets for key in keys):
        return "body"
    heads = [lexicon.singular(lexicon.abbreviations.get(key, key)) for key in described]
    if heads and (heads[-1] in lexicon.people or heads[-1] in lexicon.honorifics):
        return "person"
    if heads and (heads[-1] in lexicon.bodies or heads[-1] in lexicon.outlets):
        return "body"
    return "unsure"


def _kind_of_noun(head: str, single: str, lexicon: Lexicon) -> PhraseKind:
    if head in lexicon.people or single in lexicon.people:
        return "person"
    if head in lexicon.bodies or single in lexicon.bodies:
        return "body"
    if head in lexicon.documents or single in lexicon.documents:
        return "document"
    return "person"
