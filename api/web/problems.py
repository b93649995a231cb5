"""Errors as pages for people and as problem details for programs."""

from __future__ import annotations

import json

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from api.problems import problem_of_error, problem_of_http, problem_of_validation
from api.web.pages import page
from engine.errors import OnRecordError

PAGES = ("/articles/", "/speakers", "/check")


def problem_or_page(request: Request, error: Exception) -> Response:
    """The same problem, told in the form of what was asked for."""
    if isinstance(error, OnRecordError):
        answer = problem_of_error(request, error)
    elif isinstance(error, RequestValidationError):
        answer = problem_of_validation(request, error)
    else:
        answer = problem_of_http(request, error)
    path = request.url.path
    if not (path == "/" or path.startswith(PAGES)):
        return answer
    told = json.loads(bytes(answer.body))
    shown = page("problem.html", status=answer.status_code, title=told["title"], detail=told.get("detail"))
    if "retry-after" in answer.headers:
        shown.headers["retry-after"] = answer.headers["retry-after"]
    return shown
