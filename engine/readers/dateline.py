"""What a dateline states: "Damascus, Feb 2 (Prensa Latina) The army ..." names the agency.

It also gives the date if it has a year. A day without a year is not a date: it stays open, never completed by a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from engine.furniture import DAY
from engine.text import plain

MONTHS = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_PLACE = r"[^\W\d_][\w .'/-]{1,40}(?:,\s[^\W\d_][\w .'-]{1,25}){0,2}"
_ON = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+\d{{4}})?)"
)
_AGENCY = r"(?P<agency>[^\W\d_][\w .&'-]{1,40})"
_WITH_DAY = re.compile(rf"^(?P<place>{_PLACE})[,.]?\s+(?P<day>{_ON})\.?\s*[,-]?\s*[(/\[]\s*{_AGENCY}\s*[)/\]]\s*[-:]?")
_WITHOUT_DAY = re.compile(rf"^(?P<place>{_PLACE})\s*[(/\[]\s*{_AGENCY}\s*[)/\]]\s*-{{1,2}}\s")
_DAY_ONLY = re.compile(rf"^(?P<place>{_PLACE})[,.]?\s+(?P<day>{_ON})\s*[,.]?\s*-{{1,2}}\s")

# Without a day in between, only what is surely an agency counts: "PORTLAND (Maine) - " is a place.
_AGENCY_NAMES = (
    "reuters|interfax|xinhua|prensa latina|ria novosti|sputnik|bloomberg|kyodo|anadolu|"
    "associated press|agence france-presse|interfax-ukraine|ukrinform|efe|ansa|dpa|tass|itar-tass|"
    "afp|ap|upi|pti|sana|irna|kuna|wam|belta|stt|ntb|apa|cp|aap|kcna|yonhap"
)
_AGENCIES = frozenset(_AGENCY_NAMES.split("|"))
_NOT_AGENCY = re.compile(
    r"^(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:today|yesterday|local time|updated)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """`published` is an ISO date or None where the line has no year."""

    agency: str | None
    published: str | None


def iso_day(text: str) -> str | None:
    """An ISO date from a day printed with its year, or None. `3/4/2024` is ambiguous and stays None."""
    flat = plain(text).strip()
    numbers = re.search(r"\b(\d{4})[-/](\d{1,2})[-/](\d{1,2})\b", flat)
    if numbers:
        return _date(int(numbers[1]), int(numbers[2]), int(numbers[3]))
    named = re.search(
        rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?({_MONTH})(?:\s+(\d{{1,2}})(?:st|nd|rd|th)?)?,?\s+(\d{{4}})\b",
        flat,
        re.IGNORECASE,
    )
    if named and bool(named[1]) != bool(named[3]):
        return _date(int(named[4]), MONTHS[named[2][:3].lower()], int(named[1] or named[3]))
    dotted = re.search(r"\b(\d{1,2})([./])(\d{1,2})\2(\d{4})\b", flat)
    if dotted:
        first, second, year = int(dotted[1]), int(dotted[3]), int(dotted[4])
        if dotted[2] == "." or first > 12:
            return _date(year, second, first)
        if second > 12 or first == second:
            return _date(year, first, second)
    return None


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if 1800 <= year <= 2200 else None
    except ValueError:
        return None


def dateline_of(paragraph: str) -> Dateline | None:
    """The dateline at the beginning of a paragraph, or None."""
    flat = plain(paragraph[:200])
    match = _WITH_DAY.match(flat)
    if match and not _NOT_AGENCY.match(match["agency"].strip()):
        return Dateline(paragraph[match.start("agency") : match.end("agency")].strip(), iso_day(match["day"]))
    match = _WITHOUT_DAY.match(flat)
    if match and match["agency"].strip().lower() in _AGENCIES:
        return Dateline(paragraph[match.start("agency") : match.end("agency")].strip(), None)
    match = _DAY_ONLY.match(flat)
    return Dateline(None, iso_day(match["day"])) if match else None


_HEADER_DAY = re.compile(rf"(?P<day>{DAY})", re.IGNORECASE)


def header_day(line: str) -> str | None:
    """The day in a byline or date line, as ISO date; None where it has none or is a date of change."""
    if re.match(r"\s*(?:last\s+)?(?:updated|modified)\b", line, re.IGNORECASE):
        return None
    match = _HEADER_DAY.search(plain(line[:300]))
    return iso_day(match["day"]) if match else None
