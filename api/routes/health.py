"""`/healthz`: the process lives. `/readyz`: it can answer, because store and model are there."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.routes.services import NothingAsked, ServicesDependency
from api.schemas import PROBLEMS, HealthView, ReadyView

router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=HealthView, summary="Does the process live?")
def healthz(_: NothingAsked) -> dict[str, str]:
    """Always 200: restart the process when this gives no answer."""
    return {"status": "ok"}


@router.get("/readyz", response_model=ReadyView, responses=PROBLEMS, summary="Can it answer?")
def readyz(services: ServicesDependency, _: NothingAsked) -> dict[str, Any]:
    """503 with the reason while the store or the model is away: send no users here then."""
    counts = services.store.counts()
    scheme = services.store.location.split(":", 1)[0]
    return {
        "status": "ready",
        "store": "elasticsearch" if scheme in ("http", "https") else scheme,
        "model": services.embedder.identity.name,
        "articles": counts.articles,
    }
