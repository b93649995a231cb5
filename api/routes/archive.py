"""Articles, statements and speakers by their ids."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.answers import speaker_count_record, stored_statement_record
from api.routes.services import NothingAsked, ServicesDependency
from api.schemas import (
    PROBLEMS,
    ArticleView,
    SpeakerParameters,
    SpeakersView,
    StoredStatementView,
)
from engine.errors import NotFoundError
from engine.models import AttributedArticle
from engine.records import article_record
from engine.stores.base import Store, StoredPassage

router = APIRouter(tags=["archive"])

Id = Annotated[str, Path(max_length=500)]


@router.get("/v1/articles/{id}", response_model=ArticleView, responses=PROBLEMS, summary="One article, whole")
def one_article(id: Id, services: ServicesDependency, _: NothingAsked) -> dict[str, Any]:
    """The article's text with its paragraphs and statements as spans into it."""
    record = article_record(article_of(services.store, id))
    # The file it came from is the operator's own business.
    del record["input"]
    return record


@router.get(
    "/v1/statements/{id}", response_model=StoredStatementView, responses=PROBLEMS, summary="One statement, in place"
)
def one_statement(id: Id, services: ServicesDependency, _: NothingAsked) -> dict[str, Any]:
    """The statement with its words, its paragraph and its article."""
    return stored_statement_record(statement_of(services.store, id))


@router.get("/v1/speakers", response_model=SpeakersView, responses=PROBLEMS, summary="Who is quoted, and how often")
def all_speakers(parameters: Annotated[SpeakerParameters, Query()], services: ServicesDependency) -> dict[str, Any]:
    """Speakers by number of statements, with the first and last day."""
    counts = services.store.speakers(prefix=parameters.prefix, limit=parameters.limit)
    return {"speakers": [speaker_count_record(count) for count in counts]}


def article_of(store: Store, id: str) -> AttributedArticle:
    """Raises NotFoundError."""
    attributed = store.article(id)
    if attributed is None:
        raise NotFoundError(f"no article has the id {id[:80]!r}")
    return attributed


def statement_of(store: Store, id: str) -> StoredPassage:
    """Raises NotFoundError."""
    passage = store.statement(id)
    if passage is None or passage.statement is None:
        raise NotFoundError(f"no statement has the id {id[:80]!r}")
    return passage
