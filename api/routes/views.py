"""`GET /v1/who`, `/v1/timeline`, `/v1/compare`, `/v1/similar`, `/v1/variants`: views on who said what."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.asking import search_request
from api.routes.search import question_of
from api.routes.services import ServicesDependency
from api.schemas import PROBLEMS, SearchParameters, Value
from api.services import Services

router = APIRouter(tags=["views"])


class CountParameters(SearchParameters):
    mode: str = Field("keyword", description="`keyword` (default), `hybrid` or `semantic`.", max_length=20)


class TimelineParameters(CountParameters):
    by: Literal["day", "week", "month"] = "month"
    each: int = Field(5, ge=0, le=100, description="Statements shown of each bucket.")


class LikeParameters(BaseModel):
    """One of the two: the id of a statement, or a text."""

    model_config = ConfigDict(extra="forbid")

    id: Value | None = None
    text: str | None = Field(None, max_length=4_000)


class SimilarParameters(LikeParameters):
    limit: int = Field(20, ge=1, le=100)


class VariantParameters(LikeParameters):
    split: list[Value] = Field([], description="Ids of statements to be kept apart.")


def _sources(services: Services) -> Any:
    from engine.views import Sources

    return Sources(services.store, services.embedder, services.registry)


@router.get("/v1/who", responses=PROBLEMS, summary="Who says it most")
def who_says(parameters: Annotated[CountParameters, Query()], services: ServicesDependency) -> dict[str, Any]:
    """Speakers by number of matching statements, with their first and last day; `limit` of them."""
    from engine.views import who
    from engine.views_record import who_record

    return who_record(who(_sources(services), search_request(question_of(parameters))))


@router.get("/v1/timeline", responses=PROBLEMS, summary="What was said when")
def timeline_of(parameters: Annotated[TimelineParameters, Query()], services: ServicesDependency) -> dict[str, Any]:
    """Counts by day, week or month, with the first statements of each."""
    from engine.views import timeline
    from engine.views_record import timeline_record

    asked = SearchParameters.model_validate(parameters.model_dump(exclude={"by", "each"}))
    request = search_request(question_of(asked))
    return timeline_record(timeline(_sources(services), request, step=parameters.by, each=parameters.each))


@router.get("/v1/compare", responses=PROBLEMS, summary="Several speakers on one question")
def compare_speakers(parameters: Annotated[SearchParameters, Query()], services: ServicesDependency) -> dict[str, Any]:
    """The best statements of each `speaker` (two or more), in the order given."""
    from dataclasses import replace

    from engine.views import compare
    from engine.views_record import compare_record

    question = question_of(parameters)
    request = search_request(replace(question, speaker=()))
    return compare_record(compare(_sources(services), request, question.speaker))


@router.get("/v1/similar", responses=PROBLEMS, summary="Statements like this one")
def similar_statements(
    parameters: Annotated[SimilarParameters, Query()], services: ServicesDependency
) -> dict[str, Any]:
    from engine.views import similar
    from engine.views_record import similar_record

    answer = similar(_sources(services), statement=parameters.id, text=parameters.text, limit=parameters.limit)
    return similar_record(answer)


@router.get("/v1/variants", responses=PROBLEMS, summary="The same words in other outlets")
def variants_of(parameters: Annotated[VariantParameters, Query()], services: ServicesDependency) -> dict[str, Any]:
    """Wordings, earliest first, with what each changes; what stands apart, with the reason."""
    from engine.variants import variants
    from engine.views_record import variants_record

    found = variants(_sources(services), statement=parameters.id, text=parameters.text, split=parameters.split)
    return variants_record(found)
