"""The promises of a store. `tests/contract` holds every store to them.

Text is analysed by one definition, `engine.text.index_text()`: the folded search words joined by one space. A store
indexes that string, stemmed by Porter for terms and unstemmed for phrases and prefixes, and never analyses by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from engine.clauses import Clause
from engine.models import AttributedArticle, PassageType, Span, Statement
from engine.passages import Passage
from engine.ports import ModelIdentity, Vectors
from engine.query import ArticleHeader, FacetName, Facets, Filters

Key = int | str
"""A store's own handle of a passage; good as long as the passage exists."""


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """All that is written of an article. `vectors[i]` belongs to `passages[i]`.

    `fingerprint` is that of the input and of the means of attribution (`engine.passages.fingerprint`).
    `speaker_names` gives, by speaker id, other names under which a speaker is searched (the registry's aliases).
    """

    attributed: AttributedArticle
    passages: tuple[Passage, ...]
    vectors: Vectors
    fingerprint: str
    speaker_names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.passages) != len(self.vectors):
            raise ValueError(f"{len(self.passages)} passages with {len(self.vectors)} vectors")


@dataclass(frozen=True, slots=True)
class PutOutcome:
    """What became of one article; durable and searchable once it is yielded. `reason` says why it was refused."""

    article: str
    outcome: Literal["added", "replaced", "unchanged", "refused"]
    reason: str | None = None
    paragraphs: int = 0
    statements: int = 0


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """How much a word counts by the field it stands in (`index_config/ranking.json`)."""

    text: float = 1.0
    title: float = 1.0
    speaker: float = 1.0
    context: float = 1.0


@dataclass(frozen=True, slots=True)
class Lift:
    """Raises passages and hides none.

    A passage of the keyword ranking that matches `clause` gains `keyword` times its score for that clause; a passage
    of one of `speakers` has its keyword score multiplied by `1 + speaker_keyword` and its cosine raised by
    `speaker_semantic`. Before that the cosine must reach the floor: for a passage of theirs `speaker_floor`, where
    there is one and it is lower.
    """

    clause: Clause | None = None
    speakers: tuple[str, ...] = ()
    keyword: float = 0.0
    speaker_keyword: float = 0.0
    speaker_semantic: float = 0.0
    speaker_floor: float | None = None

    def floor(self, general: float) -> float:
        """The least cosine of a passage of `speakers`."""
        return general if self.speaker_floor is None else min(general, self.speaker_floor)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What to retrieve.

    Keyword ranking: passages matching `clause` by BM25 with `weights`, best first. Each word may stand in any field.
    Semantic ranking: the `depth` nearest passages whose cosine with `vector` is at least `floor`; `restriction`
    (phrases, exclusions) must hold for them too. With neither clause nor vector: everything that passes the filters.
    `best`: only so many of the keyword ranking's first belong to the matched set (a relaxed query matches half the
    store); at most `depth`, so that there is no rest.
    `order="newest"`: one ranking (in `keyword`) of the matched set by the page's own date and time, latest first,
    undated last, then article id and place.
    Ties are broken by passage id.

    `paged=True` asks the store to keep the rankings as they stand: `Retrieved.snapshot` then names them for half an
    hour, in any process on any connection. With `snapshot` set the store answers from them (other fields as in the
    first call); `start` then says from which place of the keyword (or newest) ranking on `depth` passages are wanted.
    Where no more than `page_size` passages match, nothing need be kept.
    A passage deleted meanwhile may still be ranked: `passages()` will not give it. QueryError if it has expired.
    """

    passages: PassageType
    clause: Clause | None = None
    vector: npt.NDArray[np.float32] | None = None
    filters: Filters = field(default_factory=Filters)
    restriction: Clause | None = None
    depth: int = 200
    best: int | None = None
    floor: float = 0.0
    weights: FieldWeights = field(default_factory=FieldWeights)
    lift: Lift | None = None
    order: Literal["relevance", "newest"] = "relevance"
    facets: tuple[FacetName, ...] = ()
    facet_size: int | None = 20
    paged: bool = False
    page_size: int = 0
    snapshot: str | None = None
    start: str | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in a ranking; `score` is BM25 (higher is better), a cosine, or 0 in the newest-first order.

    `article` is the store's handle of the passage's article: equal for passages of one article.
    """

    key: Key
    score: float
    article: Key | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """`total` and `facets` are of the matched set: keyword matches and semantic neighbours together, each once.

    `keyword_total` counts the keyword matches alone; `undated` counts the passages that match the clause (without one:
    any) and only for want of a date did not pass `after` or `before`. `rest` continues the keyword (or newest) ranking
    as `Retrieval.start`, None at its end.
    """

    keyword: tuple[Ranked, ...]
    semantic: tuple[Ranked, ...]
    total: int
    keyword_total: int
    facets: Facets
    undated: int = 0
    snapshot: str | None = None
    rest: str | None = None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it is shown. `paragraph` is `place` of the article's text; `spans` count in the article."""

    key: Key
    id: str
    type: PassageType
    text: str
    spans: tuple[Span, ...]
    place: Span
    paragraph: str
    article: ArticleHeader
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """A stored speaker with the number of statements (joint ones count for each) and the days of the dated ones."""

    id: str
    name: str
    statements: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Counts:
    articles: int
    paragraphs: int
    statements: int
    speakers: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What was searched: said with every `not_found`."""

    articles: int
    outlets: int
    first: date | None
    last: date | None


class Store(Protocol):
    """Articles are the unit of writing: putting one replaces all its passages at once, for every reader alike.

    Every method may raise StoreUnavailableError, StoreConflictError (busy: try again) or StoreVersionError.
    """

    @property
    def identity(self) -> ModelIdentity | None:
        """The model of the stored vectors; None while the store is new. Opening with another model raises
        ModelMismatchError, which names the command that rebuilds (`onrecord migrate`)."""
        ...

    @property
    def location(self) -> str:
        """For `status`: the store's url, without secrets."""
        ...

    def put(self, articles: Iterable[PreparedArticle]) -> Iterator[PutOutcome]:
        """Write articles as they come, an outcome for each in order. One that cannot be stored is refused, the rest
        go on. An article with the stored fingerprint is unchanged and not written."""
        ...

    def fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        """Of those articles that are stored."""
        ...

    def delete(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Delete articles with all their passages; the ids that were there."""
        ...

    def article(self, id: str) -> AttributedArticle | None: ...

    def articles(
        self, *, after_id: str | None = None, limit: int = 100, filters: Filters | None = None
    ) -> list[AttributedArticle]:
        """By id, those after `after_id`; filters on statements select articles that hold such a statement."""
        ...

    def statement(self, id: str) -> StoredPassage | None: ...

    def speakers(self, *, prefix: str = "", limit: int | None = None) -> list[SpeakerCount]:
        """By statements, then id; `prefix` is matched folded at the start of any word of the name or of the id."""
        ...

    def counts(self) -> Counts: ...

    def scope(self, filters: Filters | None = None) -> Scope:
        """Articles that pass the filters."""
        ...

    def retrieve(self, retrieval: Retrieval) -> Retrieved: ...

    def passages(self, keys: Sequence[Key]) -> dict[Key, StoredPassage]:
        """Of those that still exist."""
        ...

    def close(self) -> None:
        """Safe to call twice."""
        ...
