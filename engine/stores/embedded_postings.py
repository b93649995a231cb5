"""Scores of single words, kept while the file does not change.

A relaxed question asks for any of a dozen words, some of them in a fifth of all passages, and FTS5 scores every match
of every word anew. Each word's scores are therefore kept as an array and added up: BM25 is a sum over words.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

MOST_KEPT = 4_000_000
"""Scores in memory at most, of 12 bytes each."""
WORTH_KEEPING = 100
"""A word in fewer passages is looked up as fast as it is remembered."""

Numbers = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float64]
Key = tuple[int, str, tuple[float, ...]]
"""Generation of the file, the word, the field weights."""


class Postings:
    """Safe to share between threads; what belongs to an older state of the file is dropped first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, tuple[Numbers, Scores]] = OrderedDict()
        self._size = 0

    def get(self, key: Key, ask: Callable[[], tuple[Numbers, Scores]]) -> tuple[Numbers, Scores]:
        """Passage numbers (ascending) and scores of a word."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = ask()
        if len(found[0]) >= WORTH_KEEPING:
            with self._lock:
                if key not in self._kept:
                    self._kept[key] = found
                    self._size += len(found[0])
                while self._size > MOST_KEPT and len(self._kept) > 1:
                    _, (numbers, _) = self._kept.popitem(last=False)
                    self._size -= len(numbers)
        return found
