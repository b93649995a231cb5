"""Where the articles of a listing page begin, when the page was saved as text.

Nobody says where one ends, so only evidence that repeats counts, and every article found must look like one: a title,
then prose. Strong evidence is a line that only ever stands at an article's edge (category line, byline, date line).
Weak evidence (share lines, rules of dashes) must recur, and must agree with itself. In doubt the text is one article.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.furniture import Furniture
from engine.lines import LONGEST_DISPLAY_WORDS, Lines, word_count
from engine.paragraphs import find_title
from engine.readers.dateline import dateline_of
from engine.text import plain

_EDGE: frozenset[Furniture] = frozenset({"category", "byline", "date", "share", "notice", "rule"})
_CARDS: frozenset[Furniture] = frozenset({"related", "related-label"})

SHORTEST_PROSE_WORDS = 12
"""A finished paragraph of this length is prose, not a label."""

LONGEST_LABEL_WORDS = 4
"""A line that no rule names and that recurs unchanged may be a separator up to this length."""

HEAD_REACH = 3
"""Lines between a title and the byline under it (deck, caption)."""


@dataclass(frozen=True, slots=True)
class _Page:
    lines: Lines
    text: Sequence[str]
    marks: Sequence[Furniture | None]
    prose: Sequence[bool]

    def is_prose(self, i: int) -> bool:
        return self.prose[i]

    def is_title(self, i: int) -> bool:
        return self.marks[i] is None and self.lines.may_be_title(i)

    def leads_to_prose(self, i: int, reach: int = 8) -> bool:
        return any(self.is_prose(j) for j in range(i + 1, min(i + 1 + reach, len(self.text))))


def article_starts(lines: Lines) -> list[tuple[int, int]]:
    """For each article the index of its first line and of the line its own head begins with; one article: `[(0, 0)]`.

    The two differ for the first article, which carries what stands above it (a site's name, a menu).
    """
    page = _Page(lines, lines.text, lines.marks, [_reads_as_prose(lines, i) for i in range(len(lines.text))])
    strong = _well_formed(
        page, _starts_by_footers(page) | _starts_by_heads(page) | _starts_by_datelines(page) | _starts_by_days(page)
    )
    if len(strong) < 2:
        strong = set()
    starts = sorted(_well_formed(page, strong | _starts_by_separators(page, strong)))
    if len(starts) < 2:
        return [(0, 0)]
    if _has_prose(page, 0, starts[0]):
        return [(0, 0), *((s, s) for s in starts)]
    return [(0, starts[0]), *((s, s) for s in starts[1:])]


def _reads_as_prose(lines: Lines, i: int) -> bool:
    prose = lines.marks[i] is None and not lines.display[i]
    return prose and word_count(lines.text[i][:2_000]) >= SHORTEST_PROSE_WORDS


def _has_prose(page: _Page, start: int, end: int) -> bool:
    return any(page.is_prose(i) for i in range(start, end))


def _well_formed(page: _Page, starts: Iterable[int]) -> set[int]:
    """Starts whose article has prose; a start without prose before the next one is dropped."""
    ordered = sorted(starts)
    if not ordered:
        return set()
    return {
        start
        for start, end in zip(ordered, [*ordered[1:], len(page.text)], strict=True)
        if _has_prose(page, start, end)
    }


def _next_content(page: _Page, i: int) -> int | None:
    """The first line after `i` that is no edge furniture or card."""
    for j in range(i, min(i + 20, len(page.text))):
        mark = page.marks[j]
        if mark is None:
            return j
        if mark not in _EDGE and mark not in _CARDS:
            return None
    return None


def _runs(page: _Page) -> list[tuple[int, int]]:
    """Runs of edge furniture, each `[first, last + 1)`."""
    runs: list[tuple[int, int]] = []
    for i, mark in enumerate(page.marks):
        if mark in _EDGE:
            if runs and runs[-1][1] == i:
                runs[-1] = (runs[-1][0], i + 1)
            else:
                runs.append((i, i + 1))
    return runs


def _starts_by_footers(page: _Page) -> set[int]:
    """Category lines under articles: the line after such a run is a title, the line before it is not."""
    found: set[int] = set()
    runs = [r for r in _runs(page) if any(page.marks[i] == "category" for i in range(*r))]
    for first, end in runs:
        if first == 0 or _is_head_run(page, first, end):
            continue
        start = _next_content(page, end)
        if start is not None and _opens(page, start):
            found.add(start)
    footers = [r for r in runs if r[0] > 0 and not _is_head_run(page, *r)]
    if found and footers:
        opening = _next_content(page, 0)
        if any(start < min(found) for start in _starts_by_heads(page)):
            opening = None  # a byline shows where the first article begins
        if opening is not None and min(found) > opening:
            found.add(opening)
    return found


def _opens(page: _Page, i: int) -> bool:
    """Whether an article may begin here: set like a title, or a short sentence, and prose follows."""
    return word_count(page.text[i][:2_000]) <= LONGEST_DISPLAY_WORDS and page.leads_to_prose(i)


def _is_head_run(page: _Page, first: int, end: int) -> bool:
    """Whether a run of furniture stands under a title rather than under an article's last line."""
    after = _next_content(page, end)
    before = first - 1
    if after is None or before < 0 or page.marks[before] is not None:
        return False
    return page.is_title(before) and page.is_prose(after)


def _starts_by_heads(page: _Page) -> set[int]:
    """Bylines, date lines and category lines between a title and its first prose."""
    found: dict[int, int] = {}
    for first, end in _runs(page):
        marks = {page.marks[i] for i in range(first, end)}
        if not marks & {"byline", "date", "category"}:
            continue
        after = _next_content(page, end)
        if after is None or not (page.is_prose(after) or (page.lines.display[after] and page.leads_to_prose(after, 2))):
            continue
        start = _title_above(page, first)
        if start is not None:
            found[start] = first - start
    usual = max((distance for start, distance in found.items() if start > 0), default=None)
    if usual is not None and found.get(0, 0) > usual:
        # Over the first title stands the site's name: no other title is so far from its byline.
        return {start or found[0] - usual for start in found}
    return set(found)


def _starts_by_datelines(page: _Page) -> set[int]:
    """Titles right above a paragraph with an agency's dateline."""
    found: set[int] = set()
    for i in range(1, len(page.text)):
        if page.is_title(i - 1) and not page.lines.display[i] and page.marks[i] is None:
            dateline = dateline_of(page.text[i])
            if dateline and dateline.agency and page.leads_to_prose(i - 1, 2):
                found.add(i - 1)
    return found if len(found) > 1 else set()


def _starts_by_days(page: _Page) -> set[int]:
    """Date lines between the prose of one article and the title of the next, over the title or under the prose."""
    runs = [r for r in _runs(page) if page.marks[r[0]] == "date" and r[0] + 1 == r[1]]
    edges = [r for r in runs if r[1] < len(page.text)]
    if len(edges) < 2 or not all(page.is_title(end) and page.leads_to_prose(end, 2) for _, end in edges):
        return set()
    if not any(page.prose[: edges[0][0]]):
        return {first for first, _ in edges}
    opening = _next_content(page, 0)
    return {end for _, end in edges} | ({opening} if opening is not None else set())


def _title_above(page: _Page, run: int) -> int | None:
    """The title over a byline; between them may stand a deck, which can be a finished sentence."""
    best: int | None = None
    for i in range(run - 1, max(-1, run - 1 - HEAD_REACH), -1):
        mark = page.marks[i]
        if mark == "caption":
            continue
        if mark is not None:
            break
        if page.is_title(i):
            boundary = i == 0 or page.marks[i - 1] is not None or page.is_prose(i - 1)
            best = i
            if boundary:
                break
        elif i < run - 1:
            break  # prose that is not the line just above the byline ends the search
        elif word_count(page.text[i][:2_000]) > 45:
            break
    return best


def _key(line: str, mark: Furniture | None) -> str | None:
    """What makes two separator lines the same: their wording without digits, or their symbol."""
    flat = plain(line).strip()
    if mark == "rule":
        return "rule " + re.sub(r"(.)\1+", r"\1", re.sub(r"\s+", "", flat))
    if mark is None and word_count(flat) <= LONGEST_LABEL_WORDS and len(flat) <= 60:
        return f"label {flat}"
    if mark in _EDGE and len(flat) <= 120:
        return f"{mark} " + re.sub(r"\W+", " ", re.sub(r"\d+", "0", flat.lower())).strip()
    return None


def _starts_by_separators(page: _Page, strong: set[int]) -> set[int]:
    """Starts after lines that recur: confirmed by strong starts, or by themselves when nothing else speaks."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, (line, mark) in enumerate(zip(page.text, page.marks, strict=True)):
        key = _key(line, mark) if mark in (None, "rule", "share", "notice") else None
        if key:
            groups[key].append(i)
    found: set[int] = set()
    for key in sorted(groups):
        places = groups[key]
        starts = {
            s
            for i in places
            if (s := _next_content(page, i + 1)) is not None and page.is_title(s) and page.leads_to_prose(s)
        }
        interior = [i for i in places if i > 0 and _next_content(page, i + 1) is not None]
        if strong:
            agreeing = len(starts & strong)
            if agreeing >= 2 and agreeing * 5 >= len(starts) * 3 and len(starts) * 5 >= len(interior) * 4:
                found |= starts
        elif len(starts) == len(interior) and _stands_alone(page, key, places, starts):
            found |= starts
    if found and not strong:
        opening = find_title(page.lines, expected=True)
        found |= {opening} if opening is not None else set()
    return found


def _stands_alone(page: _Page, key: str, places: Sequence[int], starts: set[int]) -> bool:
    """Whether a weak separator suffices without bylines or category lines.

    Every article it makes must have a title of at least five words and two paragraphs of prose: breaks between
    sections ("* * *") are followed by prose or by short headings.
    """
    if len(starts) < 2 or any(word_count(page.text[s]) < 5 for s in starts):
        return False
    if not key.startswith("rule") and len(places) < 3:
        return False
    bounds = [*sorted({0, *starts}), len(page.text)]
    return all(sum(page.is_prose(i) for i in range(a, b)) >= 2 for a, b in itertools.pairwise(bounds))
