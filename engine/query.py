"""What is asked and what is answered: filters, the request, its hits and facets. (Clauses: `engine/clauses.py`.)"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from engine.clauses import Query
from engine.models import Act, Form, Kind, PassageType, Span, Speaker

Mode = Literal["hybrid", "keyword", "semantic"]
FacetName = Literal["speaker", "outlet", "via", "kind", "act", "form", "month", "day", "language"]

ANSWER_FACETS: tuple[FacetName, ...] = ("speaker", "outlet", "via", "kind", "act", "form", "month")
"""The facets every answer carries."""
FACET_SIZE = 20
MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """Each filter holds where any of its values does; all filters must hold, and for a paragraph on one statement.

    `speakers` and `via` are ids. `outlets` and `languages` are matched folded; `en` matches `en-GB`.
    `after` and `before` include their day; an undated passage passes neither.
    A passage that passes any single filter of `excluded` does not pass (`excluded` holds no dates and no `excluded`).
    """

    speakers: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    kinds: tuple[Kind, ...] = ()
    acts: tuple[Act, ...] = ()
    via: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    after: date | None = None
    before: date | None = None
    excluded: Filters | None = None

    @property
    def on_statements(self) -> bool:
        """Whether any filter asks about statements rather than articles."""
        return bool(self.speakers or self.forms or self.kinds or self.acts or self.via)

    @property
    def dated(self) -> bool:
        return self.after is not None or self.before is not None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. `filters.speakers` and `.via` may hold ids or any alias here: `search` resolves them.

    `query` is what the query language made of `q`; None means: take `q` as plain words. `meaning` is the text that is
    embedded (default: the words of `q`). `lift_speaker` (id or alias) and `context` (what was said just before) only
    lift, never hide. `notes` come first in the answer's. `facet_size` None: all values (views count with them).
    `fold`: a ranked hit stands for the same words in other articles and names them.
    """

    q: str = ""
    query: Query | None = None
    passages: PassageType = "statement"
    mode: Mode = "hybrid"
    filters: Filters = field(default_factory=Filters)
    limit: int = 20
    cursor: str | None = None
    lift_speaker: str | None = None
    context: str | None = None
    meaning: str | None = None
    notes: tuple[str, ...] = ()
    facets: tuple[FacetName, ...] = ANSWER_FACETS
    facet_size: int | None = FACET_SIZE
    fold: bool = False


@dataclass(frozen=True, slots=True)
class ArticleHeader:
    """An article without its text."""

    id: str
    title: str | None
    url: str | None
    outlet: str | None
    published: str | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A passage folded under a hit: the same words in another place. `spans` count in its article."""

    id: str
    text: str
    article: ArticleHeader
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. `spans` count in the article; `highlights` and `places` in `paragraph`.

    `paragraph` is the smallest run of whole paragraphs that holds the passage, as it stands in the article, beginning
    at the article's offset `paragraph_start`. The statement fields are None or empty for a paragraph.
    `copies` are the passages that it stands for, earliest first.
    """

    type: PassageType
    id: str
    text: str
    spans: tuple[Span, ...]
    article: ArticleHeader
    paragraph: str
    paragraph_start: int
    highlights: tuple[Span, ...]
    places: tuple[Span, ...]
    keyword_rank: int | None
    semantic_rank: int | None
    score: float
    speakers: tuple[Speaker, ...] = ()
    form: Form | None = None
    kind: Kind | None = None
    act: Act | None = None
    via: tuple[Speaker, ...] = ()
    affiliation: Speaker | None = None
    cue: str | None = None
    confidence: float | None = None
    flags: tuple[str, ...] = ()
    copies: tuple[Copy, ...] = ()

    @property
    def speaker(self) -> Speaker | None:
        return self.speakers[0] if self.speakers else None


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many passages of the matched set hold a value; `first` and `last` are the days of the dated ones."""

    value: str
    label: str
    count: int
    first: date | None = None
    last: date | None = None


Facets = dict[FacetName, tuple[FacetCount, ...]]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """`total` counts the whole matched set: paging to the end by `next` yields so many hits and copies, each once.

    `folded` counts the copies of this page.
    """

    total: int
    hits: tuple[Hit, ...]
    next: str | None
    facets: Facets
    notes: tuple[str, ...]

    @property
    def folded(self) -> int:
        return sum(len(hit.copies) for hit in self.hits)
