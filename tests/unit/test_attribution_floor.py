"""What is more likely wrong than right is no statement, unless it stands in marks."""

from engine.attribution import Attributor
from engine.attribution.confidence import Calibration
from engine.attribution.gold import gold_article
from engine.attribution.rules import RuleTagger
from engine.registry import Registry

TEXT = "“We are ready,” Ana Ruiz said.\n\nThe mayor denied that it was over."


def found(bias: float) -> list[str]:
    attributor = Attributor(RuleTagger(), Calibration({"bias": bias}), registry=Registry.of([]))
    return [a.content[0].of(TEXT) for a in attributor.attributions(gold_article({"doc_id": "d", "text": TEXT}))]


def test_a_report_without_marks_below_the_floor_is_no_statement_and_words_in_marks_always_are():
    assert found(bias=-3.0) == ["“We are ready,”"]


def test_a_report_above_the_floor_is_a_statement():
    assert found(bias=0.0) == ["“We are ready,”", "that it was over"]
