"""Errors as RFC 9457 problem details. One table maps the error tree to statuses; a test proves it complete."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from engine.errors import (
    InputError,
    ModelError,
    ModelMismatchError,
    NotFoundError,
    OnRecordError,
    QueryError,
    RegistryError,
    SettingsError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
    StoreVersionError,
    UsageError,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
"""What a client is told to wait where trying again is likely to help."""

STATUS: dict[type[OnRecordError], tuple[int, str]] = {
    OnRecordError: (500, "Something failed"),
    UsageError: (400, "The request cannot be understood"),
    SettingsError: (500, "The service is set up wrongly"),
    QueryError: (400, "The query cannot be understood"),
    InputError: (422, "The text cannot be read"),
    RegistryError: (500, "The speaker registry is malformed"),
    NotFoundError: (404, "Not found"),
    ModelError: (503, "The model is not available"),
    ModelMismatchError: (503, "The store was built with another model"),
    StoreError: (500, "The store failed"),
    StoreUnavailableError: (503, "The store does not answer"),
    StoreConflictError: (503, "The store is busy"),
    StoreVersionError: (503, "The store is of another version"),
}
"""Every class of the tree by name: a new error without a line here fails a test, not a user."""

_OPERATORS_ONLY = (500,)
"""Statuses whose message may name files or settings of the machine: it goes to the log, not to the client."""


def problem(status: int, title: str, detail: str | None = None, **more: Any) -> JSONResponse:
    """A problem details answer. `more` are extension members, such as the name of a bad parameter."""
    record = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else None
    shown = {name: value for name, value in record.items() if value is not None}
    return JSONResponse(shown, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def of_error(error: OnRecordError) -> tuple[int, str, str | None]:
    """Status, title and what may be told of an error."""
    status, title = STATUS[type(error)]
    return status, title, None if status in _OPERATORS_ONLY else str(error)


def problem_of_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, OnRecordError)
    return problem(*of_error(error))


def problem_of_http(_: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such route (404), method (405), body too large (413)."""
    assert isinstance(error, HTTPException)
    titles = {404: "Not found", 405: "Method not allowed", 413: "Too large", 415: "Unsupported media type"}
    title = titles.get(error.status_code, "The request failed")
    answer = problem(error.status_code, title, None if error.detail == title else str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def problem_of_validation(_: Request, error: Exception) -> Response:
    """A parameter or a body that does not fit: each is named with what is wrong; what was sent is not echoed."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"where": ".".join(str(part) for part in fault["loc"]), "problem": _told(str(fault["msg"]))}
        for fault in error.errors()
    ]
    return problem(400, "The request cannot be understood", "; ".join(f"{e['where']}: {e['problem']}" for e in errors),
                   errors=errors)  # fmt: skip


def _told(message: str) -> str:
    return message.removeprefix("Value error, ")


def problem_of_bug(_: Request, error: Exception) -> Response:
    """Anything unforeseen: the trace goes to the log, the client learns only that it is our fault."""
    del error
    return problem(500, "Something failed", "This is our mistake. It has been written to the log.")
