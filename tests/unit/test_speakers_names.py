from __future__ import annotations

from engine.registry import Registry
from tests.marked import names, statements

NOBODY_KNOWN = Registry.of(())


def test_the_fullest_form_without_title_names_the_speaker() -> None:
    assert names(
        "<s 1>Foreign Minister Ana Ruiz</s> <q 1>said</q> <c 1>that it rains</c>. <s 2>Ruiz</s> <q 2>said</q> "
        "<c 2>so again</c>."
    ) == ["Ana Ruiz", "Ana Ruiz"]


def test_titles_of_every_kind_are_no_part_of_a_name() -> None:
    for source, name in (
        ("U.S. District Judge Yolanda Strickland", "Yolanda Strickland"),
        ("Sen. J. P. O'Brien", "J. P. O'Brien"),
        ("Secretary of State Joon-ho Whitfield", "Joon-ho Whitfield"),
        ("Minister of Education Stefania Giannotti", "Stefania Giannotti"),
        ("the Reverend Dr Femi Adeyinka", "Femi Adeyinka"),
        ("Datuk Lim Chee Keong", "Lim Chee Keong"),
        ("Distiller Fergus Mackellan, 51", "Fergus Mackellan"),
        ("its director, Jean-Luc Ferrand-Oyono", "Jean-Luc Ferrand-Oyono"),
        ("Norvik's foreign minister, Maud Farrelly", "Maud Farrelly"),
        ("a driver who gave his name only as Blaise", "Blaise"),
    ):
        assert names(f"<s 1>{source}</s> <q 1>said</q> <c 1>it rains</c>.") == [name], source


def test_particles_belong_to_the_name() -> None:
    assert names(
        "<s 1>Piet van der Meer</s> <q 1>said</q> <c 1>no</c>. <s 2>Van der Meer</s> <q 2>said</q> <c 2>yes</c>. "
        "<s 3>Firas al-Attar</s> <q 3>agreed</q> <c 3>it rains</c>. <s 4>Attar</s> <q 4>left</q> <c 4>it at that</c>."
    ) == ["Piet van der Meer", "Piet van der Meer", "Firas al-Attar", "Firas al-Attar"]


def test_other_name_orders_and_patronymics_find_their_bearer() -> None:
    assert names(
        "<s 1>Lim Chee Keong</s> <q 1>said</q> <c 1>no</c>. <s 2>Datuk Lim</s> <q 2>said</q> <c 2>yes</c>. "
        "Pavel Gavrilovich Oryol waited. <s 3>Oryol</s> <q 3>said</q> <c 3>nothing new</c>."
    ) == ["Lim Chee Keong", "Lim Chee Keong", "Pavel Gavrilovich Oryol"]


def test_two_of_one_surname_stay_apart() -> None:
    assert names(
        "<s 1>Mrs. Enid Farthing</s> <q 1>said</q> <c 1>it was old</c>. <s 2>Her husband, Mr. "
        "Basil Farthing</s>, <q 2>said</q> "
        "<c 2>it was not</c>. <s 3>Mrs. Farthing</s> <q 3>said</q> <c 3>it was</c>. <s 4>Mr. Farthing</s> "
        "<q 4>left</q> <c 4>it</c>."
    ) == ["Enid Farthing", "Basil Farthing", "Enid Farthing", "Basil Farthing"]


def test_a_namesake_of_somebody_in_the_registry_keeps_his_own_name() -> None:
    found = statements(
        "Ivan Lavrov, a baker, was in the shop. <s 1>Lavrov</s> <q 1>said</q> <c 1>bread is dear</c>.",
        published="2017-02-03",
    )
    assert [(s.id, s.name) for s in found[0].speakers] == [("ivan-lavrov", "Ivan Lavrov")]


def test_a_surname_that_the_article_does_not_introduce_is_the_registrys() -> None:
    found = statements("<s 1>Lavrov</s> <q 1>said</q> <c 1>that talks go on</c>.")
    assert [(s.id, s.name) for s in found[0].speakers] == [("sergey-lavrov", "Sergey Lavrov")]
    assert names("<s 1>Mrs Lavrov</s> <q 1>said</q> <c 1>no</c>.") == ["Lavrov"], "the registry's is a man"


def test_a_speaker_outside_the_registry_has_the_same_id_in_every_article() -> None:
    one = statements("<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>no</c>.", registry=NOBODY_KNOWN)
    other = statements("<s 1>Minister Ana Ruiz</s> <q 1>said</q> <c 1>yes</c>.", registry=NOBODY_KNOWN)
    assert one[0].speakers == other[0].speakers
    assert one[0].speakers[0].id == "ana-ruiz"


def test_a_name_misspelt_once_is_the_one_introduced() -> None:
    assert (
        names(
            "<s 1>Kristin Wilkinson</s> <q 1>said</q> <c 1>yes</c>. <s 2>Kristen Wilkinson</s> <q 2>said</q> "
            "<c 2>no</c>. "
            "<s 3>Wilkinsen</s> <q 3>said</q> <c 3>maybe</c>."
        )
        == ["Kristin Wilkinson"] * 3
    )


def test_initials_and_letters_in_brackets_stand_for_the_name() -> None:
    assert names(
        "The Bosphorus News Wire (BNW) was first. <s 1>BNW</s> <q 1>reported</q> <c 1>a fire</c>. Inés Berruezo came. "
        "<s 2>IB</s><q 2>:</q> <c 2>I was there.</c>"
    ) == ["Bosphorus News Wire", "Inés Berruezo"]


def test_joint_speakers_are_all_listed() -> None:
    found = statements("<s 1>Moscow, Tehran and Ankara</s> <q 1>said</q> <c 1>talks go on</c>.")
    assert [s.name for s in found[0].speakers] == ["Russia", "Iran", "Turkey"]
    assert found[0].form == "body"
    assert names("<s 1>Gordon Pellow, 68, and his daughter Stella Pellow</s> <q 1>deny</q> <c 1>it</c>.") == [
        "Gordon Pellow and Stella Pellow"
    ]


def test_and_inside_a_name_joins_nobody() -> None:
    for name in ("Dale Fire and Rescue", "Institute of Commerce and Development", "Tolland & Wye"):
        found = statements(f"<s 1>The {name}</s> <q 1>said</q> <c 1>it rains</c>.")
        assert [s.name for s in found[0].speakers] == [name]


def test_a_name_of_a_role_word_is_a_name() -> None:
    assert names("<s 1>Ivan Baker</s> <q 1>said</q> <c 1>no</c>. <s 2>Baker</s> <q 2>said</q> <c 2>yes</c>.") == [
        "Ivan Baker", "Ivan Baker"
    ]  # fmt: skip
