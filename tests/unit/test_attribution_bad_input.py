"""Whatever is read, attribution answers, and every offset is exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.attribution import load_attributor
from engine.models import Article, Paragraph, Span
from engine.registry import Registry

RULES = load_attributor("rules", registry=Registry.of([]))
PIECES = st.sampled_from([
    "“", "”", '"', "'", "’", "‘", "''", "«", "»", " said ", " she ", "Ana Ruiz", " told ", ", ", ". ", ": ", "\n",
    " according to ", "that it was over", "the minister", "קול", "صوت", "😀", "\x00", "\u200f", "\ufeff",
    "é", "A.", " adding ", " in an interview with ", " as quoted by ", "the Norvik news agency", "0", "\t", "\u2028",
])  # fmt: skip


def article_of(text: str) -> Article:
    paragraphs, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph(Span(start, start + len(line)), "body"))
        start += len(line) + 1
    return Article(id="a", text=text, paragraphs=tuple(paragraphs))


def check(article: Article) -> None:
    for found in RULES.attributions(article):
        for span in (*found.content, *found.cue, *found.source, *found.channel):
            assert span.end <= len(article.text)
            assert span.of(article.text).strip(), "a span of white space"
            assert any(paragraph.span.contains(span) for paragraph in article.paragraphs)
        assert 0 <= found.confidence <= 1


@given(st.lists(PIECES, max_size=60))
def test_spans_lie_inside_a_paragraph_and_hold_words(pieces):
    check(article_of("".join(pieces)))


@given(st.text(max_size=200))
def test_any_text_at_all_is_answered(text):
    check(article_of(text))


@pytest.mark.parametrize(
    "text",
    [
        '"' * 20_000,
        "“" * 20_000,
        "“a” " * 5_000,
        "a" * 50_000,
        "said " * 10_000,
        "he said, " * 5_000,
        "in to in to " * 4_000 + "said",
        "A, " * 10_000 + "said",
        "1234567890 !?% " * 3_000,
        "قال الوزير إن الحدود ستفتح في مايو. " * 1_000,
        "😀 said “😀 😀 😀 😀 😀 😀” " * 1_000,
        "\x00" * 10_000,
        "Ana Ruiz said that it was over, adding that “nobody” was hurt. " * 500,
    ],
)
def test_one_enormous_paragraph_is_answered(text):
    check(article_of(text))
