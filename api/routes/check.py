"""`POST /v1/quotes:check`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException

from api.routes.services import NothingAsked, ServicesDependency
from api.schemas import LONGEST_DRAFT, PROBLEMS, Draft, Problem

router = APIRouter(tags=["check"])


@router.post(
    "/v1/quotes:check", responses=PROBLEMS | {413: {"model": Problem}}, summary="Check the quotations of a draft"
)
def check_quotations(draft: Draft, services: ServicesDependency, _: NothingAsked) -> dict[str, Any]:
    """A verdict for each quotation: verbatim, altered (with what changed), joined, other speaker, not found, …"""
    from engine.check import check_draft
    from engine.check_answer import check_record
    from engine.drafts import Draft as DraftText

    if len(draft.text) > LONGEST_DRAFT:
        raise HTTPException(413, f"text: {len(draft.text):,} characters; at most {LONGEST_DRAFT:,} are taken")
    text = DraftText(draft.text)
    return check_record(
        check_draft(text, store=services.store, embedder=services.embedder, attributor=services.attributor)
    )
