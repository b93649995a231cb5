"""How statements are put into words for people, on the page and in the terminal alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.models import Act, Form, Speaker

SAID: Mapping[Act, str] = {
    "say": "said", "deny": "denied", "confirm": "confirmed", "no-comment": "declined to comment", "ask": "asked",
    "urge": "urged", "promise": "promised", "threaten": "threatened", "accuse": "accused", "praise": "praised",
    "believe": "thinks", "plan": "plans", "report": "reported",
}  # fmt: skip

LOW_CONFIDENCE = 0.5
"""Below it a statement is more likely wrong than right by its own calibrated estimate, and is shown as uncertain."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def who(speakers: Sequence[Speaker] | None, form: Form | None, affiliation: Speaker | None) -> str:
    """The speakers by name; an unnamed or unknown one is called that."""
    if speakers:
        return " and ".join(speaker.name for speaker in speakers)
    if form == "anonymous":
        return f"Unnamed source ({affiliation.name})" if affiliation else "Unnamed source"
    return "Unknown speaker"


def said(act: Act | None) -> str:
    return SAID[act] if act else ""


def uncertain(confidence: float | None) -> bool:
    return confidence is not None and confidence < LOW_CONFIDENCE


def day(published: str | None) -> str:
    """`3 Feb 2017`, or `undated`."""
    if not published:
        return "undated"
    on = date.fromisoformat(published[:10])
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def counted(number: int, noun: str) -> str:
    """`1 article`, `1,204 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
