"""Search measured on a folder of documents, queries and judgements, through the code that serves users.

Each document becomes one article without attribution and is scored by its best passage. Queries are sentences, not our
query language: every mark in them is punctuation. nDCG with gains 2^grade - 1 (K. Järvelin, J. Kekäläinen, TOIS 2002),
MRR, recall; 95 % intervals by bootstrap over the queries; rankings as TREC runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TextIO

import numpy as np

from engine.errors import InputError
from engine.evaluate_collection import Collection, EvalDocument, EvalQuery
from engine.models import Article, AttributedArticle, Paragraph, Skipped
from engine.paragraphs import paragraphs_of
from engine.ports import Embedder
from engine.prepare import Preparer
from engine.query import Mode, SearchRequest
from engine.query_language import plain_query
from engine.ranking import Ranking, load_ranking
from engine.registry import Registry
from engine.search import search
from engine.stores.base import Store

RESULTS = 100
"""Documents a query, as the contract says."""
PAGE = 200
RESAMPLES = 1_000
SEED = 13
BATCH = 256

Run = dict[str, list[tuple[str, float]]]
"""By query: documents with their scores, best first."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over the queries with the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def record(self) -> dict[str, float]:
        return {"value": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}


class NothingSaid:
    """Attribution that finds no statement: documents of a test collection are searched by their paragraphs."""

    def attribute(self, article: Article) -> AttributedArticle:
        return AttributedArticle(article, ())


def article_of(document: EvalDocument) -> Article:
    """All of the document's paragraphs are body: a test collection has no furniture."""
    found = (replace(paragraph, role="body") for paragraph in paragraphs_of(document.text))
    paragraphs: tuple[Paragraph, ...] = tuple(found)
    return Article(id=document.id, text=document.text, paragraphs=paragraphs, title=document.title)


def index_collection(collection: Collection, *, store: Store, embedder: Embedder) -> None:
    """Writes the documents in batches, so that vectors of a large collection are never all in memory."""
    preparer = Preparer(NothingSaid(), embedder, means="none")
    documents = collection.documents
    for at in range(0, len(documents), BATCH):
        prepared = preparer.prepare([article_of(document) for document in documents[at : at + BATCH]])
        refused = [entry for entry in prepared if isinstance(entry, Skipped)]
        if refused:
            raise InputError(f"{refused[0].input}: {refused[0].reason}")
        for outcome in store.put(entry for entry in prepared if not isinstance(entry, Skipped)):
            if outcome.outcome == "refused":
                raise InputError(f"document {outcome.article}: {outcome.reason}")


def run_collection(
    collection: Collection,
    *,
    store: Store,
    embedder: Embedder,
    registry: Registry,
    mode: Mode = "hybrid",
    ranking: Ranking | None = None,
) -> Run:
    """The 100 best documents of each judged query."""
    ranking = ranking or load_ranking()
    return {
        query.id: _documents(query, store, embedder, registry, mode, ranking)
        for query in collection.queries
        if query.id in collection.judgements
    }


def _documents(
    query: EvalQuery, store: Store, embedder: Embedder, registry: Registry, mode: Mode, ranking: Ranking | None
) -> list[tuple[str, float]]:
    request = SearchRequest(
        q=query.text,
        query=plain_query(query.text),
        meaning=query.text,
        passages="paragraph",
        mode=mode,
        limit=PAGE,
        lift_speaker=query.speaker,
        context=query.context,
    )
    best: dict[str, float] = {}
    while True:
        answer = search(store, embedder, registry, request, ranking=ranking)
        for hit in answer.hits:
            best.setdefault(hit.article.id, hit.score)
        if len(best) >= RESULTS or answer.next is None:
            return sorted(best.items(), key=lambda found: -found[1])[:RESULTS]
        request = replace(request, cursor=answer.next)


def measures(run: Run, judgements: Mapping[str, Mapping[str, int]]) -> dict[str, Measure]:
    """Over the judged queries; one without an answer counts as nought."""
    rows = [_measured([id for id, _ in run.get(query, [])], judged) for query, judged in sorted(judgements.items())]
    table = np.array(rows, np.float64).reshape(-1, 3)
    chance = np.random.default_rng(SEED)
    samples = table[chance.integers(0, len(table), (RESAMPLES, len(table)))].mean(axis=1)
    low, high = np.quantile(samples, (0.025, 0.975), axis=0)
    names = ("ndcg@10", "mrr@10", "recall@100")
    return {name: Measure(float(table[:, i].mean()), float(low[i]), float(high[i])) for i, name in enumerate(names)}


def _measured(ranked: Sequence[str], judged: Mapping[str, int]) -> tuple[float, float, float]:
    gains = [2 ** max(0, judged.get(id, 0)) - 1 for id in ranked[:10]]
    ideal = sorted((2 ** max(0, grade) - 1 for grade in judged.values()), reverse=True)[:10]
    relevant = {id for id, grade in judged.items() if grade > 0}
    first = next((place for place, gain in enumerate(gains, 1) if gain), 0)
    recall = len(relevant & set(ranked[:RESULTS])) / len(relevant) if relevant else 0.0
    return _discounted(gains) / (_discounted(ideal) or 1.0), 1 / first if first else 0.0, recall


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def trec_lines(run: Run, *, tag: str) -> Iterator[str]:
    """`query Q0 document rank score tag`; scores fall strictly, so that no reader reorders ties."""
    for query, ranked in run.items():
        previous = math.inf
        for place, (document, score) in enumerate(ranked, 1):
            previous = min(score, previous - 1e-6)
            yield f"{query} Q0 {document} {place} {previous:.6f} {tag}"


def write_run(run: Run, stream: TextIO, *, tag: str) -> None:
    for line in trec_lines(run, tag=tag):
        stream.write(line + "\n")


def evaluation_record(collection: Collection, run: Run, *, tag: str) -> dict[str, Any]:
    """The JSON of `onrecord eval search`."""
    found = measures(run, collection.judgements)
    return {
        "documents": len(collection.documents),
        "queries": len(collection.judgements),
        "tag": tag,
        **{name: measure.record() for name, measure in found.items()},
    }
