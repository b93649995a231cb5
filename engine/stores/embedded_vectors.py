"""Exact nearest neighbours over a matrix in memory, without reading all of it.

The vectors are turned so that their first dimensions hold most of their length (principal axes). For unit vectors x, q
cut into head and rest, q·x <= q_head·x_head + |q_rest| |x_rest| (Cauchy-Schwarz), so a scan over the heads alone tells
which rows can be among the nearest; only those are computed in full. The answer is that of the full scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

HEAD_DIMENSIONS = 192
"""Half of all-MiniLM-L6-v2's, so the scan reads half of the memory. On news paragraphs with short questions they leave
4 % of the rows to be computed in full (160 leave 16 %, 128 44 %, 224 1 %)."""
HEADS_FROM_ROWS = 20_000
"""Fewer rows are scanned in full as fast."""
HEADS_FROM_SEARCHES = 4
"""Turning the vectors costs as much as some twenty searches save: a process that asks once does not do it."""
_SAMPLE_ROWS = 20_000
_SPARE = 1.25
"""The buffers grow by a quarter at a time, so that appending an article rarely copies them."""
_SLACK = 1e-4
"""For the rounding of float32 sums over 384 dimensions: a bound may be this much too low."""


@dataclass(frozen=True, slots=True)
class Heads:
    """`axes` has shape (dimensions, HEAD_DIMENSIONS); the buffers have spare rows like those of `Vectors16`."""

    axes: Floats
    heads: Floats
    rests: Floats

    @classmethod
    def of(cls, rows: Floats) -> Heads:
        sample = rows[:: max(1, len(rows) // _SAMPLE_ROWS)]
        _, axes = np.linalg.eigh(sample.T @ sample)
        none = np.empty((0, HEAD_DIMENSIONS), np.float32), np.empty(0, np.float32)
        empty = cls(np.ascontiguousarray(axes[:, ::-1][:, :HEAD_DIMENSIONS], np.float32), *none)
        return empty.extended(rows, 0)

    def extended(self, rows: Floats, known: int) -> Heads:
        """With the rows from `known` on; spare places are written before anybody knows of them."""
        heads = _room(self.heads, known, len(rows))
        rests = _room(self.rests, known, len(rows))
        new = rows[known:]
        heads[known : len(rows)] = new @ self.axes
        squares = np.einsum("ij,ij->i", new, new) - np.einsum("ij,ij->i", *(heads[known : len(rows)],) * 2)
        rests[known : len(rows)] = np.sqrt(np.maximum(squares, 0))
        return replace(self, heads=heads, rests=rests)

    def candidates(
        self, vector: Floats, rows: Floats, mask: npt.NDArray[np.bool_], *, floor: float, depth: int
    ) -> Rows:
        """Rows of the mask among which the `depth` nearest are."""
        size = len(rows)
        head = vector @ self.axes
        rest = float(np.sqrt(max(0.0, float(vector @ vector - head @ head))))
        products = _products(self.heads[:size], head)
        products[~mask] = -2.0
        likely = np.argpartition(products, size - depth)[size - depth :] if size > depth else np.arange(size)
        # The depth-th best of any `depth` rows is no better than the depth-th best of all.
        least = float(_products(rows[likely], vector)[mask[likely]].min(initial=1.0))
        if np.count_nonzero(mask[likely]) < depth:
            least = -1.0
        bound = max(floor, least) - _SLACK
        # Most rows fall at the largest rest there can be, without their own being read.
        wide = np.flatnonzero(products >= bound - rest)
        near: npt.NDArray[np.bool_] = (products[wide] + rest * self.rests[wide] >= bound) & mask[wide]
        return wide[near]


def _products(rows: Floats, vector: Floats) -> Floats:
    """Each row's product with the vector, in this thread alone.

    Memory sets the pace, so one thread is as fast as BLAS with two (some 3 ms for 100,000 heads on a quiet machine),
    and on a busy one BLAS waits for its slowest thread: 0.6 ms became 30 ms for 3,000 rows, at ten times the CPU.
    """
    found: Floats = np.vecdot(rows, vector)
    return found


def _room(buffer: Floats, known: int, size: int) -> Floats:
    if size <= len(buffer):
        return buffer
    larger = np.empty((size if not known else int(size * _SPARE), *buffer.shape[1:]), np.float32)
    larger[:known] = buffer[:known]
    return larger


@dataclass(slots=True)
class _Uses:
    searches: int = 0


@dataclass(frozen=True, slots=True)
class Vectors16:
    """float32 rows read from float16; `matrix` may have spare rows that only a newer snapshot uses."""

    matrix: Floats
    size: int
    heads: list[Heads] = field(default_factory=list)
    """One, once it has been made (by any thread; twice made is twice the same)."""
    uses: _Uses = field(default_factory=_Uses)

    @classmethod
    def empty(cls, dimensions: int) -> Vectors16:
        return cls(np.empty((0, dimensions), np.float32), 0)

    @property
    def rows(self) -> Floats:
        return self.matrix[: self.size]

    def extended(self, blobs: Sequence[bytes], *, expected: int = 0) -> Vectors16:
        """Only the newest snapshot is ever extended. `expected` rows are known to come in all."""
        if not blobs:
            return self
        size, dimensions = self.size + len(blobs), self.matrix.shape[1]
        matrix = self.matrix
        if size > len(matrix):
            matrix = np.empty((max(expected, int(size * _SPARE) if self.size else size), dimensions), np.float32)
            matrix[: self.size] = self.rows
        matrix[self.size : size] = np.frombuffer(b"".join(blobs), np.float16).reshape(-1, dimensions)
        heads = [self.heads[0].extended(matrix[:size], self.size)] if self.heads else []
        return Vectors16(matrix, size, heads, self.uses)

    def nearest(self, vector: Floats, mask: npt.NDArray[np.bool_], *, floor: float, depth: int) -> tuple[Rows, Floats]:
        """Rows of the mask with a cosine of at least `floor`, and their cosines; among them are the `depth` nearest."""
        chosen = int(np.count_nonzero(mask))
        self.uses.searches += 1
        if chosen < _SELECTIVE * self.size:
            rows = np.flatnonzero(mask)
        elif self._heads() is not None and depth < self.size:
            rows = self.heads[0].candidates(vector, self.rows, mask, floor=floor, depth=depth)
        else:
            cosines = _products(self.rows, vector)
            rows = np.flatnonzero((cosines >= floor) & mask)
            return rows, cosines[rows]
        return self.among(rows, vector, floor=floor)

    def among(self, rows: Rows, vector: Floats, *, floor: float) -> tuple[Rows, Floats]:
        """Those of the rows with a cosine of at least `floor`, and their cosines."""
        cosines = _products(self.rows[rows], vector)
        near = cosines >= floor
        return rows[near], cosines[near]

    def _heads(self) -> Heads | None:
        worth = self.size >= HEADS_FROM_ROWS and self.uses.searches > HEADS_FROM_SEARCHES
        if not self.heads and worth and self.matrix.shape[1] > HEAD_DIMENSIONS:
            self.heads.append(Heads.of(self.rows))
        return self.heads[0] if self.heads else None


_SELECTIVE = 0.05
"""Below this share of passing rows they are gathered and computed in full."""
