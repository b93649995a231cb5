from __future__ import annotations

import json

import pytest

from engine.attribution.speakers_pronouns import kind_of
from engine.attribution.speakers_scorer import WEIGHTS, shipped
from engine.learning.corpus import gold_document
from engine.learning.markup import read_marked
from engine.learning.references import KINDS, Outcome, by_hand, fit, rows
from engine.registry import Registry


def test_what_tells_the_gold_candidate_apart_is_weighed_up() -> None:
    near, far = {"same_paragraph": 1.0, "noise": 1.0}, {"noise": 1.0}
    weights = fit([([near, far], [0])] * 5 + [([far, near], [1])] * 5)
    assert weights["same_paragraph"] > 1
    assert weights["noise"] == pytest.approx(0, abs=0.01)


def test_the_shipped_weights_cover_every_kind_of_pronoun_and_say_how_they_were_made() -> None:
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert set(told["scorers"]) == set(KINDS) == {kind_of("she"), kind_of("its"), kind_of("they")}
    assert told["trained_by"] == "python -m engine.learning.references"
    assert all(0 <= scorer.least < 1 and scorer.weights for scorer in shipped().values())


def test_a_gold_pronoun_becomes_a_row_with_its_candidates(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "wire" / "001.txt"
    path.parent.mkdir()
    path.write_text(
        "title: Rain\noutlet: Sol\ndate: 2031-03-04\nstyle: wire\nlang: en\n---\n"
        "Carla Sol left. <s 1>Ana Ruiz</s> <q 1>said</q> <c 1>that it rains</c>.\n\n"
        "<s 2>She</s> <q 2>added</q> <c 2>that it was late</c>.\n---\n"
        "1 | indirect | say | Ana Ruiz | named\n2 | indirect | say | Ana Ruiz | pronoun\n",
        encoding="utf-8",
    )
    outcome = Outcome()
    found = rows([gold_document(read_marked(path), split="train")], by_hand(), Registry.of([]), outcome)
    ((candidates, gold),) = found["he"]
    assert len(candidates) == 2
    assert gold == [0]
    assert (outcome.named, outcome.right, outcome.wrong) == (1, 1, 0)
