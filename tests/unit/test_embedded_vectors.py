"""The bounded scan finds exactly what the full scan finds."""

from functools import cache

import numpy as np
import pytest

from engine.stores.embedded_vectors import CODES_FROM_ROWS, CODES_FROM_SEARCHES, Codes, Vectors16, widened

DIMENSIONS = 232


def vectors_like_text(rows: int, *, seed: int = 0) -> np.ndarray:
    """Unit vectors whose dimensions matter less and less, and many of them near to others."""
    random = np.random.default_rng(seed)
    found = random.normal(size=(rows, DIMENSIONS)) * np.linspace(1, 0.05, DIMENSIONS)
    found[rows // 2 :] += 2 * found[: rows - rows // 2]
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def halves(rows: np.ndarray) -> list[np.ndarray]:
    """In chunks, as they come from the file."""
    return np.array_split(rows.astype(np.float16), 3)


@cache
def coded() -> tuple[np.ndarray, Codes]:
    rows = vectors_like_text(1500).astype(np.float16)
    rows[11] = 0
    rows[12] *= 3  # whatever a model's vectors are like
    rows[13, 0] = 2.5
    return rows.astype(np.float32), Codes.of(rows)


def test_half_floats_are_widened_to_the_bit() -> None:
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]
    assert np.array_equal(widened(finite).view(np.int32), finite.astype(np.float32).view(np.int32))


@pytest.mark.parametrize("depth", [1, 20, 5000])
@pytest.mark.parametrize("floor", [-1.0, 0.3, 0.999])
@pytest.mark.parametrize("passing", [1.0, 0.5, 0.1])
def test_candidates_hold_all_that_the_full_scan_finds(depth: int, floor: float, passing: float) -> None:
    rows, codes = coded()
    mask = np.random.default_rng(1).random(len(rows)) < passing
    for vector in (*vectors_like_text(2, seed=2), rows[7], 5 * rows[8], np.zeros(DIMENSIONS, np.float32)):
        cosines = rows @ vector
        wanted = np.flatnonzero(mask & (cosines >= floor))
        wanted = wanted[np.argsort(-cosines[wanted], kind="stable")]
        reach = cosines[wanted[:depth]].min(initial=2.0)
        found = set(codes.candidates(vector, mask, floor=floor, depth=depth).tolist())
        assert {int(row) for row in wanted if cosines[row] > reach + 1e-6} <= found
        assert set(wanted[:depth].tolist()) <= found
        assert all(mask[row] for row in found)


def test_appended_rows_are_found_and_older_snapshots_do_not_see_them() -> None:
    rows = vectors_like_text(CODES_FROM_ROWS + 500)
    first, second = CODES_FROM_ROWS, CODES_FROM_ROWS + 100
    older = Vectors16.empty(DIMENSIONS).extended(halves(rows[:first]))
    for _ in range(CODES_FROM_SEARCHES + 1):
        older.nearest(rows[0], np.ones(older.size, bool), floor=0.5, depth=10)
    assert older.codes
    newer = older.extended(halves(rows[first:second])).extended(halves(rows[second:]))
    for row in (first + 50, len(rows) - 1, 3):
        found, cosines = newer.nearest(rows[row], np.ones(newer.size, bool), floor=0.5, depth=5)
        assert row in found.tolist()
        assert cosines.max() == pytest.approx(1, abs=2e-3)
    found, _ = older.nearest(rows[first + 50], np.ones(older.size, bool), floor=0.5, depth=5)
    assert found.max(initial=0) < first
    full = older.rows.astype(np.float32) @ rows[5]
    found, _ = older.nearest(rows[5], np.ones(older.size, bool), floor=-1.0, depth=50)
    assert set(np.argsort(-full)[:50].tolist()) <= set(found.tolist())


def test_the_coded_scan_finds_what_the_first_full_scan_found() -> None:
    rows = vectors_like_text(CODES_FROM_ROWS + 7, seed=4)
    vectors = Vectors16.empty(DIMENSIONS).extended(halves(rows))
    mask = np.random.default_rng(3).random(len(rows)) < 0.7
    full, cosines = vectors.nearest(rows[5], mask, floor=-1.0, depth=30)
    assert not vectors.codes
    coded, same = vectors.nearest(rows[5], mask, floor=-1.0, depth=30)
    assert vectors.codes
    assert len(coded) < len(full)
    best = np.argsort(-cosines, kind="stable")[:30]
    again = np.argsort(-same, kind="stable")[:30]
    assert full[best].tolist() == coded[again].tolist()
    assert cosines[best].tolist() == same[again].tolist()
