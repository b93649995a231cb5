"""Paragraphs: where they are, and what each one is."""

# ruff: noqa: E501  (samples stand as they would in a file)
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.furniture import furniture_of
from engine.paragraphs import is_blank, paragraphs_of, roles_of, split

FURNITURE = {
    "category": ["• Published in World", "Posted in Politics", "Filed under: Sport, Boats", "Tags: tax, harbour", "Category: News"],
    "byline": ["By Ana Ruiz", "BY ANA RUIZ", "By Ana Ruiz and Jon de Vries, Staff Writers", "Reporting by Ana Ruiz; Editing by Jon Roe",
               "By Ana Ruiz | 3 March 2024 | 4 min read"],
    "date": ["March 3, 2024", "Published: 3 March 2024, 14:30", "Sunday, 3 March 2024", "Updated 3 hours ago", "2024-03-03 14:30"],
    "share": ["Share this article", "Share on Facebook", "Sign up", "Sign up for our morning newsletter", "Subscribe to this RSS feed",
              "Follow us on Twitter", "Print", "Share: Facebook Twitter"],
    "notice": ["Advertisement", "© 2024 The Gazette. All rights reserved.", "Comments (3)", "Leave a comment", "Home | News | Sport"],
    "related": ["READ MORE: ‘We will wait’: minister on talks", "Read also: Port posts losses", "Related: What the tax means", "“Port posts losses” — Harbour Post, March 3, 2024", "Lire aussi : Le port"],
    "related-label": ["Read also", "Related articles", "You may also like", "Читайте также:"],
    "post": ["@handle Safe zones are a waste of time", "RT @handle: hello", "Great day pic.twitter.com/abc"],
    "signature": ["— Ana Ruiz (@anaruiz) March 3, 2024"],
    "caption": ["The mayor at the quay. Photo: Jonas Reet", "FILE PHOTO: The harbour in winter", "Boats in Velden © Jonas Reet",
                "Boats in the harbour on Sunday. (AP Photo/Jonas Reet)", "Image: Orlenet"],
    "rule": ["* * *", "-----", "=====", "###", "• • •"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "line"), [(k, line) for k, lines in FURNITURE.items() for line in lines])
def test_furniture_is_known_by_its_wording(kind: str, line: str) -> None:
    assert furniture_of(line) == kind


PROSE = [
    "Share this burden, the minister urged the banks, or all of us will pay.",
    "Published in 1994, the map had shown none of these houses.",
    "By Thursday the army had built two bridges, the governor said.",
    "By land and sea the convoys came, said the captain.",
    '"Read more maps," the governor told the engineers.',
    "Read more books, the minister told the pupils of the town.",
    "Subscribe to that view and you will lose, she said.",
    "Follow the money, the prosecutor said.",
    "Sign up or leave, the general told his men.",
    "“Join us or go home,” he said.",
    "Related crimes were not investigated, the court found.",
    "Video of the attack shows two men, police said.",
    "Watch your words, the speaker warned the house.",
    "The picture is bleak, according to the bank.",
    "Photos of the house were shown to the court, the lawyer said.",
    "Print and broadcast reporters were turned away, said the union.",
    "Save the bridge, the residents demanded.",
    "No comment, said the minister.",
    "Tagged animals were found dead, the ranger said.",
    "Search parties went out at dawn, the mayor said.",
    "Home prices fell by a tenth, the bank said.",
]


@pytest.mark.parametrize("sentence", PROSE)
def test_a_sentence_that_begins_like_furniture_stays_prose(sentence: str) -> None:
    assert furniture_of(sentence) is None
    filler = "The council of the town met on Monday evening to vote on the plan, and it did so."
    assert roles_of([filler, sentence, filler]) == ["body", "body", "body"]


BEFORE = "The council of Velden has withdrawn its plan for a harbour tax, two days after the protest."
AFTER = "Fishermen in the port welcomed the decision of the mayor but said that it had come too late for them."


def test_a_heading_announces_what_follows_and_a_caption_does_not() -> None:
    lines = [
        BEFORE,
        "Fishermen of the port say decision came too late",
        AFTER,
        "Drone pictures of a quiet valley under heavy snow",
        AFTER,
    ]
    assert roles_of(lines) == ["body", "heading", "body", "caption", "body"]


def test_quotation_paragraphs_and_lost_marks_are_body() -> None:
    for line in (
        "“We will be watching them,” Vohn added",
        "We will not be moved by threats from anyone in that town hall",
        "“They should have asked us first",
        "He said it would not happen again while he was mayor, the paper reported",
    ):
        assert roles_of([BEFORE, line, AFTER])[1] == "body"


def test_a_heading_in_quotation_marks_is_a_heading() -> None:
    assert roles_of([BEFORE, "‘Nobody asked us in all those years’", AFTER])[1] == "heading"


def test_a_card_under_a_post_is_related_with_its_cut_summary() -> None:
    lines = [
        BEFORE, "@gazette Harbour tax cost fishermen three million crowns - study",
        "Harbour tax cost fishermen three million crowns - study — Gazette Business",
        "Towns that taxed their boats have suffered losses of trade, with small harbours hit hardest, according to", AFTER,
    ]  # fmt: skip
    assert roles_of(lines) == ["body", "social", "related", "related", "body"]


def test_the_text_of_a_post_goes_with_its_signature() -> None:
    lines = [BEFORE, "The port is open again. All ferries run.", "— Velden Port (@veldenport) March 3, 2024", AFTER]
    assert roles_of(lines) == ["body", "social", "social", "body"]


def test_the_text_of_a_post_goes_with_the_name_above_it() -> None:
    for head in ("Velden Port (@veldenport)", "@veldenport", "Velden Port (@veldenport) · 12 Mar"):
        assert roles_of([BEFORE, head, "The port is open again. All ferries run.", AFTER]) == [
            "body",
            "social",
            "social",
            "body",
        ]
    said = "“We are open again,” the harbour master told the paper on Monday."
    assert roles_of([BEFORE, "@veldenport", said, AFTER])[2] == "body"


def test_a_known_title_is_the_title_paragraph_only_where_the_text_begins_with_it() -> None:
    text = f"Council drops tax\n\n{BEFORE}"
    assert [p.role for p in paragraphs_of(text, title="Council drops tax")] == ["title", "body"]
    assert [p.role for p in paragraphs_of(text, title="Another title")] == ["heading", "body"]
    assert [p.role for p in paragraphs_of(text)] == ["title", "body"]


def test_a_single_line_is_body() -> None:
    assert [p.role for p in paragraphs_of("He said no")] == ["body"]


ANY_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("\n\n\n\r\x0b\x0c\x85\u2028\u200b\ufeff \t“”\"'«»‘’@.,:;-–—|•©(ab")),
    max_size=300,
)


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_paragraphs_cover_every_visible_line_in_order_without_overlap(text: str) -> None:
    end = 0
    for paragraph in paragraphs_of(text):
        assert paragraph.span.start >= end
        assert is_blank(text[end : paragraph.span.start])
        words = paragraph.span.of(text)
        assert not is_blank(words)
        assert words == words.strip()
        end = paragraph.span.end
    assert is_blank(text[end:])


@given(
    st.lists(
        st.text(
            st.characters(exclude_characters="\n\r\x0b\x0c\x85\u2028\u2029", exclude_categories=["Cs"]), max_size=30
        ),
        max_size=8,
    )
)
def test_splitting_finds_the_same_paragraphs_whatever_the_line_ends(lines: list[str]) -> None:
    unix, dos = "\n".join(lines), "\r\n".join(lines)
    assert [s.of(unix) for s in split(unix)] == [s.of(dos) for s in split(dos)]


@pytest.mark.parametrize(
    "line",
    [
        "Mayor Ottilie Brandt said the plan would come back after the elections",
        "The minister of the interior denied that anyone had been arrested",
        "According to the ferry office nobody had seen the second contract",
        "Her office told the newspaper that the mayor was on a long journey",
    ],
)
def test_a_sentence_without_its_full_stop_is_no_caption(line: str) -> None:
    assert (
        roles_of([BEFORE, line, "Rain fell on the hills of Orle all through the night and into Sunday."])[1] == "body"
    )


def test_lines_of_a_dialogue_that_lost_their_stops_are_body() -> None:
    lines = [
        BEFORE,
        "Moe: And nobody at the company wondered about the second bidder",
        "Marant: It is not for a company like ours to wonder about that",
        AFTER,
    ]
    assert roles_of(lines) == ["body"] * 4


def test_a_line_over_a_bare_credit_is_a_caption_whatever_it_tells() -> None:
    lines = [BEFORE, "Mayor Brandt told reporters on the quay about the plan", "Photo: Jonas Reet / Gazette", AFTER]
    assert roles_of(lines) == ["body", "caption", "caption", "body"]


@pytest.mark.parametrize(
    "line",
    [
        "Ana Blei in Marrow City contributed to this report.",
        "Jonas Ek and Petra Voss contributed reporting.",
        "Telephone: 0300 555 0134",
        "Do you live below the dam? Write to us at tips@current.example.",
        "Thank you for reading the letter. If you liked it, share it with a friend.",
    ],
)
def test_credits_and_addresses_are_furniture(line: str) -> None:
    assert furniture_of(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "The heat contributed to this report of missing cows, the farmers said.",
        "“Write to us at tips@current.example,” the mayor told the crowd.",
        "Thank you for reading it to me, she said.",
        "Contact with the pilot was lost at noon, the ministry said.",
    ],
)
def test_sentences_near_those_wordings_are_prose(line: str) -> None:
    assert furniture_of(line) is None
