"""The shipped taggers at work."""

import pytest

from engine.attribution import Attributor, load_attributor
from engine.attribution.gold import gold_article
from engine.models import Article
from engine.registry import Registry

REPORT = "“We are ready,” Foreign Minister Ana Ruiz told the Norvik news agency. “There is nothing left to discuss.”"
OTHERS = [
    "The crossing has been closed since October.",
    "It was a long day. " * 400,
    "Police said that nobody was hurt.",
]


@pytest.fixture(scope="module", params=["fast", "accurate"])
def attributor(request) -> Attributor:
    return load_attributor(request.param, registry=Registry.of([]))


def article_of(text: str) -> Article:
    return gold_article({"doc_id": "d", "text": text})


def test_a_plain_report_is_read_whole(attributor):
    article = article_of(REPORT)
    (found,) = attributor.attributions(article)
    assert [span.of(REPORT) for span in found.content] == ["“We are ready,”", "“There is nothing left to discuss.”"]
    assert [span.of(REPORT) for span in found.source] == ["Foreign Minister Ana Ruiz"]
    assert [span.of(REPORT) for span in found.cue] == ["told"]
    assert [span.of(REPORT) for span in found.channel] == ["the Norvik news agency"]
    assert found.kind == "direct"
    assert found.confidence > 0.7


def test_an_articles_answer_does_not_depend_on_what_was_read_before(attributor):
    alone = attributor.attribute(article_of(REPORT))
    together = list(attributor.attribute_all(map(article_of, [*OTHERS, REPORT, *OTHERS])))
    assert together[len(OTHERS)] == alone


def test_a_paragraphs_tags_do_not_depend_on_its_neighbours(attributor):
    alone = attributor.attributions(article_of(REPORT))
    followed = attributor.attributions(article_of("\n".join([REPORT, *OTHERS])))
    assert followed[: len(alone)] == alone


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "\x00" * 500,
        "😀 " * 500,
        "“" * 2_000,
        "a" * 20_000,
        "قال الوزير إن الحدود ستفتح. " * 50,
        "שלום " * 100,
    ],
)
def test_strange_text_is_answered_with_exact_offsets(attributor, text):
    for found in attributor.attributions(article_of(text)):
        assert all(span.end <= len(text) for span in (*found.content, *found.cue, *found.source, *found.channel))
