"""The page of the quote check: a draft pasted or uploaded, and what the archive has of its quotations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response

from api.routes.services import ServicesDependency
from api.schemas import LONGEST_DRAFT
from api.web.check_view import check_view
from api.web.pages import page
from engine.drafts import Draft, read_draft
from engine.errors import InputError

router = APIRouter(include_in_schema=False)


@router.get("/check")
def check_form(services: ServicesDependency) -> Response:
    return page("check.html", scope=services.store.scope(), longest=LONGEST_DRAFT, text="", error=None, view=None)


@router.post("/check")
def check_page(
    services: ServicesDependency,
    text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """A file counts before what stands in the box; what cannot be read is told above the form, with the text kept."""
    from engine.check import check_draft

    text = text.replace("\r\n", "\n")  # as browsers send what was typed
    values: dict[str, Any] = {"scope": services.store.scope(), "longest": LONGEST_DRAFT, "text": text}
    try:
        draft = _draft(text, file)
    except InputError as error:
        return page("check.html", status=400, error=str(error), view=None, **values)
    if len(draft.text) > LONGEST_DRAFT:
        told = f"The draft has {len(draft.text):,} characters; the page takes {LONGEST_DRAFT:,}. Check it in parts."
        return page("check.html", status=413, error=told, view=None, **values)
    answer = check_draft(draft, store=services.store, embedder=services.embedder, attributor=services.attributor)
    view = check_view(draft.text, answer)
    return page("check.html", error=None, view=view, notes=answer.notes, **values)


def _draft(text: str, file: UploadFile | None) -> Draft:
    if file is not None and file.filename:
        return read_draft(file.file.read(), name=file.filename)
    if not text.strip():
        raise InputError("Paste a draft, or choose a file.")
    return Draft(text)
