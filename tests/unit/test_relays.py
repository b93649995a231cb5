from __future__ import annotations

import pytest

from engine.attribution.gold import gold_article
from engine.errors import InputError
from tests.marked import statements


def relays(body: str, **article: str) -> list[list[str]]:
    return [[relay.name for relay in found.via] for found in statements(body, **article)]  # type: ignore[arg-type]


def via(channel: str, **article: str) -> list[str]:
    return relays(f"<s 1>Ana Ruiz</s> <q 1>said</q> <v 1>{channel}</v> <c 1>that it rains</c>.", **article)[0]


@pytest.mark.parametrize(
    ("channel", "names"),
    [
        ("the Norvik news agency", ["Norvik"]),
        ("the state news agency KORTASS", ["KORTASS"]),
        ("SANA news agency", ["SANA"]),
        ("the WSJ", ["Wall Street Journal"]),
        ("the broadcaster Funk 3", ["Funk 3"]),
        ("the trade magazine Tray & Trolley", ["Tray & Trolley"]),
        ("in an interview with German newspaper Berliner Morgenpost", ["Berliner Morgenpost"]),
        ("in an interview with the daily Sol", ["Sol"]),
        ("in a statement to KQTR", ["KQTR"]),
        ("as quoted by Interfax", ["Interfax"]),
        ("in remarks carried by the state agency BelInform and picked up by Zhuldyz", ["BelInform", "Zhuldyz"]),
        ("on ABC", ["ABC News"]),
        ("on Radio Marea", ["Radio Marea"]),
        ("in last month’s Providence Review", ["Providence Review"]),
    ],
)
def test_an_outlet_or_agency_is_a_relay(channel: str, names: list[str]) -> None:
    assert via(channel) == names


@pytest.mark.parametrize(
    "channel",
    ["reporters", "journalists", "in a statement", "at a briefing in Valmera", "on Chatter",
     "in a post on Chatter",
     "the court", "Thornbury Crown Court", "a committee of the Senate", "a donor retreat in Aspen",
     "in a speech in Oslo",
     "in Taybad", "in the Commons",
     "In a joint declaration signed in Nairobi in March",
     "me", "Pedro Sol", "the prime minister", "on state television"],
)  # fmt: skip
def test_settings_platforms_and_persons_addressed_are_no_relays(channel: str) -> None:
    assert via(channel) == []


def test_relays_stand_nearest_to_the_speaker_first() -> None:
    assert relays(
        "<v 1>As quoted by Interfax</v>, <s 1>Assad</s> <q 1>told</q> <v 1>SANA</v> <c 1>that it rains</c>."
    ) == [["SANA", "Interfax"]]


def test_a_relayed_person_speaks_and_the_agency_relays() -> None:
    found = statements(
        "<s 1>Interfax</s> <q 1>quoted</q> <s 1>Maria Zakharova</s> <q 1>as saying</q> <c 1>it rains</c>."
    )
    assert [s.name for s in found[0].speakers] == ["Maria Zakharova"]
    assert [s.name for s in found[0].via] == ["Interfax"]


def test_a_person_may_pass_words_on() -> None:
    assert via("in a statement read by her lawyer, Niamh Costigan") == ["Niamh Costigan"]


def test_words_inside_anothers_words_come_through_that_speaker() -> None:
    assert relays(
        "<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>that <s 2>Pedro Sol</s> <q 2>denied</q> <c 2>it</c></c>."
    ) == [[], ["Ana Ruiz"]]  # fmt: skip


def test_the_articles_own_outlet_relays_what_was_told_to_it() -> None:
    assert via("this newspaper", outlet="The Norvik Courier") == ["Norvik Courier"]
    assert via("the Courier", outlet="The Norvik Courier") == ["Norvik Courier"]


def test_the_paper_is_the_one_named_before() -> None:
    assert relays(
        "<s 1>Ana Ruiz</s> <q 1>told</q> <v 1>the daily Le Cadran</v> <c 1>no</c>. "
        "<s 2>Bo Holm</s> <q 2>told</q> <v 2>the paper</v> <c 2>yes</c>."
    ) == [["Le Cadran"], ["Le Cadran"]]


def test_an_unnamed_source_keeps_the_outlet_it_spoke_to() -> None:
    assert relays(
        "<s 1>An official</s> <q 1>told</q> <v 1>RIA Novosti</v> <c 1>no</c>. <s 2>The official</s> "
        "<q 2>said</q> <c 2>yes</c>."
    ) == [["RIA Novosti"], ["RIA Novosti"]]


def test_who_cited_a_source_inside_its_own_words_relays_it() -> None:
    assert relays("<s 1>The NATO diplomat cited by the Wall Street Journal</s> <q 1>said</q> <c 1>no</c>.") == [
        ["Wall Street Journal"]
    ]


def test_a_share_of_a_poll_speaks_through_the_pollster() -> None:
    assert relays(
        "<s 1>A poll by the Bellwether Institute</s> <q 1>found</q> <c 1>doubt</c>. "
        "<s 2>Six in ten voters</s> <q 2>want</q> <c 2>more</c>."
    ) == [[], ["Bellwether Institute"]]


def test_a_gold_document_may_tell_its_outlet_and_its_day() -> None:
    article = gold_article({"doc_id": "a", "text": "It rains.", "outlet": "Carrow Sentinel", "date": "2031-06-12"})
    assert (article.outlet, article.published) == ("Carrow Sentinel", "2031-06-12")
    bare = gold_article({"doc_id": "a", "text": "It rains.", "outlet": "", "date": None})
    assert (bare.outlet, bare.published) == (None, None)


@pytest.mark.parametrize("wrong", [{"outlet": 3}, {"date": "soon"}, {"date": 20310612}])
def test_a_gold_document_whose_outlet_or_day_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="of a gold document is"):
        gold_article({"doc_id": "a", "text": "It rains.", **wrong})


@pytest.mark.parametrize(
    ("channel", "outlet", "name"),
    [
        ("this newspaper", "Brückentaler Bote, English edition", "Brückentaler Bote"),
        ("the Gazette", "The Brisco Gazette", "Brisco Gazette"),
        ("Estonian public television", "Sol", "Estonian public television"),
    ],
)
def test_an_outlet_goes_by_its_full_name(channel: str, outlet: str, name: str) -> None:
    assert via(channel, outlet=outlet) == [name]


@pytest.mark.parametrize("share", ["Nearly a fifth", "Three in five", "Two-thirds", "68 percent"])
def test_a_share_of_those_asked_speaks_through_the_pollster(share: str) -> None:
    found = relays(
        "<s 1>A survey by the Tallgrass Institute</s> <q 1>found</q> <c 1>doubt</c>. "
        f"<s 2>{share}</s> <q 2>said</q> <c 2>no</c>."
    )
    assert found[1] == ["Tallgrass Institute"]
