"""What every store promises about pages, counts of speakers and articles, and readers beside a writer."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from engine.clauses import AnyOf, Word
from engine.errors import QueryError
from engine.query import Filters, SearchAnswer, SearchRequest
from engine.registry import Registry
from engine.search import search
from engine.stores.base import Counts, PreparedArticle, Retrieval, Scope, Store
from tests.contract.builders import IDENTITY, OKORO, WIRE, article, embed, prepared, simple, terms
from tests.contract.retrieving import texts
from tests.contract.selecting import two_speakers
from tests.contract.writing import OpenStore

MANY = 45


class _Embedder:
    """The builders' vectors as an embedder."""

    identity = IDENTITY

    def embed(self, texts: list[str]) -> object:
        return embed(texts)


def page(store: Store, request: SearchRequest) -> SearchAnswer:
    return search(store, _Embedder(), Registry.of(()), request)  # type: ignore[arg-type]


def bridges(store: Store, count: int = MANY) -> None:
    numbers = range(count)
    list(
        store.put([simple(f"a{n:03}", f"Bridge {n} was closed", published=f"2016-01-{n % 28 + 1:02}") for n in numbers])
    )


def pages(store: Store, **fields: object) -> list[SearchAnswer]:
    answers = [page(store, SearchRequest(**fields))]  # type: ignore[arg-type]
    while answers[-1].next:
        answers.append(page(store, SearchRequest(cursor=answers[-1].next, **fields)))  # type: ignore[arg-type]
    return answers


class PagingContract:
    """Needs the fixtures `store` (empty, IDENTITY) and `open_store`."""

    @pytest.mark.parametrize("mode", ["hybrid", "keyword", "semantic"])
    @pytest.mark.parametrize("q", ["bridge closed", ""])
    def test_paging_to_the_end_yields_the_total_each_hit_once(self, store: Store, q: str, mode: str) -> None:
        bridges(store)
        answers = pages(store, q=q, mode=mode, limit=7)
        ids = [hit.id for answer in answers for hit in answer.hits]
        assert len(ids) == len(set(ids)) == answers[0].total
        assert {answer.total for answer in answers} == {answers[0].total}
        assert all(answer.facets == answers[0].facets for answer in answers)
        assert all(len(answer.hits) == 7 for answer in answers[:-1])
        assert ids == [hit.id for hit in page(store, SearchRequest(q=q, mode=mode, limit=1000)).hits]  # type: ignore[arg-type]

    def test_more_than_the_fused_head_can_be_paged(self, store: Store) -> None:
        bridges(store, 230)
        answers = pages(store, q="bridge closed", limit=90)
        ids = [hit.id for answer in answers for hit in answer.hits]
        assert len(ids) == len(set(ids)) == answers[0].total == 230
        ranks = [hit.keyword_rank for answer in answers for hit in answer.hits if hit.keyword_rank is not None]
        assert len(ranks) == len(set(ranks))
        assert set(range(1, 201)) <= set(ranks) <= set(range(1, 231))
        assert len(page(store, SearchRequest(q="bridge closed", limit=1000)).hits) == 230

    @pytest.mark.parametrize("q", ["bridge closed", ""])
    def test_pages_stand_still_while_another_writes(self, store: Store, open_store: OpenStore, q: str) -> None:
        bridges(store, 40)
        first = page(store, SearchRequest(q=q, limit=10))
        writer = open_store(IDENTITY)
        list(writer.put([simple(f"new{n}", "Bridge bridge closed closed", published="2020-01-01") for n in range(30)]))
        gone = [hit.article.id for hit in first.hits[:3]]
        changed = {f"a{n:03}" for n in range(40)} - {hit.article.id for hit in first.hits}
        deleted = sorted(changed)[:5]
        writer.delete([*gone, *deleted])
        # Written anew with the same statement by other means: it still exists.
        list(writer.put([simple(id, f"Bridge {int(id[1:])} was closed", means="2") for id in sorted(changed)[5:20]]))
        ids = [hit.article.id for hit in first.hits]
        reader = open_store(IDENTITY)
        answer = first
        while answer.next:
            answer = page(reader, SearchRequest(q=q, limit=10, cursor=answer.next))
            assert answer.total == first.total
            ids += [hit.article.id for hit in answer.hits]
        assert len(ids) == len(set(ids))
        assert set(ids) == {f"a{n:03}" for n in range(40)} - set(deleted)

    def test_a_cursor_of_another_search_or_a_damaged_one_is_refused(self, store: Store) -> None:
        bridges(store)
        cursor = page(store, SearchRequest(q="bridge", limit=5)).next
        assert cursor
        for request in (
            SearchRequest(q="closed", limit=5, cursor=cursor),
            SearchRequest(q="bridge", limit=5, cursor=cursor, filters=Filters(kinds=("direct",))),
            SearchRequest(q="bridge", limit=5, cursor=cursor[:-5]),
            SearchRequest(q="bridge", limit=5, cursor="../../../../etc/passwd"),
            SearchRequest(q="bridge", limit=5, cursor="é"),
        ):
            with pytest.raises(QueryError):
                page(store, request)
        with pytest.raises(QueryError, match="again"):
            store.retrieve(Retrieval("statement", snapshot="A" * 16))
        bigger = page(store, SearchRequest(q="bridge", limit=40, cursor=cursor))
        assert len(bigger.hits) == 40

    def test_the_rest_of_a_ranking_follows_in_its_order(self, store: Store) -> None:
        bridges(store)
        asked = Retrieval("statement", clause=terms("bridge"), depth=20, paged=True)
        first = store.retrieve(asked)
        assert (len(first.keyword), first.total) == (20, MANY)
        keys, rest = [ranked.key for ranked in first.keyword], first.rest
        while rest is not None:
            more = store.retrieve(Retrieval("statement", depth=20, snapshot=first.snapshot, start=rest))
            keys, rest = [*keys, *(ranked.key for ranked in more.keyword)], more.rest
        whole = store.retrieve(Retrieval("statement", clause=terms("bridge"), depth=100))
        assert keys == [ranked.key for ranked in whole.keyword]
        assert whole.rest is None

    def test_counts_and_speakers(self, store: Store) -> None:
        assert store.counts() == Counts(0, 0, 0, 0)
        assert store.speakers() == []
        list(store.put([two_speakers(), simple("a", "Roads", speaker=OKORO, published="2016-05-06")]))
        assert store.counts() == Counts(articles=2, paragraphs=3, statements=3, speakers=2)
        okoro, ruiz = store.speakers()
        assert (okoro.id, okoro.name, okoro.statements) == ("ben-okoro", "Ben Okoro", 2)
        assert (okoro.first, okoro.last) == (date(2016, 5, 6), date(2016, 5, 6))
        assert (ruiz.statements, ruiz.first, ruiz.last) == (1, None, None)
        assert store.speakers(prefix="OKO") == store.speakers(limit=1) == [okoro]
        assert store.speakers(prefix="ben-o") == [okoro]
        assert store.speakers(prefix="kor") == store.speakers(prefix=WIRE.name) == []

    def test_scope_says_what_was_searched(self, store: Store) -> None:
        assert store.scope() == Scope(0, 0, None, None)
        list(store.put([
            simple("a", "Roads", outlet="Vale Post", published="2016-05-06"),
            simple("b", "Roads", outlet="Mill News", published="2015-05-06T10:00:00Z", speaker=OKORO),
            prepared(article("c", "No statement in here")),
        ]))  # fmt: skip
        assert store.scope() == Scope(3, 2, date(2015, 5, 6), date(2016, 5, 6))
        assert store.scope(Filters(speakers=("ben-okoro",))) == Scope(1, 1, date(2015, 5, 6), date(2015, 5, 6))
        assert store.scope(Filters(after=date(2016, 1, 1))).articles == 1
        assert store.scope(Filters(excluded=Filters(outlets=("vale post",)))).articles == 2
        listed = store.articles(filters=Filters(speakers=("ben-okoro",)))
        assert [attributed.article.id for attributed in listed] == ["b"]
        assert [a.article.id for a in store.articles(filters=Filters(outlets=("Vale Post",)))] == ["a"]

    def test_a_renamed_speaker_has_the_new_name(self, store: Store, open_store: OpenStore) -> None:
        list(store.put([simple("a", "Roads", speaker=OKORO)]))
        reader = open_store(IDENTITY)
        assert [s.name for s in reader.speakers()] == ["Ben Okoro"]
        renamed = OKORO.__class__(OKORO.id, "Benjamin Okoro")
        list(store.put([simple("a", "Roads", speaker=renamed, means="2")]))
        assert [s.name for s in reader.speakers()] == [s.name for s in store.speakers()] == ["Benjamin Okoro"]

    def test_readers_beside_a_writer_always_see_whole_articles(self, store: Store, open_store: OpenStore) -> None:
        """Each article says one word twice: a reader never finds one half of it, nor the old beside the new."""
        rounds = 12
        list(store.put([_twin(f"t{n}", 0) for n in range(6)]))
        failures: list[str] = []
        done = threading.Event()

        def read() -> None:
            reader = open_store(IDENTITY)
            while not done.is_set():
                found = reader.retrieve(
                    Retrieval("paragraph", clause=AnyOf((Word(("twin",)),)), vector=embed(["twin"])[0], floor=0.1)
                )
                if found.total != 12 or found.keyword_total != 12 or len(found.semantic) != 12:
                    failures.append(f"{found.total} {found.keyword_total} {len(found.semantic)}")

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for round in range(1, rounds):
            list(store.put([_twin(f"t{n}", round) for n in range(6)]))
        done.set()
        for reader in readers:
            reader.join()
        assert failures == []
        assert len(texts(store, store.retrieve(Retrieval("paragraph", clause=terms("twin"))))) == 12


def _twin(id: str, round: int) -> PreparedArticle:
    return prepared(article(id, f"The twin of round {round}", f"The other twin of round {round}"), means=str(round))
