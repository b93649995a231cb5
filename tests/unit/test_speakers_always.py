"""What holds for every article, however odd."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.attribution.attribution import Attribution
from engine.attribution.speakers import resolve
from engine.models import ACTS, FORMS, Article, Paragraph, Span
from engine.registry import load_registry

REGISTRY = load_registry()
WORDS = st.lists(
    st.sampled_from(
        ["Ana Ruiz", "Ruiz", "the minister", "Damascus", "NATO", "he", "they", "I", "who", "Mr", "of", "and", ",",
         ".", "“", "”",
         "\n", "’s", "said", "told", "a poll", "the paper", "al-", "Q", ":", "’", "J.", "الوزير",
         "\x00", "😀", "&", "(", ")", "%"]
    )
    | st.text(max_size=4),
    max_size=40,
).map(" ".join)  # fmt: skip


@st.composite
def articles(draw: st.DrawFn) -> tuple[Article, tuple[Attribution, ...]]:
    text = draw(WORDS.filter(bool))

    def pieces(least: int) -> tuple[Span, ...]:
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2 * least, max_size=4)))
        spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        return tuple(spans) or (() if not least else (Span(0, len(text)),))

    found = draw(st.integers(0, 5))
    attributions = tuple(
        Attribution(
            pieces(1) if len(text) > 1 else (Span(0, len(text)),), pieces(0), pieces(0), pieces(0),
            draw(st.sampled_from(["direct", "indirect", "mixed"])),
        )
        for _ in range(found)
    )  # fmt: skip
    return Article("a", text, (Paragraph(Span(0, len(text)), "body"),), outlet="The Norvik Courier"), attributions


@settings(max_examples=300, deadline=None)
@given(articles())
def test_every_attribution_becomes_one_statement_with_an_id_of_its_own(
    case: tuple[Article, tuple[Attribution, ...]],
) -> None:
    article, attributions = case
    statements = resolve(article, attributions, REGISTRY)
    assert [(s.content, s.cue, s.source, s.channel, s.kind) for s in statements] == [
        (a.content, a.cue, a.source, a.channel, a.kind) for a in attributions
    ]
    assert len({s.id for s in statements}) == len(statements)
    assert all(s.act in ACTS and s.form in FORMS for s in statements)
    assert all(speaker.id and speaker.name for s in statements for speaker in (*s.speakers, *s.via))
    assert statements == resolve(article, attributions, REGISTRY)


def test_an_article_without_statements_has_none() -> None:
    assert resolve(Article("a", "", ()), (), REGISTRY) == ()
