"""Our Elasticsearch store against the server itself, in one run: `python -m tests.bench.elasticsearch_bench URL`.

Needs a node (`make elasticsearch`) and `../shared/data/scale/paragraphs.jsonl.gz` (or ONRECORD_SHARED). Prints JSON:
indexing in passages per second against `helpers.parallel_bulk` with the very same documents, and hybrid retrieval in
milliseconds against the same two raw queries sent by hand. Vectors are random, of unit length, made beforehand.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from elasticsearch import Elasticsearch, helpers

from engine.clauses import AllOf, Word
from engine.models import Article, AttributedArticle, Paragraph, Span
from engine.passages import fingerprint, passages_of
from engine.ports import ModelIdentity
from engine.query import ANSWER_FACETS
from engine.stores.base import PreparedArticle, Retrieval
from engine.stores.elastic import open_elastic
from engine.stores.elastic_client import ElasticAddress
from engine.stores.elastic_documents import passage_documents, split_key
from engine.stores.elastic_query import matched_query, ranking_search, vector_search
from engine.text import words
from index_config.elasticsearch import index_body

DIMENSIONS = 384
IDENTITY = ModelIdentity("random", "f" * 64, DIMENSIONS)
ROOT = Path(__file__).parents[2]


def prepared_articles(count: int) -> list[PreparedArticle]:
    """Articles of `count` paragraphs together."""
    shared = Path(os.environ.get("ONRECORD_SHARED", ROOT / "../shared"))
    random = np.random.default_rng(7)
    ready = []
    with gzip.open(shared / "data/scale/paragraphs.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in itertools.islice(lines, count))
        for id, group in itertools.groupby(rows, key=lambda row: row["article"]):
            ready.append(_prepared(id, list(group), random))
    return ready


def _prepared(id: str, rows: list[dict[str, Any]], random: np.random.Generator) -> PreparedArticle:
    spans, start = [], 0
    for row in rows:
        spans.append(Paragraph(Span(start, start + len(row["text"])), "body"))
        start += len(row["text"]) + 2
    text = "\n\n".join(row["text"] for row in rows)
    article = Article(id=id, text=text, paragraphs=tuple(spans), title=rows[0]["title"], published=rows[0]["date"])
    attributed = AttributedArticle(article, ())
    vectors = random.standard_normal((len(rows), DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return PreparedArticle(attributed, passages_of(attributed), vectors, fingerprint(article, means="bench"))


def measured(what: Callable[[], Any]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def parallel_bulk(client: Elasticsearch, index: str, articles: list[PreparedArticle]) -> None:
    """The helper as its documentation shows it, with the documents our store writes; vectors as lists, as short as
    float32 allows."""

    def actions() -> Iterator[dict[str, Any]]:
        for prepared in articles:
            for key, document in passage_documents(prepared, generation=1):
                routing, id = split_key(key)
                vector = np.round(document.pop("paragraph_vector").astype(np.float64), 7).tolist()
                yield {"_index": index, "_id": id, "routing": routing, **document, "paragraph_vector": vector}

    deque(helpers.parallel_bulk(client, actions()), maxlen=0)
    client.indices.refresh(index=index)


def queries(articles: list[PreparedArticle], count: int) -> list[Retrieval]:
    """Two words that stand together in some paragraph, and a random vector."""
    random = np.random.default_rng(11)
    asked = []
    while len(asked) < count:
        prepared = articles[int(random.integers(len(articles)))]
        long = [word for word, _ in words(prepared.passages[0].text) if len(word) > 5]
        if len(long) >= 2:
            pair = random.choice(long, 2, replace=False)
            vector = random.standard_normal(DIMENSIONS).astype(np.float32)
            clause = AllOf(tuple(Word((str(word),)) for word in pair))
            asked.append(Retrieval("paragraph", clause=clause, vector=vector / np.linalg.norm(vector), floor=-1.0))
    return asked


def times(ways: dict[str, Callable[[Retrieval], Any]], asked: list[Retrieval]) -> dict[str, dict[str, float]]:
    """Milliseconds of each way; asked in turn, so that whatever else the machine does falls on all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number, retrieval in enumerate(asked):
        names = list(ways)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken[name].append(1000 * measured(lambda name=name: ways[name](retrieval)))  # type: ignore[misc]  # noqa: B023
    report = {}
    for name, ms in taken.items():
        ms.sort()
        report[name] = {"p50": round(statistics.median(ms), 2), "p95": round(ms[int(0.95 * len(ms))], 2)}
    return report


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    chosen = parser.parse_args()
    articles = prepared_articles(chosen.passages)
    report: dict[str, Any] = {"passages": chosen.passages, "articles": len(articles)}
    with Elasticsearch(chosen.url, request_timeout=300) as client:
        for name in client.indices.get(index="onrecord-bench*").body:
            client.indices.delete(index=name)
        body = index_body(dimensions=DIMENSIONS, vectors="int8_hnsw", shards=1, meta={})
        for name, some in (("onrecord-bench-warm", articles[: len(articles) // 10]), ("onrecord-bench-plain", [])):
            client.indices.create(index=name, **body)
            parallel_bulk(client, name, some)  # a Java that has run for a minute is another one
        client.indices.delete(index="onrecord-bench-warm")
        plain = measured(lambda: parallel_bulk(client, "onrecord-bench-plain", articles))
        client.indices.delete(index="onrecord-bench-plain")
        store = open_elastic(
            ElasticAddress((chosen.url,), index="onrecord-bench", timeout_seconds=300), identity=IDENTITY
        )
        ours = measured(lambda: deque(store.put(articles), maxlen=0))
        report["index"] = {
            "ours per second": round(chosen.passages / ours),
            "parallel_bulk per second": round(chosen.passages / plain),
            "ratio": round(plain / ours, 3),
        }
        print(json.dumps(report["index"]), file=sys.stderr, flush=True)
        client.indices.forcemerge(index="onrecord-bench", max_num_segments=1)
        asked = queries(articles, chosen.queries)

        def raw(retrieval: Retrieval) -> None:
            keyword = ranking_search(matched_query(retrieval), retrieval, size=retrieval.depth)
            head = {"index": "onrecord-bench"}
            client.msearch(searches=[head, keyword, head, vector_search(retrieval)])

        def faceted(retrieval: Retrieval) -> None:
            store.retrieve(replace(retrieval, facets=ANSWER_FACETS))

        def kept(retrieval: Retrieval) -> None:
            store.retrieve(replace(retrieval, facets=ANSWER_FACETS, paged=True))

        ways = {"raw": raw, "hybrid": store.retrieve, "with facets": faceted, "with facets, pages kept": kept}
        times(ways, asked[:50])  # warms all of them
        report["ms"] = found = times(ways, asked)
        report["ratio"] = {
            name: {mark: round(ms[mark] / found["raw"][mark], 2) for mark in ms} for name, ms in found.items()
        }
        store.close()
        for name in client.indices.get(index="onrecord-bench*").body:
            client.indices.delete(index=name)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
