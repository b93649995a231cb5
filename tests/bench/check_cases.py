"""Test cases for the quote check, made from the marked corpus: true, bent and invented quotations with their verdicts.

The archive holds most of the corpus; the rest is kept out of it, and what is said there serves as invented quotations:
fluent, on the same kinds of subject, and nowhere in the archive. Everything is drawn with a seeded generator.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.check_answer import Verdict
from engine.check_words import negations, words_in
from engine.learning.corpus import GoldDocument, GoldQuote
from engine.models import Span
from engine.query_words import FUNCTION_WORDS
from engine.text import stem, words

CaseKind = Literal[
    "verbatim", "re-punctuated", "ends cut", "ellipsis", "word changed", "words left out", "negation dropped",
    "joined", "joined by ellipsis", "made direct", "wrong speaker", "statement removed", "invented",
]  # fmt: skip

EXPECTED: dict[CaseKind, tuple[Verdict, ...]] = {
    "verbatim": ("verbatim",),
    "re-punctuated": ("verbatim",),
    "ends cut": ("verbatim",),
    "ellipsis": ("verbatim",),
    "word changed": ("altered",),
    "words left out": ("altered",),
    "negation dropped": ("altered",),
    "joined": ("joined",),
    "joined by ellipsis": ("joined",),
    "made direct": ("paraphrase",),
    "wrong speaker": ("other_speaker",),
    "statement removed": ("not_found", "paraphrase"),
    "invented": ("not_found",),
}
"""A statement removed from the archive leaves its speaker's others on the subject: one of them may be near enough to be
shown as a paraphrase, but never as his words."""

KEPT_OUT = 5
"""Every fifth article is kept out of the archive."""
LEAST_WORDS = 7


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation of the corpus without marks, with the full name of who said it."""

    document: str
    words: str
    speaker: str
    direct: bool


@dataclass(frozen=True, slots=True)
class Case:
    kind: CaseKind
    quotation: str
    speaker: str


@dataclass(frozen=True, slots=True)
class CheckCases:
    """`removed` are paragraphs to be taken out of archive articles, by document and exact text."""

    cases: tuple[Case, ...]
    archive: tuple[GoldDocument, ...]
    removed: dict[str, tuple[str, ...]]


def check_cases(documents: Sequence[GoldDocument], *, seed: int, each: int) -> CheckCases:
    """About `each` cases of every kind."""
    chance = random.Random(seed)
    archive = [d for i, d in enumerate(documents) if i % KEPT_OUT]
    outside = [d for i, d in enumerate(documents) if not i % KEPT_OUT]
    said = [s for d in archive for s in _said(d)]
    direct = [s for s in said if s.direct]
    chance.shuffle(direct)
    vocabulary = sorted({w for s in direct for w in re.findall(r"[a-z]{5,}", s.words)})
    pools = _split(direct)
    cases = [
        *(Case("verbatim", s.words, s.speaker) for s in pools[0][:each]),
        *(Case("re-punctuated", _repunctuated(s.words, chance), s.speaker) for s in pools[1][:each]),
        *_some(each, (_ends_cut(s, chance) for s in pools[2])),
        *_some(each, (_shortened(s, chance, " … ", "ellipsis") for s in pools[3])),
        *_some(each, (_word_changed(s, vocabulary, chance) for s in pools[4])),
        *_some(each, (_shortened(s, chance, " ", "words left out") for s in pools[5])),
        *_some(each, (_negation_dropped(s) for s in direct)),
        *_some(each, _joined(direct, chance)),
        *_some(each, (_made_direct(s) for s in said if not s.direct)),
        *_some(each, (_wrong_speaker(s, said, chance) for s in pools[6])),
    ]
    invented = [s for d in outside for s in _said(d) if s.direct]
    chance.shuffle(invented)
    speakers = sorted({s.speaker for s in said})
    cases += [Case("invented", s.words, chance.choice(speakers)) for s in invented[:each]]
    removed = _removals(archive, pools[7], {c.quotation for c in cases}, each)
    cases += [Case("statement removed", s.words, s.speaker) for s, _ in removed]
    by_document: dict[str, tuple[str, ...]] = {}
    for s, paragraph in removed:
        by_document[s.document] = (*by_document.get(s.document, ()), paragraph)
    chance.shuffle(cases)
    return CheckCases(tuple(cases), tuple(archive), by_document)


def _some(each: int, made: Iterator[Case | None]) -> list[Case]:
    found: list[Case] = []
    for case in made:
        if case is not None:
            found.append(case)
        if len(found) == each:
            break
    return found


def _split(direct: Sequence[Said]) -> list[list[Said]]:
    return [list(direct[i::8]) for i in range(8)]


def _said(document: GoldDocument) -> Iterator[Said]:
    """Quotations in one piece by a named speaker, long enough to be somebody's words."""
    for quote in document["quotes"]:
        words, speaker = _inner(document["text"], quote), quote["speaker_name"]
        if words and speaker and not speaker.startswith("anon") and " and " not in speaker and not quote["nested"]:
            yield Said(document["doc_id"], words, speaker, quote["type"] == "direct")


def _inner(text: str, quote: GoldQuote) -> str | None:
    if len(quote["content"]) != 1 or quote["type"] == "mixed":
        return None
    start, end = quote["content"][0]
    content = text[start:end].strip()
    if quote["type"] == "direct":
        content = content.strip("“”„\"'‘’«» ")
    if (
        "\n" in content
        or re.search('[“”„"«»…]', content)
        or len(words_in(content, (Span(0, len(content)),))) < LEAST_WORDS
    ):
        return None
    return content


def _repunctuated(words: str, chance: random.Random) -> str:
    """Other punctuation, dashes, apostrophes and first letter; the same words."""
    words = words.replace("’", "'").replace(" — ", " - ").rstrip(".,;!?")
    words = words.replace(", ", chance.choice((" ", "; ", " – ")), 1)
    return words[0].swapcase() + words[1:] + chance.choice(("", ".", "!", ","))


def _ends_cut(said: Said, chance: random.Random) -> Case | None:
    parts = said.words.split()
    if len(parts) < LEAST_WORDS + 3:
        return None
    start = chance.randint(0, 3)
    return Case("ends cut", " ".join(parts[start : len(parts) - chance.randint(0 if start else 1, 2)]), said.speaker)


def _shortened(said: Said, chance: random.Random, joint: str, kind: CaseKind) -> Case | None:
    parts = said.words.split()
    if len(parts) < 12:
        return None
    start = chance.randint(4, len(parts) - 7)
    cut = chance.randint(2, min(5, len(parts) - start - 4))
    left_out = " ".join(parts[start : start + cut])
    if negations(left_out) or not any(w not in FUNCTION_WORDS for w, _ in words(left_out)):
        return None
    return Case(kind, " ".join(parts[:start]) + joint + " ".join(parts[start + cut :]), said.speaker)


def _word_changed(said: Said, vocabulary: Sequence[str], chance: random.Random) -> Case | None:
    places = [m for m in re.finditer(r"\b[a-z]{4,}\b", said.words) if m.group() not in FUNCTION_WORDS]
    if not places:
        return None
    place = chance.choice(places)
    other = chance.choice([w for w in vocabulary if stem(w) != stem(place.group())])
    return Case("word changed", said.words[: place.start()] + other + said.words[place.end() :], said.speaker)


_NEGATION = re.compile(r"\b(?:not|never) |(?<=is|as|re|ld)n[’']t(?= )")
"""Negations that can go without breaking the sentence ("isn't", "hasn't", "weren't", "wouldn't")."""


def _negation_dropped(said: Said) -> Case | None:
    bent, count = _NEGATION.subn("", said.words, count=1)
    return Case("negation dropped", bent[0].upper() + bent[1:], said.speaker) if count else None


def _joined(direct: Sequence[Said], chance: random.Random) -> Iterator[Case | None]:
    by_speaker: dict[tuple[str, str], list[Said]] = {}
    for said in direct:
        by_speaker.setdefault((said.document, said.speaker), []).append(said)
    for many in by_speaker.values():
        if len(many) > 1:
            one, two = chance.sample(many, 2)
            kind: CaseKind = chance.choice(("joined", "joined by ellipsis"))
            joint = " … " if kind == "joined by ellipsis" else " "
            first = one.words if kind == "joined by ellipsis" else one.words.rstrip(".,") + "."
            yield Case(kind, first + joint + two.words, one.speaker)


_DIRECT = (
    (r"^that\b ?", ""), (r"\b(?:he|she) had\b", "I have"), (r"\b(?:he|she) was\b", "I am"),
    (r"\bthey had\b", "we have"),
    (r"\bthey were\b", "we are"), (r"\bthey\b", "we"), (r"\btheir\b", "our"), (r"\b(?:he|she)\b", "I"),
    (r"\bhis\b", "my"), (r"\bwould\b", "will"), (r"\bhad\b", "has"), (r"\bwas\b", "is"), (r"\bwere\b", "are"),
    (r"\bcould\b", "can"),
)  # fmt: skip


def _made_direct(said: Said) -> Case | None:
    """A reporter's words turned into a speech that was never given in them."""
    bent = said.words
    for pattern, other in _DIRECT:
        bent = re.sub(pattern, other, bent, flags=re.IGNORECASE)
    changed = sum(a != b for a, b in zip(bent.split(), said.words.removeprefix("that ").split(), strict=False))
    return Case("made direct", bent[0].upper() + bent[1:], said.speaker) if changed else None


def _wrong_speaker(said: Said, everyone: Sequence[Said], chance: random.Random) -> Case | None:
    own = set(said.speaker.split())
    others = sorted({s.speaker for s in everyone if s.document == said.document and not own & set(s.speaker.split())})
    return Case("wrong speaker", said.words, chance.choice(others)) if others else None


def _removals(
    archive: Sequence[GoldDocument], direct: Sequence[Said], used: set[str], each: int
) -> list[tuple[Said, str]]:
    """Statements with the paragraph that holds them, where no other case is made from that paragraph."""
    texts = {document["doc_id"]: document["text"] for document in archive}
    found = []
    for said in direct:
        paragraph = next((p for p in re.split(r"\n+", texts[said.document]) if said.words in p), None)
        if paragraph and not any(_touches(paragraph, quotation) for quotation in used):
            found.append((said, paragraph))
    return found[:each]


def _touches(paragraph: str, quotation: str) -> bool:
    """Do paragraph and quotation share a run of five words?"""
    ours = [w for w, _ in words(quotation)]
    theirs = f" {' '.join(w for w, _ in words(paragraph))} "
    return any(f" {' '.join(ours[i : i + 5])} " in theirs for i in range(max(1, len(ours) - 4)))


_FRAMES = (
    "“{quotation},” {speaker} said.",
    "{speaker} said: “{quotation}”",
    "“{quotation},” said {speaker}.",
    "{speaker} told reporters: “{quotation}”",
)
_FILLER = (
    "The matter has occupied the council since the spring.",
    "Trading was thin and the afternoon passed without further news.",
    "A decision is expected before the end of the month.",
)


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A draft of several cases; `places[i]` is where the words of `cases[i]` stand."""

    text: str
    cases: tuple[Case, ...]
    places: tuple[Span, ...]


def drafts_of(cases: Sequence[Case], *, seed: int, size: int = 10) -> list[CaseDraft]:
    chance = random.Random(seed)
    made = []
    for at in range(0, len(cases), size):
        text, places = "", []
        for case in cases[at : at + size]:
            quotation = case.quotation.rstrip(",")
            frame = chance.choice(_FRAMES)
            if frame.startswith("“"):
                quotation = quotation.rstrip(".")
            block = frame.format(quotation=quotation, speaker=case.speaker)
            start = len(text) + block.index(quotation)
            places.append(Span(start, start + len(quotation)))
            text += block + "\n\n" + (chance.choice(_FILLER) + "\n\n" if chance.random() < 0.4 else "")
        made.append(CaseDraft(text, tuple(cases[at : at + size]), tuple(places)))
    return made
