from __future__ import annotations

from engine.attribution.attribution import CONTINUATION
from tests.marked import names, statements

TWO = "<s 1>Foreign Minister Ana Ruiz</s> met the chairman, Pedro Sol, and <q 1>said</q> <c 1>it rained</c>.\n"


def test_a_pronoun_finds_who_has_its_gender() -> None:
    assert names(TWO + "<c 2>“It is wet,”</c> <s 2>she</s> <q 2>said</q>.\n<c 3>“It is dry,”</c> <s 3>he</s> "
        "<q 3>said</q>.") == [
        "Ana Ruiz", "Ana Ruiz", "Pedro Sol"
    ]  # fmt: skip


def test_a_title_or_a_role_tells_the_gender_of_an_unusual_name() -> None:
    assert names(
        "<s 1>Spokeswoman Xqu Tarbo</s> <q 1>said</q> <c 1>no</c>. Mr Zed Okk was there. <s 2>She</s> "
        "<q 2>said</q> <c 2>yes</c>."
    ) == ["Xqu Tarbo", "Xqu Tarbo"]


def test_of_two_who_fit_the_one_who_is_speaking_is_meant() -> None:
    assert names(
        "<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>that Eva Holm was wrong</c>.\n<c 2>“Very wrong,”</c> "
        "<s 2>she</s> <q 2>said</q>."
    ) == ["Ana Ruiz", "Ana Ruiz"]


def test_whose_government_it_is_is_not_who_added() -> None:
    assert names(
        "The plan may work, Foreign Minister Ivo Stan said. It needs approval from President Basil Kade’s government, "
        "<s 1>he</s> <q 1>added</q> <c 1>at once</c>."
    ) == ["Ivo Stan"]


def test_they_and_it_are_bodies_and_groups() -> None:
    found = statements(
        "<s 1>Moscow and Ankara</s> <q 1>said</q> <c 1>yes</c>. <s 2>They</s> <q 2>said</q> <c 2>more</c>. "
        "<s 3>The Kestrel Company</s> <q 3>said</q> <c 3>no</c>. <s 4>It</s> <q 4>added</q> <c 4>nothing</c>."
    )
    assert [[s.name for s in each.speakers] for each in found] == [
        ["Russia", "Turkey"], ["Russia", "Turkey"], ["Kestrel Company"], ["Kestrel Company"]
    ]  # fmt: skip


def test_who_is_the_one_just_named() -> None:
    assert names("They met Pedro Sol, <s 1>who</s> <q 1>says</q> <c 1>it rains</c>, and Ana Ruiz.") == ["Pedro Sol"]


def test_i_is_the_speaker_of_the_words_around_it() -> None:
    found = statements("<c 1>“<s 2>I</s> <q 2>think</q> <c 2>it rains</c>,”</c> <q 1>said</q> <s 1>Ana Ruiz</s>.")
    assert [[s.name for s in each.speakers] for each in found] == [["Ana Ruiz"], ["Ana Ruiz"]]
    assert found[1].via == (), "nobody relays his own words"


def test_i_in_a_quotation_that_is_marked_apart_is_its_speaker() -> None:
    assert names("<c 1>“No.</c> <s 2>I</s> <q 2>think</q> <c 2>it rains</c>. <c 1>So there,”</c> <q 1>said</q> "
        "<s 1>Ana Ruiz</s>.") == [
        "Ana Ruiz", "Ana Ruiz"
    ]  # fmt: skip


def test_he_in_anothers_words_is_not_who_says_them() -> None:
    found = statements(
        "Old Mr Garth was strict. <c 1>“Mr Garth was strict. <s 2>He</s> <q 2>said</q> <c 2>to stop</c>,”</c> "
        "<q 1>said</q> <s 1>Bo Holm</s>."
    )
    assert found[1].speakers[0].name != "Bo Holm"
    assert [relay.name for relay in found[1].via] == ["Bo Holm"]


def test_a_pronoun_for_an_unnamed_source_names_nobody() -> None:
    found = statements("<s 1>A NATO diplomat</s> <q 1>said</q> <c 1>no</c>. <s 2>He</s> <q 2>said</q> <c 2>yes</c>.")
    assert found[1].speakers == ()
    assert found[1].affiliation
    assert found[1].affiliation.name == "NATO"


def test_a_quotation_that_goes_on_keeps_its_speaker() -> None:
    found = statements(
        "<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>“yes.”</c>\n<c 2>“And more.”</c>", flags={2: (CONTINUATION,)}
    )
    assert [s.name for s in found[1].speakers] == ["Ana Ruiz"]
    assert (found[1].form, found[1].flags) == ("none", (CONTINUATION,))


def test_a_report_by_nobody_is_kept_with_speaker_unknown() -> None:
    found = statements(
        "<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>yes</c>. The fund <q 2>is said</q> <c 2>to be bankrupt</c>."
    )
    assert (found[1].speakers, found[1].form) == ((), "none")
