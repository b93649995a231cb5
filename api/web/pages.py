"""The pages: search, article, speakers. All of it works without JavaScript; article text is always escaped."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from api.asking import Question
from api.routes.archive import Id, article_of
from api.routes.search import ask, question_of
from api.routes.services import ServicesDependency
from api.schemas import SearchParameters
from api.web import view
from api.wording import counted, day
from engine.stores.base import Store

router = APIRouter(include_in_schema=False)

TOP_SPEAKERS = 12
EXAMPLES = (
    ("what did Lavrov say about safe zones", "lavrov"),
    ("who called it barbaric", "zakharova"),
    ("Zakharova on journalists", "zakharova"),
    ("is the EU supporting terrorists", "assad"),
)
"""Example questions, shown where somebody of this name is quoted in the archive."""


class PageParameters(SearchParameters):
    """As of the API, but a page forgives a parameter that it does not know: links carry all kinds of them."""

    model_config = SearchParameters.model_config | {"extra": "ignore"}


@lru_cache(maxsize=1)
def templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.web"), autoescape=select_autoescape(default=True), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(day=day, counted=counted)
    return environment


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(templates().get_template(template).render(**values), status_code=status)


@router.get("/")
def search_page(parameters: Annotated[PageParameters, Query()], services: ServicesDependency) -> Response:
    question = question_of(parameters)
    answer = ask(services, question)
    return page(
        "search.html",
        question=question,
        answer=answer,
        found=view.note_of_place(answer, question),
        cards=[view.card(hit, question) for hit in answer.hits],
        facets=view.facet_blocks(answer.facets, question),
        chips=view.chips(question, answer.facets),
        next_href=view.href(question, cursor=answer.next) if answer.next else None,
        copies_href=view.href(question, copies="show") if answer.folded else None,
        fold_href=view.href(question, copies="fold"),
        start=_start(services.store) if question == Question() else None,
    )


def _start(store: Store) -> dict[str, Any]:
    """What is indexed, and what one may ask: shown as long as nothing has been asked."""
    speakers = store.speakers(limit=TOP_SPEAKERS)
    examples = [text for text, name in EXAMPLES if store.speakers(prefix=name, limit=1)]
    return {"scope": store.scope(), "counts": store.counts(), "speakers": speakers, "examples": examples}


@router.get("/articles/{id}")
def article_page(id: Id, services: ServicesDependency) -> Response:
    attributed = article_of(services.store, id)
    blocks, labels = view.article_blocks(attributed)
    return page("article.html", article=attributed.article, blocks=blocks, labels=labels,
                safe_url=_web_url(attributed.article.url))  # fmt: skip


def _web_url(url: str | None) -> str | None:
    """A link only where it leads to a web page: `javascript:` and the like are shown as text."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


@router.get("/speakers")
def speakers_page(services: ServicesDependency) -> Response:
    return page("speakers.html", speakers=services.store.speakers())


@router.get("/style.css")
def style(request: Request) -> Response:
    text, tag = _style()
    headers = {"Cache-Control": "max-age=3600", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="text/css", headers=headers)


@router.get("/favicon.svg")
def icon() -> Response:
    return Response(_static("favicon.svg"), media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


@lru_cache(maxsize=1)
def _style() -> tuple[str, str]:
    from engine.identity import digest

    text = _static("style.css")
    return text, f'"{digest(text)}"'


def _static(name: str) -> str:
    from importlib.resources import files

    return files("api.web").joinpath("static", name).read_text(encoding="utf-8")
