from __future__ import annotations

import pytest

from tests.marked import names, statements


def test_whom_the_lead_describes_the_article_names_next() -> None:
    assert names(
        "<s 1>A federal judge in San Jose</s> <q 1>ruled</q> <c 1>that it may go on</c>.\n\n"
        "Judge Yolanda Strickland rejected the plea."
    ) == ["Yolanda Strickland"]


def test_a_source_of_the_lead_stays_unnamed_where_officials_are_named_later() -> None:
    assert names(
        "<s 1>A senior official</s> <q 1>said</q> <c 1>that it rains</c>.\n\nForeign Ministry official Ivo Stan left."
    ) == [None]


def test_two_judges_leave_the_lead_s_judge_unnamed() -> None:
    assert names(
        "<s 1>A judge</s> <q 1>ruled</q> <c 1>that it may go on</c>.\n\nJudge Yolanda Strickland left. "
        "Judge Carla Sol stayed."
    ) == [None]


def test_a_calling_behind_a_name_is_what_its_bearer_is_later() -> None:
    assert names(
        "Vernon Strickland, a retired crane rigger, watched. Carla Sol, a florist, watched too. "
        "<s 1>The rigger</s> <q 1>said</q> <c 1>no</c>."
    ) == ["Vernon Strickland"]


def test_a_nickname_in_marks_parts_a_name() -> None:
    assert names(
        "Police searched the house of Rodolfo “Boy Kaldero” Magtanggol. <s 1>Magtanggol</s> <q 1>said</q> <c 1>no</c>."
    ) == ["Rodolfo Magtanggol"]


def test_the_trio_are_the_three_who_spoke_together() -> None:
    found = statements(
        "<s 1>Russia, Iran and Turkey</s> <q 1>said</q> <c 1>that it rains</c>. <s 2>The trio</s> <q 2>welcomed</q> "
        "<c 2>the rain</c>. <s 3>The pair</s> <q 3>left</q> <c 3>a note</c>."
    )
    assert [speaker.name for speaker in found[1].speakers] == ["Russia", "Iran", "Turkey"]
    assert found[2].speakers == ()


def test_the_government_is_that_of_the_state_just_named() -> None:
    assert names(
        "It needs talks with Damascus, with <s 1>the government</s> <q 1>saying</q> <c 1>that it was not asked</c>."
    ) == ["Syria"]


def test_a_statement_of_the_government_in_the_states_own_agency_is_that_states() -> None:
    assert names(
        "The state-run Sana news agency has a statement from <s 1>the government</s> <q 1>saying</q> <c 1>no</c>."
    ) == ["Syria"]


def test_a_government_of_no_state_that_the_paragraph_names_is_nobody_elses() -> None:
    assert names(
        "Damascus is far.\n\n<s 1>The government</s> <q 1>said</q> <c 1>that it rains</c>."
    ) == ["government"]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("The notice, posted overnight by Corvane Medical of Basel", "Corvane Medical"),
        ("Papers lodged by the administrators, Dunne Rathbone", "Dunne Rathbone"),
        ("A report by the county health department", "county health department"),
        ("Figures from the chamber of trade", "chamber of trade"),
        ("A ruling of the League’s trade court", "League trade court"),
        ("A survey carried out by the engineers Lamb and Oduya", "Lamb and Oduya"),
        ("A working paper from the Great Basin Policy Lab", "Great Basin Policy Lab"),
        ("A memo obtained by the Carrow Sentinel", "memo"),
        ("The 61-page sentencing memorandum", "sentencing memorandum"),
    ],
)
def test_a_document_goes_by_who_issued_it_where_its_phrase_says_so(source: str, name: str) -> None:
    assert names(f"<s 1>{source}</s> <q 1>says</q> <c 1>that it rains</c>.") == [name]


def test_a_document_is_the_one_introduced_before_under_another_word() -> None:
    assert names(
        "Doubt grows, a survey released on Monday by the Bellwether Institute suggested. "
        "<s 1>The poll</s> <q 1>found</q> <c 1>fear</c>."
    ) == ["Bellwether Institute"]


def test_polls_in_general_are_no_poll_of_before() -> None:
    assert names(
        "A poll by the Bellwether Institute is out. <s 1>Polls</s> <q 1>show</q> <c 1>doubt</c>."
    ) == ["Polls"]  # fmt: skip


def test_a_campaign_goes_by_the_surname_and_is_known_again() -> None:
    assert names(
        "Hugh Dunmore's campaign moved. Senator Calvin Strake waits. <s 1>The campaign</s> <q 1>said</q> <c 1>no</c>. "
        "<s 2>The Strake campaign</s> <q 2>said</q> <c 2>yes</c>."
    ) == ["Dunmore campaign", "Strake campaign"]


@pytest.mark.parametrize(
    "name",
    ["American Marksmen's League", "Center for a Secular Commons", "Justice Department", "Federal Reserve"],
)
def test_a_bodys_name_is_kept_whole(name: str) -> None:
    assert names(f"<s 1>The {name}</s> <q 1>said</q> <c 1>no</c>.") == [name]


def test_the_ministry_of_what_is_part_of_its_description() -> None:
    assert names("<s 1>The ministry of agriculture</s> <q 1>said</q> <c 1>no</c>.") == ["ministry of agriculture"]


def test_where_a_report_was_filed_speaks_nowhere() -> None:
    assert names(
        "SHELBY FORGE, Ala. — The mill is shut. <s 1>He</s> <q 1>said</q> <c 1>so</c>."
    ) == [None]  # fmt: skip
