"""Which passages hold a word, and their BM25: read from the stemmed index once, then kept while the file is the same.

FTS5's own bm25() looks up every match's length in the file and counts every word's passages anew; a list of all the
places of a word (fts5vocab) is read eight times as fast. The formula is FTS5's and Lucene's: S. Robertson, H. Zaragoza,
"The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with k1 = 1.2, b = .75.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from engine.stores.base import FieldWeights
from engine.stores.embedded_snapshot import Shelf

MOST_KEPT = 8_000_000
"""Places in memory at most, of 12 bytes each. The whole vocabulary of 100,000 paragraphs has 4 million."""
_KEPT_AT_LEAST = 50
"""What the rarest word counts for: its list takes more room than its places."""
_K1 = 1.2
_B = 0.75
_LEAST_IDF = 1e-6
"""Of a word in half of all passages or more."""

_PLACES = """
SELECT group_concat(doc * 4 + CASE col WHEN 'text' THEN 0 WHEN 'title' THEN 1 WHEN 'speaker' THEN 2 ELSE 3 END)
FROM temp.word_places WHERE term = ?
"""
"""Every place of a word as one number: passage and field. One text and one parse: faster than a row each."""

Key = tuple[int, str, str, FieldWeights]
"""Generation of the file, type of the shelf, the word or the expression, the field weights."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Rows of a shelf in ascending order with their scores (higher is better; 0 where only restrictions match)."""

    rows: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, kept: npt.NDArray[np.bool_]) -> Matches:
        """Those whose row passes the mask over all rows."""
        chosen = kept[self.rows]
        return Matches(self.rows[chosen], self.scores[chosen])


NOTHING = Matches(np.empty(0, np.int32), np.empty(0, np.float64))


@dataclass(frozen=True, slots=True)
class Collection:
    """What BM25 must know of all passages of both types; a word's rarity is the same on either shelf."""

    passages: int
    words: int

    def idf(self, passages: int) -> float:
        rarity = math.log((self.passages - passages + 0.5) / (passages + 0.5))
        return rarity if rarity > 0 else _LEAST_IDF

    def dampings(self, lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
        """By passage: the count of a word at which its score is half of what it can become."""
        average = self.words / self.passages
        return _K1 * (1 - _B + _B * lengths.astype(np.float64) / average)


def matches_of(
    stem: str, connection: sqlite3.Connection, shelf: Shelf, collection: Collection, weights: FieldWeights
) -> Matches:
    """The passages of the shelf that hold a word of this stem in any field; a field's weight multiplies its count."""
    (joined,) = connection.execute(_PLACES, (stem,)).fetchone()
    if not joined:
        return NOTHING
    places = np.fromstring(joined, np.int64, sep=",")
    numbers = places >> 2
    firsts = np.flatnonzero(np.diff(numbers, prepend=-1))  # ascending: the places of a passage stand together
    weighted: npt.NDArray[np.float64] = np.add.reduceat(np.array(astuple(weights), np.float64)[places & 3], firsts)
    rows, counts = shelf.in_order(numbers[firsts], weighted)
    dampings = collection.dampings(shelf.lengths[rows])
    return Matches(rows, collection.idf(len(firsts)) * (counts * (_K1 + 1) / (counts + dampings)))


class Postings:
    """Lists of words and phrases that were asked for. Safe to share between threads; the longest unasked go first."""

    def __init__(self, *, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, Matches] = OrderedDict()
        self._size = 0

    def get(self, key: Key, ask: Callable[[], Matches]) -> Matches:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = ask()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = found
                self._size += len(found) + _KEPT_AT_LEAST
            while self._size > self._most_kept and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest) + _KEPT_AT_LEAST
        return found
