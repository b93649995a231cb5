from __future__ import annotations

from tests.marked import names


def test_a_heading_is_whose_words_it_repeats() -> None:
    assert names(
        "<s 1>Carla Sol</s> <q 1>said</q> <c 1>that it rains</c>.\n\n<c 2>“An act of terror”</c>\n\n"
        "It rained in Norvik. <s 3>Kirill Demidov</s> <q 3>called</q> <c 3>the raid “an act of terror”</c>."
    ) == ["Carla Sol", "Kirill Demidov", "Kirill Demidov"]


def test_a_heading_that_nobody_repeats_is_of_who_speaks_under_it() -> None:
    assert names(
        "<s 1>Carla Sol</s> <q 1>said</q> <c 1>that it rains</c>.\n\n<c 2>“Nobody may pass”</c>\n\n"
        "<s 3>Kirill Demidov</s> <q 3>called</q> <c 3>the raid a mistake</c>."
    ) == ["Carla Sol", "Kirill Demidov", "Kirill Demidov"]


def test_a_quotation_that_goes_on_is_of_the_last_speaker() -> None:
    assert names(
        "<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>that it rains</c>.\n\n<c 2>“It will rain again.”</c>\n\n"
        "<s 3>Kirill Demidov</s> <q 3>called</q> <c 3>the raid a mistake</c>."
    ) == ["Ana Ruiz", "Ana Ruiz", "Kirill Demidov"]


def test_an_answer_in_a_paragraph_of_its_own_is_the_other_ones() -> None:
    assert names(
        "<s 1>Hannah Short</s> <q 1>testified</q> <c 1>that the phone showed no call</c>. She was questioned by "
        "Piers Halloran.\n\n<c 2>“The hedge was how high?”</c> <q 2>asked</q> <s 2>Halloran</s>.\n\n"
        "<c 3>“Nine feet.”</c>\n\n<c 4>“And the gate?”</c>\n\n<c 5>“Three.”</c>"
    ) == ["Hannah Short", "Piers Halloran", "Hannah Short", "Piers Halloran", "Hannah Short"]


def test_a_reply_by_nobody_is_the_other_ones() -> None:
    assert names(
        "The secretary, Raymond Stell, waited. <c 1>“Did any of them give it back?”</c> <s 1>Gladys Kirchner</s> "
        "<q 1>demanded</q>. <c 2>“No,”</c> <q 2>came the reply</q>."
    ) == ["Gladys Kirchner", "Raymond Stell"]


def test_a_question_that_its_speaker_answers_in_the_same_paragraph_is_no_dialogue() -> None:
    assert names(
        "Carla Sol waited. <c 1>“Why did they go?”</c> <s 1>Ana Ruiz</s> <q 1>asked</q>. <c 2>“Because it rained.”</c>"
    ) == ["Ana Ruiz", "Ana Ruiz"]


def test_words_that_nobody_said_before_stay_unknown() -> None:
    assert names("<c 1>“Nobody may pass,”</c>\n\nIt rained in Norvik.") == [None]
