"""Kept rankings come back to the last bit, from memory and from the folder."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from engine.errors import QueryError
from engine.query import FacetCount
from engine.stores.base import Ranked, Retrieved
from engine.stores.embedded_parked import KEPT_IN_MEMORY, Parked, ParkedRankings


def parked(size: int = 50) -> Parked:
    """Scores so near to each other that half the digits would not tell them apart."""
    scores = 7.0 + np.random.default_rng(1).permutation(size) * 1e-13
    numbers = np.arange(100, 100 + size, dtype=np.int32)
    facets = {"speaker": (FacetCount("a", "A", 3, date(2016, 1, 2), None),)}
    best = int(scores.argmax())
    head = Retrieved(
        (Ranked(int(numbers[best]), float(scores[best])),), (Ranked(3, 0.1),), size, size, facets, 2, None, "1"
    )
    return Parked(head, numbers, scores, np.arange(size, dtype=np.uint64)[::-1].copy())


def test_another_process_finds_the_same_ranking(tmp_path: Path) -> None:
    kept = parked()
    token = ParkedRankings(tmp_path).keep(kept)
    other = ParkedRankings(tmp_path).get(token)
    assert other.head == kept.head
    assert other.after(1, 20) == kept.after(1, 20)
    assert [r.score for r in other.after(0, 50).keyword] == sorted(kept.scores.tolist(), reverse=True)
    assert other.after(0, 1).keyword == kept.head.keyword
    assert other.after(40, 20).rest is None


def test_without_a_folder_only_the_latest_are_kept() -> None:
    rankings = ParkedRankings(None)
    first = rankings.keep(parked(3))
    for _ in range(KEPT_IN_MEMORY):
        last = rankings.keep(parked(3))
    assert rankings.get(last).head.total == 3
    with pytest.raises(QueryError, match="again"):
        rankings.get(first)


@pytest.mark.parametrize("token", ["", "..", "../../etc/passwd", "A" * 16, "\x00" * 16])
def test_a_strange_name_is_an_expired_one(tmp_path: Path, token: str) -> None:
    with pytest.raises(QueryError, match="expired"):
        ParkedRankings(tmp_path).get(token)


def test_a_folder_that_cannot_be_written_costs_only_the_other_process(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    rankings = ParkedRankings(blocked / "pages")
    token = rankings.keep(parked(3))
    assert rankings.get(token).head.total == 3
