"""Exact nearest neighbours over a matrix in memory, most rows being ruled out by one byte a dimension.

Each row stands a second time as signed bytes and a step, so the scan reads a quarter of what float32 takes. How far a
row lies from its bytes is known, and by Cauchy-Schwarz so is how far its cosine can be from theirs: rows that cannot be
among the nearest are passed over, the others computed in full. The answer is that of the full scan.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import simsimd

Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]
Rows = npt.NDArray[np.int64]
_Scalar = TypeVar("_Scalar", bound=np.generic)

CODES_FROM_ROWS = 1_000
"""Fewer rows are scanned in full as fast."""
CODES_FROM_SEARCHES = 1
"""Coding costs as much as some ten full scans (.15 s for 100,000 rows): a process that asks once does not do it."""
SCANNED_ROWS = 512
"""Rows widened and multiplied at once: as float32 they stay in the processor's cache."""
_SELECTIVE = 0.02
"""Below this share of passing rows they are gathered and computed in full."""
_SPARE = 1.25
"""The buffers grow by a quarter at a time, so that appending an article rarely copies them."""
_SLACK = 1e-4
"""For the rounding of float32 sums over some hundred dimensions: a bound may be this much too low."""
_TOP = 127
_SMALLEST = np.float32(1e-12)
"""The step of a row of zeros: any will do that can be divided by."""


def widened(halves: Halves) -> Floats:
    """float32 of finite float16, exactly, three times as fast as numpy's own conversion.

    The bits of a half, moved to where float32 has them, are the number times 2^-112 (IEEE 754: the exponents' biases
    are 15 and 127); that also holds for the subnormal ones.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= ~0x70000000  # copies of the sign
    found: Floats = bits.view(np.float32)
    found *= np.float32(2.0**112)
    return found


@dataclass(frozen=True, slots=True)
class Codes:
    """`signed` times `steps` is nearly the row. `slip` is the farthest that any row lies from its code, `reach` the
    length of the longest code. The buffers have spare rows like those of `Vectors16`."""

    signed: npt.NDArray[np.int8]
    steps: Floats
    slip: float
    reach: float

    @classmethod
    def of(cls, rows: Halves) -> Codes:
        none = cls(np.empty((0, rows.shape[1]), np.int8), np.empty(0, np.float32), 0.0, 0.0)
        return none.extended(rows, 0)

    def extended(self, rows: Halves, known: int) -> Codes:
        """With the rows from `known` on; spare places are written before anybody knows of them."""
        signed, steps = _room(self.signed, known, len(rows)), _room(self.steps, known, len(rows))
        slip, reach = self.slip, self.reach
        for start in range(known, len(rows), SCANNED_ROWS):
            places = slice(start, min(start + SCANNED_ROWS, len(rows)))
            wide = widened(rows[places])
            step = np.maximum(np.abs(wide).max(axis=1), _SMALLEST) / _TOP
            code = np.rint(wide / step[:, None])
            signed[places], steps[places] = code, step
            code *= step[:, None]
            reach = max(reach, float(np.vecdot(code, code).max()) ** 0.5)
            code -= wide
            slip = max(slip, float(np.vecdot(code, code).max()) ** 0.5)
        return replace(self, signed=signed, steps=steps, slip=slip, reach=reach)

    def candidates(self, vector: Floats, mask: npt.NDArray[np.bool_], *, floor: float, depth: int) -> Rows:
        """Rows of the mask with a product of at least `floor`, among which the `depth` nearest are."""
        size = len(mask)
        step = max(np.abs(vector).max(), _SMALLEST) / _TOP
        asked = np.rint(vector / step)
        # |q.x - q'.x'| <= |q| |x - x'| + |q - q'| |x'| for the codes q' and x'.
        missed = float(np.linalg.norm(vector - asked * step))
        slip = float(np.linalg.norm(vector)) * self.slip + missed * self.reach + _SLACK
        products = np.asarray(simsimd.cdist(asked.astype(np.int8)[None], self.signed[:size], "dot"))[0]
        products *= self.steps[:size]
        products *= step
        near = np.flatnonzero(products >= floor - slip)
        near = near[mask[near]]
        if len(near) > depth:
            products = products[near]
            # So many rows have at least this less the slip; whatever beats them has at least this less twice of it.
            least = np.partition(products, len(near) - depth)[len(near) - depth]
            near = near[products >= least - 2 * slip]
        return near


def _room(buffer: npt.NDArray[_Scalar], known: int, size: int) -> npt.NDArray[_Scalar]:
    if size <= len(buffer):
        return buffer
    larger = np.empty((size if not known else int(size * _SPARE), *buffer.shape[1:]), buffer.dtype)
    larger[:known] = buffer[:known]
    return larger


@dataclass(slots=True)
class _Uses:
    searches: int = 0


@dataclass(frozen=True, slots=True)
class Vectors16:
    """float16 rows as the file has them; `matrix` may have spare rows that only a newer snapshot uses."""

    matrix: Halves
    size: int
    codes: list[Codes] = field(default_factory=list)
    """One, once it has been made (by any thread; twice made is twice the same)."""
    uses: _Uses = field(default_factory=_Uses)

    @classmethod
    def empty(cls, dimensions: int) -> Vectors16:
        return cls(np.empty((0, dimensions), np.float16), 0)

    @property
    def rows(self) -> Halves:
        return self.matrix[: self.size]

    def extended(self, chunks: list[Halves]) -> Vectors16:
        """Only the newest snapshot is ever extended. The list is emptied on the way: nothing need stand twice."""
        if not chunks:
            return self
        size = self.size + sum(map(len, chunks))
        matrix, start = _room(self.matrix, self.size, size), self.size
        chunks.reverse()
        while chunks:
            chunk = chunks.pop()
            matrix[start : start + len(chunk)] = chunk
            start += len(chunk)
        codes = [self.codes[0].extended(matrix[:size], self.size)] if self.codes else []
        return Vectors16(matrix, size, codes, self.uses)

    def nearest(self, vector: Floats, mask: npt.NDArray[np.bool_], *, floor: float, depth: int) -> tuple[Rows, Floats]:
        """Rows of the mask with a cosine of at least `floor`, and their cosines; among them are the `depth` nearest."""
        self.uses.searches += 1
        if np.count_nonzero(mask) < _SELECTIVE * self.size:
            rows = np.flatnonzero(mask)
        elif self._codes() is not None:
            rows = self.codes[0].candidates(vector, mask, floor=floor, depth=depth)
        else:
            starts = range(0, self.size, SCANNED_ROWS)
            parts = [np.vecdot(widened(self.rows[start : start + SCANNED_ROWS]), vector) for start in starts]
            cosines: Floats = np.concatenate(parts) if parts else np.empty(0, np.float32)
            rows = np.flatnonzero((cosines >= floor) & mask)
            return rows, cosines[rows]
        return self.among(rows, vector, floor=floor)

    def among(self, rows: Rows, vector: Floats, *, floor: float) -> tuple[Rows, Floats]:
        """Those of the rows with a cosine of at least `floor`, and their cosines."""
        cosines: Floats = np.vecdot(widened(self.rows[rows]), vector)
        near = cosines >= floor
        return rows[near], cosines[near]

    def _codes(self) -> Codes | None:
        if not self.codes and self.size >= CODES_FROM_ROWS and self.uses.searches > CODES_FROM_SEARCHES:
            self.codes.append(Codes.of(self.rows))
        return self.codes[0] if self.codes else None
