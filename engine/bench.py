"""How fast it is here: the whole write path, and search against the same retrieval by bare library calls.

Search is measured on a store filled to `passages` paragraphs: those of the articles, then paragraphs drawn from their
words with vectors mixed from theirs, since embedding a hundred thousand would take most of an hour.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.clauses import AllOf, AnyOf, Word
from engine.models import Article, AttributedArticle, Paragraph, Skipped, Span
from engine.passages import passages_of
from engine.ports import Embedder, Vectors
from engine.prepare import Preparer
from engine.query import ANSWER_FACETS, SearchRequest
from engine.query_words import FUNCTION_WORDS
from engine.ranking import Ranking, load_ranking
from engine.registry import Registry
from engine.search import search
from engine.stores.base import PreparedArticle, Retrieval, Store
from engine.text import index_text, words

PARAGRAPHS_AN_ARTICLE = 20
SEED = 5
SENTENCE_WORDS = 20
"""Of a pasted sentence, function words among them."""
BARE_SCAN = "bare scan of the vectors"


@dataclass(frozen=True, slots=True)
class BenchPlan:
    """`passages` to search among, `searches` to time of each kind."""

    passages: int = 20_000
    searches: int = 200


@dataclass(slots=True)
class _Filled:
    """What the store holds, for the bare calls to hold the same."""

    texts: list[str] = field(default_factory=list)
    vectors: list[Vectors] = field(default_factory=list)


def run_bench(
    articles: Sequence[Article],
    *,
    preparer: Preparer,
    registry: Registry,
    open_store: Callable[[Path], Store],
    folder: Path,
    plan: BenchPlan | None = None,
) -> dict[str, Any]:
    """Writes into `folder` (the caller's to remove). Times are of this process and, where so named, of its CPU."""
    plan = plan or BenchPlan()
    path = folder / "bench.db"
    store = open_store(path)
    filled = _Filled()
    indexing = _indexing(articles, preparer, store, filled)
    _fill(store, filled, plan.passages)
    store.close()
    began = time.perf_counter()
    store = open_store(path)
    store.retrieve(Retrieval("paragraph"))
    opening = time.perf_counter() - began
    searching = _searching(store, preparer.embedder, registry, filled, plan.searches)
    store.close()
    return {
        "indexing": indexing,
        "passages": len(filled.texts),
        "open_seconds": round(opening, 3),
        "search_ms": searching,
        "file_mb": round(sum(file.stat().st_size for file in folder.glob("bench.db*")) / 1e6, 1),
        "memory_mb": round(_peak_memory() / 1e6, 1),
    }


def _indexing(articles: Sequence[Article], preparer: Preparer, store: Store, filled: _Filled) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    statements = 0
    for start in range(0, len(articles), 8):
        prepared = [p for p in preparer.prepare(articles[start : start + 8]) if not isinstance(p, Skipped)]
        for outcome in store.put(prepared):
            statements += outcome.statements
        for one in prepared:
            chosen = [i for i, passage in enumerate(one.passages) if passage.type == "paragraph"]
            filled.texts += [one.passages[i].text for i in chosen]
            filled.vectors.append(one.vectors[chosen])
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    size = [len(words(text)) for text in filled.texts]
    return {
        "articles": len(articles),
        "paragraphs": len(size),
        "statements": statements,
        "words_a_paragraph": round(sum(size) / max(1, len(size)), 1),
        "seconds": round(seconds, 2),
        "paragraphs_per_second": round(len(size) / seconds, 1) if seconds else None,
        "paragraphs_per_cpu_second": round(len(size) / cpu, 1) if cpu else None,
    }


def _fill(store: Store, filled: _Filled, passages: int) -> None:
    """Up to so many paragraphs: words in the order of others' texts, vectors between theirs."""
    chance, seeds = random.Random(SEED), np.concatenate(filled.vectors)
    texts = list(filled.texts)

    def invented() -> Iterator[PreparedArticle]:
        number = 0
        while len(filled.texts) < passages:
            size = min(PARAGRAPHS_AN_ARTICLE, passages - len(filled.texts))
            pairs = [(chance.randrange(len(texts)), chance.randrange(len(texts))) for _ in range(size)]
            parts = [_spliced(texts[a], texts[b]) for a, b in pairs]
            mixed = np.array([0.8 * seeds[a] + 0.6 * seeds[b] for a, b in pairs], np.float32)
            mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
            filled.texts += parts
            filled.vectors.append(mixed)
            number += 1
            yield _invented(number, parts, mixed)

    for outcome in store.put(invented()):
        if outcome.outcome == "refused":
            raise RuntimeError(f"bench article refused: {outcome.reason}")


def _spliced(first: str, second: str) -> str:
    return first[: len(first) // 2] + " " + second[len(second) // 2 :]


def _invented(number: int, parts: Sequence[str], vectors: Vectors) -> PreparedArticle:
    paragraphs, start = [], 0
    for part in parts:
        paragraphs.append(Paragraph(Span(start, start + len(part)), "body"))
        start += len(part) + 2
    day = f"{2010 + number % 12}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    article = Article(
        f"bench-{number}", "\n\n".join(parts), tuple(paragraphs), outlet=f"Outlet {number % 40}", published=day
    )
    attributed = AttributedArticle(article, ())
    return PreparedArticle(attributed, passages_of(attributed), vectors, fingerprint=str(number))


def _searching(
    store: Store, embedder: Embedder, registry: Registry, filled: _Filled, searches: int
) -> dict[str, dict[str, float]]:
    """Each question is asked in every way, one way right after the other, so that all meet the same machine."""
    ranking = load_ranking()
    bare = _Bare(filled)
    timed: dict[str, list[tuple[float, float]]] = {}

    def time_of(name: str, call: Callable[[], object]) -> None:
        began, cpu = time.perf_counter(), time.process_time()
        call()
        timed.setdefault(name, []).append((time.perf_counter() - began, time.process_time() - cpu))

    for question, sentence in _questions(filled.texts, searches):
        few, many = " ".join(question), " ".join(sentence)
        near, far = embedder.embed([few, many])
        all_of, any_of = _given(question, near, ranking), _given(sentence, far, ranking, relaxed=True)
        time_of(BARE_SCAN, lambda: bare.scan(near))  # noqa: B023
        time_of("retrieval of all words, vector given", lambda: store.retrieve(all_of))  # noqa: B023
        time_of("retrieval of any words of a sentence, vector given", lambda: store.retrieve(any_of))  # noqa: B023
        time_of("bare, vector given", lambda: bare.retrieve(question, near))  # noqa: B023
        for name, text in (("search, whole", few), ("search of a sentence, whole", many)):
            request = SearchRequest(q=text, passages="paragraph")
            time_of(name, lambda: search(store, embedder, registry, request, ranking=ranking))  # noqa: B023
        time_of("bare, whole", lambda: bare.retrieve(question, embedder.embed([few])[0]))  # noqa: B023
    bare.close()
    return {name: _percentiles(times, timed[BARE_SCAN]) for name, times in timed.items()}


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


def _questions(texts: Sequence[str], count: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Two or three neighbouring content words of some paragraph, and the content words of a stretch of it."""
    chance = random.Random(SEED)
    questions: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    usable = [text for text in texts if len(words(text)) > 12]
    while usable and len(questions) < count:
        cut = [word for word, _ in words(chance.choice(usable))][:SENTENCE_WORDS]
        content = [word for word in cut if word not in FUNCTION_WORDS and len(word) > 2]
        size = chance.choice((2, 3))
        if len(content) > size:
            start = chance.randrange(len(content) - size)
            questions.append((tuple(content[start : start + size]), tuple(dict.fromkeys(content))))
    return questions


class _Bare:
    """The same retrieval by SQLite and numpy alone: match, score, multiply, take the best of both."""

    def __init__(self, filled: _Filled) -> None:
        self._matrix = np.concatenate(filled.vectors)
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE bare USING fts5 (text, tokenize = 'porter ascii')")
        self._connection.executemany("INSERT INTO bare (text) VALUES (?)", ((index_text(t),) for t in filled.texts))

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
    return {name: round(float(value), 2) for name, value in found.items()}


def _peak_memory() -> float:
    """Bytes. Linux counts in KiB, macOS in bytes."""
    import resource  # Unix only

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
