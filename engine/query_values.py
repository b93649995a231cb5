"""The values that filters of the search box take: checked, brought to one form, and written back."""

from __future__ import annotations

import calendar
import re
from datetime import date

from engine.models import ACTS, FORMS, KINDS

_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "act": ACTS,
    "form": FORMS,
    "in": ("statements", "paragraphs"),
}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")
_BARE = re.compile(r"[\w./-]+")


class BadValueError(ValueError):
    """The message says what the filter takes. Never leaves the parser: the words are searched instead."""


def _day(value: str, *, last: bool) -> str:
    """`2016`, `2016-01` and `2016-01-05` as a day: the first, or the last one that the words cover."""
    match = _DAY.fullmatch(value)
    if match is None:
        raise BadValueError("a date is written 2016-01-31, 2016-01 or 2016")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        month = month or (12 if last else 1)
        day = day or (calendar.monthrange(year, month)[1] if last else 1)
        return date(year, month, day).isoformat()
    except ValueError as wrong:  # month 13, day 32, year 0
        raise BadValueError(f"there is no day {value}") from wrong


def filter_value(name: str, value: str) -> str:
    """The value in its one form. Raises BadValueError."""
    if name in ("after", "before"):
        return _day(value, last=name == "before")
    if name in _CHOICES:
        folded = value.lower()
        for choice in _CHOICES[name]:
            if folded in (choice, choice.removesuffix("s")):
                return choice
        raise BadValueError(f"{name}: takes {', '.join(_CHOICES[name])}")
    if name == "lang":
        folded = value.lower()
        if not _LANGUAGE.fullmatch(folded):
            raise BadValueError("lang: takes a language code such as en")
        return folded
    if not any(c.isalnum() for c in value):
        raise BadValueError(f"{name}: needs a name")
    return value


def filter_text(name: str, value: str) -> str:
    """The filter as one types it, quoted where the value is more than one word."""
    bare = _BARE.fullmatch(value) and value != "OR"
    return f"{name}:{value}" if bare else f'{name}:"{value}"'
