"""What the quote check answers, and its public JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from engine.check_align import ChangeKind
from engine.models import Act, Kind, Span, Speaker
from engine.query import ArticleHeader
from engine.records import speaker_record
from engine.stores.base import Scope

Verdict = Literal["verbatim", "altered", "joined", "paraphrase", "other_speaker", "not_found", "not_checked"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Change:
    """Words that differ, as they stand in the draft and in the source. `excused`: an ellipsis or brackets say so.

    `at` is where they stand in the draft's text; of words left out, where they would.
    """

    kind: ChangeKind
    draft: str
    source: str
    excused: bool = False
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the archive. `spans` are the matched words, counted in the article; `statement` is None where the
    words stand outside any statement. `score` is the share of the quotation's words found, or
    (`by="meaning"`) a cosine.
    """

    statement: str | None
    text: str
    speakers: tuple[Speaker, ...]
    article: ArticleHeader
    spans: tuple[Span, ...]
    score: float
    by: Literal["words", "meaning"] = "words"
    via: tuple[Speaker, ...] = ()
    kind: Kind | None = None
    act: Act | None = None
    cue: str | None = None

    @property
    def speaker(self) -> Speaker | None:
        return self.speakers[0] if self.speakers else None


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """`span` and `text` are the words in the draft, without marks. `earliest` is the first match by date."""

    text: str
    span: Span
    verdict: Verdict
    attributed_to: str | None = None
    attributed_speaker: Speaker | None = None
    direct: bool = True
    changes: tuple[Change, ...] = ()
    flags: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    nearest: tuple[Match, ...] = ()
    earliest: Match | None = None


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    scope: Scope
    quotations: tuple[CheckedQuotation, ...]
    notes: tuple[str, ...] = ()
    draft_text: str | None = None
    """The text that spans count in, where it is not the draft's own (HTML, docx)."""


def _match_record(match: Match) -> dict[str, Any]:
    article = match.article
    return {
        "statement": match.statement,
        "text": match.text,
        "speaker": speaker_record(match.speaker),
        "speakers": [speaker_record(s) for s in match.speakers],
        "kind": match.kind,
        "act": match.act,
        "cue": match.cue,
        "via": [speaker_record(s) for s in match.via],
        "article": {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "outlet": article.outlet,
            "published": article.published,
        },
        "span": [[s.start, s.end] for s in match.spans],
        "score": round(match.score, 4),
        "by": match.by,
    }


def change_record(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "draft": change.draft,
        "source": change.source,
        "excused": change.excused,
        "at": change.at,
    }


def quotation_record(quotation: CheckedQuotation) -> dict[str, Any]:
    return {
        "text": quotation.text,
        "span": [quotation.span.start, quotation.span.end],
        "attributed_to": quotation.attributed_to,
        "attributed_speaker": speaker_record(quotation.attributed_speaker),
        "direct": quotation.direct,
        "verdict": quotation.verdict,
        "changes": [change_record(change) for change in quotation.changes],
        "flags": list(quotation.flags),
        "matches": [_match_record(match) for match in quotation.matches],
        "nearest": [_match_record(match) for match in quotation.nearest],
        "earliest": None if quotation.earliest is None else _match_record(quotation.earliest),
    }


def check_record(answer: CheckAnswer) -> dict[str, Any]:
    """The public JSON of `onrecord check --json` and `POST /v1/quotes:check`."""
    scope = answer.scope
    record: dict[str, Any] = {
        "scope": {
            "articles": scope.articles,
            "outlets": scope.outlets,
            "first": scope.first.isoformat() if scope.first else None,
            "last": scope.last.isoformat() if scope.last else None,
        },
        "quotations": [quotation_record(quotation) for quotation in answer.quotations],
        "notes": list(answer.notes),
    }
    if answer.draft_text is not None:
        record["text"] = answer.draft_text
    return record
