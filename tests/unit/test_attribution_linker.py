"""The linker alone: tags written into the text, attributions out."""

import re

import pytest

from engine.attribution.kinds import kind_of
from engine.attribution.linker import linked, page_of
from engine.attribution.linker_draft import Draft, Page, merged
from engine.attribution.segments import Block, Segment
from engine.models import Span

ROLES = {"s": "source", "q": "cue", "c": "content", "v": "channel"}


def read(*paragraphs: str) -> tuple[str, Page, list[Draft]]:
    """Links paragraphs whose tags are written in: "<c>“Go,”</c> <s>she</s> <q>said</q>."."""
    text, blocks, segments = "", [], []
    for paragraph in paragraphs:
        start, found = len(text), []
        for piece in re.split(r"(<([sqcv])>.*?</\2>)", paragraph)[::1]:
            tagged = re.fullmatch(r"<([sqcv])>(.*)</\1>", piece)
            if tagged:
                found.append(Segment(ROLES[tagged[1]], Span(len(text), len(text) + len(tagged[2])), 0.9))
            if tagged or not re.fullmatch("[sqcv]", piece):
                text += tagged[2] if tagged else piece
        blocks.append(Block(Span(start, len(text))))
        segments.append(found)
        text += "\n"
    page = page_of(text, blocks)
    return text, page, linked(page, segments)


def shown(*paragraphs: str) -> list[tuple[str, str, str]]:
    """(source, cue, content) of each attribution, pieces joined by " | "."""
    text, _, drafts = read(*paragraphs)

    def words(segments: list[Segment]) -> str:
        return " | ".join(span.of(text) for span in merged(segment.span for segment in segments))

    return [(words(draft.source), words(draft.cue), words(draft.content)) for draft in drafts]


def test_a_content_in_two_pieces_around_its_cue_is_one_attribution():
    assert shown("<c>“Go,”</c> <s>she</s> <q>said</q>. <c>“Now.”</c>") == [("she", "said", "“Go,” | “Now.”")]


def test_two_speakers_in_one_sentence_stay_apart():
    found = shown("<s>Ruiz</s> <q>said</q> <c>it was over</c>, but <s>Holm</s> <q>denied</q> <c>it</c>.")
    assert found == [("Ruiz", "said", "it was over"), ("Holm", "denied", "it")]


def test_a_second_verb_shares_the_source_of_its_sentence():
    found = shown("<s>Ruiz</s> <q>said</q> <c>it was over</c> and <q>urged</q> <c>calm</c>.")
    assert found == [("Ruiz", "said", "it was over"), ("Ruiz", "urged", "calm")]


def test_a_source_does_not_serve_a_cue_of_another_sentence():
    found = shown("<s>Ruiz</s> <q>said</q> <c>it was over</c>. It is <q>understood</q> <c>that talks go on</c>.")
    assert found[1] == ("It", "understood", "that talks go on") or found[1][0] == ""


def test_a_relative_pronoun_is_the_source_that_the_tagger_left_out():
    assert shown("Ruiz, who <q>said</q> <c>it was over</c>, left.") == [("who", "said", "it was over")]


def test_the_name_that_begins_the_sentence_is_the_source_of_its_second_verb():
    found = shown("Sen. Ruiz opened the session and <q>warned</q> <c>that money was short</c>.")
    assert found == [("Sen. Ruiz", "warned", "that money was short")]


def test_a_clitic_belongs_to_the_cue():
    assert shown("<s>he's</s> <q>said</q> <c>that it was over</c>.") == [("he", "'s said", "that it was over")]


def test_a_segment_that_stopped_at_an_abbreviation_runs_on():
    assert shown("<s>Sen</s>.<s> cruz</s> <q>said</q> <c>no</c>.")[0][0] == "Sen. cruz"


def test_a_quotation_whose_end_was_tagged_short_ends_at_its_mark():
    assert shown("<c>“We shall go home</c> now,” <s>she</s> <q>said</q>.") == [
        ("she", "said", "“We shall go home now,”")
    ]


def test_a_long_quotation_that_was_not_tagged_is_speech():
    found = shown("“We shall all go home now,” <s>she</s> <q>said</q>.")
    assert found == [("she", "said", "“We shall all go home now,”")]


def test_reports_inside_a_quotation_are_part_of_it():
    found = shown(
        "<c>“I know that <s>he</s> <q>said</q> nothing,”</c> <s>she</s> <q>said</q>.".replace(
            "<s>he</s> <q>said</q>", "he said"
        )
    )
    assert found == [("she", "said", "“I know that he said nothing,”")]


def test_tags_inside_a_quotation_are_dropped():
    found = shown("“I know that <s>he</s> <q>said</q> <c>nothing</c> to us,” <s>she</s> <q>said</q>.")
    assert found == [("she", "said", "“I know that he said nothing to us,”")]


def test_unmarked_content_without_a_cue_is_left_out():
    assert shown("<c>It was a long day for all of us</c>.") == []


def test_a_quotation_without_cue_or_source_is_kept():
    assert shown("<c>“It was a long day for all of us.”</c>") == [("", "", "“It was a long day for all of us.”")]


def test_words_in_marks_are_nearer_to_a_cue_than_others():
    found = shown("<c>“We go,”</c> <s>he</s> <q>said of</q> <c>the plan</c>. <c>“And we stay.”</c>")
    assert found == [("he", "said of", "“We go,” | “And we stay.”")]


def test_a_quotation_goes_on_with_the_last_one_in_marks_over_an_unmarked_report():
    found = shown("<c>“We go,”</c> <s>Ruiz</s> <q>said</q>, <q>stressing</q> <c>the cost</c>. <c>“It is dear.”</c>")
    assert found == [("Ruiz", "said", "“We go,” | “It is dear.”"), ("Ruiz", "stressing", "the cost")]


def test_a_colon_at_the_paragraphs_end_reaches_into_the_next():
    found = shown("<s>The mayor</s> <q>wrote</q>:", "<c>“We shall open the road.”</c>", "<c>“In May.”</c>")
    assert found == [("The mayor", "wrote", "“We shall open the road.” | “In May.”")]


def test_a_quotation_reopened_in_the_next_paragraph_is_one_attribution():
    found = shown("<c>“We go,”</c> <s>she</s> <q>said</q>. <c>“It is late.</c>", "<c>“Very late.”</c>")
    assert found == [("she", "said", "“We go,” | “It is late. | “Very late.”")]


def test_a_channel_belongs_to_the_nearest_attribution():
    _, _, (first, second) = read(
        "<s>Ruiz</s> <q>said</q> <c>no</c>. <s>Holm</s> <q>told</q> <v>the Courier</v> <c>that it was over</c>."
    )
    assert (len(first.channel), len(second.channel)) == (0, 1)


def test_a_continuation_follows_over_one_silent_paragraph_but_not_over_two():
    said, silent, alone = "<s>Ruiz</s> <q>said</q> <c>no</c>.", "Shops opened.", "<c>“It is late in the day.”</c>"
    assert read(said, silent, alone)[2][-1].flags == {"continuation"}
    assert read(said, silent, silent, silent, alone)[2][-1].flags == set()


def test_a_column_in_the_first_person_is_not_a_block_quotation():
    said = "<s>Ruiz</s> <q>said</q> <c>no</c>."
    assert len(read(said, "I have seen it all before.", said)[2]) == 3
    assert len(read(said, "I have seen it.", said, "We all have.", said, "My aunt too.", said)[2]) == 4


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        ("<c>“We go,”</c> <s>she</s> <q>said</q>.", "direct"),
        ("<s>She</s> <q>said</q> <c>that they would go</c>.", "indirect"),
        ("<s>She</s> <q>said</q> <c>that they would “go”</c>.", "mixed"),
        ("<s>She</s> <q>called</q> it <c>“a day of shame”</c>.", "direct"),
        ("<s>She</s> <q>said</q> <c>it's the boys' game</c>.", "indirect"),
    ],
)
def test_the_marks_tell_the_kind(paragraph, kind):
    _, page, (draft,) = read(paragraph)
    assert kind_of(page, draft) == kind


def test_a_participle_that_was_not_tagged_is_a_cue_of_its_own():
    found = shown("<s>Ruiz</s> <q>said</q> <c>it was over</c>, adding <c>that nobody was hurt</c>.")
    assert found == [("Ruiz", "said", "it was over"), ("Ruiz", "adding", "that nobody was hurt")]


@pytest.mark.parametrize("mark", [",", ".", "?", ";"])
def test_a_bare_mark_is_no_cue_unless_it_is_a_colon_or_a_dash(mark):
    assert shown(f"<c>“We go,”</c> <s>Ruiz</s> <q>said</q><q>{mark}</q> <c>“And we stay.”</c>") == [
        ("Ruiz", "said", "“We go,” | “And we stay.”")
    ]
    assert shown("<s>Ruiz</s><q>:</q> <c>roads to reopen in May</c>") == [("Ruiz", ":", "roads to reopen in May")]
