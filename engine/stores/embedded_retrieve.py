"""Retrieval over one snapshot and one read transaction: keyword ranking, exact vector ranking, facets."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.stores.base import Ranked, Retrieval, Retrieved
from engine.stores.embedded_filter import by_speakers, facets_of, passing, undated_passing
from engine.stores.embedded_match import Matcher
from engine.stores.embedded_parked import Parked
from engine.stores.embedded_postings import Postings
from engine.stores.embedded_snapshot import Mask, Shelf, Snapshot


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows of the shelf with their scores, not yet sorted."""

    rows: npt.NDArray[np.integer[Any]]
    scores: npt.NDArray[np.float64]

    def best(self, depth: int, shelf: Shelf) -> Ranking:
        """The first `depth` by score, ties by passage id."""
        rows, scores = self.rows, self.scores
        if len(rows) > depth:
            least = np.partition(scores, len(scores) - depth)[len(scores) - depth]
            rows, scores = rows[scores >= least], scores[scores >= least]
        order = np.lexsort((shelf.ties[rows], -scores))[:depth]
        return Ranking(rows[order], scores[order])

    def ranked(self, shelf: Shelf) -> tuple[Ranked, ...]:
        columns = (shelf.numbers[self.rows], self.scores, shelf.articles[self.rows])
        return tuple(map(Ranked, *(column.tolist() for column in columns)))


_NONE = Ranking(np.empty(0, np.int64), np.empty(0, np.float64))


def retrieve(
    snapshot: Snapshot, connection: sqlite3.Connection, retrieval: Retrieval, postings: Postings
) -> tuple[Retrieved, Parked]:
    """The answer, and what is kept for its further pages."""
    shelf = snapshot.shelf(retrieval.passages)
    matcher = Matcher(connection, snapshot, retrieval.passages, retrieval.weights, postings)
    retriever = _Retriever(snapshot, matcher, retrieval)
    mask = passing(snapshot, retrieval.passages, retrieval.filters)
    keyword = retriever.keyword(mask)
    if retrieval.best is not None:
        keyword = keyword.best(retrieval.best, shelf)
    semantic = retriever.semantic(mask)
    everything = retrieval.clause is None and retrieval.vector is None
    member = mask if everything else _member(shelf, keyword, semantic)
    matched = keyword
    if everything or retrieval.order == "newest":
        order = shelf.newest_first
        rows = order[member[order]]
        # Falling scores keep the order in `Parked`; nothing else reads them.
        keyword, semantic = Ranking(rows[: retrieval.depth], np.zeros(min(len(rows), retrieval.depth))), _NONE
        matched = Ranking(rows, -np.arange(len(rows), dtype=np.float64))
    facets = facets_of(snapshot, retrieval.passages, member, names=retrieval.facets, size=retrieval.facet_size)
    head = Retrieved(
        keyword=keyword.best(retrieval.depth, shelf).ranked(shelf) if keyword is matched else keyword.ranked(shelf),
        semantic=semantic.ranked(shelf),
        total=int(np.count_nonzero(member)),
        keyword_total=len(matched.rows),
        facets=facets,
        undated=retriever.undated() if retrieval.filters.dated else 0,
        rest=str(retrieval.depth) if len(matched.rows) > retrieval.depth else None,
    )
    numbers = shelf.numbers[matched.rows].astype(np.int32)
    return head, Parked(head, numbers, matched.scores, shelf.ties[matched.rows])


def _member(shelf: Shelf, *rankings: Ranking) -> Mask:
    member = np.zeros(shelf.size, bool)
    for ranking in rankings:
        member[ranking.rows] = True
    return member


class _Retriever:
    def __init__(self, snapshot: Snapshot, matcher: Matcher, retrieval: Retrieval) -> None:
        self._snapshot = snapshot
        self._shelf = matcher.shelf
        self._retrieval = retrieval
        self._matcher = matcher

    def keyword(self, mask: Mask) -> Ranking:
        clause, lift = self._retrieval.clause, self._retrieval.lift
        if clause is None:
            return _NONE
        found = self._matcher.matches(clause).only(mask)
        if lift is None:
            return Ranking(found.rows, found.scores)
        scores = found.scores
        if lift.clause is not None and lift.keyword and len(scores):
            lifting = self._matcher.matches(lift.clause)
            gained = np.zeros(self._shelf.size)
            gained[lifting.rows] = lifting.scores
            scores = scores + lift.keyword * gained[found.rows]
        if lift.speakers and lift.speaker_keyword:
            lifted = by_speakers(self._snapshot, self._retrieval.passages, lift.speakers)
            scores = scores * (1 + lift.speaker_keyword * lifted[found.rows])
        return Ranking(found.rows, scores)

    def semantic(self, mask: Mask) -> Ranking:
        retrieval, shelf = self._retrieval, self._shelf
        if retrieval.vector is None or not shelf.size:
            return _NONE
        if retrieval.restriction is not None:
            allowed = np.zeros(shelf.size, bool)
            allowed[self._matcher.matches(retrieval.restriction, scored=False).rows] = True
            mask = mask & allowed
        vector = np.ascontiguousarray(retrieval.vector, np.float32)
        rows, cosines = shelf.vectors.nearest(vector, mask, floor=retrieval.floor, depth=retrieval.depth)
        scores = cosines.astype(np.float64)
        lift = retrieval.lift
        if lift is not None and lift.speakers and lift.speaker_semantic:
            lifted = mask & by_speakers(self._snapshot, retrieval.passages, lift.speakers)
            theirs, raised = shelf.vectors.among(np.flatnonzero(lifted), vector, floor=lift.floor(retrieval.floor))
            others = ~lifted[rows]
            rows = np.concatenate([rows[others], theirs])
            scores = np.concatenate([scores[others], raised.astype(np.float64) + lift.speaker_semantic])
        return Ranking(rows, scores).best(retrieval.depth, shelf)

    def undated(self) -> int:
        retrieval = self._retrieval
        mask = undated_passing(self._snapshot, retrieval.passages, retrieval.filters)
        if retrieval.clause is None:
            return int(np.count_nonzero(mask))
        return len(self._matcher.matches(retrieval.clause, scored=False).only(mask))
