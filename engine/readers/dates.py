"""When a page says it was published: its own date and offset, as ISO 8601.

Only what the page states is used. A numeric day that could be read two ways, or a day without a year, is no date.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from engine.readers.dateline import iso_day

_ISO = re.compile(
    r"^(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?)\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$",
    re.IGNORECASE,
)
_BASIC = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?$")
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_URL_DAY = re.compile(r"[/_-]((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2]|[a-z]{3})[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")


def iso_date(raw: str | None) -> str | None:
    """A machine-written or printed date as ISO 8601 with the offset it has, or None."""
    if not raw or len(raw) > 120:
        return None
    text = " ".join(raw.split())
    match = _ISO.match(text)
    if match:
        day, clock, zone = match.groups()
        zone = "" if not zone else "Z" if zone.upper() in ("Z", "UTC", "GMT") else zone
        if re.fullmatch(r"[+-]\d{4}", zone):
            zone = f"{zone[:3]}:{zone[3:]}"
        elif re.fullmatch(r"[+-]\d{2}", zone):
            zone += ":00"
        return _valid(f"{day}T{clock.replace(',', '.')}{zone}" if clock else day)
    if _EPOCH.match(text):
        return _valid(datetime.fromtimestamp(int(text[:10]), UTC).isoformat())
    if basic := _BASIC.match(text):
        year, month, day, hour, minute, second, zulu = basic.groups()
        clock = f"T{hour}:{minute}:{second or '00'}{zulu or ''}" if hour else ""
        return _valid(f"{year}-{month}-{day}{clock}")
    if re.match(r"^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4}\s+\d", text):
        try:
            return _valid(parsedate_to_datetime(text).isoformat())
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
    return _printed(text)


def _printed(text: str) -> str | None:
    """A day in words, with its clock time where it is plain."""
    if match := re.search(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?", text):
        return iso_date(match[0]) if match[0] != text else None
    day = iso_day(text)
    if day:
        return day
    if not re.search(r"[^\W\d_]{3}", text) or not re.search(r"\b(?:19|20)\d{2}\b", text):
        return None
    import dateparser

    # Month names of other languages; a missing day or year must stay missing.
    parsed = dateparser.parse(text, settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]})
    return parsed.date().isoformat() if parsed and 1800 <= parsed.year <= 2200 else None


def _valid(text: str) -> str | None:
    try:
        year = datetime.fromisoformat(text).year
    except ValueError:
        return None
    return text if 1800 <= year <= 2200 else None


def url_day(url: str | None) -> str | None:
    """The day in an address like /2024/03/01/: stated by the page's own address."""
    match = _URL_DAY.search((url or "").lower())
    if match is None:
        return None
    year, month, day = match.groups()
    return iso_day(f"{day} {month} {year}") if month.isalpha() else iso_day(f"{year}-{month}-{day}")


def best_date(candidates: list[str]) -> str | None:
    """The first candidate, as fully as another gives it: same instant with a local offset, same day with a time."""
    if not candidates:
        return None
    best = candidates[0]
    for other in candidates[1:]:
        if ("T" in other and "T" not in best and other[:10] == best[:10]) or (
            _same_instant(best, other) and best.endswith(("Z", "+00:00")) and not other.endswith(("Z", "+00:00"))
        ):
            best = other
    return best


def _same_instant(one: str, other: str) -> bool:
    a, b = datetime.fromisoformat(one), datetime.fromisoformat(other)
    return a.tzinfo is not None and b.tzinfo is not None and abs((a - b).total_seconds()) < 60
