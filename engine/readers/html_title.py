"""The title of a page, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from engine.text import index_text, words

_SEPARATOR = re.compile(r"\s+[|–—·•»›:~-]+\s+|\s*[|»]\s*|\s*::\s*|(?<=\w):\s+")
_PIPE = re.compile(r"\s*[|»]\s*|\s*::\s*")

LONGEST_SITE_NAME = 6
"""Words. A longer tail of a title is part of it."""


@lru_cache(maxsize=4_096)
def key(text: str) -> str:
    """Letters and digits only, folded: what makes two titles the same. A block is asked for its key many times."""
    return index_text(text).replace(" ", "")


def site_keys(names: Iterable[str | None], url: str | None) -> frozenset[str]:
    """What the site calls itself, and what its address says."""
    keys = {key(n) for n in names if n}
    keys |= {key(re.sub(r"\.(?:com|org|net|co\.uk|[a-z]{2})$", "", n.strip().lower())) for n in names if n}
    host = (urlsplit(url).hostname or "") if url else ""
    parts = [p for p in host.split(".") if p not in ("www", "m", "amp", "news", "com", "co", "org", "net")]
    keys |= {key(p) for p in parts if len(p) > 3} | ({key(host.removeprefix("www."))} if host else set())
    return frozenset(k for k in keys if len(k) > 1)


def _is_site(part: str, sites: frozenset[str]) -> bool:
    name = key(part)
    bare = name.removeprefix("the")
    if not name or len(words(part)) > LONGEST_SITE_NAME:
        return False
    return any(
        bare == s.removeprefix("the") or (len(s) > 4 and (bare.startswith(s) or s.startswith(bare)) and len(bare) > 3)
        for s in sites
    )


def without_site(title: str, sites: frozenset[str]) -> str:
    """The title without site names at either end ("Title - World | Site", "Site: Title").

    A section between title and site name goes with it only behind a bar: dashes belong to titles ("... - minister").
    """
    stripped = " ".join(title.split())
    while True:
        breaks = list(_SEPARATOR.finditer(stripped))
        tail = next((m for m in breaks if _is_site(stripped[m.end() :], sites)), None)
        head = next((m for m in reversed(breaks) if _is_site(stripped[: m.start()], sites)), None)
        if tail and tail.start() > 0:
            stripped = stripped[: tail.start()].strip()
        elif head and head.end() < len(stripped):
            stripped = stripped[head.end() :].strip()
        else:
            break
    bars = list(_PIPE.finditer(stripped))
    if (
        bars
        and len(words(stripped[: bars[0].start()])) >= 3
        and len(words(stripped[bars[0].end() :])) <= LONGEST_SITE_NAME
    ):
        stripped = stripped[: bars[0].start()].strip()
    return stripped


def _likeness(one: str, other: str) -> float:
    a, b = {w for w, _ in words(one)}, {w for w, _ in words(other)}
    return len(a & b) / max(len(a | b), 1)


def choose_title(headings: Sequence[str], stated: Sequence[str | None], sites: frozenset[str]) -> str | None:
    """The title: the page's main heading where the metadata agree with it, else what the metadata say.

    `headings` are the texts of the page's h1 elements, `stated` the metadata's titles, surest first.
    """
    said = [t for t in (without_site(s, sites) for s in stated if s and s.strip()) if key(t) and key(t) not in sites]
    shown = [" ".join(h.split()) for h in headings]
    shown = [h for h in shown if key(h) and key(h) not in sites]
    if not said:
        return without_site(max(shown, key=len), sites) if shown else None
    best: tuple[float, str] = (0.0, "")
    for heading in shown:
        for title in said:
            if key(title) == key(heading):
                return heading
            if len(key(title)) > 12 and key(heading).endswith(key(title)):
                return title  # a section name stands inside the heading
            contained = len(key(heading)) > 12 and key(heading) in key(title)
            best = max(best, (1.0 if contained else _likeness(title, heading), heading))
    if best[0] >= 0.5:
        return best[1]
    # Written anew for search engines: what readers saw is the heading, if it reads like one.
    if len(shown) == 1 and len(words(shown[0])) >= 4 and best[0] >= 0.15:
        return shown[0]
    return said[0]
