"""What a draft claims was said: quotations in marks and indirect statements, each with its place and speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.attribution.quotes import Quotation, outermost, quotations
from engine.attribution.segments import spoken_blocks
from engine.check_speakers import Named
from engine.check_words import QuotedWords, quoted_words, words_in
from engine.models import Article, AttributedArticle, Span, Speaker, Statement

LONGEST_QUOTATION = 600
"""Words of one quotation that are compared: beyond it the rest is a document, not a quotation, and the flag says so."""
SHORT = 3
"""A quotation of so few words is a fragment: found in many mouths, and flagged."""
MIN_INDIRECT = 4
"""An indirect statement shorter than this ("denied it") says nothing that could be looked up."""
NOBODY = Named(None)


@dataclass(frozen=True, slots=True)
class Claim:
    """`span` holds the words without their marks. `shown` is the speaker as the draft names him, for showing."""

    span: Span
    text: str
    quoted: QuotedWords
    direct: bool
    named: Named = NOBODY
    shown: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def speaker(self) -> Speaker | None:
        return self.named.speaker


def inner_span(text: str, span: Span) -> Span | None:
    """The span from its first to its last word or closing sentence mark: without quotation marks and white space."""
    start, end = span.start, span.end
    marks = "“”„‟«»\"＂〝〞‘’‚‛‹›'`"
    while start < end and (text[start].isspace() or text[start] in marks):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in marks):
        end -= 1
    return Span(start, end) if start < end else None


def marked(article: Article) -> list[Quotation]:
    """The outermost quotations in marks, of two words or more; one word in marks is a name or a nickname as often."""
    found = quotations(article.text, spoken_blocks(article))
    return [q for block in found for q in outermost(block) if (inner := inner_span(article.text, q.span)) and
            words_in(article.text, (inner,)).norms]  # fmt: skip


def claims(attributed: AttributedArticle, found: Sequence[Quotation]) -> list[Claim]:
    """The claims of a draft in the order of its text: every marked quotation, and the indirect statements beside them.

    A statement that holds marked words is claimed by those words; its unmarked rest is the reporter's own.
    """
    article = attributed.article
    made = [claim for quotation in found if (claim := _marked_claim(article, quotation, attributed.statements))]
    taken = [quotation.span for quotation in found]
    for statement in attributed.statements:
        claim = _indirect_claim(article, statement)
        if claim and not any(piece.overlaps(span) for piece in statement.content for span in taken):
            made.append(claim)
    return sorted(made, key=lambda claim: (claim.span, not claim.direct))


def _marked_claim(article: Article, quotation: Quotation, statements: Sequence[Statement]) -> Claim | None:
    text = article.text
    span = inner_span(text, quotation.span)
    if span is None:
        return None
    quoted = quoted_words(text, span, limit=LONGEST_QUOTATION)
    statement = _holding(span, statements)
    if len(quoted.words) < 2 and statement is None:
        return None
    flags = ["unbalanced-quote"] if quotation.unbalanced else []
    if len(quoted.words) <= SHORT:
        flags.append("short")
    if len(quoted.words) == LONGEST_QUOTATION:
        flags.append("long")
    return Claim(span, span.of(text), quoted, True, *_speaker(article, statement), tuple(flags))


def _indirect_claim(article: Article, statement: Statement) -> Claim | None:
    text = article.text
    span = Span(statement.content[0].start, statement.content[-1].end)
    quoted = quoted_words(text, span, limit=LONGEST_QUOTATION)
    if len(quoted.words) < MIN_INDIRECT:
        return None
    return Claim(span, span.of(text), quoted, False, *_speaker(article, statement))


def _holding(span: Span, statements: Sequence[Statement]) -> Statement | None:
    """The statement that shares most characters with the span; of equals the shortest, which is the nearest."""

    def shared(statement: Statement) -> int:
        return sum(max(0, min(span.end, p.end) - max(span.start, p.start)) for p in statement.content)

    best = max(statements, key=lambda s: (shared(s), -sum(map(len, s.content))), default=None)
    return best if best is not None and shared(best) * 2 > len(span) else None


def _speaker(article: Article, statement: Statement | None) -> tuple[Named, str | None]:
    """Whom the draft names, and how he is shown."""
    if statement is None:
        return NOBODY, None
    worded = " ".join(span.of(article.text) for span in statement.source)
    if statement.speaker is None:
        return NOBODY, worded or None
    shown = " and ".join(speaker.name for speaker in statement.speakers)
    if statement.form == "named" and statement.source:
        return Named(statement.speaker, worded), shown
    return Named(statement.speaker, worded, _around(article, statement.content[0])), shown


def _around(article: Article, span: Span) -> str:
    """The paragraph that holds the span, with the one before it."""
    last = next((i for i, p in enumerate(article.paragraphs) if p.span.end >= span.end), len(article.paragraphs) - 1)
    held = article.paragraphs[max(0, last - 1) : last + 1]
    return " ".join(paragraph.span.of(article.text) for paragraph in held)
