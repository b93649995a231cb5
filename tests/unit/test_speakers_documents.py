"""Documents, bodies by description, and sources that are nobody."""

from __future__ import annotations

import pytest

from engine.attribution.attribution import NEGATIVE_SOURCE
from tests.marked import names, statements


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("A study published in June by the Institute for Applied Tides", "Institute for Applied Tides"),
        ("Surveillance footage released by the Norvik Guard", "Norvik Guard"),
        ("A Tallgrass Institute survey from last week", "Tallgrass Institute"),
        ("A white paper quietly posted Friday by the Open Coast Center", "Open Coast Center"),
        ("Records of the city's Housing Bureau", "Housing Bureau"),
        ("A four-page memo obtained by Radio Marea", "memo"),
        ("Minutes of the meeting, seen by the Courier", "Minutes"),
        ("A filing late in the day", "filing"),
        ("Results published in July in the Journal of Tides", "Results"),
        ("The 61-page forfeiture complaint", "forfeiture complaint"),
        ("Papers turned over to the court", "Papers"),
    ],
)
def test_a_document_goes_by_its_issuer_else_by_its_own_noun(source: str, name: str) -> None:
    found = statements(f"<s 1>{source}</s> <q 1>says</q> <c 1>that it rained</c>.")
    assert ([s.name for s in found[0].speakers], found[0].form) == ([name], "document")


def test_a_general_word_means_the_document_spoken_of_before() -> None:
    assert names(
        "<s 1>A survey by Tallgrass Institute</s> <q 1>found</q> <c 1>rain</c>. "
        "<s 2>The 40-page document</s> <q 2>says</q> <c 2>it was long</c>."
    ) == ["Tallgrass Institute", "Tallgrass Institute"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Her office", "office of Ana Ruiz"),
        ("Ruiz's office", "office of Ana Ruiz"),
        ("Her campaign", "Ruiz campaign"),
        ("Ms Ruiz's campaign", "Ruiz campaign"),
    ],
)
def test_what_belongs_to_a_person_says_whose_it_is(source: str, name: str) -> None:
    before = "Ana Ruiz, the mayor, spoke. The Office of Tide Review wrote. She left."
    assert names(f"{before} <s 1>{source}</s> <q 1>said</q> <c 1>no</c>.") == [name]


@pytest.mark.parametrize("source", ["Nobody", "No one at the ministry", "Neither side", "None of them"])
def test_who_is_said_not_to_speak_is_no_speaker_and_flagged(source: str) -> None:
    found = statements(f"Ana Ruiz left. <s 1>{source}</s> <q 1>said</q> <c 1>that it rained</c>.")[0]
    assert (found.speakers, found.form, found.flags) == ((), "none", (NEGATIVE_SOURCE,))


def test_the_company_is_the_one_that_the_article_calls_so() -> None:
    body = (
        "Unions fear cuts\n\nColdwater, the bottling company, closed a plant. Unions protested. "
        "<s 1>The company</s> <q 1>denied</q> <c 1>it</c>."
    )
    assert names(body) == ["Coldwater"]


@pytest.mark.parametrize(
    "name",
    [
        "Federation of Port and Harbour Workers",
        "Brotherhood of Line Workers",
        "Court of Arbitration of the Lakes",
        "National Council of Sheriffs",
        "Association of Those Concerned",
        "Lone Star Grid & Power",
        "Warm for All",
        "Sorvian General Staff",
    ],
)
def test_a_bodys_name_is_whole(name: str) -> None:
    assert names(f"It rained. <s 1>The {name}</s> <q 1>said</q> <c 1>no</c>.") == [name]


def test_two_bodies_are_not_one_name() -> None:
    assert names("<s 1>The Bank of England and the Treasury</s> <q 1>said</q> <c 1>no</c>.") == [
        "Bank of England and Treasury"
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Syrian Ambassador to the UN Bashar Jaafari", "Bashar Jaafari"),
        ("Leonie Castell KC", "Leonie Castell"),
        ("Its convenor, the botanist Aroha Ngata", "Aroha Ngata"),
        ("Russia today", "Russia"),
    ],
)
def test_titles_letters_and_adverbs_are_no_part_of_a_name(source: str, name: str) -> None:
    assert names(f"Talks went on. <s 1>{source}</s> <q 1>said</q> <c 1>no</c>.") == [name]


def test_an_unnamed_official_of_the_alliance_belongs_to_it_and_not_to_the_last_outlet() -> None:
    body = "NATO met. Reuters reported it. <s 1>An anonymous alliance official</s> <q 1>said</q> <c 1>no</c>."
    found = statements(body)[0]
    assert (found.speakers, found.affiliation and found.affiliation.name) == ((), "NATO")
