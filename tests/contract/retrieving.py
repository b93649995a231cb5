"""What every store promises about finding: words, phrases, vectors, the order of hits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Prefix, Word
from engine.models import PassageType
from engine.query import ANSWER_FACETS, Filters
from engine.stores.base import FieldWeights, Lift, Retrieval, Retrieved, Store
from tests.contract.builders import OKORO, RUIZ, article, embed, prepared, said, simple, terms

BRIDGE, ROAD, ZONES = "The bridge was closed", "The road was closed by force", "We need safe zones for refugees"


def texts(store: Store, retrieved: Retrieved, *, semantic: bool = False) -> list[str]:
    ranking = retrieved.semantic if semantic else retrieved.keyword
    passages = store.passages([ranked.key for ranked in ranking])
    return [passages[ranked.key].text for ranked in ranking]


def matching(store: Store, clause: Clause, *, passages: PassageType = "statement", **fields: Any) -> set[str]:
    return set(texts(store, store.retrieve(Retrieval(passages, clause=clause, **fields))))


class RetrievingContract:
    """Needs the fixture `store` (empty)."""

    @pytest.fixture
    def three(self, store: Store) -> Store:
        for outcome in store.put([simple("a", BRIDGE), simple("b", ROAD, speaker=OKORO), simple("c", ZONES)]):
            assert outcome.outcome == "added"
        return store

    def test_words_are_matched_by_their_stems(self, three: Store) -> None:
        assert matching(three, terms("refugee", "zone")) == {ZONES}
        assert matching(three, terms("closing")) == {BRIDGE, ROAD}
        assert matching(three, terms("close", "bridges")) == {BRIDGE}
        assert matching(three, terms("nowhere")) == set()

    def test_phrases_are_exact_and_in_order(self, three: Store) -> None:
        assert matching(three, Phrase(("safe", "zones"))) == {ZONES}
        assert matching(three, Phrase(("safe", "zone"))) == set()
        assert matching(three, Phrase(("zones", "safe"))) == set()
        assert matching(three, Phrase(("the", "road", "was"))) == {ROAD}

    def test_near_words_stand_in_any_order_with_so_many_between(self, three: Store) -> None:
        assert matching(three, Phrase(("refugees", "safe"), 2)) == {ZONES}
        assert matching(three, Phrase(("refugees", "safe"), 1)) == set()
        assert matching(three, Phrase(("need", "zones", "refugees"), 2)) == {ZONES}
        assert matching(three, Phrase(("need", "zones", "refugees"), 1)) == set()

    def test_a_prefix_is_not_stemmed(self, three: Store) -> None:
        assert matching(three, Prefix("refug")) == {ZONES}
        assert matching(three, Prefix("closed")) == {BRIDGE, ROAD}
        assert matching(three, Prefix("closes")) == set()

    def test_clauses_combine(self, three: Store) -> None:
        closed, bridge = Word(("closed",)), Word(("bridge",))
        assert matching(three, AllOf((closed, Not(bridge)))) == {ROAD}
        assert matching(three, AnyOf((bridge, Phrase(("safe", "zones"))))) == {BRIDGE, ZONES}
        assert matching(three, AllOf((closed, Phrase(("by", "force"))))) == {ROAD}
        assert matching(three, AllOf((closed, AnyOf((Prefix("brid"), Word(("zone",))))))) == {BRIDGE}
        assert matching(three, AllOf((closed, Not(Phrase(("by", "force")))))) == {BRIDGE}
        assert matching(three, AllOf((Not(closed),))) == {ZONES}
        assert matching(three, Not(AnyOf((closed, Phrase(("safe", "zones")))))) == set()

    def test_words_of_several_pieces_stand_side_by_side(self, store: Store) -> None:
        list(store.put([simple("a", "The U.S. said don’t"), simple("b", "The S. and the U. don and t")]))
        assert matching(store, Word(("u", "s"))) == {"The U.S. said don’t"}
        assert matching(store, Word(("don", "t"))) == {"The U.S. said don’t"}

    def test_accents_case_and_composition_do_not_matter(self, store: Store) -> None:
        list(
            store.put([simple("a", "CAFÉ in Łódź"), simple("b", "cafe\u0301s of A\u030argard"), simple("c", "Straße")])
        )
        assert matching(store, terms("café")) == {"CAFÉ in Łódź", "cafe\u0301s of A\u030argard"}
        assert matching(store, terms("lodz")) == {"CAFÉ in Łódź"}
        assert matching(store, terms("Årgard")) == {"cafe\u0301s of A\u030argard"}
        assert matching(store, terms("STRASSE")) == {"Straße"}

    def test_other_scripts_are_found(self, store: Store) -> None:
        russian, arabic = "Зо\u0301ны безопасности, ёлка", "نريد مناطق آمنة"
        list(store.put([simple("a", russian), simple("b", arabic)]))
        assert matching(store, terms("ЗОНЫ")) == {russian}
        assert matching(store, Prefix("безопас")) == {russian}
        assert matching(store, terms("елка")) == {russian}
        assert matching(store, terms("امنة")) == {arabic}

    def test_punctuation_and_operators_in_words_are_only_words(self, store: Store) -> None:
        odd = 'NEAR OR NOT AND "quoted" col:umn (x) * ^ 100% a_b C++ \x00 end'
        list(store.put([simple("a", odd), simple("b", "plain")]))
        for word in ("near", "or", "not", "and", "quoted", "umn", "100", "end"):
            assert matching(store, terms(word)) == {odd}
        assert matching(store, Phrase(("not", "and"))) == {odd}

    def test_a_word_may_stand_in_any_field(self, store: Store) -> None:
        text = "“The tunnel is dry,” said Ana Ruiz. Rain had fallen for weeks."
        one = article("a", text, title="Floods in Vale")
        statement = said(text, "The tunnel is dry,", article="a", cue="said", source="Ana Ruiz", speakers=(RUIZ,))
        shifted = replace(statement, **{
            name: tuple(s.shifted(len("Floods in Vale") + 2) for s in getattr(statement, name))
            for name in ("content", "cue", "source")
        })  # fmt: skip
        list(store.put([prepared(one, shifted, names={"ana-ruiz": ("Ана Руис",)}), simple("b", BRIDGE)]))
        dry = {"The tunnel is dry,"}
        assert matching(store, terms("tunnel", "rain", "ruiz", "flood")) == dry
        assert matching(store, terms("руис", "tunnel")) == dry
        assert matching(store, Phrase(("fallen", "for", "weeks"))) == dry

    def test_field_weights_decide_the_order(self, store: Store) -> None:
        said_it, about_it = simple("a", "Water is short"), simple("b", "Roads are long", title="Water")
        fillers = [simple(f"f{n}", f"Filler number {n} of many") for n in range(6)]
        list(store.put([said_it, about_it, *fillers]))
        text_first = Retrieval("statement", clause=terms("water"), weights=FieldWeights(4, 1, 1, 1))
        title_first = Retrieval("statement", clause=terms("water"), weights=FieldWeights(1, 40, 1, 1))
        assert texts(store, store.retrieve(text_first)) == ["Water is short", "Roads are long"]
        assert texts(store, store.retrieve(title_first)) == ["Roads are long", "Water is short"]

    def test_scores_fall_and_ties_go_by_passage_id(self, store: Store) -> None:
        list(store.put([simple(f"a{n}", "The same words each time") for n in range(20)]))
        ranking = store.retrieve(Retrieval("statement", clause=terms("words"))).keyword
        passages = store.passages([ranked.key for ranked in ranking])
        ids = [passages[ranked.key].id for ranked in ranking]
        assert len(ids) == 20
        assert ids == sorted(ids)
        assert len({round(ranked.score, 5) for ranked in ranking}) == 1

    def test_nearest_vectors_come_first_down_to_the_floor(self, three: Store) -> None:
        vector = embed(["the bridge was closed"])[0]
        found = three.retrieve(Retrieval("statement", vector=vector, floor=0.3))
        assert texts(three, found, semantic=True) == [BRIDGE, ROAD]
        assert found.semantic[0].score == pytest.approx(1.0, abs=2e-3)
        assert found.keyword == ()
        assert (found.total, found.keyword_total) == (2, 0)
        only = three.retrieve(Retrieval("statement", vector=vector, floor=0.3, depth=1))
        assert (texts(three, only, semantic=True), only.total) == ([BRIDGE], 1)
        assert (
            three.retrieve(Retrieval("statement", vector=vector, floor=0.9999, filters=Filters(speakers=("x",)))).total
            == 0
        )

    def test_the_matched_set_is_both_rankings_each_passage_once(self, three: Store) -> None:
        found = three.retrieve(
            Retrieval("statement", clause=terms("zones"), vector=embed([BRIDGE])[0], floor=0.3, facets=ANSWER_FACETS)
        )
        assert (found.total, found.keyword_total, len(found.semantic)) == (3, 1, 2)
        assert {count.value: count.count for count in found.facets["speaker"]} == {"ana-ruiz": 2, "ben-okoro": 1}
        both = three.retrieve(Retrieval("statement", clause=terms("bridge"), vector=embed([BRIDGE])[0], floor=0.3))
        assert both.total == 2

    def test_a_restriction_binds_neighbours(self, three: Store) -> None:
        vector = embed(["the bridge was closed"])[0]
        asked = Retrieval("statement", vector=vector, floor=0.3, restriction=Not(Word(("bridge",))))
        assert texts(three, three.retrieve(asked), semantic=True) == [ROAD]
        asked = replace(asked, restriction=Phrase(("the", "bridge")))
        assert texts(three, three.retrieve(asked), semantic=True) == [BRIDGE]

    def test_only_the_best_belong_to_the_matched_set_when_asked(self, three: Store) -> None:
        clause = AnyOf((Word(("closed",)), Word(("force",)), Word(("zone",))))
        found = three.retrieve(Retrieval("statement", clause=clause, best=1, facets=("speaker",)))
        assert texts(three, found) == [ROAD]
        assert (found.total, found.keyword_total, found.rest) == (1, 1, None)
        assert [count.value for count in found.facets["speaker"]] == ["ben-okoro"]

    def test_a_lift_raises_and_neither_hides_nor_adds(self, three: Store) -> None:
        clause, vector = terms("closed"), embed(["closed"])[0]
        plain = three.retrieve(Retrieval("statement", clause=clause, vector=vector, floor=0.1))
        assert texts(three, plain) == [BRIDGE, ROAD]
        speaker = Lift(speakers=("ben-okoro", "zones"), speaker_keyword=5.0, speaker_semantic=0.9)
        lifted = three.retrieve(Retrieval("statement", clause=clause, vector=vector, floor=0.1, lift=speaker))
        assert texts(three, lifted)[0] == texts(three, lifted, semantic=True)[0] == ROAD
        assert lifted.total == plain.total
        word = Lift(clause=AnyOf((Word(("force",)), Word(("zone",)))), keyword=50.0)
        lifted = three.retrieve(Retrieval("statement", clause=clause, lift=word))
        assert texts(three, lifted) == [ROAD, BRIDGE]

    def test_a_lifted_speaker_may_be_farther_from_the_question_than_others(self, three: Store) -> None:
        asked = Retrieval("statement", vector=embed(["the bridge was closed"])[0], floor=0.3)
        cosine = three.retrieve(asked).semantic[1].score  # of ROAD, which Okoro said
        for floor, found in ((None, [BRIDGE]), (cosine + 0.01, [BRIDGE]), (cosine - 0.01, [BRIDGE, ROAD])):
            lift = Lift(speakers=("ben-okoro",), speaker_semantic=0.01, speaker_floor=floor)
            answer = three.retrieve(replace(asked, floor=cosine + 0.05, lift=lift))
            assert texts(three, answer, semantic=True) == found
            assert answer.total == len(found)
