"""/performance/system/health and /health/system: how the system is as a whole (the data-sources contract, P1)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.operations.system_health import SystemHealth, SystemReport

__all__ = ["router"]

router = APIRouter(tags=["monitoring"])


def _system(request: Request) -> SystemHealth:
    system: SystemHealth = request.app.state.system_health
    return system


System = Annotated[SystemHealth, Depends(_system)]


@router.get("/performance/system/health", summary="How the system is")
async def get_system_health(
    caller: Caller,
    system: System,
    include_detailed: Annotated[bool, Query(description="Each data source as a component of its own.")] = False,
) -> Envelope[SystemReport]:
    """Of the node that answers: measured every ten seconds, read here. Sources are those of the organisation."""
    return Envelope(data=await system.report(caller.organisation_id, detailed=include_detailed))


@router.get("/health/system", summary="How the system is, without an envelope")
async def get_plain_system_health(caller: Caller, system: System) -> SystemReport:
    """For older clients of the contract."""
    return await system.report(caller.organisation_id, detailed=False)
