"""/healthz, /readyz and /metrics, for machines."""

from hmac import compare_digest
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from server.errors import Forbidden
from server.operations.health import Finding, Health
from server.operations.metrics import CONTENT_TYPE, Metrics
from server.settings import Settings

__all__ = ["operations_routes"]


def operations_routes(settings: Settings, health: Health, metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/healthz", summary="Is the process alive?")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="May it be sent traffic? If not, what is wrong?")
    async def readyz() -> JSONResponse:
        findings = await health.findings()
        ready = all(each.reason is None for each in findings)
        checks = {each.name: _told(each) for each in findings}
        return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503, {"Cache-Control": "no-store"})

    @router.get("/metrics", summary="Figures in Prometheus' text format", response_class=Response)
    async def figures(request: Request) -> Response:
        if not _may_read(request, settings):
            raise Forbidden("Figures are for this machine, or for who sends the metrics token.")
        return Response(metrics.text(), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})

    return router


def _told(finding: Finding) -> dict[str, bool | str | None]:
    told: dict[str, bool | str | None] = {"ok": finding.reason is None, "reason": finding.reason}
    return told if finding.note is None else told | {"note": finding.note}


def _may_read(request: Request, settings: Settings) -> bool:
    if settings.metrics_token is not None:
        expected = f"Bearer {settings.metrics_token.get_secret_value()}"
        return compare_digest(request.headers.get("authorization", "").encode(), expected.encode())
    # Behind a proxy on this machine everybody seems to be local; such a request says who it is forwarded for.
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    return not forwarded and request.client is not None and _is_loopback(request.client.host)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
