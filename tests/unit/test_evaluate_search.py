"""Measures of search, and the folders they are taken on."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.evaluate_collection import read_collection
from engine.evaluate_search import index_collection, measures, run_collection, trec_lines, write_run
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
