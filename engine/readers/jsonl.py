"""JSONL: one article a line, read as a stream; a bad line is skipped by its number and the rest goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from engine.errors import InputError
from engine.models import Article, Skipped
from engine.paragraphs import is_blank, paragraphs_of
from engine.readers.article import ArticleDefaults, Facts, build_article
from engine.readers.plain_text import facts_in_text

FIELDS = ("id", "url", "title", "outlet", "published", "language")
"""What a line may have beside `text`. Other fields are ignored, so that what `attribute` writes can be read back."""

LONGEST_LINE = 64 * 2**20
"""Bytes. A longer line is no article and would only fill the memory."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_lines(lines: Iterable[bytes], *, name: str, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    """Articles from raw lines. Blank lines are passed over; line numbers count from 1."""
    for number, raw in enumerate(lines, 1):
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if not raw.strip():
            continue
        try:
            yield article_of(_record(raw), name=name, defaults=defaults)
        except InputError as error:
            yield Skipped(name, str(error), number)


def _record(raw: bytes) -> dict[str, Any]:
    if len(raw) > LONGEST_LINE:
        raise InputError(f"the line is longer than {LONGEST_LINE:,} bytes")
    duplicate: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [key for key, _ in pairs]
        # The outermost object is built last, so what is left here after loading speaks of it alone.
        duplicate[:] = sorted({n for n in names if n in ("text", *FIELDS) and names.count(n) > 1})
        return dict(pairs)

    try:
        record = json.loads(raw.decode("utf-8"), object_pairs_hook=once)
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:  # nested beyond reason; a number of thousands of digits
        raise InputError(f"not JSON that can be read: {error}") from error
    if not isinstance(record, dict):
        raise InputError("not a JSON object")
    if duplicate:
        raise InputError(f"field {duplicate[0]!r} is given more than once")
    return record


def _string(record: dict[str, Any], field: str) -> str | None:
    """A field's string; None where it is absent, null or blank."""
    value = record.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"field {field!r} is not a string")
    if _SURROGATE.search(value):
        raise InputError(f"field {field!r} has half a surrogate pair, which is no character")
    return None if is_blank(value) else value


def iso_8601(value: str) -> bool:
    """Whether the string is an ISO 8601 calendar date or date-time, as `Article.published` wants it."""
    if not _DAY.match(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def article_of(record: dict[str, Any], *, name: str, defaults: ArticleDefaults) -> Article:
    """The article of one record. Raises InputError naming the field."""
    text = _string(record, "text")
    if text is None:
        raise InputError("field 'text' is missing or empty")
    if not any(c.isalnum() for c in text):
        raise InputError("field 'text' holds no words")
    given = {field: _string(record, field) for field in FIELDS}
    published = given["published"] = given["published"].strip() if given["published"] else None
    if published and not iso_8601(published):
        raise InputError(f"field 'published' is not an ISO 8601 date: {published[:40]!r}")
    paragraphs = paragraphs_of(text, title=given["title"])
    stated = facts_in_text(text, paragraphs)
    facts = Facts(
        id=given["id"],
        title=given["title"],
        url=given["url"] or stated.url,
        outlet=given["outlet"] or stated.outlet,
        published=given["published"] or stated.published,
        language=given["language"],
    )
    return build_article(text, paragraphs, facts, name=name, defaults=defaults)


def read_array(text: str, *, name: str, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    """A `.json` file: JSONL after all, one record (over several lines), or an array of records."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines[:2]):
        yield from read_lines(
            (line.encode("utf-8", "surrogatepass") for line in text.split("\n")), name=name, defaults=defaults
        )
        return
    stripped = text.strip()
    if not stripped.startswith("["):
        yield from read_lines([stripped.encode("utf-8", "surrogatepass")], name=name, defaults=defaults)
        return
    try:
        records = json.loads(stripped)
    except (ValueError, RecursionError) as error:
        yield Skipped(name, f"not JSON that can be read: {error}")
        return
    for number, record in enumerate(records, 1):
        try:
            if not isinstance(record, dict):
                raise InputError("not a JSON object")
            yield article_of(record, name=name, defaults=defaults)
        except InputError as error:
            yield Skipped(name, f"record {number}: {error}")
