"""The bounded scan finds exactly what the full scan finds."""

from functools import cache

import numpy as np
import pytest

from engine.stores.embedded_vectors import HEAD_DIMENSIONS, HEADS_FROM_SEARCHES, Heads, Vectors16

DIMENSIONS = HEAD_DIMENSIONS + 40


def vectors_like_text(rows: int, *, seed: int = 0) -> np.ndarray:
    """Unit vectors whose dimensions matter less and less, and many of them near to others."""
    random = np.random.default_rng(seed)
    found = random.normal(size=(rows, DIMENSIONS)) * np.linspace(1, 0.05, DIMENSIONS)
    found[rows // 2 :] += 2 * found[: rows - rows // 2]
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def blobs(rows: np.ndarray) -> list[bytes]:
    return [row.astype(np.float16).tobytes() for row in rows]


@cache
def turned() -> tuple[np.ndarray, Heads]:
    rows = vectors_like_text(1500)
    return rows, Heads.of(rows)


@pytest.mark.parametrize("depth", [1, 20, 5000])
@pytest.mark.parametrize("floor", [-1.0, 0.3, 0.999])
@pytest.mark.parametrize("passing", [1.0, 0.5, 0.1])
def test_candidates_hold_all_that_the_full_scan_finds(depth: int, floor: float, passing: float) -> None:
    rows, heads = turned()
    mask = np.random.default_rng(1).random(len(rows)) < passing
    for vector in (*vectors_like_text(2, seed=2), rows[7]):
        cosines = rows @ vector
        wanted = np.flatnonzero(mask & (cosines >= floor))
        wanted = wanted[np.argsort(-cosines[wanted], kind="stable")]
        reach = cosines[wanted[:depth]].min(initial=2.0)
        found = set(heads.candidates(vector, rows, mask, floor=floor, depth=depth).tolist())
        assert {int(row) for row in wanted if cosines[row] > reach + 1e-6} <= found
        assert set(wanted[:depth].tolist()) <= found
        assert all(mask[row] for row in found)


def test_appended_rows_are_found_and_older_snapshots_do_not_see_them() -> None:
    rows = vectors_like_text(21_000)
    older = Vectors16.empty(DIMENSIONS).extended(blobs(rows[:20_500]))
    for _ in range(HEADS_FROM_SEARCHES + 1):
        older.nearest(rows[0], np.ones(older.size, bool), floor=0.5, depth=10)
    assert older.heads
    newer = older.extended(blobs(rows[20_500:20_600])).extended(blobs(rows[20_600:]))
    for row in (20_550, 20_999, 3):
        found, cosines = newer.nearest(rows[row], np.ones(newer.size, bool), floor=0.5, depth=5)
        assert row in found.tolist()
        assert cosines.max() == pytest.approx(1, abs=2e-3)
    found, _ = older.nearest(rows[20_550], np.ones(older.size, bool), floor=0.5, depth=5)
    assert found.max(initial=0) < 20_500
    full = older.rows @ rows[5]
    found, _ = older.nearest(rows[5], np.ones(older.size, bool), floor=-1.0, depth=50)
    assert set(np.argsort(-full)[:50].tolist()) <= set(found.tolist())
