"""Rankings kept as they stood, so that the pages after the first neither repeat a hit nor lose one.

Kept in memory, and in a folder of the user's cache for the next process (`onrecord search --cursor`): numbers, scores
and facets, no text. What is older than half an hour is thrown away.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import tempfile
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import QueryError
from engine.query import FacetCount, Facets
from engine.stores.base import Ranked, Retrieved

KEPT_SECONDS = 1800.0
KEPT_IN_MEMORY = 200
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16}")
_SWEEP_EVERY = 64
"""Old files are looked for once in so many kept rankings."""


@dataclass(frozen=True)
class Parked:
    """The head as it was answered, and all passages of the keyword (or newest) ranking with what orders them.

    Scores are kept to the last bit: were two of them rounded to one, the rest would not begin where the head ends.
    """

    head: Retrieved
    numbers: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float64]
    ties: npt.NDArray[np.uint64]

    @cached_property
    def _order(self) -> npt.NDArray[np.intp]:
        return np.lexsort((self.ties, -self.scores))

    def after(self, place: int, depth: int) -> Retrieved:
        """`depth` places of the ranking from `place` on."""
        chosen = self._order[place : place + depth]
        ranked = tuple(Ranked(int(n), float(s)) for n, s in zip(self.numbers[chosen], self.scores[chosen], strict=True))
        rest = str(place + depth) if place + depth < len(self.numbers) else None
        return replace(self.head, keyword=ranked, semantic=(), rest=rest)


class ParkedRankings:
    """Safe to share between threads and, through the folder, between processes."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Parked]] = OrderedDict()
        self._count = 0

    def keep(self, parked: Parked) -> str:
        """The name under which it can be had again."""
        token = secrets.token_urlsafe(12)
        with self._lock:
            self._kept[token] = (time.time(), parked)
            if len(self._kept) > KEPT_IN_MEMORY:
                self._kept.popitem(last=False)
            sweep = self._count % _SWEEP_EVERY == 0
            self._count += 1
        if self._folder is not None:
            # A folder that cannot be written costs the next process its pages, not this one.
            with contextlib.suppress(OSError):
                _write(self._folder, token, parked)
                if sweep:
                    _sweep(self._folder)
        return token

    def get(self, token: str) -> Parked:
        """Raises QueryError where it is not known (any more)."""
        with self._lock:
            kept = self._kept.get(token)
        if kept is not None and time.time() - kept[0] < KEPT_SECONDS:
            return kept[1]
        parked = None
        if self._folder is not None and _TOKEN.fullmatch(token):
            with contextlib.suppress(OSError, ValueError, KeyError):
                parked = _read(self._folder / token)
        if parked is None:
            raise QueryError("the cursor has expired (it lives half an hour): search again from the first page")
        with self._lock:
            self._kept[token] = (time.time(), parked)
        return parked


def _write(folder: Path, token: str, parked: Parked) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    arrays = (parked.scores, parked.ties, parked.numbers)
    head = json.dumps(_head_record(parked.head)).encode("ascii")
    handle, temporary = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(head + b"\n")
        for array in arrays:
            file.write(array.tobytes())
    os.replace(temporary, folder / token)


def _read(path: Path) -> Parked:
    if time.time() - path.stat().st_mtime > KEPT_SECONDS:
        raise ValueError("too old")
    head, _, body = path.read_bytes().partition(b"\n")
    size = len(body) // 20  # float64, uint64, int32
    scores, ties = np.frombuffer(body, np.float64, size), np.frombuffer(body, np.uint64, size, size * 8)
    return Parked(_head_of(json.loads(head)), np.frombuffer(body, np.int32, size, size * 16), scores, ties)


def _sweep(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _head_record(head: Retrieved) -> dict[str, Any]:
    facets = {
        name: [[c.value, c.label, c.count, _iso(c.first), _iso(c.last)] for c in counts]
        for name, counts in head.facets.items()
    }
    rankings = {name: [[r.key, r.score, r.article] for r in getattr(head, name)] for name in ("keyword", "semantic")}
    counts = {name: getattr(head, name) for name in ("total", "keyword_total", "undated", "rest")}
    return {"facets": facets, **rankings, **counts}


def _head_of(record: dict[str, Any]) -> Retrieved:
    facets: Facets = {
        name: tuple(FacetCount(v, label, n, _date(first), _date(last)) for v, label, n, first, last in counts)
        for name, counts in record.pop("facets").items()
    }
    keyword, semantic = (tuple(Ranked(*ranked) for ranked in record.pop(name)) for name in ("keyword", "semantic"))
    return Retrieved(keyword=keyword, semantic=semantic, facets=facets, **record)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
