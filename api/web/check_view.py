"""What the page of the quote check shows: the draft with its quotations marked, and a card for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from api.answers import text_link
from api.verdicts import LOUD_FLAGS, flag_words, loud, verdict_words
from api.web.segments import segments
from api.wording import counted, day, said
from engine.check_answer import VERDICTS, Change, CheckAnswer, CheckedQuotation, Match

SHOWN_MATCHES = 3


@dataclass(frozen=True, slots=True)
class DraftPiece:
    """A run of the draft; `number` is the quotation that holds it, `first` where its mark begins."""

    text: str
    number: int | None = None
    verdict: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """`same`, `added` (in the draft only), `dropped` (in the source only); `excused` by an ellipsis or brackets."""

    kind: str
    text: str
    excused: bool = False


@dataclass(frozen=True, slots=True)
class MatchView:
    text: str
    who: str
    speaker_href: str | None
    said: str
    via: str
    outlet: str
    day: str
    title: str
    href: str
    original: str | None


@dataclass(frozen=True, slots=True)
class QuotationView:
    number: int
    quotation: CheckedQuotation
    verdict: str
    loud: bool
    warnings: list[str]
    remarks: list[str]
    diff: list[DiffPiece]
    matches: list[MatchView]
    more: list[MatchView]
    nearest: list[MatchView]
    earliest: MatchView | None


@dataclass(frozen=True, slots=True)
class CheckView:
    pieces: list[DraftPiece]
    quotations: list[QuotationView]
    counts: list[tuple[str, str, int]]
    searched: str


def check_view(text: str, answer: CheckAnswer) -> CheckView:
    counts = Counter(quotation.verdict for quotation in answer.quotations)
    return CheckView(
        draft_pieces(text, answer.quotations),
        [_quotation(number, quotation) for number, quotation in enumerate(answer.quotations, start=1)],
        [(verdict, verdict_words(verdict), counts[verdict]) for verdict in VERDICTS if counts[verdict]],
        _searched(answer),
    )


def draft_pieces(text: str, quotations: Sequence[CheckedQuotation]) -> list[DraftPiece]:
    """The draft, cut at its quotations; joined they are the draft. Of one quotation in another the inner is shown."""
    layers = {str(number): [q.span] for number, q in enumerate(quotations, start=1)}
    seen: set[int] = set()
    pieces = []
    for segment in segments(text, layers):
        inside = sorted((int(name) for name in segment.names), key=lambda n: (len(quotations[n - 1].span), n))
        if not inside:
            pieces.append(DraftPiece(segment.text))
            continue
        number = inside[0]
        pieces.append(DraftPiece(segment.text, number, quotations[number - 1].verdict, number not in seen))
        seen.add(number)
    return pieces


def diff_pieces(quotation: CheckedQuotation) -> list[DiffPiece]:
    """The draft's words with what was put in and left out; empty where nothing differs, or places are not known."""
    pieces: list[DiffPiece] = []
    text, at = quotation.text, 0
    for change in sorted(quotation.changes, key=_place):
        start = _place(change) - quotation.span.start
        if change.at is None or start < at:
            return []
        if start > at:
            pieces.append(DiffPiece("same", text[at:start]))
        if change.source:
            pieces.append(DiffPiece("dropped", change.source, change.excused))
        if change.draft:
            pieces.append(DiffPiece("added", change.draft, change.excused))
        at = start + len(change.draft)
    return [*pieces, DiffPiece("same", text[at:])] if pieces and at < len(text) else pieces


def _place(change: Change) -> int:
    return change.at if change.at is not None else 0


def _quotation(number: int, quotation: CheckedQuotation) -> QuotationView:
    matches = [_match(match) for match in quotation.matches]
    first = quotation.matches[0].article.id if quotation.matches else None
    earliest = quotation.earliest
    return QuotationView(
        number=number,
        quotation=quotation,
        verdict=verdict_words(quotation.verdict),
        loud=loud(quotation),
        warnings=[flag_words(flag) for flag in quotation.flags if flag in LOUD_FLAGS],
        remarks=[flag_words(flag) for flag in quotation.flags if flag not in LOUD_FLAGS],
        diff=diff_pieces(quotation),
        matches=matches[:SHOWN_MATCHES],
        more=matches[SHOWN_MATCHES:],
        nearest=[_match(match) for match in quotation.nearest],
        earliest=_match(earliest) if earliest and earliest.article.id != first else None,
    )


def _match(match: Match) -> MatchView:
    article = match.article
    speaker = match.speaker
    who = " and ".join(s.name for s in match.speakers)
    if not who:
        who = "Outside any statement" if match.statement is None else "Unknown speaker"
    return MatchView(
        text=match.text,
        who=who,
        speaker_href=f"/?speaker={quote(speaker.id, safe='')}" if speaker else None,
        said=said(match.act) if match.statement else "",
        via=" › ".join(relay.name for relay in match.via),
        outlet=article.outlet or "Outlet unknown",
        day=day(article.published),
        title=article.title or "Untitled article",
        href=f"/articles/{quote(article.id, safe='')}" + (f"#s-{quote(match.statement)}" if match.statement else ""),
        original=text_link(article.url, match.text),
    )


def _searched(answer: CheckAnswer) -> str:
    scope = answer.scope
    told = f"{counted(scope.articles, 'article')} of {counted(scope.outlets, 'outlet')}"
    if scope.first and scope.last:
        told += f", {day(scope.first.isoformat())} to {day(scope.last.isoformat())}"
    return told
