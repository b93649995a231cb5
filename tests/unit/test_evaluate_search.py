"""Measures of search, and the folders they are taken on."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import InputError, UsageError
from engine.evaluate_collection import read_collection
from engine.evaluate_measures import gains, measures
from engine.evaluate_search import evaluation_record, index_collection, run_collection, trec_lines, write_run
from engine.ports import Vectors
from engine.registry import Registry
from engine.stores.embedded import open_embedded
from tests.builders import WordEmbedder

DOCUMENTS = [
    {"id": "d1", "title": "Harbour", "text": "The ferry crosses the harbour twice.\n\nIt carries no cars."},
    {"id": "d2", "text": 'The bridge was closed on Monday, "for good".'},
    {"id": "d3", "text": "A library opens."},
]
QUERIES = [
    {"id": "q1", "text": "ferry harbour", "speaker": "Ana Ruiz", "context": "cars on the quay"},
    {"id": "q2", "text": 'why was the "bridge -closed'},
    {"id": "unjudged", "text": "library"},
]


class _Counting(WordEmbedder):
    """Counts the texts it is given."""

    texts = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return super().embed(texts)


def collection(folder: Path, qrels: str = "q1\td1\t1\nq2\td2\t2\n") -> Path:
    (folder / "corpus.jsonl").write_text("".join(json.dumps(d) + "\n" for d in DOCUMENTS), encoding="utf-8")
    (folder / "queries.jsonl").write_text("".join(json.dumps(q) + "\n" for q in QUERIES), encoding="utf-8")
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_ndcg_mrr_and_recall_of_a_known_ranking() -> None:
    run = {"q": [("a", 3.0), ("b", 2.0), ("c", 1.0)]}
    found = measures(run, {"q": {"b": 1, "x": 1}})
    assert found["mrr@10"].value == 0.5
    assert found["recall@100"].value == 0.5
    assert found["ndcg@10"].value == pytest.approx((1 / 1.584962500721156) / (1 + 1 / 1.584962500721156))
    assert found["ndcg@10"].low <= found["ndcg@10"].value <= found["ndcg@10"].high


def test_a_judged_query_without_an_answer_counts_as_nought() -> None:
    assert measures({"q": [("a", 1.0)]}, {"q": {"a": 1}, "r": {"a": 1}})["mrr@10"].value == 0.5


def test_a_gain_is_measured_query_by_query() -> None:
    judged = {query: {"a": 1} for query in "pqr"}
    better = {query: [("a", 1.0)] for query in "pqr"}
    worse = {query: [("b", 1.0), ("a", 0.5)] for query in "pqr"}
    gain = gains(better, worse, judged)["mrr@10"]
    assert (gain.value, gain.low, gain.high) == (0.5, 0.5, 0.5)
    assert gains(better, better, judged)["ndcg@10"].high == 0


def test_what_a_kept_store_holds_is_not_embedded_again_and_other_articles_are_refused(tmp_path: Path) -> None:
    found = read_collection(collection(tmp_path))
    embedder = _Counting()
    store = open_embedded(tmp_path / "eval.db", identity=embedder.identity)
    try:
        index_collection(found, store=store, embedder=embedder)
        once = embedder.texts
        index_collection(found, store=store, embedder=embedder)
        assert once == embedder.texts > 0
        with pytest.raises(UsageError, match="not of this collection"):
            index_collection(replace(found, documents=found.documents[:1]), store=store, embedder=embedder)
    finally:
        store.close()


def test_the_record_sets_the_run_against_single_retrievers(tmp_path: Path) -> None:
    found = read_collection(collection(tmp_path))
    run = {"q1": [("d1", 1.0)], "q2": [("d2", 1.0)]}
    record = evaluation_record(found, run, tag="t", alone={"keyword": {"q1": [("d1", 1.0)]}})
    assert record["ndcg@10"]["value"] == 1
    assert record["alone"]["keyword"]["ndcg@10"]["value"] == 0.5
    assert record["gain"]["keyword"]["ndcg@10"]["value"] == 0.5
    assert "alone" not in evaluation_record(found, run, tag="t")


def test_a_collection_is_searched_by_the_code_that_serves_users(tmp_path: Path) -> None:
    found = read_collection(collection(tmp_path))
    embedder = WordEmbedder()
    store = open_embedded(tmp_path / "eval.db", identity=embedder.identity)
    try:
        index_collection(found, store=store, embedder=embedder)
        run = run_collection(found, store=store, embedder=embedder, registry=Registry.of(()), mode="keyword")
    finally:
        store.close()
    assert next(document for document, _ in run["q1"]) == "d1"
    assert next(document for document, _ in run["q2"]) == "d2"
    assert "unjudged" not in run
    assert len({document for document, _ in run["q1"]}) == len(run["q1"])


def test_a_trec_run_has_falling_scores_and_six_columns() -> None:
    run = {"q": [("a", 0.5), ("b", 0.5), ("c", 0.1)]}
    lines = [line.split() for line in trec_lines(run, tag="t")]
    assert [line[:4] for line in lines] == [["q", "Q0", d, str(i)] for i, d in enumerate("abc", 1)]
    scores = [float(line[4]) for line in lines]
    assert scores[0] > scores[1] > scores[2]
    stream = io.StringIO()
    write_run(run, stream, tag="t")
    assert stream.getvalue().count("\n") == 3


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        ("qrels.tsv", "q1 d1 1", "line 1: not query, document and grade"),
        ("qrels.tsv", "q1\td9\t1", "there is no document 'd9'"),
        ("qrels.tsv", "q9\td1\t1", "there is no query 'q9'"),
        ("qrels.tsv", "q1\td1\t0", "no query has a document with a grade above 0"),
        ("corpus.jsonl", '{"id": "a b", "text": "x"}', "id is missing or holds white space"),
        ("corpus.jsonl", '{"id": "a"}', "text is missing"),
        ("queries.jsonl", "{", "not JSON"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, file: str, line: str, reason: str) -> None:
    collection(tmp_path)
    (tmp_path / file).write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=reason):
        read_collection(tmp_path)
