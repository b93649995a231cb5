"""Reading one marked-up article of the corpus: header, body with tags, rows.

The body's text without its tags is the article; every span is a half-open range of code points into exactly that text,
so what is trained on is what a reader of the article sees. The format is described in `corpus/GUIDELINES.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from engine.errors import InputError

TagRole = Literal["s", "q", "c", "v"]
TAG_ROLES: Final[tuple[TagRole, ...]] = get_args(TagRole)

SEPARATOR: Final = re.compile(r"^---[ \t]*$", re.MULTILINE)
TAG: Final = re.compile(r"<(/?)([sqcv])(?: (\d+))?>")
STRAY: Final = re.compile(r"</?[a-z](?:[ >]|\d)[^\n]{0,20}")
PARTS: Final = 3
ROW_FIELDS: Final = 6


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in a corpus file, with its 1-based line."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """What the table after the body says of one attribution."""

    line: int
    kind: str
    act: str
    speaker: str
    form: str
    via: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tagged stretch: role, attribution number, `[start, end)` in the text, line in the file."""

    role: str
    number: int
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """A corpus file as read. `problems` are those of its form alone; `validate` adds those of its meaning."""

    path: Path
    header: dict[str, str]
    text: str
    tags: tuple[Tag, ...]
    rows: dict[int, Row]
    problems: tuple[Problem, ...]

    def spans(self, number: int, role: TagRole) -> list[tuple[int, int]]:
        return sorted((tag.start, tag.end) for tag in self.tags if tag.number == number and tag.role == role)


def read_marked(path: Path) -> MarkedArticle:
    """Parse `path`; raises InputError only where it cannot be cut into header, body and rows at all."""
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    parts = SEPARATOR.split(raw)
    if len(parts) != PARTS:
        raise InputError(f"{path}: expected header, body and rows between two lines of ---, found {len(parts)} parts")
    head, middle, tail = parts
    body_line = head.count("\n") + 1
    rows_line = body_line + middle.count("\n")
    problems: list[Problem] = []
    text, tags = _untag(middle, body_line, problems)
    rows = _rows(tail, rows_line, problems)
    return MarkedArticle(path, _header(head), text, tags, rows, tuple(problems))


def _header(head: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in head.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _rows(tail: str, line: int, problems: list[Problem]) -> dict[int, Row]:
    rows: dict[int, Row] = {}
    for at, written in enumerate(tail.split("\n"), start=line):
        if not written.strip():
            continue
        fields = [field.strip() for field in written.split("|")]
        fields += [""] * (ROW_FIELDS - len(fields))
        if len(fields) != ROW_FIELDS or not fields[0].isdecimal():
            problems.append(Problem(at, f"not a row of id | kind | act | speaker | form | via: {written!r}"))
            continue
        number = int(fields[0])
        if number in rows:
            problems.append(Problem(at, f"id {number} has two rows"))
        via = tuple(name.strip() for name in fields[5].split(">") if name.strip())
        rows[number] = Row(at, fields[1], fields[2], fields[3], fields[4], via)
    return rows


def _untag(middle: str, line: int, problems: list[Problem]) -> tuple[str, tuple[Tag, ...]]:
    """The text between the tags, and the tags with their places in it."""
    body = middle.strip("\n")
    line += len(middle) - len(middle.lstrip("\n"))
    pieces: list[str] = []
    tags: list[Tag] = []
    opened: list[tuple[str, int, int, int]] = []
    length = 0
    for piece, match, at in _pieces(body, line):
        pieces.append(piece)
        length += len(piece)
        if match is None:
            continue
        closing, role, number = match.groups()
        if not closing and number is None:
            problems.append(Problem(at, f"tag {match[0]} has no id"))
        elif not closing:
            opened.append((role, int(number), length, at))
        elif not opened or opened[-1][0] != role:
            problems.append(Problem(at, f"{match[0]} closes nothing that is open"))
        else:
            role, which, start, began = opened.pop()
            tags.append(Tag(role, which, start, length, began))
    problems.extend(Problem(at, f"<{role} {which}> is never closed") for role, which, _, at in opened)
    text = "".join(pieces)
    problems.extend(
        Problem(line + body[: body.find(stray[0])].count("\n"), f"looks like a broken tag: {stray[0]!r}")
        for stray in STRAY.finditer(text)
    )
    return text, tuple(sorted(tags, key=lambda tag: (tag.start, -tag.end, tag.role, tag.number)))


def _pieces(body: str, line: int) -> Iterator[tuple[str, re.Match[str] | None, int]]:
    """Text before each tag, the tag, and the line the tag stands in; last the text after all tags."""
    at = 0
    for match in TAG.finditer(body):
        piece = body[at : match.start()]
        line += piece.count("\n")
        yield piece, match, line
        at = match.end()
    yield body[at:], None, line
