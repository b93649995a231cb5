"""The service: page and API on one ASGI application. `uvicorn --factory api.app:create_app`, or `onrecord serve`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import metadata

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException

from api.middleware import BodyLimit, Headers, TimeLimit
from api.problems import problem_of_bug
from api.routes import archive, check, health, search, views
from api.services import Services
from api.web import check_page, pages
from api.web.problems import problem_or_page
from engine.errors import OnRecordError
from engine.settings import Settings, load_settings

DESCRIPTION = (
    "Who said what, where, and in which words. Every statement is given with its characters in the article; "
    "errors are RFC 9457 problem details."
)


def create_app(settings: Settings | None = None, *, environment: Mapping[str, str] = os.environ) -> FastAPI:
    """An application with its own store and models, opened by the first request that needs them."""
    settings = settings or load_settings(environment)
    services = Services(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        services.close()

    app = FastAPI(title="On Record", description=DESCRIPTION, version=_version(), lifespan=lifespan,
                  docs_url=None, redoc_url=None)  # fmt: skip
    app.state.services = services
    for part in (search, views, archive, check, health, pages, check_page):
        app.include_router(part.router)
    for error in (OnRecordError, HTTPException, RequestValidationError):
        app.add_exception_handler(error, problem_or_page)
    app.add_exception_handler(Exception, problem_of_bug)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit)
    app.add_middleware(TimeLimit, seconds=settings.request_timeout)
    if settings.allow_origins:
        app.add_middleware(CORSMiddleware, allow_origins=settings.allow_origins, allow_methods=["GET", "POST"])
    app.add_middleware(Headers)
    return app


def _version() -> str:
    try:
        return metadata.version("onrecord")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
