"""The public JSON as models: they document the API and check what leaves it. Shapes: docs/contract.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from engine.models import Act, Form, Kind, ParagraphRole
from engine.query import MAX_LIMIT

Pair = tuple[int, int]
"""A half-open span, `[start, end]`, in code points."""

LONGEST_VALUE = 500
LONGEST_QUERY = 64_000
LONGEST_DRAFT = 64_000
"""Characters. A draft of a long feature fits; a book goes through the command line."""


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpeakerName(Answer):
    id: str = Field(examples=["lavrov"])
    name: str = Field(examples=["Sergey Lavrov"])


class ArticleHead(Answer):
    id: str
    title: str | None
    url: str | None
    outlet: str | None
    published: str | None = Field(examples=["2017-02-03"])


class ParagraphView(Answer):
    """The paragraph as it stands in the article, from the article's offset `start`; spans count in its text."""

    text: str
    start: int
    highlights: list[Pair] = []
    statement: list[Pair] | None


class Ranks(Answer):
    keyword: int | None
    semantic: int | None


class CopyView(Answer):
    id: str
    text: str
    article: ArticleHead
    link: str | None
    span: list[Pair]


class HitView(Answer):
    type: Literal["statement", "paragraph"]
    id: str
    text: str
    speaker: SpeakerName | None
    speakers: list[SpeakerName] | None
    form: Form | None
    kind: Kind | None
    act: Act | None
    via: list[SpeakerName] | None
    affiliation: SpeakerName | None
    cue: str | None
    confidence: float | None
    flags: list[str] | None
    paragraph: ParagraphView
    article: ArticleHead
    link: str | None = Field(description="The article's url with a text fragment that scrolls to the words.")
    span: list[Pair]
    ranks: Ranks
    score: float
    copies: list[CopyView] = Field(description="The same words in other places, earliest first.")


class FacetView(Answer):
    value: str
    label: str
    count: int


class SearchView(Answer):
    total: int
    hits: list[HitView]
    folded: int = Field(description="Copies that the hits of this page stand for.")
    next: str | None
    facets: dict[str, list[FacetView]]
    notes: list[str]


class ParagraphPlace(Answer):
    span: Pair
    role: ParagraphRole


class StatementView(Answer):
    id: str
    kind: Kind
    content: list[Pair]
    cue: list[Pair]
    source: list[Pair]
    channel: list[Pair]
    act: Act
    speaker: SpeakerName | None
    speakers: list[SpeakerName]
    form: Form
    affiliation: SpeakerName | None
    via: list[SpeakerName]
    confidence: float
    flags: list[str]


class ArticleView(Answer):
    id: str
    title: str | None
    title_span: Pair | None
    span: Pair | None
    text: str
    url: str | None
    outlet: str | None
    published: str | None
    language: str | None
    paragraphs: list[ParagraphPlace]
    statements: list[StatementView]


class StoredStatementView(StatementView):
    text: str
    cue_text: str | None
    paragraph: ParagraphView
    article: ArticleHead
    link: str | None


class SpeakerCountView(Answer):
    id: str
    name: str
    statements: int
    first: str | None
    last: str | None


class SpeakersView(Answer):
    speakers: list[SpeakerCountView]


class HealthView(Answer):
    status: Literal["ok"]


class ReadyView(Answer):
    status: Literal["ready"]
    store: str
    model: str
    articles: int


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, str]] = []


Value = Annotated[str, Field(max_length=LONGEST_VALUE)]


class SearchParameters(BaseModel):
    """The parameters of a search; one that is not known is refused by its name."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    q: str = Field("", max_length=LONGEST_QUERY, description="Words, or our small query language.",
                   examples=["safe zones", 'speaker:lavrov "safe zones"'])  # fmt: skip
    within: str = Field("", alias="in", description="`statements` (default) or `paragraphs`.", max_length=20)
    mode: str = Field("hybrid", description="`hybrid`, `keyword` or `semantic`.", max_length=20)
    speaker: list[Value] = Field([], description="An id or any alias; matches any of the speakers.")
    form: list[Value] = Field([], description="How the source is worded: named, pronoun, role, body, …")
    kind: list[Value] = Field([], description="direct, indirect or mixed.")
    act: list[Value] = Field([], description="say, deny, confirm, ask, urge, …")
    via: list[Value] = Field([], description="A relay the words passed through: an id or any alias.")
    outlet: list[Value] = Field([], description="Who published the article.")
    language: list[Value] = []
    after: Value = Field("", description="First day, 2017-02-01; also 2017-02 or 2017.")
    before: Value = Field("", description="Last day, included.")
    limit: int = Field(20, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(None, max_length=4_000, description="`next` of the answer before.")
    lift_speaker: Value | None = Field(None, description="A speaker whose statements are lifted; none is hidden.")
    context: str | None = Field(None, max_length=4_000, description="What was said just before; only lifts.")
    copies: str = Field(
        "fold",
        max_length=20,
        description="`fold` (default): a hit stands for the same words in other "
        "articles and names them; `show`: each is a hit.",
    )
    rerank: str = Field(
        "",
        max_length=20,
        description="`on` or `off`: whether the service's reranker orders the first "
        "hits anew; default: where it has one.",
    )


class SpeakerParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    prefix: Value = Field("", description="Start of any word of the name.")
    limit: int = Field(100, ge=1, le=MAX_LIMIT)


class NoParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Draft(BaseModel):
    """A draft whose quotations are to be checked."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        description=f"Plain text of at most {LONGEST_DRAFT:,} characters.",
        examples=["“This barbaric attack cannot be justified,” she said."],
    )

    @field_validator("text")
    @classmethod
    def _is_text(cls, text: str) -> str:
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise ValueError("holds half a character (a lone surrogate), which is no text")
        return text


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text, "content": {"application/problem+json": {}}}
    for status, text in (
        (400, "A parameter is unknown or wrong; it is named."),
        (404, "There is no such thing."),
        (503, "The store or the model is away or busy; try again."),
    )
}
