"""How fast search is: each way of asking against the same retrieval by bare library calls, over the same passages."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from engine.clauses import AllOf, AnyOf, Word
from engine.ports import Embedder, Vectors
from engine.query import ANSWER_FACETS, SearchRequest
from engine.query_words import FUNCTION_WORDS
from engine.ranking import Ranking, load_ranking
from engine.registry import Registry
from engine.search import search
from engine.stores.base import Retrieval, Store
from engine.text import index_text, words

SEED = 5
SENTENCE_WORDS = 20
"""Of a pasted sentence, function words among them."""
ROUND = 20
"""Questions asked in one way before the next way has its turn."""
BARE_SCAN = "bare scan of the vectors"


def search_times(
    store: Store, embedder: Embedder, registry: Registry, texts: Sequence[str], vectors: Vectors, *, searches: int
) -> dict[str, dict[str, float]]:
    """A few questions are asked in one way, then in the next, so that all ways meet the same machine and none finds its
    memory driven out of the processor's cache by another at every question."""
    ranking = load_ranking()
    bare = _Bare(texts, vectors)
    timed: dict[str, list[tuple[float, float]]] = {}
    questions = _questions(texts, searches)
    for start in range(0, len(questions), ROUND):
        for name, calls in _ways(questions[start : start + ROUND], store, embedder, registry, bare, ranking).items():
            for call in calls:
                began, cpu = time.perf_counter(), time.process_time()
                call()
                timed.setdefault(name, []).append((time.perf_counter() - began, time.process_time() - cpu))
    bare.close()
    return {name: _percentiles(times, timed[BARE_SCAN]) for name, times in timed.items()}


def _ways(
    questions: Sequence[_Question],
    store: Store,
    embedder: Embedder,
    registry: Registry,
    bare: _Bare,
    ranking: Ranking,
) -> dict[str, list[Callable[[], object]]]:
    vectors = embedder.embed([question.text for question in questions])
    pasted = embedder.embed([question.sentence_text for question in questions])

    def whole(text: str) -> Callable[[], object]:
        request = SearchRequest(q=text, passages="paragraph")
        return lambda: search(store, embedder, registry, request, ranking=ranking)

    return {
        BARE_SCAN: [partial(bare.scan, v) for v in vectors],
        "retrieval of all words, vector given": [
            partial(store.retrieve, _given(q.words, v, ranking)) for q, v in zip(questions, vectors, strict=True)
        ],
        "retrieval of any words of a sentence, vector given": [
            partial(store.retrieve, _given(q.sentence, v, ranking, relaxed=True))
            for q, v in zip(questions, pasted, strict=True)
        ],
        "bare, vector given": [partial(bare.retrieve, q.words, v) for q, v in zip(questions, vectors, strict=True)],
        "search, whole": [whole(q.text) for q in questions],
        "search of a sentence, whole": [whole(q.sentence_text) for q in questions],
        "bare, whole": [partial(_bare_search, bare, embedder, q) for q in questions],
    }


def _bare_search(bare: _Bare, embedder: Embedder, question: _Question) -> object:
    return bare.retrieve(question.words, embedder.embed([question.text])[0])


def _given(words: Sequence[str], vector: Vectors, ranking: Ranking, *, relaxed: bool = False) -> Retrieval:
    """What search asks the store; `relaxed` as where no passage holds all the words."""
    clauses = tuple(Word((word,)) for word in words)
    return Retrieval(
        "paragraph",
        clause=AnyOf(clauses) if relaxed else AllOf(clauses),
        best=ranking.relaxed_depth if relaxed else None,
        vector=vector,
        floor=ranking.floor,
        depth=ranking.depth,
        weights=ranking.paragraph,
        facets=ANSWER_FACETS,
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """Two or three neighbouring content words of some paragraph, and the content words of a stretch of it."""

    words: tuple[str, ...]
    sentence: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def sentence_text(self) -> str:
        return " ".join(self.sentence)


def _questions(texts: Sequence[str], count: int) -> list[_Question]:
    chance = random.Random(SEED)
    questions: list[_Question] = []
    usable = [text for text in texts if len(words(text)) > 12]
    while usable and len(questions) < count:
        cut = [word for word, _ in words(chance.choice(usable))][:SENTENCE_WORDS]
        content = [word for word in cut if word not in FUNCTION_WORDS and len(word) > 2]
        size = chance.choice((2, 3))
        if len(content) > size:
            start = chance.randrange(len(content) - size)
            questions.append(_Question(tuple(content[start : start + size]), tuple(dict.fromkeys(content))))
    return questions


class _Bare:
    """The same retrieval by SQLite and numpy alone: match, score, multiply, take the best of both."""

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        self._matrix = vectors
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE bare USING fts5 (text, tokenize = 'porter ascii')")
        self._connection.executemany("INSERT INTO bare (text) VALUES (?)", ((index_text(text),) for text in texts))

    def retrieve(self, question: Sequence[str], vector: Vectors) -> tuple[list[Any], Any]:
        asked = " AND ".join(f'"{word}"' for word in question)
        sql = "SELECT rowid, bm25(bare) AS score FROM bare WHERE bare MATCH ? ORDER BY score LIMIT 200"
        found = self._connection.execute(sql, (asked,)).fetchall()
        cosines = self.scan(vector)
        depth = min(200, len(cosines))
        nearest = np.argpartition(cosines, len(cosines) - depth)[len(cosines) - depth :]
        return found, nearest[np.argsort(-cosines[nearest])]

    def scan(self, vector: Vectors) -> Vectors:
        """Every vector times the question's, in float32: what any exact search by numpy alone must do."""
        return np.asarray(self._matrix @ vector, np.float32)

    def close(self) -> None:
        self._connection.close()


def _percentiles(times: Sequence[tuple[float, float]], bare: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Milliseconds; `cpu_` are the processor's own, which a busy machine lengthens less. `to_bare_scan` is the median
    over the questions of this time to the bare scan's of the same moment."""
    wall, cpu = 1000 * np.array(times).T
    ratios = wall / (1000 * np.array(bare).T[0])
    found = {"p50": np.percentile(wall, 50), "p95": np.percentile(wall, 95)}
    found |= {"cpu_p50": np.percentile(cpu, 50), "cpu_p95": np.percentile(cpu, 95), "to_bare_scan": np.median(ratios)}
    return {name: round(float(value), 3) for name, value in found.items()}
