"""What must hold in every file of the corpus: the guidelines, as far as a program can tell.

Each check takes a parsed article and yields problems with their lines; none of them looks at more than one file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

from engine.errors import InputError
from engine.learning.markup import TAG_ROLES, MarkedArticle, Problem, Row, read_marked
from engine.models import ACTS, KINDS

FORMS: Final = ("named", "pronoun", "nominal", "organisation", "document", "anonymous", "none")
STYLES: Final = (
    "wire", "broadsheet", "tabloid", "local", "broadcast", "feature", "interview", "liveblog",
    "opinion", "court", "business", "science", "sport", "press-release", "listing",
)  # fmt: skip
HEADER: Final = ("title", "outlet", "date", "style", "lang")

OPENING: Final = "“\"‘'«„”»`"
CLOSING: Final = "”\"’'»“«"
"""Either side of any style in use, so that »German« and ”Swedish” marks are read too."""

MARKED: Final = re.compile(
    r"“[^”]+[”\"]|\"[^\"]+\"|«[^»]+»|»[^«]+«|„[^“”]+[“”]|(?<!\w)''.+?''|(?<!\w)[‘'][^’'\n]{2,}[’'](?!\w)"
)
CLOSED_BY: Final = {
    "''": ("''", "”", '"'),
    "“": ("”", '"', "''"),
    '"': ('"', "”", "''"),
    "«": ("»", '"', "”"),
    "„": ("“", "”", '"'),
}
"""Double marks, and what closes them in real text; single ones are told from apostrophes only in pairs."""

COMPLEMENTISER: Final = re.compile(r"[ ,]*\b(?:that|whether)\s+")
EDGE_PUNCTUATION: Final = ",;:"


def validate(path: Path) -> list[Problem]:
    """Every problem of one corpus file, by line; an empty list means that it keeps the guidelines."""
    try:
        article = read_marked(path)
    except InputError as error:
        return [Problem(1, str(error))]
    found = list(article.problems)
    for check in CHECKS:
        found.extend(check(article))
    return sorted(set(found))


def _header(article: MarkedArticle) -> Iterator[Problem]:
    for key in HEADER:
        if not article.header.get(key):
            yield Problem(1, f"header {key!r} is missing")
    if article.header.get("style", "wire") not in STYLES:
        yield Problem(1, f"unknown style {article.header['style']!r}")
    try:
        date.fromisoformat(article.header.get("date", "2000-01-01"))
    except ValueError:
        yield Problem(1, f"date {article.header['date']!r} is not YYYY-MM-DD")


def _values(article: MarkedArticle) -> Iterator[Problem]:
    for number, row in article.rows.items():
        for name, value, known in (("kind", row.kind, KINDS), ("act", row.act, ACTS), ("form", row.form, FORMS)):
            if value not in known:
                yield Problem(row.line, f"id {number}: unknown {name} {value!r}")
        if not row.speaker:
            yield Problem(row.line, f"id {number}: no speaker (write - where there is none)")


def _rows_and_tags(article: MarkedArticle) -> Iterator[Problem]:
    tagged = {tag.number: tag.line for tag in article.tags}
    for number, line in tagged.items():
        if number not in article.rows:
            yield Problem(line, f"id {number} is tagged but has no row")
    for number, row in article.rows.items():
        if number not in tagged:
            yield Problem(row.line, f"id {number} has a row but no tags")
        elif not article.spans(number, "c"):
            yield Problem(row.line, f"id {number} has no content")
        elif (row.form == "none") != (not article.spans(number, "s")):
            has = "has" if row.form == "none" else "lacks"
            yield Problem(row.line, f"id {number}: form {row.form} but it {has} a source")


def _twice(article: MarkedArticle) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], int] = {}
    for number, row in article.rows.items():
        places = tuple(tuple(article.spans(number, role)) for role in ("q", "c"))
        if (first := seen.setdefault(places, number)) != number:
            yield Problem(row.line, f"id {number} marks the same words as id {first}")


def _edges(article: MarkedArticle) -> Iterator[Problem]:
    for tag in article.tags:
        words = article.text[tag.start : tag.end]
        where = f"{tag.role} {tag.number}"
        if not words:
            yield Problem(tag.line, f"{where} is empty")
            continue
        if words != words.strip():
            yield Problem(tag.line, f"{where} begins or ends with a space: {words!r}")
        if "\n\n" in words:
            yield Problem(tag.line, f"{where} runs over a paragraph break")
        if _inside_word(article.text, tag.start) or _inside_word(article.text, tag.end):
            yield Problem(tag.line, f"{where} begins or ends inside a word: {words!r}")
        if tag.role in "sqv" and len(words) > 1 and words[-1] in EDGE_PUNCTUATION:
            yield Problem(tag.line, f"{where} ends with punctuation: {words!r}")


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _cue_and_content(article: MarkedArticle) -> Iterator[Problem]:
    for number, row in article.rows.items():
        contents, cues = article.spans(number, "c"), article.spans(number, "q")
        for start, end in cues:
            if any(start < stop and begin < end for begin, stop in contents):
                yield Problem(row.line, f"id {number}: its cue lies in its own content")
            for begin, _ in contents:
                between = article.text[end:begin] if end <= begin else ""
                if COMPLEMENTISER.fullmatch(between):
                    yield Problem(row.line, f"id {number}: {between.strip()!r} belongs to the content")
            if re.search(r" (?:that|whether)$", article.text[start:end]):
                yield Problem(row.line, f"id {number}: the cue ends with the content's complementiser")
        for role in TAG_ROLES:
            if any(one[1] > other[0] for one, other in pairwise(article.spans(number, role))):
                yield Problem(row.line, f"id {number}: two {role} pieces overlap")


def _kinds(article: MarkedArticle) -> Iterator[Problem]:
    for number, row in article.rows.items():
        pieces = [article.text[start:end] for start, end in article.spans(number, "c")]
        if not pieces:
            continue
        whole = all(in_marks(piece) for piece in pieces)
        if row.kind != "direct" and whole:
            yield Problem(row.line, f"id {number}: {row.kind}, but all of its content is inside marks")
        if row.kind == "mixed" and not any(mark in piece for piece in pieces for mark in OPENING):
            yield Problem(row.line, f"id {number}: mixed, but nothing in its content is marked")
        if row.kind == "direct" and any(in_marks(piece) for piece in pieces) and not all(map(at_mark, pieces)):
            yield Problem(row.line, f"id {number}: direct, but a piece of its content is outside marks")
        if row.kind != "direct" and any(piece[-1] in ",;:" for piece in pieces):
            yield Problem(row.line, f"id {number}: its content ends with punctuation")


def at_mark(piece: str) -> bool:
    """Whether an edge of `piece` carries a mark; a quotation over paragraphs, or left open, has only one such edge."""
    return piece[0] in OPENING or piece.rstrip(".,;")[-1:] in tuple(CLOSING)


def in_marks(piece: str) -> bool:
    """Whether the piece is one marked stretch and nothing else: even left open, or closed by another style's mark."""
    piece = piece.rstrip(".,;")
    if MARKED.fullmatch(piece) or (piece[0] == "‘" and piece[-1] in "’'" and piece.count("‘") == 1):
        return True
    for opening, closings in CLOSED_BY.items():
        if piece.startswith(opening):
            rest = piece[len(opening) :]
            ends = [at + len(mark) for mark in closings if (at := rest.find(mark)) >= 0]
            return not ends or min(ends) == len(rest)
    return False


def _speakers(article: MarkedArticle) -> Iterator[Problem]:
    names = {row.speaker for row in article.rows.values() if not row.speaker.startswith("anon:")}
    for number, row in article.rows.items():
        yield from _speaker(article, number, row)
        words = row.speaker.split()
        if row.form in ("named", "pronoun", "nominal") and len(words) == 1:
            longer = sorted(name for name in names if name.split()[-1:] == words and name != row.speaker)
            if longer:
                yield Problem(row.line, f"id {number}: {row.speaker!r} is also written {longer[0]!r}")


def _speaker(article: MarkedArticle, number: int, row: Row) -> Iterator[Problem]:
    anonymous = row.speaker.startswith("anon:")
    if row.form == "anonymous" and not anonymous:
        yield Problem(row.line, f"id {number}: form anonymous, but the speaker is {row.speaker!r}")
    if row.form == "named" and (anonymous or row.speaker == "-"):
        yield Problem(row.line, f"id {number}: form named, but the speaker is {row.speaker!r}")
    if row.speaker.startswith(("anon ", "anon:")) and not re.match(r"anon: \S", row.speaker):
        yield Problem(row.line, f"id {number}: write 'anon: ' and a description, not {row.speaker!r}")
    if row.form == "named" and not any(word.casefold() in article.text.casefold() for word in _name_words(row.speaker)):
        yield Problem(row.line, f"id {number}: no word of {row.speaker!r} stands in the article")


def _name_words(speaker: str) -> list[str]:
    return [word for word in re.sub(r"\(.*?\)", "", speaker).split() if word[:1].isupper()]


Check = Callable[[MarkedArticle], Iterator[Problem]]
CHECKS: Final[tuple[Check, ...]] = (
    _header, _values, _rows_and_tags, _twice, _edges, _cue_and_content, _kinds, _speakers,
)  # fmt: skip
