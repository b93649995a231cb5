"""Test cases for the quote check, made from marked articles: true, bent and invented quotations with their verdicts.

The archive holds most of the articles; the rest is kept out of it, and what is said there serves as invented
quotations: fluent, on the same kinds of subject, and nowhere in the archive. What the archive holds does not depend on
the seed, so one store serves all seeds; everything else is drawn with a seeded generator.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.check_answer import Verdict
from engine.check_words import words_in
from engine.learning.corpus import GoldDocument, GoldQuote
from engine.models import Span
from engine.text import words
from tests.bench import check_bends as bends
from tests.bench.check_bends import LEAST_WORDS, Bend

CaseKind = Literal[
    "verbatim", "re-punctuated", "ends cut", "fragment", "ellipsis", "brackets", "word changed", "word added",
    "number changed", "words left out", "negation dropped", "negation added", "joined", "joined by ellipsis",
    "made direct", "reported", "wrong speaker", "statement removed", "invented", "scrambled",
]  # fmt: skip

EXPECTED: dict[CaseKind, tuple[Verdict, ...]] = {
    "verbatim": ("verbatim",),
    "re-punctuated": ("verbatim",),
    "ends cut": ("verbatim",),
    "fragment": ("verbatim",),
    "ellipsis": ("verbatim",),
    "brackets": ("verbatim",),
    "word changed": ("altered",),
    "word added": ("altered",),
    "number changed": ("altered",),
    "words left out": ("altered",),
    "negation dropped": ("altered",),
    "negation added": ("altered",),
    "joined": ("joined",),
    "joined by ellipsis": ("joined",),
    "made direct": ("paraphrase",),
    "reported": ("paraphrase",),
    "wrong speaker": ("other_speaker",),
    "statement removed": ("not_found", "paraphrase"),
    "invented": ("not_found",),
    "scrambled": ("not_found",),
}
"""A statement removed from the archive leaves its speaker's others on the subject: one of them may be near enough to be
shown as a paraphrase, but never as his words."""

KEPT_OUT = 5
"""Every fifth article is kept out of the archive."""
REMOVED = 9
"""Of every so many paragraphs with a quotation one is removed from the archive."""


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation of an article without marks, with the full name of who said it and whom the article calls `he`."""

    document: str
    words: str
    speaker: str
    direct: bool
    pronoun: str | None = None
    title: str | None = None
    body: bool = False
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    kind: CaseKind
    quotation: str
    said: Said
    speaker: str
    """Whom the draft names: another than who said it in a case of the kind `wrong speaker`."""


@dataclass(frozen=True, slots=True)
class CheckArchive:
    """`removed` are paragraphs to be taken out of archive articles, by document and exact text."""

    documents: tuple[GoldDocument, ...]
    outside: tuple[GoldDocument, ...]
    removed: dict[str, tuple[str, ...]]


def archive_of(documents: Sequence[GoldDocument]) -> CheckArchive:
    inside = tuple(d for i, d in enumerate(documents) if i % KEPT_OUT)
    outside = tuple(d for i, d in enumerate(documents) if not i % KEPT_OUT)
    removed = {}
    for document in inside:
        said = [s.words for s in said_in(document) if s.direct]
        paragraphs = [p for p in re.split(r"\n+", document["text"]) if any(s in p for s in said)]
        gone = tuple(p for p in paragraphs if zlib.crc32(p.encode()) % REMOVED == 0)
        if gone:
            removed[document["doc_id"]] = gone
    return CheckArchive(inside, outside, removed)


def check_cases(archive: CheckArchive, *, seed: int, each: int) -> tuple[Case, ...]:
    """About `each` cases of every kind, shuffled."""
    chance = random.Random(seed)
    said = [s for d in archive.documents for s in said_in(d)]
    gone = [s for s in said if s.direct and any(s.words in p for p in archive.removed.get(s.document, ()))]
    there = [s for s in said if not any(s.words in p for p in archive.removed.get(s.document, ()))]
    direct = [s for s in there if s.direct]
    invented = [s for d in archive.outside for s in said_in(d) if s.direct]
    for pool in (there, direct, gone, invented):
        chance.shuffle(pool)
    everyone = sorted({s.speaker for s in said if s.speaker[0].isupper() and not s.body})
    cases = [
        case
        for kind, bend in _bends_of(direct).items()
        for case in _some(each, kind, _rotated(there if kind == "made direct" else direct, chance), bend, chance)
    ]
    cases += _first(each, _joined(direct, "joined", chance))
    cases += _first(each, _joined(direct, "joined by ellipsis", chance))
    cases += _first(each, _wrong_speakers(_rotated(direct, chance), said, chance))
    cases += [Case("statement removed", s.words, s, s.speaker) for s in gone[:each] if not _elsewhere(s, archive)]
    for s in invented[:each]:
        cases.append(Case("invented", s.words, s, chance.choice(everyone)))
    cases += _first(each, _scrambled(direct, chance))
    chance.shuffle(cases)
    return tuple(cases)


def _bends_of(direct: Sequence[Said]) -> dict[CaseKind, Bend]:
    vocabulary = sorted({w for s in direct for w in re.findall(r"[a-z]{5,}", s.words)})
    return {
        "verbatim": bends.unchanged, "re-punctuated": bends.repunctuated, "ends cut": bends.ends_cut,
        "fragment": bends.fragment, "ellipsis": bends.shortened_with_ellipsis, "brackets": bends.bracketed,
        "word changed": bends.word_changed(vocabulary), "word added": bends.word_added(vocabulary),
        "number changed": bends.number_changed, "words left out": bends.shortened,
        "negation dropped": bends.negation_dropped, "negation added": bends.negation_added,
        "made direct": bends.made_direct, "reported": bends.reported,
    }  # fmt: skip


def _rotated(said: Sequence[Said], chance: random.Random) -> list[Said]:
    """From another place on, so that the kinds of case are made from different quotations."""
    start = chance.randrange(len(said)) if said else 0
    return [*said[start:], *said[:start]]


def _some(each: int, kind: CaseKind, pool: Sequence[Said], bend: Bend, chance: random.Random) -> list[Case]:
    def made() -> Iterator[Case]:
        for said in pool:
            if said.direct == (kind != "made direct") and (bent := bend(said.words, chance)):
                yield Case(kind, bent, said, said.speaker)

    return _first(each, made())


def _first(each: int, made: Iterator[Case]) -> list[Case]:
    return [case for case, _ in zip(made, range(each), strict=False)]


def said_in(document: GoldDocument) -> Iterator[Said]:
    """Quotations in one piece by a named speaker, long enough to be somebody's words."""
    pronouns: dict[str, str] = {}
    titles: dict[str, str] = {}
    for quote in document["quotes"]:
        speaker = quote["speaker_name"]
        if speaker and len(quote["source"]) == 1:
            source = document["text"][slice(*quote["source"][0])]
            if source.lower() in ("he", "she"):
                pronouns.setdefault(speaker, source.lower())
            elif title := re.fullmatch(rf"((?:[A-Z][a-z]+ ){{1,3}}){re.escape(speaker)}", source):
                titles.setdefault(speaker, title[1] + speaker)
    for quote in document["quotes"]:
        words, speaker = _inner(document["text"], quote), quote["speaker_name"]
        if words and speaker and " and " not in speaker and not quote["nested"]:
            direct = quote["type"] == "direct"
            body = quote["form"] in ("organisation", "document")
            yield Said(document["doc_id"], words, speaker, direct, pronouns.get(speaker), titles.get(speaker), body,
                       document["text"].count("\n", 0, quote["content"][0][0]))  # fmt: skip


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


def _joined(direct: Sequence[Said], kind: CaseKind, chance: random.Random) -> Iterator[Case]:
    """Two quotations of one speaker in one article, whole or in halves; more rarely of two speakers."""
    by_speaker: dict[tuple[str, str], list[Said]] = {}
    for said in direct:
        by_speaker.setdefault((said.document, said.speaker), []).append(said)
    groups = [many for many in by_speaker.values() if len(many) > 1]
    chance.shuffle(groups)
    for many in groups:
        one, two = chance.sample(many, 2) if chance.random() < 0.75 else chance.sample(list(direct), 2)
        first, second = one.words.rstrip(".,"), two.words
        if chance.random() < 0.4:
            first, second = _half(first, head=True), _half(second, head=False)
        joint = (
            chance.choice((" … ", " ... ", " […] ")) if kind == "joined by ellipsis" else chance.choice((". ", ", "))
        )
        if not (one.paragraph == two.paragraph and one.document == two.document):
            yield Case(kind, first + joint + second, one, one.speaker)


def _half(said: str, *, head: bool) -> str:
    parts = said.split()
    size = max(5, len(parts) * 2 // 3)
    return " ".join(parts[:size] if head else parts[-size:])


def _wrong_speakers(pool: Sequence[Said], everyone: Sequence[Said], chance: random.Random) -> Iterator[Case]:
    """Half the time somebody else of the same article, else anybody."""
    for said in pool:
        own = set(said.speaker.split())
        near = chance.random() < 0.5
        others = sorted({
            s.speaker for s in everyone
            if (s.document == said.document) == near and s.speaker[0].isupper() and not s.body
            and not own & set(s.speaker.split())
        })  # fmt: skip
        if others:
            yield Case("wrong speaker", said.words, said, chance.choice(others))


def _scrambled(direct: Sequence[Said], chance: random.Random) -> Iterator[Case]:
    """Nobody's words: pairs and triples of words out of many quotations, strung together."""
    while direct:
        pieces = []
        for said in chance.sample(list(direct), min(6, len(direct))):
            parts = said.words.split()
            start = chance.randrange(max(1, len(parts) - 3))
            pieces += parts[start : start + chance.choice((2, 3))]
        text = re.sub(r"[^\w\s'’-]", "", " ".join(pieces)).lower()
        said = chance.choice(list(direct))
        yield Case("scrambled", text[0].upper() + text[1:], said, said.speaker)


def _elsewhere(said: Said, archive: CheckArchive) -> bool:
    """Do the words, or five of them in a row, stand in a paragraph that was not removed?"""
    ours = [w for w, _ in words(said.words)]
    runs = [f" {' '.join(ours[i : i + 5])} " for i in range(max(1, len(ours) - 4))]
    for document in archive.documents:
        if document["doc_id"] == said.document:
            kept = document["text"]
            for paragraph in archive.removed.get(said.document, ()):
                kept = kept.replace(paragraph, "")
            text = f" {' '.join(w for w, _ in words(kept))} "
            return any(run in text for run in runs)
    return False
