"""What a search promises on every store: relaxing, lifting, naming, and the JSON of the public contract."""

from __future__ import annotations

import json
from datetime import date

from engine.models import Span
from engine.query import Filters, SearchAnswer, SearchRequest
from engine.registry import Registry
from engine.registry_entry import Entry
from engine.search import search
from engine.search_record import search_record
from engine.stores.base import Store
from tests.contract.builders import IDENTITY, OKORO, embed, prepared, said, simple
from tests.contract.builders import article as build
from tests.contract.selecting import two_speakers

REGISTRY = Registry.of((Entry("ana-ruiz", "Ana Ruiz", aliases=("Ruiz", "Руис", "minister Ruiz")),))


class _Embedder:
    """The builders' vectors as an embedder."""

    identity = IDENTITY

    def embed(self, texts: list[str]) -> object:
        return embed(texts)


def ask(store: Store, q: str = "", *, model: bool = True, **fields: object) -> SearchAnswer:
    request = SearchRequest(q=q, **fields)  # type: ignore[arg-type]
    return search(store, _Embedder() if model else None, REGISTRY, request)  # type: ignore[arg-type]


def shown(answer: SearchAnswer) -> list[str]:
    return [hit.text for hit in answer.hits]


def fill(store: Store) -> None:
    list(store.put([
        simple("a", "We need safe zones for refugees", published="2016-02-03", outlet="Vale Post"),
        simple("b", "Safe zones for refugees are a trap", speaker=OKORO, published="2016-02-04"),
        simple("c", "The bridge was closed", published="2016-02-05"),
        simple("d", "The budget is late", speaker=OKORO),
    ]))  # fmt: skip


class AskingContract:
    """Needs the fixture `store` (empty)."""

    def test_a_speaker_named_in_plain_words_comes_first_and_hides_nobody(self, store: Store) -> None:
        fill(store)
        for q in ("what did Ruiz say about safe zones", "Руис safe zones", "safe zones ana ruiz"):
            answer = ask(store, q)
            assert shown(answer)[:2] == ["We need safe zones for refugees", "Safe zones for refugees are a trap"]
            assert any("Ana Ruiz" in note for note in answer.notes)
        assert shown(ask(store, "safe zones", lift_speaker="ben-okoro"))[0] == "Safe zones for refugees are a trap"
        assert set(shown(ask(store, "ruiz", mode="keyword"))) == {
            "We need safe zones for refugees",
            "The bridge was closed",
        }

    def test_too_many_words_relax_best_first_and_say_so(self, store: Store) -> None:
        fill(store)
        list(store.put([simple(f"f{n}", f"Filler number {n} of many") for n in range(8)]))
        answer = ask(store, "safe zones for refugees beside the bridge", mode="keyword")
        assert shown(answer)[-1] == "The bridge was closed"
        assert answer.total == 3
        assert any("any" in note for note in answer.notes)
        assert ask(store, '"no such phrase" bridge closed', mode="keyword").total == 0

    def test_a_semantic_hit_has_no_keyword_rank_and_nonsense_has_no_hit(self, store: Store) -> None:
        fill(store)
        answer = ask(store, "zones refugees trap")
        ranks = {hit.text: (hit.keyword_rank, hit.semantic_rank) for hit in answer.hits}
        assert ranks["Safe zones for refugees are a trap"] == (1, 1)
        assert ask(store, "qwxz vbnm").hits == ()

    def test_filters_take_ids_and_aliases(self, store: Store) -> None:
        fill(store)
        for name in ("ana-ruiz", "Ruiz", "руис", "ANA RUIZ"):
            answer = ask(store, filters=Filters(speakers=(name,)))
            assert {hit.speakers[0].id for hit in answer.hits} == {"ana-ruiz"}
        assert ask(store, filters=Filters(speakers=("okoro", "ruiz"))).total == 4
        assert ask(store, "speaker:okoro zones").total == 1
        assert ask(store, "-speaker:okoro").total == 2

    def test_an_unknown_name_has_no_hit_and_a_suggestion(self, store: Store) -> None:
        fill(store)
        for name in ("Okorro", "Окоро"):
            answer = ask(store, "zones", filters=Filters(speakers=(name,)))
            assert (answer.total, answer.hits) == (0, ())
            assert any(name in note and "Ben Okoro" in note for note in answer.notes)
        assert ask(store, filters=Filters(via=("Nowhere Wire",))).total == 0

    def test_a_name_that_only_the_archive_knows_may_be_misspelt_in_plain_words(self, store: Store) -> None:
        fill(store)
        for q in ("what did Okorro say about zones", "Окоро zones"):
            answer = ask(store, q)
            assert shown(answer)[0] == "Safe zones for refugees are a trap"
            assert any("did you mean Ben Okoro?" in note for note in answer.notes)

    def test_undated_passages_left_out_are_counted(self, store: Store) -> None:
        fill(store)
        answer = ask(store, filters=Filters(after=date(2016, 2, 4)))
        assert shown(answer) == ["The bridge was closed", "Safe zones for refugees are a trap"]
        assert any(note.startswith("1 undated") for note in answer.notes)

    def test_exclusions_hold_for_neighbours(self, store: Store) -> None:
        fill(store)
        assert shown(ask(store, "safe zones refugees -trap")) == ["We need safe zones for refugees"]
        assert shown(ask(store, '"zones for refugees are"')) == ["Safe zones for refugees are a trap"]

    def test_only_signs_are_nothing_and_no_query_is_everything_newest_first(self, store: Store) -> None:
        fill(store)
        assert ask(store, "?!").total == 0
        everything = shown(ask(store))
        assert everything[0] == "The bridge was closed"
        assert everything[-1] == "The budget is late"
        assert len(everything) == 4

    def test_without_a_model_keywords_are_searched_and_the_answer_says_so(self, store: Store) -> None:
        fill(store)
        answer = ask(store, "safe zones", model=False)
        assert answer.total == 2
        assert any("model" in note for note in answer.notes)

    def test_a_context_lifts_and_never_hides(self, store: Store) -> None:
        fill(store)
        plain = ask(store, "safe zones")
        lifted = ask(store, "safe zones", context="Somebody spoke of a trap for refugees")
        assert shown(lifted)[0] == "Safe zones for refugees are a trap"
        assert set(shown(plain)) <= set(shown(lifted))

    def test_hits_point_into_their_articles_and_paragraphs(self, store: Store) -> None:
        text = "“We deny it,” said Ana Ruiz, “and we\n\nalways will.” Rain fell on the road."
        middle = text.index("\n\n")
        one = build("a", text[:middle], text[middle + 2 :], title="Denial")
        statement = said(one.text, "We deny it,|and we|always will.", article="a", cue="said", source="Ana Ruiz")
        list(store.put([prepared(one, statement)]))
        (hit,) = ask(store, "deny road").hits
        assert [span.of(one.text) for span in hit.spans] == ["We deny it,", "and we", "always will."]
        assert [span.of(hit.paragraph) for span in hit.places] == ["We deny it,", "and we", "always will."]
        assert [span.of(hit.paragraph) for span in hit.highlights] == ["deny", "road"]
        assert hit.paragraph == one.text[hit.paragraph_start : hit.paragraph_start + len(hit.paragraph)]
        assert hit.cue == "said"
        assert hit.speaker is None

    def test_the_answer_is_the_json_of_the_contract(self, store: Store) -> None:
        list(store.put([two_speakers()]))
        record = search_record(ask(store, "road is safe", limit=1))
        assert json.loads(json.dumps(record)) == record
        assert set(record) == {"total", "hits", "folded", "next", "facets", "notes"}
        assert set(record["facets"]) == {"speaker", "outlet", "via", "kind", "act", "form", "month"}
        (hit,) = record["hits"]
        assert hit["type"] == "statement"
        assert hit["speaker"] == {"id": "ben-okoro", "name": "Ben Okoro"}
        assert hit["via"] == [{"id": "vale-wire", "name": "Vale Wire"}]
        assert hit["cue"] == "According to"
        assert set(hit["ranks"]) == {"keyword", "semantic"}
        assert {"value": "ben-okoro", "label": "Ben Okoro", "count": 1} in record["facets"]["speaker"]
        (start, end) = hit["paragraph"]["statement"][0]
        assert hit["paragraph"]["text"][start:end] == hit["text"] == "the road is safe"
        paragraph = search_record(ask(store, "nothing was said", passages="paragraph", limit=1))["hits"][0]
        statement_fields = ("speaker", "speakers", "form", "kind", "act", "via", "cue", "confidence")
        assert all(paragraph[name] is None for name in statement_fields)
        assert paragraph["paragraph"]["statement"] is None
        assert [Span(*pair).of(two_speakers().attributed.article.text) for pair in paragraph["span"]] == [
            paragraph["text"]
        ]
