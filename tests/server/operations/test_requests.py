"""Every request has an id of ours, one entry in the log without its query string, and one count by route."""

import logging

import httpx
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware

from server.clock import SystemClock
from server.operations.metrics import Metrics
from server.operations.requests import RequestLog


def served() -> tuple[httpx.AsyncClient, Metrics]:
    metrics = Metrics()
    app = FastAPI(middleware=[Middleware(RequestLog, metrics=metrics, clock=SystemClock())])

    @app.get("/documents/{document}")
    async def read(document: str) -> str:
        return document

    @app.get("/healthz")
    async def healthz() -> str:
        return "ok"

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test"), metrics


async def test_an_id_sent_by_a_client_is_not_taken(caplog: pytest.LogCaptureFixture) -> None:
    http, _ = served()
    async with http:
        with caplog.at_level(logging.INFO, "counterpoint.access"):
            response = await http.get("/documents/1", headers={"X-Request-Id": "forged"})
    assert len(response.headers["x-request-id"]) == 32
    assert caplog.records[0].__dict__["request_id"] == response.headers["x-request-id"]


async def test_the_query_string_is_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    http, _ = served()
    async with http:
        with caplog.at_level(logging.DEBUG):
            await http.get("/documents/1?token=sesame")
    record = next(each.__dict__ for each in caplog.records if each.name == "counterpoint.access")
    assert (record["method"], record["path"], record["status"]) == ("GET", "/documents/1", 200)
    assert "sesame" not in str(record)


async def test_probes_are_quiet(caplog: pytest.LogCaptureFixture) -> None:
    http, _ = served()
    async with http:
        with caplog.at_level(logging.INFO, "counterpoint.access"):
            await http.get("/healthz")
    assert not caplog.records


async def test_requests_are_counted_by_the_routes_template() -> None:
    http, metrics = served()
    async with http:
        for document in ("1", "2"):
            await http.get(f"/documents/{document}")
        await http.get("/nothing/3")
        await http.request("INVENTED", "/nothing/4")
    text = metrics.text().decode()
    assert 'counterpoint_http_requests_total{method="GET",route="/documents/{document}",status="200"} 2.0' in text
    assert 'counterpoint_http_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert 'counterpoint_http_requests_total{method="OTHER",route="none",status="404"} 1.0' in text
