"""The rules path: sentences in, attributions out, no model."""

import pytest

from engine.attribution import load_attributor
from engine.attribution.attribution import Attribution
from engine.models import Article, Paragraph, ParagraphRole, Span
from engine.registry import Registry


def article_of(*paragraphs: str | tuple[ParagraphRole, str]) -> Article:
    placed, pieces, at = [], [], 0
    for given in paragraphs:
        role, text = given if isinstance(given, tuple) else ("body", given)
        placed.append(Paragraph(Span(at, at + len(text)), role))
        pieces.append(text)
        at += len(text) + 2
    return Article(id="a", text="\n\n".join(pieces), paragraphs=tuple(placed))


ATTRIBUTOR = load_attributor("rules", registry=Registry.of([]))


def found_in(*paragraphs: str | tuple[ParagraphRole, str]) -> tuple[Article, tuple[Attribution, ...]]:
    article = article_of(*paragraphs)
    return article, ATTRIBUTOR.attributions(article)


def shown(article: Article, attribution: Attribution) -> tuple[str, str, str]:
    """Source, cue and content as they stand in the text, pieces joined by " | "."""
    source, cue, content = (
        " | ".join(span.of(article.text) for span in spans)
        for spans in (attribution.source, attribution.cue, attribution.content)
    )
    return source, cue, content


@pytest.mark.parametrize(
    ("sentence", "source", "cue", "content", "kind"),
    [
        ("“We are ready,” Ana Ruiz said.", "Ana Ruiz", "said", "“We are ready,”", "direct"),
        ("“We are ready,” said Ana Ruiz.", "Ana Ruiz", "said", "“We are ready,”", "direct"),
        ("Ana Ruiz said: “We are ready.”", "Ana Ruiz", "said", "“We are ready.”", "direct"),
        ("Ana Ruiz said that they were ready.", "Ana Ruiz", "said", "that they were ready", "indirect"),
        ("They were ready, Ana Ruiz said on Monday.", "Ana Ruiz", "said", "They were ready", "indirect"),
        ("“We go,” she said. “And we stay.”", "she", "said", "“We go,” | “And we stay.”", "direct"),
        ("According to Ana Ruiz, the road is open.", "Ana Ruiz", "According to", "the road is open", "indirect"),
        ("It is open, according to the ministry.", "the ministry", "according to", "It is open", "indirect"),
        ("Ana Ruiz told reporters that it was over.", "Ana Ruiz", "told", "that it was over", "indirect"),
        ("Ruiz has repeatedly denied taking money.", "Ruiz", "has repeatedly denied", "taking money", "indirect"),
        ("Ruiz said it was “a very bad day” for all.", "Ruiz", "said", "it was “a very bad day” for all", "mixed"),
        (
            "Ana Ruiz, the mayor of Norvik, said that it was over.",
            "Ana Ruiz, the mayor of Norvik", "said", "that it was over", "indirect",
        ),
        ("“It is over,” he added, without a smile.", "he", "added", "“It is over,”", "direct"),
    ],
)  # fmt: skip
def test_one_report_is_read(sentence, source, cue, content, kind):
    article, found = found_in(sentence)
    assert [(*shown(article, a), a.kind) for a in found] == [(source, cue, content, kind)]


def test_a_participle_shares_the_source_of_its_sentence():
    article, found = found_in("Ana Ruiz said that it was over, adding that nobody was hurt.")
    assert [shown(article, a) for a in found] == [
        ("Ana Ruiz", "said", "that it was over"),
        ("Ana Ruiz", "adding", "that nobody was hurt"),
    ]


def test_who_relayed_the_words_is_the_channel():
    article, (found,) = found_in("“We are ready,” the minister said at a press briefing, as quoted by Interpress.")
    assert [span.of(article.text) for span in found.channel] == ["at a press briefing", "as quoted by Interpress"]
    assert shown(article, found) == ("the minister", "said", "“We are ready,”")


def test_an_agency_that_was_told_is_the_channel():
    article, (found,) = found_in("“We are ready,” Ana Ruiz told the Norvik news agency.")
    assert [span.of(article.text) for span in found.channel] == ["the Norvik news agency"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The so-called “safe zones” were built in May.",
        "Her novel “The Long Road Home” sold well.",
        "The state of the reports is poor.",
        "It has been closed since October.",
    ],
)
def test_scare_quotes_titles_and_nouns_are_not_speech(sentence):
    assert found_in(sentence)[1] == ()


def test_a_quotation_alone_after_an_attributed_one_is_a_continuation_of_its_own():
    article, (_, second) = found_in("“We are ready,” Ana Ruiz said.", "“There is nothing left for us to discuss.”")
    assert shown(article, second) == ("", "", "“There is nothing left for us to discuss.”")
    assert second.flags == ("continuation",)


def test_a_quotation_that_nobody_is_found_for_is_kept():
    article, (found,) = found_in("“There is nothing left for us to discuss.”", "Shops opened at nine.")
    assert shown(article, found) == ("", "", "“There is nothing left for us to discuss.”")
    assert found.flags == ()


def test_a_block_quotation_that_lost_its_marks_is_found_between_two_attributed_paragraphs():
    article, found = found_in(
        "Ruiz urged patience with the reform.",
        "Do you know who wants it most? We do. Our towns have waited long enough for this.",
        "“It will come,” Ruiz said.",
    )
    assert found[1].flags == ("continuation", "lost-marks")
    assert found[1].kind == "direct"
    assert found[1].content[0].of(article.text).startswith("Do you know")


def test_statements_of_titles_and_headings_are_flagged_and_furniture_yields_none():
    article, found = found_in(
        ("title", "Road is open, minister says"),
        ("caption", "“This is a caption with words in marks,” he said."),
        ("related", "Read also: the mayor said that all is well"),
        ("heading", "‘We shall not be moved by any of this’"),
    )
    assert [(shown(article, a)[2], a.flags) for a in found] == [
        ("Road is open", ("headline",)),
        ("‘We shall not be moved by any of this’", ("headline",)),
    ]


def test_a_missing_opening_mark_is_flagged_on_the_attribution():
    article, (found,) = found_in("We did not cancel any talks with anybody,” an official told RIA Novosti.")
    assert found.flags == ("unbalanced-quote",)
    assert shown(article, found)[0] == "an official"


def test_a_quotation_over_paragraphs_is_one_attribution():
    article, (found,) = found_in(
        "“This is the first of it,” she said. “And this is more of it.", "“And this is the end.”"
    )
    assert [span.of(article.text) for span in found.content] == [
        "“This is the first of it,”", "“And this is more of it.", "“And this is the end.”",
    ]  # fmt: skip


def test_words_after_a_colon_at_the_paragraphs_end_are_what_was_announced():
    article, found = found_in("The mayor said in a statement:", "“We shall open the road again in May.”")
    assert [shown(article, a) for a in found] == [("The mayor", "said", "“We shall open the road again in May.”")]
