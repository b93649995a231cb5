"""The measure itself: what counts as found, right, direct; and how honest a confidence is."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

from engine.attribution import load_attributor
from engine.attribution.gold import gold_answer, gold_article
from engine.errors import InputError
from engine.learning.calibrate import Sample, chances_of, cross_validated, fit, report
from engine.learning.corpus import load_corpus
from engine.learning.errors import CLASSES, errors_by_class
from engine.learning.evaluate import evaluate
from engine.learning.make import read_gold
from engine.learning.names import plain_name, same_name, same_relays
from engine.registry import Registry

TEXT = "“We are ready,” Ana Ruiz said. The mayor denied that it was over."
GOLD = {
    "doc_id": "d",
    "text": TEXT,
    "quotes": [
        {"content": [[0, 15]], "cue": [[25, 29]], "source": [[16, 24]], "type": "direct", "speaker_name": "Ana Ruiz"},
        {"content": [[48, 64]], "cue": [[41, 47]], "source": [[31, 40]], "type": "indirect", "via": ["Sol"]},
    ],
}


def figures(*quotes: dict) -> dict:
    return evaluate([GOLD], {"d": quotes})


def test_gold_against_itself_is_perfect():
    found = figures(*GOLD["quotes"])
    assert all(found[name]["F1"] == 100 for name in ("source", "cue", "content", "tokens", "joint", "direct"))
    assert found["speaker"] == {"accuracy": 100.0, "n": 1}
    assert found["via"] == {"accuracy": 100.0, "n": 1}


def test_whether_marks_belong_to_the_span_does_not_matter():
    assert figures({**GOLD["quotes"][0], "content": [[1, 14]]})["content"]["P"] == 100


def test_a_wrong_source_is_found_content_but_not_joint():
    found = figures({**GOLD["quotes"][0], "source": [[31, 40]]}, GOLD["quotes"][1])
    assert found["content"]["F1"] == 100
    assert found["joint"] == {"P": 50.0, "R": 50.0, "F1": 50.0}


def classes(*quotes: dict, examples: int = 10) -> dict[str, int]:
    found = errors_by_class([GOLD], {"d": quotes}, examples=examples)
    return {name: found[name]["n"] for name in CLASSES if found[name]["n"]}


def test_every_error_has_its_class():
    direct, indirect = GOLD["quotes"]
    assert classes(direct, indirect) == {}
    assert classes(direct) == {"missed": 1}
    assert classes({**direct, "source": [[31, 40]]}, indirect) == {"wrong_link": 1}
    assert classes({**direct, "speaker_name": "Eva Ruiz"}, indirect) == {"wrong_name": 1}
    assert classes(direct, {**indirect, "content": [[31, 64]]}) == {"wrong_span": 1}
    assert classes(direct, indirect, {"content": [[16, 24]], "cue": [], "source": []}) == {"spurious": 1}
    assert classes({**direct, "content": [[0, 64]]}) == {"wrong_span": 2}


def test_an_error_is_shown_in_words_and_no_more_than_asked_for():
    errors = errors_by_class([GOLD, {**GOLD, "doc_id": "e"}], {"d": GOLD["quotes"][:1]}, examples=1)["missed"]
    gold = {"source": "The mayor", "cue": "denied", "content": TEXT[48:64], "speaker_name": None}
    assert errors["n"] == 3
    assert errors["examples"] == [{"doc_id": "d", "gold": gold, "found": None}]


def test_an_unanswered_document_is_all_missed():
    assert evaluate([GOLD], {})["joint"] == {"P": 0.0, "R": 0.0, "F1": 0.0}


def test_a_quotation_that_falls_on_other_gold_is_not_punished_as_direct():
    mixed = {**GOLD, "quotes": [{**GOLD["quotes"][0], "type": "mixed"}]}
    assert evaluate([mixed], {"d": [GOLD["quotes"][0]]})["direct"]["P"] == 0
    assert evaluate([mixed, {**GOLD, "doc_id": "e"}], {"d": GOLD["quotes"], "e": GOLD["quotes"]})["direct"]["P"] == 100


def test_names_are_compared_without_titles_accents_and_case():
    assert plain_name("Foreign Minister Ana Ruíz (mayor)") == "ana ruiz"
    assert same_name("Ana Ruiz|A. Ruiz", "the A Ruiz")
    assert same_relays(["SANA", "Interfax"], [{"name": "sana"}, "Interfax"])
    assert not same_relays(["SANA", "Interfax"], ["Interfax", "SANA"])


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"doc_id": "d", "text": "a"}', '{"doc_id": "d", "text": "a", "quotes": [{"content": [[0, 9]]}]}'],
)
def test_a_malformed_gold_line_is_named(tmp_path, line):
    place = tmp_path / "own.jsonl"
    place.write_text(f'{{"doc_id": "c", "text": "a", "quotes": []}}\n{line}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.jsonl:2"):
        read_gold(place)


def samples(count: int) -> list[Sample]:
    """Right half of the time, and then more often the higher the feature."""
    generator = np.random.default_rng(0)
    drawn = generator.normal(size=count)
    right = generator.random(count) < 1 / (1 + np.exp(-2 * drawn))
    return [
        Sample({"bias": 1.0, "sure": float(x)}, bool(r), f"a{i % 40}")
        for i, (x, r) in enumerate(zip(drawn, right, strict=True))
    ]


def test_confidence_is_fitted_to_how_often_it_is_right():
    found = fit(samples(4_000))
    assert found["sure"] == pytest.approx(2, abs=0.2)
    assert found["bias"] == pytest.approx(0, abs=0.15)


def test_calibrated_chances_have_a_small_error_and_level_ones_a_large_one():
    drawn = samples(4_000)
    assert report(cross_validated(drawn), drawn)["ece"] < 0.04
    assert report(chances_of({"bias": 4.0}, drawn), drawn)["ece"] > 0.3


def test_figures_are_those_of_the_shared_scorer():
    shared = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).parents[3] / "shared"))
    tool = shared / "tools" / "score_attribution.py"
    if not tool.exists():
        pytest.skip("the shared scorer is not here")
    spec = importlib.util.spec_from_file_location("score_attribution", tool)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    rules = load_attributor("rules", registry=Registry.of([]))
    gold = load_corpus(heldout=True)[:8]
    answers = {d["doc_id"]: gold_answer(rules.attribute(gold_article(d)))["quotes"] for d in gold}
    assert evaluate(gold, answers) == scorer.score(gold, answers)
