"""What every store promises about choosing: dates, filters, facets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.clauses import AnyOf
from engine.models import Speaker
from engine.query import ANSWER_FACETS, Filters
from engine.stores.base import PreparedArticle, Retrieval, Store
from tests.contract.builders import OKORO, RUIZ, WIRE, article, embed, prepared, said, simple, terms
from tests.contract.retrieving import BRIDGE, texts


def dated(id: str, text: str, published: str | None, **fields: Any) -> PreparedArticle:
    return simple(id, text, published=published, **fields)


def two_speakers() -> PreparedArticle:
    """One paragraph with two statements, one without any."""
    first = "“We deny it,” said Ana Ruiz. According to Ben Okoro, who told Vale Wire, the road is safe."
    one = article("two", first, "Nothing was said in this paragraph about the road.", outlet="Vale Post", language="en")
    return prepared(
        one,
        said(first, "We deny it,", article="two", cue="said", source="Ana Ruiz", speakers=(RUIZ,), act="deny"),
        said(
            first,
            "the road is safe",
            article="two",
            cue="According to",
            source="Ben Okoro",
            speakers=(OKORO,),
            kind="indirect",
            via=(WIRE,),
        ),
    )


class SelectingContract:
    """Needs the fixture `store` (empty)."""

    def test_nothing_asked_is_everything_newest_first_and_undated_last(self, store: Store) -> None:
        list(store.put([
            dated("a", "First", "2016-02-03"), dated("b", "Undated", None), dated("e", "Last", "2017-01-01"),
            dated("c", "Evening", "2016-02-04T20:00:00+09:00"), dated("d", "Morning", "2016-02-04T08:00:00-09:00"),
        ]))  # fmt: skip
        found = store.retrieve(Retrieval("statement", order="newest"))
        assert texts(store, found) == ["Last", "Evening", "Morning", "First", "Undated"]
        assert (found.total, found.keyword_total, found.semantic) == (5, 5, ())
        chosen = store.retrieve(Retrieval("statement", order="newest", clause=AnyOf((terms("first"), terms("last")))))
        assert texts(store, chosen) == ["Last", "First"]

    def test_statements_of_one_article_keep_its_order(self, store: Store) -> None:
        text = "Ana Ruiz said one. Ana Ruiz said two. Ana Ruiz said three."
        pieces = [said(text, word, article="a", speakers=(RUIZ,)) for word in ("one", "two", "three")]
        list(store.put([prepared(article("a", text, published="2016-01-01"), *pieces)]))
        assert texts(store, store.retrieve(Retrieval("statement", order="newest"))) == ["one", "two", "three"]

    def test_days_are_the_pages_own_and_both_ends_count(self, store: Store) -> None:
        late, early = dated("a", "Late", "2016-02-03T23:30:00-11:00"), dated("b", "Early", "2016-02-05T00:30:00+11:00")
        list(store.put([late, early, dated("c", "Undated", None)]))

        def between(after: date | None, before: date | None) -> tuple[set[str], int]:
            found = store.retrieve(Retrieval("statement", filters=Filters(after=after, before=before)))
            return set(texts(store, found)), found.undated

        assert between(date(2016, 2, 3), date(2016, 2, 3)) == ({"Late"}, 1)
        assert between(date(2016, 2, 4), None) == ({"Early"}, 1)
        assert between(None, date(2016, 2, 4)) == ({"Late"}, 1)
        assert between(None, date(2016, 2, 5)) == ({"Late", "Early"}, 1)
        assert between(None, None) == ({"Late", "Early", "Undated"}, 0)
        asked = Retrieval("statement", clause=terms("late"), filters=Filters(after=date(2016, 1, 1)))
        assert store.retrieve(asked).undated == 0

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(speakers=("ana-ruiz",)), {"We deny it,"}),
            (Filters(speakers=("ana-ruiz", "ben-okoro")), {"We deny it,", "the road is safe"}),
            (Filters(speakers=("nobody",)), set()),
            (Filters(acts=("deny",)), {"We deny it,"}),
            (Filters(kinds=("indirect",)), {"the road is safe"}),
            (Filters(forms=("named",)), {"We deny it,", "the road is safe"}),
            (Filters(forms=("anonymous",)), set()),
            (Filters(via=("vale-wire",)), {"the road is safe"}),
            (Filters(outlets=("VALE POST", "Other")), {"We deny it,", "the road is safe"}),
            (Filters(outlets=("Vale",)), set()),
            (Filters(languages=("EN",)), {"We deny it,", "the road is safe"}),
            (Filters(languages=("e", "en-GB")), set()),
            (Filters(speakers=("ana-ruiz",), kinds=("indirect",)), set()),
            (Filters(excluded=Filters(speakers=("ana-ruiz",))), {"the road is safe"}),
            (Filters(excluded=Filters(speakers=("nobody",), via=("vale-wire",))), {"We deny it,"}),
            (Filters(excluded=Filters(outlets=("vale post",))), set()),
        ],
    )
    def test_filters_on_statements(self, store: Store, filters: Filters, expected: set[str]) -> None:
        list(store.put([two_speakers()]))
        found = store.retrieve(Retrieval("statement", filters=filters))
        assert set(texts(store, found)) == expected
        assert found.total == len(expected)
        near = store.retrieve(Retrieval("statement", vector=embed(["deny road safe"])[0], floor=0.01, filters=filters))
        assert set(texts(store, near, semantic=True)) == expected

    @pytest.mark.parametrize(
        ("filters", "count"),
        [
            (Filters(), 2),
            (Filters(speakers=("ana-ruiz",)), 1),
            (Filters(speakers=("ana-ruiz",), kinds=("direct",)), 1),
            (Filters(speakers=("ana-ruiz",), kinds=("indirect",)), 0),
            (Filters(via=("vale-wire",)), 1),
            (Filters(outlets=("vale post",)), 2),
            (Filters(excluded=Filters(speakers=("ana-ruiz",))), 1),
        ],
    )
    def test_a_paragraph_passes_where_one_of_its_statements_does(
        self, store: Store, filters: Filters, count: int
    ) -> None:
        list(store.put([two_speakers()]))
        found = store.retrieve(Retrieval("paragraph", filters=filters, facets=ANSWER_FACETS))
        assert found.total == len(found.keyword) == count
        passages = store.passages([ranked.key for ranked in found.keyword]).values()
        assert all(passage.type == "paragraph" and passage.statement is None for passage in passages)

    def test_facets_count_the_matched_set(self, store: Store) -> None:
        joint = simple("j", "The road to the mill", published="2016-03-01", outlet="Mill News")
        statement = replace(joint.attributed.statements[0], speakers=(RUIZ, Speaker("zed", "Zed")))
        list(
            store.put(
                [two_speakers(), prepared(joint.attributed.article, statement), simple("x", BRIDGE, outlet="Other")]
            )
        )
        found = store.retrieve(Retrieval("statement", clause=terms("road"), facets=(*ANSWER_FACETS, "day", "language")))
        counts = {name: [(c.value, c.count) for c in facet] for name, facet in found.facets.items()}
        assert found.total == 3  # "We deny it" stands in a paragraph about the road
        assert counts == {
            "speaker": [("ana-ruiz", 2), ("ben-okoro", 1), ("zed", 1)],
            "outlet": [("Vale Post", 2), ("Mill News", 1)],
            "via": [("vale-wire", 1)],
            "kind": [("direct", 2), ("indirect", 1)],
            "act": [("say", 2), ("deny", 1)],
            "form": [("named", 3)],
            "month": [("2016-03", 1)],
            "day": [("2016-03-01", 1)],
            "language": [("en", 2)],
        }
        ruiz = found.facets["speaker"][0]
        assert (ruiz.label, ruiz.first, ruiz.last) == ("Ana Ruiz", date(2016, 3, 1), date(2016, 3, 1))
        assert found.facets["via"][0].label == "Vale Wire"
        assert found.facets["via"][0].first is None

    def test_facets_of_paragraphs_count_each_once(self, store: Store) -> None:
        list(store.put([two_speakers()]))
        found = store.retrieve(
            Retrieval("paragraph", clause=terms("road"), facets=("speaker", "kind", "outlet", "via"))
        )
        counts = {name: [(c.value, c.count) for c in facet] for name, facet in found.facets.items()}
        assert found.total == 2
        assert counts == {
            "speaker": [("ana-ruiz", 1), ("ben-okoro", 1)],
            "kind": [("direct", 1), ("indirect", 1)],
            "outlet": [("Vale Post", 2)],
            "via": [("vale-wire", 1)],
        }

    def test_facets_are_cut_by_count_then_value(self, store: Store) -> None:
        people = [Speaker(f"s{n:02}", f"Speaker {n}") for n in range(25)]
        list(store.put([simple(f"a{n}", BRIDGE, speaker=s) for n, s in enumerate([*people, people[24]])]))
        found = store.retrieve(Retrieval("statement", clause=terms("bridge"), facets=("speaker",), facet_size=20))
        assert [c.value for c in found.facets["speaker"]] == ["s24", *(f"s{n:02}" for n in range(19))]
        whole = store.retrieve(Retrieval("statement", facets=("speaker",), facet_size=None))
        assert len(whole.facets["speaker"]) == 25
