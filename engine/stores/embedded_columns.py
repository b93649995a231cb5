"""The pieces a snapshot is built of: interned names, coded columns, pairs, and what the file says as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

NONE = -1
NO_MOMENT = np.iinfo(np.int64).min
"""The moment of an undated passage: it sorts behind all others, newest first."""


class Names:
    """Values and their codes. Codes only ever get added, so older snapshots may go on reading."""

    def __init__(self, values: Sequence[str], *, fixed: bool = False) -> None:
        self.values: list[str] = list(values)
        self.labels: dict[int, str] = {}
        self._fixed = fixed
        self._codes = {value: code for code, value in enumerate(values)}

    def code(self, value: str) -> int | None:
        return self._codes.get(value)

    def label(self, code: int) -> str:
        return self.labels.get(code, self.values[code])

    def codes(self, values: Sequence[str | None]) -> Codes:
        """The codes of values, new ones added; NONE for None."""
        known = self._codes
        for value in dict.fromkeys(values):
            if value is not None and value not in known:
                if self._fixed:
                    raise ValueError(f"not one of {self.values}: {value}")
                self.values.append(value)
                known[value] = len(self.values) - 1
        return np.array([NONE if value is None else known[value] for value in values], np.int32)

    def put(self, number: int, value: str, label: str) -> None:
        """Give a value the code that the file gave it, and its latest label."""
        self.values.extend([""] * (number + 1 - len(self.values)))
        self.values[number] = value
        self._codes[value] = number
        self.labels[number] = label


def grown(numbers: Codes, size: int) -> Codes:
    """A copy with room for `size`, NONE in the new places."""
    longer = np.full(max(size, len(numbers)), NONE, np.int32)
    longer[: len(numbers)] = numbers
    return longer


@dataclass(frozen=True, slots=True)
class Column:
    """A code for every row, NONE where there is no value."""

    codes: Codes

    @classmethod
    def empty(cls) -> Column:
        return cls(np.empty(0, np.int32))

    def extended(self, codes: Codes) -> Column:
        return Column(np.concatenate([self.codes, codes]))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Many-valued columns: row and code, sorted by row."""

    rows: Rows
    codes: Codes

    @classmethod
    def empty(cls) -> Pairs:
        return cls(np.empty(0, np.int64), np.empty(0, np.int32))

    def extended(self, rows: Codes, codes: Rows) -> Pairs:
        """With the pairs of new rows, which lie behind all known ones."""
        return Pairs(np.concatenate([self.rows, rows]), np.concatenate([self.codes, codes.astype(np.int32)]))

    @classmethod
    def joined(cls, rows: Rows, codes: Codes) -> Pairs:
        """Each pair once."""
        rows, codes = rows[codes >= 0], codes[codes >= 0]
        if not len(rows):
            return cls.empty()
        both = np.unique(rows.astype(np.int64) << 32 | codes)
        return cls(both >> 32, (both & 0xFFFFFFFF).astype(np.int32))

    def carried(self, sources: Rows, targets: Rows) -> Pairs:
        """The pairs of each source row as pairs of its target row, each once."""
        which, codes = self.of(sources)
        return Pairs.joined(targets[which], codes)

    def of(self, rows: Rows) -> tuple[Rows, Codes]:
        """The pairs of these rows: places in `rows`, and codes."""
        starts, ends = np.searchsorted(self.rows, rows, "left"), np.searchsorted(self.rows, rows, "right")
        counts = ends - starts
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(np.arange(len(rows)), counts), self.codes[np.repeat(starts, counts) + offsets]

    def counts(self, member: npt.NDArray[np.bool_], size: int) -> npt.NDArray[np.intp]:
        """How many rows of the set hold each code."""
        return np.bincount(self.codes[member[self.rows]], minlength=size)


def lengths_of(sizes: Sequence[bytes]) -> npt.NDArray[np.int32]:
    """Words of each passage from FTS5's record of its four fields: variable-length integers as SQLite writes them,
    seven bits a byte, the highest first, a high bit on all but the last (sqlite.org/fileformat.html)."""
    octets = np.frombuffer(b"".join(sizes), np.uint8)
    lasts = np.flatnonzero(octets < 128)
    number = np.searchsorted(lasts, np.arange(len(octets)))
    parts = (octets & 127).astype(np.int32) << (7 * (lasts[number] - np.arange(len(octets))))
    found: npt.NDArray[np.int32] = np.bincount(number, parts, len(lasts)).reshape(-1, 4).sum(axis=1).astype(np.int32)
    return found


def ties_of(ids: Sequence[str]) -> npt.NDArray[np.uint64]:
    """The first eight bytes of each id as a number: ids compare as these do, but once in 10^12 pairs."""
    heads = b"".join(id.encode("utf-8")[:8].ljust(8, b"\0") for id in ids)
    return np.frombuffer(heads, ">u8").astype(np.uint64)


def day_of(day: str | None) -> int:
    """Days since 0001-01-01 (`date.toordinal`), 0 for none."""
    return datetime.fromisoformat(day).toordinal() if day else 0


def moment_of(published: str | None) -> int:
    """Seconds on the page's own clock, whatever its offset: a page's date is what it shows."""
    if not published:
        return NO_MOMENT
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        moment = datetime.fromisoformat(published[:10])
    return moment.toordinal() * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second
