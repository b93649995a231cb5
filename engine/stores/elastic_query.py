"""Bodies of Elasticsearch requests, built by pure functions: print one and paste it into Dev Tools.

Words come cut and folded from `engine.clauses`; a leaf is one query on one analysed field or on the four together, so
no syntax of the user's ever reaches the server. BM25F over the four fields is `combined_fields` (Robertson and
Zaragoza, 2009), as SQLite's FTS5 computes it for the embedded store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Word
from engine.models import PassageType
from engine.query import Filters
from engine.stores.base import FieldWeights, Retrieval
from engine.stores.elastic_documents import SEARCH_FIELDS
from engine.stores.elastic_facets import FACET_FIELDS
from engine.text import fold

Body = dict[str, Any]

CANDIDATES_PER_PASSAGE = 3
"""How many neighbours each shard looks at for one that is wanted. See docs/elasticsearch.md for the recall measured."""
LEAST_CANDIDATES = 300
MOST_CANDIDATES = 10_000
OVERSAMPLE = 3.0
"""Quantised vectors choose three times as many as are wanted; their exact products decide (docs/elasticsearch.md: with
two, bbq loses six passages in a hundred more)."""
MATCHES = "matches"
"""The name under which a neighbour tells that the clause matches it."""
FIELD_TIE = 0.3
"""What the other fields add where `combined_fields` cannot be used (phrases, prefixes): a statement's phrase stands in
its context as well, and a plain sum would count it twice. Of 0, .3 and 1 this agreed best with BM25F (parity test)."""
LENGTH_SHARE = 0.02
"""Lucene keeps the length of a text in one byte, about 6 % exact, so texts of 100 and 104 words score alike. A share of
1/length, too small to change any other order, puts the shorter first, as exact BM25 does (parity test: top-ten overlap
with the embedded store rose from .944)."""
PREFIX_WORDS = 200
"""A prefix matches every word it begins; so many of them, the most frequent, also count in the score."""
VECTOR_DIGITS = 7
"""A float32 of unit length holds no more; written out in full the numbers would be twice as long on the wire."""

RELEVANCE: list[Body] = [{"_score": "desc"}, {"id": "asc"}]
NEWEST: list[Body] = [
    {"moment": {"order": "desc", "missing": "_last"}},
    {"article": "asc"},
    {"place": "asc"},
    {"id": "asc"},
]


# --- filters -----------------------------------------------------------------------------------------------------


def filter_queries(passages: PassageType | None, filters: Filters) -> tuple[list[Body], list[Body]]:
    """(must hold, must not hold). `passages` None: articles, by themselves and by a statement in them that passes."""
    must = [_term("type", passages or "article"), *_article_filters(filters)]
    spoken = _statement_filters(filters)
    excluded = filters.excluded or Filters()
    never = _article_filters(excluded)
    unspoken = _statement_filters(excluded)
    if passages is None:
        if spoken or unspoken:
            must.append(_one_statement(spoken, unspoken))
        return must, never
    if spoken and passages == "statement":
        must += [{"terms": {name: values}} for name, values in spoken.items()]
    elif spoken:
        must.append(_one_statement(spoken, {}))
    return must, [*never, *({"terms": {name: values}} for name, values in unspoken.items())]


def _one_statement(wanted: dict[str, list[str]], unwanted: dict[str, list[str]]) -> Body:
    """All of it on one and the same statement of a paragraph or article."""
    holds = [{"terms": {f"spoken.{name}": values}} for name, values in wanted.items()]
    never = [{"terms": {f"spoken.{name}": values}} for name, values in unwanted.items()]
    return {"nested": {"path": "spoken", "query": _bool(holds=holds, must_not=never)}}


def _article_filters(filters: Filters) -> list[Body]:
    queries: list[Body] = []
    if filters.outlets:
        queries.append({"terms": {"outlet_folded": sorted({fold(outlet) for outlet in filters.outlets})}})
    if filters.languages:
        queries.append({"terms": {"languages": sorted({language.lower() for language in filters.languages})}})
    reach = {
        name: day.isoformat() for name, day in (("gte", filters.after), ("lte", filters.before)) if day is not None
    }
    if reach:
        queries.append({"range": {"day": reach}})
    return queries


def _statement_filters(filters: Filters) -> dict[str, list[str]]:
    named = {
        "speakers": filters.speakers,
        "via": filters.via,
        "kinds": filters.kinds,
        "acts": filters.acts,
        "forms": filters.forms,
    }
    return {name: list(values) for name, values in named.items() if values}


def _term(field: str, value: str) -> Body:
    return {"term": {field: value}}


# --- clauses -----------------------------------------------------------------------------------------------------


def clause_query(clause: Clause, weights: FieldWeights) -> Body:
    """A clause as a query whose score is the sum over its leaves; exclusions match and never score."""
    match clause:
        case Word(words) if len(words) == 1:
            return _over_all_fields(words[0], weights)
        case Word(words):
            # Written together (don't, U.S., re-examined): the longest part hardly ever stands without the others, so
            # its score over all fields is the word's, as BM25F would have it; phrases can only be scored by field.
            together = _side_by_side(words, weights, field="{}", slop=0)
            return _bool(must=[_over_all_fields(max(words, key=len), weights)], holds=[together])
        case Phrase(words, slop):
            return _side_by_side(words, weights, field="{}.exact", slop=slop)
        case Prefix(word):
            return _prefix(word, weights)
        case AllOf(clauses):
            wanted = [clause_query(c, weights) for c in clauses if not isinstance(c, Not)]
            unwanted = [clause_query(c.clause, weights) for c in clauses if isinstance(c, Not)]
            return _bool(must=wanted, must_not=unwanted)
        case AnyOf(clauses):
            return {"bool": {"should": [clause_query(c, weights) for c in clauses], "minimum_should_match": 1}}
        case Not(inner):
            return _bool(must_not=[clause_query(inner, weights)])


def _over_all_fields(word: str, weights: FieldWeights) -> Body:
    fields = [f"{name}^{weight:g}" for name, weight in _weighted(weights, least=1.0)]
    return {"combined_fields": {"query": word, "fields": fields}}


def _weighted(weights: FieldWeights, *, least: float | None = None) -> list[tuple[str, float]]:
    """(field, weight); with `least`, all scaled so that none is lighter (`combined_fields` takes no weight under 1)."""
    named = [(name, float(getattr(weights, name))) for name in SEARCH_FIELDS]
    lightest = min(weight for _, weight in named)
    scale = 1.0 if least is None or lightest >= least else least / max(lightest, 0.01)
    return [(name, max(weight * scale, least or 0.0)) for name, weight in named]


def _side_by_side(words: Sequence[str], weights: FieldWeights, *, field: str, slop: int) -> Body:
    """These words in one field: in order, or in any order with `slop` words between them."""
    queries: list[Body] = []
    for name, weight in _weighted(weights):
        where = field.format(name)
        if len(words) == 1:
            queries.append({"match": {where: {"query": words[0], "boost": weight}}})
        elif slop == 0:
            queries.append({"match_phrase": {where: {"query": " ".join(words), "boost": weight}}})
        else:
            clauses = [{"span_term": {where: word}} for word in words]
            queries.append({"span_near": {"clauses": clauses, "slop": slop, "in_order": False, "boost": weight}})
    return {"dis_max": {"queries": queries, "tie_breaker": FIELD_TIE}}


def _prefix(word: str, weights: FieldWeights) -> Body:
    scored: list[Body] = []
    every: list[Body] = []
    for name, weight in _weighted(weights):
        where = f"{name}.exact"
        every.append({"prefix": {where: {"value": word}}})
        rewrite = f"top_terms_blended_freqs_{PREFIX_WORDS}"
        scored.append({"prefix": {where: {"value": word, "rewrite": rewrite, "boost": weight}}})
    matched = {"bool": {"should": every, "minimum_should_match": 1}}
    return {"bool": {"filter": [matched], "should": [{"dis_max": {"queries": scored, "tie_breaker": FIELD_TIE}}]}}


def _bool(
    *, must: Sequence[Body] = (), must_not: Sequence[Body] = (), holds: Sequence[Body] = (), should: Sequence[Body] = ()
) -> Body:
    parts = {"must": must, "filter": holds, "should": should, "must_not": must_not}
    return {"bool": {name: list(queries) for name, queries in parts.items() if queries}}


# --- searches ----------------------------------------------------------------------------------------------------


def matched_query(retrieval: Retrieval, *, filters: Filters | None = None) -> Body:
    """What the clause (without one: everything) and the filters match, scored by BM25 and the lift."""
    holds, never = filter_queries(retrieval.passages, retrieval.filters if filters is None else filters)
    if retrieval.clause is None:
        return _bool(holds=holds, must_not=never)
    scored = clause_query(retrieval.clause, retrieval.weights)
    lift = retrieval.lift
    should: list[Body] = []
    if lift is not None and lift.clause is not None and lift.keyword > 0:
        should.append({"bool": {"must": [clause_query(lift.clause, retrieval.weights)], "boost": lift.keyword}})
    length = {"field_value_factor": {"field": "length", "modifier": "reciprocal", "missing": 1000}}
    exact = {**length, "weight": LENGTH_SHARE}
    scored = {"function_score": {"query": scored, "functions": [exact], "boost_mode": "sum"}}
    query = _bool(must=[scored], holds=holds, must_not=never, should=should)
    if lift is None or not lift.speakers or not lift.speaker_keyword:
        return query
    raised = {"filter": {"terms": {"speakers": list(lift.speakers)}}, "weight": 1.0 + lift.speaker_keyword}
    return {"function_score": {"query": query, "functions": [raised], "boost_mode": "multiply"}}


def newest_first(retrieval: Retrieval) -> bool:
    """By time: where it is asked for, and where there is nothing to be relevant to."""
    return retrieval.order == "newest" or (retrieval.clause is None and retrieval.vector is None)


def ranking_search(query: Body, retrieval: Retrieval, *, size: int, after: Sequence[Any] | None = None) -> Body:
    """A ranking by score or by time: ids and sort values only, going on after the sort values given."""
    body: Body = {
        "query": query,
        "sort": NEWEST if newest_first(retrieval) else RELEVANCE,
        "size": size,
        "_source": False,
        "track_total_hits": True,
    }
    if after is not None:
        body["search_after"] = list(after)
    return body


def vector_search(retrieval: Retrieval, *, speakers: Sequence[str] = ()) -> Body:
    """The `depth` nearest passages, filters inside the search. `speakers`: only theirs (to be lifted)."""
    assert retrieval.vector is not None
    holds, never = filter_queries(retrieval.passages, retrieval.filters)
    if speakers:
        holds.append({"terms": {"speakers": list(speakers)}})
    if retrieval.restriction is not None:
        holds.append(clause_query(retrieval.restriction, retrieval.weights))
    knn: Body = {
        "field": f"{retrieval.passages}_vector",
        "query_vector": _numbers(retrieval.vector),
        "k": retrieval.depth,
        "num_candidates": candidates(retrieval.depth),
        "filter": _bool(holds=holds, must_not=never),
        "rescore_vector": {"oversample": OVERSAMPLE},
    }
    body: Body = {
        "knn": knn,
        "size": retrieval.depth,
        "_source": False,
        "docvalue_fields": _neighbour_fields(retrieval),
    }
    if retrieval.clause is not None:
        # Filters nothing: it only tells of each neighbour whether the clause matches it as well.
        matches = {"bool": {"must": [clause_query(retrieval.clause, retrieval.weights)], "_name": MATCHES}}
        body["post_filter"] = {"bool": {"should": [{"match_all": {}}, matches]}}
    return body


def _numbers(vector: npt.NDArray[np.float32]) -> list[float]:
    """To VECTOR_DIGITS."""
    numbers: list[float] = np.round(vector.astype(np.float64), VECTOR_DIGITS).tolist()
    return numbers


def _neighbour_fields(retrieval: Retrieval) -> list[Body | str]:
    """What is needed to sort neighbours, to lift them and to count them in facets."""
    counted = {FACET_FIELDS[name] for name in retrieval.facets if name in FACET_FIELDS}
    return ["id", *sorted(counted | {"speakers"}), {"field": "day", "format": "yyyy-MM-dd"}]


def candidates(depth: int) -> int:
    return min(MOST_CANDIDATES, max(LEAST_CANDIDATES, depth, CANDIDATES_PER_PASSAGE * depth))


def undated_search(retrieval: Retrieval, *, filters: Filters) -> Body:
    """Counts what only for want of a date did not pass. `filters` are those of the retrieval without the dates."""
    query = _bool(holds=[matched_query(retrieval, filters=filters)], must_not=[{"exists": {"field": "day"}}])
    return {"query": query, "size": 0, "track_total_hits": True}


def union_query(retrieval: Retrieval, *, neighbours: Sequence[str]) -> Body:
    """Keyword matches and semantic neighbours (document ids) together."""
    either: list[Body] = [{"ids": {"values": list(neighbours)}}]
    if retrieval.clause is not None:
        either.append(matched_query(replace(retrieval, lift=None)))
    return _bool(holds=[{"bool": {"should": either, "minimum_should_match": 1}}])
