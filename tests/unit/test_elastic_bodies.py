"""What is sent to Elasticsearch: pure functions, so no server is needed to say what they must make."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Word
from engine.errors import QueryError
from engine.query import Filters
from engine.stores.base import FieldWeights, Lift, Retrieval
from engine.stores.elastic_answers import dot_product, facet_counts
from engine.stores.elastic_bulk import Action
from engine.stores.elastic_cursor import read_snapshot, write_snapshot
from engine.stores.elastic_documents import language_chain, split_key, stored_vector, wall_clock
from engine.stores.elastic_query import clause_query, filter_queries, matched_query, vector_search
from index_config.elasticsearch import index_body

WORD = st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=6)
LEAF: st.SearchStrategy[Clause] = st.one_of(
    st.builds(Word, st.tuples(WORD)),
    st.builds(Word, st.tuples(WORD, WORD)),
    st.builds(Phrase, st.tuples(WORD, WORD), st.integers(0, 4)),
    st.builds(Prefix, WORD),
)
CLAUSE: st.SearchStrategy[Clause] = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda c: AllOf(tuple(c))),
        st.lists(inner, min_size=1, max_size=3).map(lambda c: AnyOf(tuple(c))),
        st.tuples(inner, inner).map(lambda two: AllOf((two[0], Not(two[1])))),
    ),
    max_leaves=6,
)
FILTERS = Filters(
    speakers=("ana-ruiz",), outlets=("Vale Post",), after=date(2016, 1, 2), excluded=Filters(kinds=("indirect",))
)


def leaves(body: Any) -> list[str]:
    """Every word that a body asks for."""
    if isinstance(body, dict):
        return [
            word
            for key, value in body.items()
            for word in ([value] if key == "query" and isinstance(value, str) else leaves(value))
        ]
    if isinstance(body, list):
        return [word for value in body for word in leaves(value)]
    return []


@settings(max_examples=30, deadline=None)
@given(CLAUSE)
def test_a_body_is_json_and_holds_no_query_syntax(clause: Clause) -> None:
    text = json.dumps(clause_query(clause, FieldWeights()))
    for forbidden in ("query_string", "regexp", "wildcard", "script"):
        assert f'"{forbidden}"' not in text


def test_words_of_the_user_are_values_never_keys() -> None:
    body = clause_query(Word(("match_all",)), FieldWeights())
    assert leaves(body) == ["match_all"]


@settings(max_examples=30, deadline=None)
@given(CLAUSE, st.one_of(st.none(), CLAUSE))
def test_a_kept_ranking_comes_back_as_it_was_asked(clause: Clause, lifted: Clause | None) -> None:
    retrieval = Retrieval(
        "paragraph",
        clause=clause,
        vector=np.linspace(-1, 1, 384).astype(np.float32),
        filters=FILTERS,
        restriction=lifted,
        best=7,
        floor=0.25,
        weights=FieldWeights(2, 1, 3, 1),
        lift=Lift(lifted, ("ana-ruiz",), 0.5, 0.25, 0.1),
        facets=("speaker", "month"),
        facet_size=None,
        paged=True,
        page_size=20,
    )
    point, back = read_snapshot(write_snapshot("p" * 300, retrieval), depth=5, start=None)
    assert point == "p" * 300
    assert back.vector is not None
    assert retrieval.vector is not None
    assert (back.vector == retrieval.vector).all()
    for name in (
        "passages",
        "clause",
        "filters",
        "restriction",
        "depth",
        "best",
        "floor",
        "weights",
        "lift",
        "facets",
        "facet_size",
    ):
        assert getattr(back, name) == getattr(retrieval, name), name


@given(st.one_of(st.text(), st.binary().map(lambda b: b.hex())))
def test_a_damaged_cursor_is_a_typed_error(text: str) -> None:
    with pytest.raises(QueryError, match="search again"):
        read_snapshot(text, depth=5, start=None)


def test_a_cursor_that_would_unpack_to_gigabytes_is_refused() -> None:
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 5_000_000, 9)).decode()
    with pytest.raises(QueryError):
        read_snapshot(bomb, depth=5, start=None)


def test_several_filters_on_a_paragraph_must_hold_on_one_statement() -> None:
    must, _ = filter_queries("paragraph", Filters(speakers=("a",), kinds=("direct",)))
    (nested,) = [query["nested"] for query in must if "nested" in query]
    assert nested["query"]["bool"]["filter"] == [
        {"terms": {"spoken.speakers": ["a"]}},
        {"terms": {"spoken.kinds": ["direct"]}},
    ]


def test_filters_stand_inside_the_vector_search() -> None:
    vector = np.ones(3, np.float32)
    body = vector_search(Retrieval("statement", vector=vector, filters=FILTERS, restriction=Not(Word(("bridge",)))))
    inside = json.dumps(body["knn"]["filter"])
    for asked in ("ana-ruiz", "vale post", "2016-01-02", "indirect", "bridge"):
        assert asked in inside


def test_the_matched_set_is_scored_and_the_filters_are_not() -> None:
    body = matched_query(Retrieval("statement", clause=Word(("bridge",)), filters=FILTERS))
    assert set(body["bool"]) == {"must", "filter", "must_not"}


def test_weights_below_one_are_scaled_because_the_server_takes_none() -> None:
    body = clause_query(Word(("bridge",)), FieldWeights(text=1.0, title=0.5, speaker=1.0, context=0.25))
    assert body["combined_fields"]["fields"] == ["text^4", "title^2", "speaker^4", "context^1"]


@given(st.floats(-1, 1, width=32))
def test_the_cosine_comes_back_out_of_the_servers_score(cosine: float) -> None:
    score = cosine + 1 if cosine >= 0 else 1 / (1 - cosine)
    assert dot_product(score) == pytest.approx(cosine, abs=1e-6)


@pytest.mark.parametrize(
    ("published", "clock"),
    [
        ("2016-02-14", "2016-02-14T00:00:00"),
        ("2016-02-14T23:30:00-05:00", "2016-02-14T23:30:00"),
        ("2016-02-14T10:30:00.123Z", "2016-02-14T10:30:00"),
        ("2016-02-14 late", "2016-02-14T00:00:00"),
    ],
)
def test_a_page_is_ordered_by_its_own_clock(published: str, clock: str) -> None:
    assert wall_clock(published) == clock


def test_a_language_is_found_by_its_shorter_names() -> None:
    assert language_chain("zh-Hant-TW") == ["zh", "zh-hant", "zh-hant-tw"]


def test_facets_are_by_count_then_value() -> None:
    none = {"value": None}
    buckets = [
        {"key": key, "doc_count": count, "first": none, "last": none} for key, count in (("b", 2), ("c", 3), ("a", 2))
    ]
    assert [(c.value, c.count) for c in facet_counts("outlet", buckets, 2)] == [("c", 3), ("a", 2)]


def test_a_stored_vector_comes_out_of_an_action_to_the_bit() -> None:
    vector = stored_vector(np.random.default_rng(1).normal(size=50).astype(np.float32))
    head, document = Action("index", {"_id": "a"}, {"v": vector}).lines().splitlines()
    assert json.loads(head) == {"index": {"_id": "a"}}
    assert np.array_equal(np.array(json.loads(document)["v"], np.float32), vector)
    assert np.array_equal(vector, vector.astype(np.float16))


def test_a_key_parts_into_routing_and_id() -> None:
    assert split_key("a" * 20 + "b" * 20) == ("a" * 20, "b" * 20)


def test_the_index_is_strict_and_says_how_vectors_are_kept() -> None:
    body = index_body(dimensions=384, vectors="bbq_hnsw", shards=3, meta={"onrecord": 1})
    assert body["mappings"]["dynamic"] == "strict"
    assert body["mappings"]["_meta"] == {"onrecord": 1}
    assert body["settings"]["index"]["auto_expand_replicas"] == "0-1"
    assert body["settings"]["index"]["number_of_shards"] == 3
    for name in ("statement_vector", "paragraph_vector"):
        field = body["mappings"]["properties"][name]
        assert (field["dims"], field["index_options"]["type"]) == (384, "bbq_hnsw")
    assert index_body(dimensions=8, vectors="hnsw", shards=1, meta={})["mappings"]["_meta"] == {}
