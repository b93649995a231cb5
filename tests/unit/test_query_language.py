from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clauses import AllOf, AnyOf, Clause, Phrase, Prefix, Word, clause_text
from engine.query_language import MAX_CHARACTERS, parse, plain_query
from engine.query_parser import MAX_WORDS


def word(*parts: str) -> Word:
    return Word(parts)


def required(text: str) -> tuple[Clause, ...]:
    return parse(text).required


def test_plain_words_are_all_required() -> None:
    assert required("Safe zones Syria") == (word("safe"), word("zones"), word("syria"))


def test_marks_of_every_style_make_the_same_phrase() -> None:
    expected = (Phrase(("safe", "zone")),)
    for text in (
        '"safe zone"',
        "“safe zone”",
        "«safe zone»",
        "„safe zone“",
        "‘safe zone’",
        "'safe zone'",
        '“safe\u00a0zone"',
    ):
        assert required(text) == expected, text


def test_an_apostrophe_is_no_quotation_mark() -> None:
    assert required("the boys’ club isn’t open") == (word("boys"), word("club"), word("isn", "t"), word("open"))
    assert required("rock 'n' roll 'til dawn") == (word("rock"), word("n"), word("roll"), word("til"), word("dawn"))


def test_accents_case_and_letters_without_decomposition_are_folded() -> None:
    assert required("Łódź ERDOĞAN straße") == (word("lodz"), word("erdogan"), word("strasse"))


def test_a_missing_quotation_mark_is_added_and_said() -> None:
    query = parse('ceasefire "safe zones')
    assert query.required == (word("ceasefire"), Phrase(("safe", "zones")))
    assert query.notes == ("a missing quotation mark was added at the end",)


def test_near_and_prefix() -> None:
    assert required('"zones syria"~5') == (Phrase(("zones", "syria"), 5),)
    assert required("refug*") == (Prefix("refug"),)
    query = parse("re*")
    assert query.required == (word("re"),)
    assert "needs 3 letters" in query.notes[0]


def test_without_is_a_hyphen_a_minus_or_an_en_dash_before_something_but_no_em_dash() -> None:
    for text in ("zones -turkey", "zones −turkey", "zones –turkey", "zones NOT turkey"):
        query = parse(text)
        assert (query.required, query.excluded) == ((word("zones"),), (word("turkey"),)), text
    assert parse("zones —turkey— safe").excluded == ()
    assert parse("zones - turkey").excluded == ()
    assert parse("co-operation").required == (word("co", "operation"),)
    assert parse('zones -"safe zone" -(a1 b1)').excluded == (Phrase(("safe", "zone")), AllOf((word("a1"), word("b1"))))


def test_shouted_words_are_words() -> None:
    assert required("TRUMP NOT GUILTY") == (word("trump"), word("not"), word("guilty"))


def test_or_binds_loosest_and_brackets_group() -> None:
    assert required("zones OR camps") == (AnyOf((word("zones"), word("camps"))),)
    assert required("safe zones OR refugee camps") == (
        AnyOf((AllOf((word("safe"), word("zones"))), AllOf((word("refugee"), word("camps"))))),
    )
    assert required("syria (zones OR camps)") == (word("syria"), AnyOf((word("zones"), word("camps"))))


def test_or_with_nothing_beside_it_is_a_word() -> None:
    for text in ("zones OR", "OR zones", "(zones OR) syria"):
        query = parse(text)
        assert any("OR" in note for note in query.notes), text
        assert word("zones") in query.required, text


def test_brackets_without_a_partner_are_mended_and_said() -> None:
    assert parse("syria (zones OR camps").notes == ("a missing closing bracket was added at the end",)
    assert parse("syria) zones").required == (word("syria"), word("zones"))
    assert parse("(" * 500 + "zones").required == (word("zones"),)


def test_filters_are_taken_out_of_the_words() -> None:
    query = parse(
        'speaker:lavrov Speaker:"María Zajárova" -outlet:rt kind:direct lang:EN after:2016 before:2016-02 zones'
    )
    assert query.required == (word("zones"),)
    assert query.values("speaker") == ("lavrov", "María Zajárova")
    assert query.excluded_filters == (("outlet", "rt"),)
    assert query.filters[2:] == (("kind", "direct"), ("lang", "en"), ("after", "2016-01-01"), ("before", "2016-02-29"))


def test_a_filter_takes_several_values_by_commas_and_either_type_by_in() -> None:
    query = parse("via:interfax,tass in:paragraph")
    assert query.values("via") == ("interfax", "tass")
    assert query.within == "paragraphs"
    assert query.empty


def test_speakers_joined_by_or_are_any_of_them_without_a_note() -> None:
    query = parse("(speaker:lavrov OR speaker:zakharova) zones")
    assert query.values("speaker") == ("lavrov", "zakharova")
    assert query.required == (word("zones"),)
    assert query.notes == ()


def test_a_filter_beside_or_applies_to_all_and_says_so() -> None:
    query = parse("speaker:lavrov zones OR camps")
    assert query.required == (AnyOf((word("zones"), word("camps"))),)
    assert query.notes == ("filters apply to the whole query, also beside OR",)


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        ("kind:spoken", ("kind", "spoken"), "direct, indirect, mixed"),
        ("after:yesterday", ("after", "yesterday"), "2016-01-31"),
        ("before:2016-02-30", ("before", "2016", "02", "30"), "no day 2016-02-30"),
        ("lang:english", ("lang", "english"), "language code"),
    ],
)
def test_a_filter_that_cannot_be_read_is_searched_as_words_and_said(
    text: str, found: tuple[str, ...], reason: str
) -> None:
    query = parse(text)
    assert {c.words[0] for c in (*query.optional, *query.required) if isinstance(c, Word)} == set(found)
    assert reason in query.notes[0]
    assert query.filters == ()


def test_times_are_words_and_so_is_a_link_by_itself() -> None:
    assert required("10:30 noon") == (word("10", "30"), word("noon"))
    assert required("https://example.org/a") == (word("https", "example", "org", "a"),)
    assert required('"exact words" https://example.org/a')[1:] == (word("https", "example", "org", "a"),)


def test_a_link_beside_words_is_left_out_and_told() -> None:
    query = parse("ferry closed https://example.org/a pic.example.com/0eJ and/or U.S./EU")
    assert [clause.words for clause in query.required if isinstance(clause, Word)] == [
        ("ferry",), ("closed",), ("u", "s", "eu"),
    ]  # fmt: skip
    assert [note for note in query.notes if "example.org/a" in note or "pic.example.com/0eJ" in note] == list(
        query.notes
    )


def test_a_hashtag_is_its_words_written_together_or_apart() -> None:
    apart = AllOf((word("harbour"), word("fires")))
    assert required("#HarbourFires now") == (AnyOf((word("harbourfires"), apart)), word("now"))
    assert required("#fires #G20") == (word("fires"), word("g20"))
    assert required("#said_so") == (word("said", "so"),)
    assert required("#FLU31")[0] == AnyOf((word("flu31"), AllOf((word("flu"), word("31")))))
    assert parse(parse("#HarbourFires now").to_text()) == parse("#HarbourFires now")
    assert plain_query("see #HarbourFires https://example.org/a").required == (
        word("see"), word("harbour"), word("fires"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("who called it barbaric", "barbaric"),
        ("what did Zakharova say about journalists", "zakharova journalists"),
        ("Who said that the sanctions were illegal?", "sanctions illegal"),
        ("what's the plan for Idlib", "plan idlib"),
        ("lavrov said safe zones", "lavrov safe zones"),
        ("insurance claim", "insurance claim"),
        ("he did not call for a ceasefire", "not call ceasefire"),
        ("to be or not to be", "to be or not"),
        ("who", "who"),
        ("who said what", "said"),
    ],
)
def test_question_words_and_what_attributes_need_not_match(text: str, needed: str) -> None:
    query = parse(text)
    assert " ".join(" ".join(c.words) for c in query.required if isinstance(c, Word)) == needed


def test_nothing_typed_is_lost() -> None:
    query = parse("what did Zakharova say about journalists")
    kept = {w for c in (*query.required, *query.optional) if isinstance(c, Word) for w in c.words}
    assert kept == {"what", "did", "zakharova", "say", "about", "journalists"}


def test_chips_read_back_to_the_same_query() -> None:
    text = 'who said (safe zones OR "no-fly zone") -turkey speaker:"Sergei Lavrov" in:paragraphs refug* "zones syria"~4'
    query = parse(text)
    assert parse(query.to_text()) == query
    assert [chip.kind for chip in query.chips] == ["word", "word", "any", "not", "filter", "in", "prefix", "near"]


def test_a_removed_chip_removes_only_itself() -> None:
    query = parse("safe zones -turkey speaker:lavrov")
    rest = parse(" ".join(chip.text for chip in query.chips if chip.kind != "not"))
    assert (rest.required, rest.filters, rest.excluded) == (query.required, query.filters, ())


def test_a_text_beyond_the_cap_is_cut_and_said() -> None:
    query = parse("zone " * 2_000)
    assert query.notes[0] == f"only the first {MAX_CHARACTERS} characters were searched"
    assert f"only the first {MAX_WORDS} words were searched" in query.notes


_PIECES = st.sampled_from([
    "zones", "the", "who", "said", "U.S.", "don't", "OR", "NOT", "-", "—", "(", ")", '"', "“", "'", "’", "*", "~3",
    ":", ",", "speaker:", "kind:direct", "in:", "after:2016-01", "lang:en", " ", " ", " ", "\u00a0", "Łódź", "Лавров",
    "ref*", "1", "\u200b", "ſ", "İ",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_any_text_parses_and_reads_back_to_the_same_query(text: str) -> None:
    query = parse(text)
    again = parse(query.to_text())
    assert again == query, (query.to_text(), query, again)
    assert len({chip.text for chip in query.chips}) == len(query.chips)


@given(st.text(max_size=300))
def test_every_search_word_of_a_plain_text_is_kept(text: str) -> None:
    letters = " ".join("".join(c for c in text if c.isalnum() or c == " ").split()).lower()
    query = parse(letters)
    kept = [w for c in (*query.required, *query.optional) if isinstance(c, Word) for w in c.words]
    assert set(kept) == {w for c in letters.split() for piece in [parse(c)] for k in (*piece.required, *piece.optional)
                         if isinstance(k, Word) for w in k.words}  # fmt: skip


def test_clause_text_shows_each_clause_as_typed() -> None:
    assert clause_text(required("U.S. forces")[0]) == "U.S"
