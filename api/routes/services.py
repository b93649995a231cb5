"""How a route comes by the services."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from api.schemas import NoParameters
from api.services import Services


def services_of(request: Request) -> Services:
    services = request.app.state.services
    assert isinstance(services, Services)
    return services


ServicesDependency = Annotated[Services, Depends(services_of)]
NothingAsked = Annotated[NoParameters, Query()]
"""For routes without parameters: one that is given all the same is refused by its name."""
