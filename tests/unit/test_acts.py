from __future__ import annotations

import pytest

from engine.attribution.acts import act_of
from engine.models import ACTS
from tests.marked import statements


@pytest.mark.parametrize(
    ("cue", "act"),
    [
        ("said", "say"), ("According to", "say"), (":", "say"), ("quipped", "say"), ("", "say"),
        ("has repeatedly denied", "deny"), ("ruled out", "deny"), ("brushed aside", "deny"),
        ("confirmed", "confirm"), ("conceded", "confirm"), ("stands by", "confirm"), ("did not dispute", "confirm"),
        ("did not deny", "confirm"), ("would not confirm", "no-comment"),
        ("called for", "urge"), ("demanded", "urge"), ("wants", "urge"), ("appealed to", "urge"),
        ("won’t say", "no-comment"),
        ("asked", "ask"), ("wondered", "ask"),
        ("pledged", "promise"), ("has sworn", "promise"), ("threatened", "threaten"),
        ("accused", "accuse"), ("slammed", "accuse"), ("has condemned", "accuse"),
        ("hailed", "praise"), ("thanked", "praise"),
        ("believes", "believe"), ("opposes", "believe"), ("feared", "believe"),
        ("intends", "plan"), ("is considering", "plan"),
        ("is expected to say", "say"), ("shot back", "say"),
    ],
)  # fmt: skip
def test_the_cue_tells_what_is_done_by_saying_it(cue: str, act: str) -> None:
    assert act_of(cue) == act


def test_a_document_reports_where_a_person_says() -> None:
    assert act_of("says", form="document") == "report"
    assert act_of("found", form="document") == "report"
    assert act_of("found") == "say"
    assert act_of("reported", form="body") == "report"
    assert act_of("denies", form="document") == "deny"


def test_who_asks_somebody_to_do_something_urges() -> None:
    assert act_of("asked", told_to=True) == "urge"
    assert act_of("told", told_to=True) == "urge"
    assert act_of("told") == "say"


def test_a_question_without_any_cue_asks() -> None:
    found = statements("<s 1>Ana Ruiz</s><q 1>:</q> <c 1>“Why?”</c> <c 2>“Why not?”</c>")
    assert [each.act for each in found] == ["ask", "ask"]


def test_every_act_that_a_cue_may_have_is_known() -> None:
    assert {act_of(cue) for cue in ("said", "denied", "praised", "planned")} <= set(ACTS)
