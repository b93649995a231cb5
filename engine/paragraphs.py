"""Paragraphs of a text and the role of each: title, heading, body, caption, social, related, boilerplate.

Only titles, headings and body are read for statements, so a wrong role either invents a statement in a caption or
drops speech. Dropping speech is the worse of the two: whatever no rule names is body.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from engine.furniture import Furniture, word_set
from engine.layout import is_blank, split
from engine.lines import (
    ENDS_IN_CUE,
    LONGEST_DISPLAY_WORDS,
    LONGEST_JUDGED,
    SPEECH_BREAK,
    Lines,
    is_display,
    may_be_title,
    word_count,
)
from engine.models import Paragraph, ParagraphRole, Span
from engine.text import plain, stem, words

SHORT_HEADING_WORDS = 6
"""Up to here an unfinished line is a heading ("Background") whatever follows."""

LONGEST_CAPTION_WORDS = 18
"""An unfinished line without any other sign is a caption up to here; longer ones are body that lost its full stop."""

LONGEST_LABEL_WORDS = 3
"""Words before the colon of a line that names its subject first."""

COHESION_WINDOW = 2
"""A heading announces the paragraphs after it; the first two carry its words (after TextTiling, Hearst 1997)."""

_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|us|my|My|you|You|your|Your)\b")
_GOES_ON = re.compile(r"(?:He|She|They|It|But|And|So|Then)\b|[^\w]*[a-zа-яёà-öø-ÿ]+\s")
"""How a sentence inside an article begins, or a piece of one; headings and captions begin otherwise."""
_REPORTS = re.compile(
    r"\b(?:said|sa(?:ys?|ying)|t(?:old|ells?)|add(?:s|ed)|ask(?:s|ed)|repl(?:y|ies|ied)|answer(?:s|ed)|den(?:y|ies|ied)"
    r"|claim(?:s|ed)|warn(?:s|ed)|announce[sd]|insist(?:s|ed)|argue[sd]|admit(?:s|ted)|explain(?:s|ed)|believe[sd]?"
    r"|promise[sd]|accuse[sd]|urge[sd]|stress(?:es|ed)|confirm(?:s|ed)|according to"
    r"|would(?:n't)?|had(?:n't)?|did(?:n't| not)|was(?:n't)?|were(?:n't)?|has(?:n't)? been|have(?:n't)? been)\b"
)
"""Verbs of reports and of narration. Captions show what is to be seen, in the present or without a verb."""
_LABEL = re.compile(r"[^\W\d_][\w.'-]*(?: [\w.'-]+){0,2}: \S")
LONGEST_CREDIT_WORDS = 6
"""Words of a caption line that only says who made the picture above it ("Photo: Ana Ruiz / Agency")."""
_QUOTED = re.compile(r"[\"]\S.*\S[\"]|(?:^|[\s(:-])'\S.*?\S'(?=$|[\s.,:;!?)-])")
_CUT_SHORT = re.compile(
    r"(?:\b(?:to|of|the|a|an|in|on|at|by|and|or|for|from|with|as|that|into|its|their|his|her|was|were|is|are)"
    r"|\.\.\.|…)$",
    re.IGNORECASE,
)
_ROLE_OF: Mapping[Furniture, ParagraphRole] = {
    "rule": "boilerplate", "category": "boilerplate", "byline": "boilerplate", "date": "boilerplate",
    "share": "boilerplate", "notice": "boilerplate", "related": "related", "related-label": "related",
    "post": "social", "post-head": "social", "signature": "social", "caption": "caption",
}  # fmt: skip
_COMMON = word_set(
    """
    the a an of to in on at by and or for from with as that this is are was were be been has have had it
    its he she they his her their not no but will would can could say said after over new more about
    into who what which than out up s t
    """
)


@lru_cache(maxsize=2_048)
def _topic(line: str) -> frozenset[str]:
    return frozenset(stem(w) for w, _ in words(line[:LONGEST_JUDGED]) if w not in _COMMON and len(w) > 1)


def _announces(line: str, following: Sequence[str], preceding: Sequence[str] = ()) -> bool:
    """Whether the paragraphs after a line take up its words, and not rather those before it (then it is a caption)."""
    topic = _topic(line)
    follows = frozenset().union(*map(_topic, following[:COHESION_WINDOW]))
    label, colon, _ = plain(line).partition(": ")
    if colon and word_count(label) <= LONGEST_LABEL_WORDS and not _topic(label) & follows:
        return False  # "Halden: boats block port" heads a clip or card when no word more is said of Halden
    ahead = len(topic & follows)
    behind = len(topic & frozenset().union(*map(_topic, preceding[-COHESION_WINDOW:])))
    return ahead >= 2 and ahead * 4 >= len(topic) and ahead >= behind


def _repeats(line: str, earlier: Sequence[str]) -> bool:
    topic = _topic(line)
    return len(topic) >= 3 and any(len(topic & _topic(e)) * 4 >= len(topic) * 3 for e in earlier)


def _display_role(line: str, following: Sequence[str], preceding: Sequence[str], *, in_dialogue: bool) -> ParagraphRole:
    """Heading, caption or body, for an unfinished line inside the article."""
    flat = plain(line)
    size = word_count(flat)
    if SPEECH_BREAK.search(flat) or (size >= 12 and ENDS_IN_CUE.search(flat)):
        return "body"
    if _QUOTED.search(flat):
        return "heading"
    if flat.startswith('"') or _FIRST_PERSON.search(flat) or _GOES_ON.match(flat):
        return "body"  # a quotation that lost a mark or its full stop
    if size <= SHORT_HEADING_WORDS:
        return "heading"
    if _announces(line, following, preceding):
        return "heading"
    if _REPORTS.search(flat) or in_dialogue:
        return "body"  # a sentence that lost its full stop: better a caption in the body than speech lost
    return "caption" if size <= LONGEST_CAPTION_WORDS else "body"


def _is_credit(line: str, mark: Furniture | None) -> bool:
    return mark == "caption" and word_count(line) <= LONGEST_CREDIT_WORDS


def _in_dialogue(i: int, lines: Lines) -> bool:
    """Whether the line and one beside it begin with a speaker's label: "Moe: Who signed it" between "Aas: ..."."""
    if ": " not in lines.text[i]:
        return False
    beside = [lines.text[j][:LONGEST_JUDGED] for j in (i - 1, i + 1) if 0 <= j < len(lines.text)]
    return bool(_LABEL.match(lines.text[i])) and any(map(_LABEL.match, beside))


def _is_short_question(line: str) -> bool:
    return len(line) < 120 and word_count(line) <= 8 and plain(line).rstrip().endswith("?") and '"' not in plain(line)


def find_title(page: Lines, *, start: int = 0, expected: bool = False) -> int | None:
    """Which line is the title: the first from `start` that is no furniture, if set like one and something follows it.

    `expected`: a separator or byline has shown that an article begins here, so a finished short sentence will do.
    """
    lines = page.text
    content = [i for i in range(start, min(len(lines), start + 12)) if page.marks[i] is None]
    if not content or len(lines) < start + 2:
        return None
    first, rest = content[0], content[1:]
    # A section name above the title ("WORLD") is no title when a fuller line follows it.
    if rest and rest[0] == first + 1 and word_count(lines[first]) <= 2 and page.display[first]:
        under = lines[rest[0]]
        if word_count(under[:LONGEST_JUDGED]) >= 4 and len(rest) > 1 and _fits_title(under, expected=expected):
            return rest[0]
    return first if rest and _fits_title(lines[first], expected=expected) else None


def _fits_title(line: str, *, expected: bool) -> bool:
    if len(line) > LONGEST_JUDGED:
        return False
    return may_be_title(line) or (expected and word_count(line) <= LONGEST_DISPLAY_WORDS - 5)


def roles_of(
    lines: Sequence[str], *, title: int | None = None, given: Mapping[int, ParagraphRole] | None = None
) -> list[ParagraphRole]:
    """The role of each paragraph of one article. `given` roles (from a page's markup) stand."""
    return _roles(Lines.of(lines), title, given or {})


def _roles(lines: Lines, title: int | None, known: Mapping[int, ParagraphRole]) -> list[ParagraphRole]:
    marks = [None if i in known or i == title else mark for i, mark in enumerate(lines.marks)]
    page = replace(lines, marks=marks)
    roles: list[ParagraphRole] = []
    seen_cards: list[str] = []
    for i, line in enumerate(lines.text):
        mark = marks[i]
        if i == title:
            roles.append("title")
        elif i in known:
            roles.append(known[i])
        elif mark is not None:
            roles.append(_ROLE_OF[mark])
            if mark == "signature" and roles[i - 1 : i] == ["body"] and _is_post_text(lines.text[i - 1]):
                roles[i - 1] = "social"
        else:
            roles.append(_text_role(i, page, roles, seen_cards))
        if roles[i] in ("social", "related"):
            seen_cards = [*seen_cards[-3:], line]
    return roles


def _is_post_text(line: str) -> bool:
    return word_count(line[:LONGEST_JUDGED]) <= 60 and not re.search(r"[,.!?]\"\s+\w", plain(line))


def _text_role(i: int, page: Lines, roles: Sequence[ParagraphRole], cards: Sequence[str]) -> ParagraphRole:
    """The role of a line that no wording names, from how it is set and what stands around it."""
    line, marks = page.text[i], page.marks
    before = roles[i - 1] if i else None
    if i and marks[i - 1] == "post-head" and _is_post_text(line):
        return "social"
    if not page.display[i]:
        if before == "related" and _CUT_SHORT.search(line[-20:].rstrip()) and word_count(line[:LONGEST_JUDGED]) <= 60:
            return "related"
        return "heading" if _is_short_question(line) and i + 1 < len(page.text) else "body"
    near_card = any(role in ("social", "related", "caption") for role in roles[max(0, i - 2) : i])
    if near_card and _repeats(line, cards):
        return "related"
    cut = bool(_CUT_SHORT.search(line.rstrip())) and word_count(line) > SHORT_HEADING_WORDS
    if cut and before in ("social", "related"):
        return "related"
    following = [page.text[j] for j in range(i + 1, min(i + 8, len(marks))) if marks[j] is None and not page.display[j]]
    preceding = [page.text[j] for j in range(max(0, i - 4), i) if roles[j] == "body"]
    if word_count(line) > SHORT_HEADING_WORDS and i + 1 < len(marks) and _is_credit(page.text[i + 1], marks[i + 1]):
        return "caption"
    role = _display_role(line, following, preceding, in_dialogue=_in_dialogue(i, page))
    if cut and role != "body" and not _announces(line, following):
        return "social"
    if before == "related" and i and marks[i - 1] in (None, "related-label") and role in ("heading", "caption"):
        return "heading" if _announces(line, following[:1]) and marks[i - 1] is None else "related"
    return role


def paragraphs_of(
    text: str, *, title: str | None = None, title_expected: bool = False, preamble: int = 0
) -> tuple[Paragraph, ...]:
    """Paragraphs with roles. A known `title` is the title paragraph only where the text begins with it.

    `preamble`: how many paragraphs stand above the article (the page's own head).
    """
    spans = split(text)
    page = Lines.of(s.of(text) for s in spans)
    if title is None:
        return with_roles(spans, page, title_expected=title_expected, preamble=preamble)
    return _with_roles(spans, page, 0 if spans and _same_line(page.text[0], title) else None, preamble)


def with_roles(
    spans: Sequence[Span], page: Lines, *, title_expected: bool = False, preamble: int = 0
) -> tuple[Paragraph, ...]:
    """Paragraphs whose lines have been looked at already."""
    return _with_roles(spans, page, find_title(page, start=preamble, expected=title_expected), preamble)


def _with_roles(spans: Sequence[Span], page: Lines, title: int | None, preamble: int) -> tuple[Paragraph, ...]:
    above = range(preamble if title is None or not _is_kicker(page, title) else title)
    roles = _roles(page, title, dict.fromkeys(above, "boilerplate"))
    if len(spans) == 1 and title is None and roles[0] in ("heading", "caption"):
        roles = ["body"]
    return tuple(Paragraph(span, role) for span, role in zip(spans, roles, strict=True))


def _is_kicker(page: Lines, title: int) -> bool:
    """Whether the line over the title is a section name."""
    return title > 0 and page.display[title - 1] and word_count(page.text[title - 1]) <= 2


def _same_line(line: str, title: str) -> bool:
    return [w for w, _ in words(line[:LONGEST_JUDGED])] == [w for w, _ in words(title)] != []


__all__ = [
    "find_title",
    "is_blank",
    "is_display",
    "may_be_title",
    "paragraphs_of",
    "roles_of",
    "split",
    "with_roles",
    "word_count",
]
