"""How fast it is here: the whole write path, and search against the same retrieval by bare library calls.

Search is measured on a store filled to `passages` paragraphs: those of the articles, then paragraphs drawn from their
words with vectors mixed from theirs, since embedding a hundred thousand would take most of an hour.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.bench_search import search_times
from engine.models import Article, AttributedArticle, Paragraph, Skipped, Span
from engine.passages import passages_of
from engine.ports import Vectors
from engine.prepare import Preparer
from engine.registry import Registry
from engine.stores.base import PreparedArticle, Retrieval, Store
from engine.text import words

PARAGRAPHS_AN_ARTICLE = 20
SEED = 5


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
    searching = search_times(
        store,
        preparer.embedder,
        registry,
        filled.texts,
        np.concatenate(filled.vectors),
        searches=plan.searches,
    )
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


def _peak_memory() -> float:
    """Bytes. Linux counts in KiB, macOS in bytes."""
    import resource  # Unix only

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
