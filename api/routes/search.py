"""`GET /v1/search`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.answers import answer_record
from api.asking import Question, rerank_wanted, search_request
from api.routes.services import ServicesDependency
from api.schemas import PROBLEMS, SearchParameters, SearchView
from engine.query import SearchAnswer

router = APIRouter(tags=["search"])


@router.get("/v1/search", response_model=SearchView, responses=PROBLEMS, summary="Find statements or paragraphs")
def search_statements(parameters: Annotated[SearchParameters, Query()], services: ServicesDependency) -> dict[str, Any]:
    """Who said what: statements in their paragraphs, with speaker, relay, outlet and date; facets; a cursor."""
    return answer_record(ask(services, question_of(parameters)))


def question_of(parameters: SearchParameters) -> Question:
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in parameters.model_dump().items()
    }
    return Question(**given)


def ask(services: ServicesDependency, question: Question) -> SearchAnswer:
    from engine.search import search

    request = search_request(question)
    wanted = rerank_wanted(question, reranker=services.settings.reranker)
    reranker = services.reranker if wanted else None
    return search(services.store, services.embedder, services.registry, request, reranker=reranker)
