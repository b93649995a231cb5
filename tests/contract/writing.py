"""What every store promises about writing, deleting and reading back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import ModelMismatchError
from engine.models import Article, Paragraph, Span, Statement
from engine.ports import ModelIdentity
from engine.stores.base import PreparedArticle, Retrieval, Store
from tests.contract.builders import (
    IDENTITY,
    OKORO,
    OTHER_IDENTITY,
    RUIZ,
    WIRE,
    article,
    embed,
    prepared,
    said,
    simple,
    terms,
)

OpenStore = Callable[[ModelIdentity | None], Store]


def put(store: Store, *articles: PreparedArticle) -> list[str]:
    return [outcome.outcome for outcome in store.put(articles)]


def rich() -> PreparedArticle:
    """An article that uses every field there is."""
    text = "Ana Ruiz denied it. “We never agreed, and\n\nwe never will,” she told Vale Wire. Caption: the bridge"
    first, second = text.index("\n\n"), text.index("Caption")
    one = Article(
        id="rich",
        text=text,
        paragraphs=(
            Paragraph(Span(0, first), "body"),
            Paragraph(Span(first + 2, second - 1), "body"),
            Paragraph(Span(second, len(text)), "caption"),
        ),
        title="Ruiz denies",
        span=Span(5, 5 + len(text)),
        url="https://vale.example/rich",
        outlet="Vale Post",
        published="2016-02-14T10:30:00+03:00",
        language="en-GB",
        input="folder/rich.txt",
    )
    statement = said(
        text,
        "We never agreed, and|we never will,",
        article="rich",
        cue="told",
        source="she",
        channel="Vale Wire",
        act="deny",
        form="pronoun",
        kind="mixed",
        speakers=(RUIZ, OKORO),
        affiliation=WIRE,
        via=(WIRE,),
        confidence=0.1234567,
        flags=("mark-closed",),
    )
    return prepared(one, statement)


class WritingContract:
    """Needs the fixtures `store` (empty, IDENTITY) and `open_store` (another handle on the same data)."""

    def test_an_article_comes_back_as_it_went_in(self, store: Store) -> None:
        whole = rich()
        assert put(store, whole) == ["added"]
        assert store.article("rich") == whole.attributed
        assert store.articles() == [whole.attributed]
        (statement,) = whole.attributed.statements
        passage = store.statement(statement.id)
        assert passage is not None
        assert passage.statement == statement
        assert passage.text == "We never agreed, and we never will,"
        assert passage.paragraph == whole.attributed.article.text[passage.place.start : passage.place.end]
        assert all(span.of(whole.attributed.article.text) in passage.paragraph for span in statement.content)
        assert passage.article.published == "2016-02-14T10:30:00+03:00"

    def test_outcomes_count_what_was_written(self, store: Store) -> None:
        (outcome,) = store.put([rich()])
        assert (outcome.article, outcome.paragraphs, outcome.statements, outcome.reason) == ("rich", 2, 1, None)

    def test_putting_the_same_again_changes_nothing(self, store: Store) -> None:
        articles = [simple("a", "We need water"), simple("b", "We need roads", speaker=OKORO)]
        assert put(store, *articles) == ["added", "added"]
        before = store.articles(), store.counts(), store.fingerprints(["a", "b"])
        assert put(store, *articles) == ["unchanged", "unchanged"]
        assert (store.articles(), store.counts(), store.fingerprints(["a", "b"])) == before

    def test_replacing_leaves_no_stale_passage(self, store: Store) -> None:
        put(store, simple("a", "The bridge was closed"), simple("b", "The bridge is open"))
        assert put(store, simple("a", "The tunnel was flooded", speaker=OKORO)) == ["replaced"]
        assert found(store, "bridge") == ["The bridge is open"]
        assert found(store, "tunnel") == ["The tunnel was flooded"]
        assert store.counts().statements == 2
        assert [count.id for count in store.speakers()] == ["ana-ruiz", "ben-okoro"]
        near = store.retrieve(Retrieval("statement", vector=embed(["bridge closed"])[0], floor=0.1))
        texts = [passage.text for passage in store.passages([r.key for r in near.semantic]).values()]
        assert "The bridge was closed" not in texts

    def test_other_means_of_attribution_replace_the_same_text(self, store: Store) -> None:
        put(store, simple("a", "The bridge was closed", means="rules-1"))
        assert put(store, simple("a", "The bridge was closed", means="rules-2")) == ["replaced"]
        assert found(store, "bridge") == ["The bridge was closed"]

    def test_fingerprints_are_of_stored_articles_only(self, store: Store) -> None:
        one = simple("a", "The bridge was closed")
        put(store, one)
        assert store.fingerprints(["a", "nobody", "\ud800"]) == {"a": one.fingerprint}
        assert store.fingerprints([]) == {}

    def test_deleting_leaves_nothing(self, store: Store) -> None:
        put(store, simple("a", "The bridge was closed"), simple("b", "The road was closed"))
        key = store.retrieve(Retrieval("statement", clause=terms("bridge"))).keyword[0].key
        assert store.delete(["a", "nobody", "a"]) == ("a",)
        assert store.article("a") is None
        assert store.passages([key]) == {}
        assert found(store, "bridge") == []
        assert store.counts().articles == 1
        assert store.fingerprints(["a"]) == {}
        assert store.delete(["a"]) == ()

    def test_one_article_that_cannot_be_stored_is_refused_and_the_rest_goes_on(self, store: Store) -> None:
        good, other = simple("a", "The bridge was closed"), simple("c", "The road was closed")
        wide = replace(simple("b", "The tunnel"), vectors=np.ones((2, 7), np.float32))
        broken = simple("d", "A lone \ud800 surrogate")
        nan = simple("e", "The tunnel")
        nan = replace(nan, vectors=np.full_like(nan.vectors, np.nan))
        outcomes = list(store.put([good, wide, broken, nan, other]))
        assert [o.outcome for o in outcomes] == ["added", "refused", "refused", "refused", "added"]
        assert all(bool(o.reason) == (o.outcome == "refused") for o in outcomes)
        assert [a.article.id for a in store.articles()] == ["a", "c"]

    def test_a_statement_id_that_another_article_holds_is_refused(self, store: Store) -> None:
        one = simple("a", "The bridge was closed")
        stolen: Statement = replace(simple("b", "The bridge was closed").attributed.statements[0])
        stolen = replace(stolen, id=one.attributed.statements[0].id)
        two = prepared(simple("b", "The bridge was closed").attributed.article, stolen)
        assert put(store, one, two) == ["added", "refused"]
        kept = store.statement(stolen.id)
        assert kept is not None
        assert kept.article.id == "a"

    def test_putting_is_lazy_and_acknowledges_only_what_is_searchable(self, store: Store) -> None:
        def endless() -> Iterator[PreparedArticle]:
            for number in range(10_000):
                yield simple(f"a{number:05}", f"Bridge number {number}")

        outcomes = store.put(endless())
        first = next(outcomes)
        assert store.article(first.article) is not None
        assert store.counts().articles < 10_000
        outcomes.close()  # type: ignore[attr-defined]

    def test_an_article_without_passages_is_kept(self, store: Store) -> None:
        empty = prepared(article("empty", "Share this page", outlet="Vale Post"))
        caption = replace(empty.attributed.article.paragraphs[0], role="social")
        bare = prepared(replace(empty.attributed.article, paragraphs=(caption,)))
        assert put(store, bare) == ["added"]
        assert store.article("empty") == bare.attributed
        assert store.scope().articles == 1

    def test_articles_are_paged_by_id(self, store: Store) -> None:
        put(store, *(simple(id, f"Bridge {id}") for id in ("c", "a", "ä", "b", "B")))
        listed: list[str] = []
        while page := store.articles(after_id=listed[-1] if listed else None, limit=2):
            assert len(page) <= 2
            listed += [a.article.id for a in page]
        assert listed == sorted(["c", "a", "ä", "b", "B"])

    def test_the_store_knows_its_model_and_refuses_another(self, store: Store, open_store: OpenStore) -> None:
        assert store.identity is None
        put(store, simple("a", "The bridge was closed"))
        assert store.identity == IDENTITY
        reader = open_store(None)
        assert reader.identity == IDENTITY
        assert found(reader, "bridge") == ["The bridge was closed"]
        with pytest.raises(ModelMismatchError, match="onrecord migrate"):
            open_store(OTHER_IDENTITY)

    def test_another_reader_sees_what_was_acknowledged(self, store: Store, open_store: OpenStore) -> None:
        reader = open_store(IDENTITY)
        assert found(reader, "bridge") == []
        for _ in store.put([simple("a", "The bridge was closed")]):
            assert found(reader, "bridge") == ["The bridge was closed"]
        store.delete(["a"])
        assert found(reader, "bridge") == []

    def test_nobody_is_found_under_strange_ids(self, store: Store) -> None:
        put(store, simple("a", "The bridge was closed"))
        for id in ("", "'; DROP TABLE articles; --", "\ud800", "*", "a" * 10_000):
            assert store.article(id) is None
            assert store.statement(id) is None
        assert store.statement("a") is None

    def test_closing_twice_is_safe(self, store: Store) -> None:
        store.close()
        store.close()


def found(store: Store, *asked: str) -> list[str]:
    """Texts of the statements that hold all the words, best first."""
    retrieved = store.retrieve(Retrieval("statement", clause=terms(*asked)))
    passages = store.passages([ranked.key for ranked in retrieved.keyword])
    return [passages[ranked.key].text for ranked in retrieved.keyword]
