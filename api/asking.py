"""What a user asks, as strings from a command line, a url or a form, to a `SearchRequest`; and back to parameters.

Every refusal is a QueryError that names the parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from engine.errors import QueryError
from engine.models import ACTS, FORMS, KINDS, Act, Form, Kind, PassageType
from engine.query import MAX_LIMIT, Filters, Mode, SearchRequest
from engine.query_language import parse
from engine.query_values import BadValueError, filter_value

WITHIN: Mapping[str, PassageType] = {"statements": "statement", "paragraphs": "paragraph"}
MODES = ("hybrid", "keyword", "semantic")
COPIES = ("fold", "show")
RERANK = ("on", "off")
MOST_VALUES = 100
"""Values of one filter: more is a mistake or an attack."""


@dataclass(frozen=True, slots=True)
class Question:
    """A search as it was asked; empty means: not given. Field names are the public parameters (`within` is `in`)."""

    q: str = ""
    within: str = ""
    mode: str = "hybrid"
    speaker: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    after: str = ""
    before: str = ""
    limit: int = 20
    cursor: str | None = None
    lift_speaker: str | None = None
    context: str | None = None
    copies: str = "fold"
    rerank: str = ""


FILTERS = ("speaker", "form", "kind", "act", "via", "outlet", "language")
"""The filters that may be given several times."""


def search_request(question: Question) -> SearchRequest:
    """Raises QueryError."""
    if not 1 <= question.limit <= MAX_LIMIT:
        raise QueryError(f"limit: {question.limit} is not from 1 to {MAX_LIMIT:,}")
    return SearchRequest(
        q=question.q,
        query=parse(question.q),
        passages=WITHIN[_one("in", question.within or "statements", tuple(WITHIN))],
        mode=cast(Mode, _one("mode", question.mode or "hybrid", MODES)),
        filters=_filters(question),
        limit=question.limit,
        cursor=question.cursor or None,
        lift_speaker=question.lift_speaker or None,
        context=question.context or None,
        fold=_one("copies", question.copies or "fold", COPIES) == "fold",
    )


def rerank_wanted(question: Question, *, reranker: str | None) -> bool:
    """Whether the settings' reranker is to be used: where there is one, unless it is declined. Raises QueryError."""
    wanted = _one("rerank", question.rerank or ("on" if reranker else "off"), RERANK) == "on"
    if wanted and reranker is None:
        raise QueryError("rerank: no reranker is set up: name a cross-encoder in ONRECORD_RERANKER")
    return wanted


def _filters(question: Question) -> Filters:
    """Those given beside the box; what is typed into the box, the search itself adds."""
    given = {name: _several(name, getattr(question, name)) for name in FILTERS}
    return Filters(
        speakers=given["speaker"],
        forms=cast("tuple[Form, ...]", tuple(_one("form", value, FORMS) for value in given["form"])),
        kinds=cast("tuple[Kind, ...]", tuple(_one("kind", value, KINDS) for value in given["kind"])),
        acts=cast("tuple[Act, ...]", tuple(_one("act", value, ACTS) for value in given["act"])),
        via=given["via"],
        outlets=given["outlet"],
        languages=given["language"],
        after=_day("after", question.after) if question.after.strip() else None,
        before=_day("before", question.before) if question.before.strip() else None,
    )


def _several(name: str, values: Iterable[str]) -> tuple[str, ...]:
    kept = tuple(value.strip() for value in values if value.strip())
    if len(kept) > MOST_VALUES:
        raise QueryError(f"{name}: {len(kept)} values, at most {MOST_VALUES} are taken")
    return kept


def _one(name: str, value: str, choices: tuple[str, ...]) -> str:
    folded = value.strip().lower()
    if folded not in choices:
        raise QueryError(f"{name}: {value[:80]!r} is none of {', '.join(choices)}")
    return folded


def _day(name: str, value: str) -> date:
    """A day, or the month or year it begins or ends."""
    try:
        return date.fromisoformat(filter_value(name, value.strip()))
    except BadValueError as error:
        raise QueryError(f"{name}: {value[:80]!r}: {error}") from error


def parameters(question: Question, **changed: object) -> list[tuple[str, str]]:
    """The question as url parameters, those that say nothing left out. `changed` replaces fields."""
    pairs: list[tuple[str, str]] = []
    for name in Question.__dataclass_fields__:
        value = changed.get(name, getattr(question, name))
        values = value if isinstance(value, tuple) else (value,)
        default = Question.__dataclass_fields__[name].default
        for one in values:
            if one not in (None, "", default):
                pairs.append(("in" if name == "within" else name, str(one)))
    return pairs
