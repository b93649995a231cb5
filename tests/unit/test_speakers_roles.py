from __future__ import annotations

import pytest

from tests.marked import names, statements

INTRODUCED = "<s 1>Ana Ruiz, the foreign minister of Norvik,</s> <q 1>said</q> <c 1>yes</c>. "


def test_an_apposition_teaches_whom_the_minister_means() -> None:
    found = statements(INTRODUCED + "<s 2>The minister</s> <q 2>said</q> <c 2>no</c>.")
    assert [s.name for s in found[1].speakers] == ["Ana Ruiz"]
    assert found[1].form == "role"


@pytest.mark.parametrize(
    "opening",
    ["Ana Ruiz, 51, a retired judge, came in.", "Ana Ruiz is a judge.", "The judge, Ana Ruiz, came in.",
     "Judge Ana Ruiz came in.",
     "Ana Ruiz, who is a judge in Norvik, came in."],
)  # fmt: skip
def test_the_whole_text_teaches_not_only_sources(opening: str) -> None:
    assert names(
        f"{opening} Rain fell. It fell all day. Then it stopped. <s 1>The judge</s> <q 1>said</q> <c 1>no</c>."
    ) == ["Ana Ruiz"]


def test_a_role_may_be_called_by_a_broader_one() -> None:
    assert names(
        "Sen. Calvin Strake spoke. Gov. Imelda Farrow spoke. Rain fell. It fell all day. "
        "<s 1>The lawmaker</s> <q 1>said</q> <c 1>no</c>."
    ) == ["Calvin Strake"]


def test_a_nationality_picks_among_those_who_have_the_role() -> None:
    assert names(
        "Latvian Foreign Minister Ilze Kalna met Danish Foreign Minister Bo Holm. Rain fell. It fell all day. "
        "<s 1>The Latvian minister</s> <q 1>said</q> <c 1>no</c>."
    ) == ["Ilze Kalna"]


def test_an_office_resolves_through_the_registry_by_the_articles_date() -> None:
    body = "<s 1>The Syrian leader</s> <q 1>said</q> <c 1>no</c>."
    assert names(body, published="2017-02-03") == ["Bashar Assad"]
    assert names(body, published="2025-02-03") == [None]
    assert names(body) == [None], "without a date nobody is guessed"
    assert names(
        "<s 1>The Russian foreign minister</s> <q 1>said</q> <c 1>no</c>.", published="2017-02-03T10:00:00+03:00"
    ) == ["Sergey Lavrov"]


def test_a_role_that_nobody_has_stays_unknown() -> None:
    found = statements("Ana Ruiz left. Rain fell. It fell all day. <s 1>The senator</s> <q 1>said</q> <c 1>no</c>.")
    assert (found[0].speakers, found[0].form) == ((), "anonymous")


def test_a_person_just_spoken_of_may_be_called_by_a_description_not_used_before() -> None:
    assert names("Rosalind Whitlock is on her feet. <s 1>The candidate</s> <q 1>concedes</q> <c 1>that</c>.") == [
        "Rosalind Whitlock"
    ]


def test_an_office_that_may_be_anothers_is_not_given_to_the_person_just_spoken_of() -> None:
    assert names("Rosalind Whitlock is on her feet. <s 1>The mayor</s> <q 1>concedes</q> <c 1>that</c>.") == [None]


def test_a_description_belongs_to_whom_the_article_introduced_so() -> None:
    body = "A teenager came along with Kai Brandt. Kai Brandt sang. <s 1>The teenager</s> <q 1>said</q> <c 1>no</c>."
    assert names(body) == [None]


@pytest.mark.parametrize("age", ["Marlies Dabrow, 68, of Brenkow,", "Marlies Dabrow, aged 68,"])
def test_an_age_tells_who_is_meant(age: str) -> None:
    body = f"{age} wrote. Kai Brandt, 41, read it. Rain fell. <s 1>The 68-year-old</s> <q 1>said</q> <c 1>no</c>."
    assert names(body) == ["Marlies Dabrow"]


def test_an_unnamed_source_has_its_body_as_affiliation() -> None:
    found = statements(
        "<s 1>An unnamed NATO diplomat</s> <q 1>said</q> <c 1>no</c>. <s 2>The NATO diplomat</s> <q 2>said</q> "
        "<c 2>yes</c>. "
        "<s 3>A spokeswoman for the Kremlin</s> <q 3>said</q> <c 3>perhaps</c>. <s 4>Military sources</s> "
        "<q 4>said</q> <c 4>never</c>."
    )
    assert [(s.speakers, s.form) for s in found] == [((), "anonymous")] * 4
    assert [s.affiliation.name if s.affiliation else None for s in found] == ["NATO", "NATO", "Kremlin", None]


def test_an_official_of_a_state_speaks_for_it_and_an_aide_of_a_person_for_no_body() -> None:
    found = statements(
        "Calvin Strake left. <s 1>A Russian official</s> <q 1>said</q> <c 1>no</c>. "
        "<s 2>Aides to Strake</s> <q 2>said</q> <c 2>yes</c>."
    )
    assert [s.affiliation.name if s.affiliation else None for s in found] == ["Russia", None]


def test_a_capital_that_speaks_is_its_government() -> None:
    found = statements(
        "<s 1>Damascus</s> <q 1>accuses</q> <c 1>Washington of it</c>. <s 2>The Syrian government</s> "
        "<q 2>said</q> <c 2>so</c>."
    )
    assert [s.speakers[0].name for s in found] == ["Syria", "Syria"]
    assert {s.form for s in found} == {"body"}


def test_the_company_and_the_ministry_are_those_named_before() -> None:
    assert names(
        "<s 1>Kestrel Charter</s> <q 1>said</q> <c 1>no</c>. The Ministry of Transport is silent. "
        "<s 2>The company</s> <q 2>said</q> <c 2>yes</c>. <s 3>The ministry</s> <q 3>said</q> <c 3>perhaps</c>. "
        "<s 4>Kestrel</s> <q 4>said</q> <c 4>never</c>."
    ) == ["Kestrel Charter", "Kestrel Charter", "Ministry of Transport", "Kestrel Charter"]


def test_a_place_is_not_short_for_its_ministry() -> None:
    assert names(
        "The Sarrow Foreign Ministry waits. <s 1>Sarrow</s> <q 1>said</q> <c 1>no</c>."
    ) == ["Sarrow"]  # fmt: skip


def test_a_document_speaks_for_who_issued_it_else_for_itself() -> None:
    found = statements(
        "<s 1>A survey of 900 voters by the Tallgrass Institute</s> <q 1>found</q> <c 1>doubt</c>. "
        "<s 2>The survey</s> <q 2>shows</q> <c 2>fear</c>. <s 3>An affidavit</s> <q 3>says</q> <c 3>no</c>."
    )
    assert [s.speakers[0].name for s in found] == ["Tallgrass Institute", "Tallgrass Institute", "affidavit"]
    assert {s.form for s in found} == {"document"}


def test_the_statement_is_the_one_just_made() -> None:
    assert names(
        "<s 1>Norvik Freight</s> <q 1>said</q> <v 1>in a statement</v> <c 1>that it sails</c>. "
        "<s 2>The statement</s> <q 2>adds</q> <c 2>that it is late</c>."
    ) == ["Norvik Freight", "Norvik Freight"]


def test_the_alliance_is_the_one_that_the_registry_calls_so() -> None:
    found = statements("Ukraine may join NATO. <s 1>An anonymous alliance official</s> <q 1>said</q> <c 1>no</c>.")
    assert found[0].affiliation
    assert found[0].affiliation.name == "NATO"
