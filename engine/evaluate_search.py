"""Search measured on a folder of documents, queries and judgements, through the code that serves users.

Each document becomes one article without attribution and is scored by its best passage. Queries are sentences, not our
query language: every mark in them is punctuation. Copies of the same words are not folded: each document is judged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TextIO

from engine.errors import InputError, UsageError
from engine.evaluate_collection import Collection, EvalDocument, EvalQuery
from engine.evaluate_measures import RESULTS, Run, gains, measures
from engine.models import Article, AttributedArticle, Paragraph, Skipped
from engine.paragraphs import paragraphs_of
from engine.passages import fingerprint
from engine.ports import Embedder, Reranker
from engine.prepare import Preparer
from engine.query import Mode, SearchAnswer, SearchRequest
from engine.query_language import plain_query
from engine.ranking import Ranking, load_ranking
from engine.registry import Registry
from engine.search import search
from engine.stores.base import Store

PAGE = 200
BATCH = 256


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
    """Writes the documents in batches, so that vectors of a large collection are never all in memory. What the store
    holds already is not embedded again. Raises InputError, and UsageError where it holds other articles."""
    preparer = Preparer(NothingSaid(), embedder, means="none")
    documents = collection.documents
    for at in range(0, len(documents), BATCH):
        articles = [article_of(document) for document in documents[at : at + BATCH]]
        stored = store.fingerprints([article.id for article in articles])
        new = [a for a in articles if stored.get(a.id) != fingerprint(a, means=preparer.means)]
        prepared = preparer.prepare(new)
        refused = [entry for entry in prepared if isinstance(entry, Skipped)]
        if refused:
            raise InputError(f"{refused[0].input}: {refused[0].reason}")
        for outcome in store.put(entry for entry in prepared if not isinstance(entry, Skipped)):
            if outcome.outcome == "refused":
                raise InputError(f"document {outcome.article}: {outcome.reason}")
    if store.counts().articles != len(documents):
        raise UsageError(f"{store.location} holds articles that are not of this collection: give it a store of its own")


def run_collection(
    collection: Collection,
    *,
    store: Store,
    embedder: Embedder,
    registry: Registry,
    mode: Mode = "hybrid",
    ranking: Ranking | None = None,
    reranker: Reranker | None = None,
) -> Run:
    """The 100 best documents of each judged query."""
    ranking = ranking or load_ranking()

    def ask(request: SearchRequest) -> SearchAnswer:
        return search(store, embedder, registry, request, ranking=ranking, reranker=reranker)

    return {
        query.id: _documents(_request(query, mode), ask)
        for query in collection.queries
        if query.id in collection.judgements
    }


def _request(query: EvalQuery, mode: Mode) -> SearchRequest:
    return SearchRequest(
        q=query.text,
        query=plain_query(query.text),
        meaning=query.text,
        passages="paragraph",
        mode=mode,
        limit=PAGE,
        lift_speaker=query.speaker,
        context=query.context,
        facets=(),
    )


def _documents(request: SearchRequest, ask: Callable[[SearchRequest], SearchAnswer]) -> list[tuple[str, float]]:
    """Each document at its best passage, in the order in which a user pages through them."""
    best: dict[str, float] = {}
    while True:
        answer = ask(request)
        for hit in answer.hits:
            best.setdefault(hit.article.id, hit.score)
        if len(best) >= RESULTS or answer.next is None:
            return list(best.items())[:RESULTS]
        request = replace(request, cursor=answer.next)


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


def evaluation_record(
    collection: Collection, run: Run, *, tag: str, alone: Mapping[str, Run] | None = None
) -> dict[str, Any]:
    """The JSON of `onrecord eval search`. `alone` holds the runs of single retrievers, by name: their measures are
    told, and what the run gains over each (query by query, so that its interval is narrower than theirs)."""
    judgements = collection.judgements
    record = {
        "documents": len(collection.documents),
        "queries": len(judgements),
        "tag": tag,
        **{name: measure.record() for name, measure in measures(run, judgements).items()},
    }
    if alone:
        record["alone"] = {
            retriever: {name: measure.record() for name, measure in measures(other, judgements).items()}
            for retriever, other in alone.items()
        }
        record["gain"] = {
            retriever: {name: measure.record() for name, measure in gains(run, other, judgements).items()}
            for retriever, other in alone.items()
        }
    return record
