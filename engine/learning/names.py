"""When two names are the same for measuring: case, accents, punctuation, titles and a leading "the" do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

_TITLE = re.compile(
    r"^(?:mr|mrs|ms|dr|prof|professor|sir|president|minister|foreign minister|prime minister|senator|general)\s+", re.I
)


def plain_name(name: str | None) -> str:
    folded = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode()
    folded = re.sub(r"\([^)]*\)", " ", folded)
    folded = re.sub(r"[\W_]+", " ", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", folded)).strip()
    while (shorter := _TITLE.sub("", folded)) != folded:
        folded = shorter
    return re.sub(r"^the ", "", folded.lower())


def same_name(gold: str, found: str | None) -> bool:
    """`gold` may list alternatives, "A|B"."""
    return plain_name(found) in {plain_name(name) for name in gold.split("|")}


def same_relays(gold: Sequence[str], found: Sequence[Any]) -> bool:
    """The same relays in the same order."""
    names = [relay["name"] if isinstance(relay, dict) else relay for relay in found]
    return [plain_name(name) for name in gold] == [plain_name(name) for name in names]
