"""/healthz lives, /readyz says what is wrong, /metrics is for this machine or for who has the token."""

import httpx
import pytest
from fastapi import FastAPI

from server.http.errors import install_error_handlers
from server.operations.health import Health
from server.operations.metrics import Metrics
from server.operations.routes import operations_routes
from server.settings import Settings


def client(trouble: str | None = None, address: str = "127.0.0.1", **settings: str) -> httpx.AsyncClient:
    async def store() -> str | None:
        return trouble

    app = FastAPI()
    install_error_handlers(app)
    app.include_router(operations_routes(Settings.model_validate(settings), Health({"store": store}), Metrics()))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://test")


async def test_alive_is_alive_whatever_the_store_does() -> None:
    async with client("the store is gone") as http:
        assert (await http.get("/healthz")).json() == {"status": "ok"}


async def test_ready_when_every_check_is_well() -> None:
    async with client() as http:
        response = await http.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": {"store": {"ok": True, "reason": None}}}


async def test_not_ready_says_why() -> None:
    async with client("the store is gone") as http:
        response = await http.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["store"] == {"ok": False, "reason": "the store is gone"}


async def test_this_machine_may_read_the_figures() -> None:
    async with client() as http:
        response = await http.get("/metrics")
    assert response.status_code == 200
    assert "process_resident_memory_bytes" in response.text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_what_a_local_proxy_forwards_is_not_this_machine(header: str) -> None:
    async with client() as http:
        assert (await http.get("/metrics", headers={header: "127.0.0.1"})).status_code == 403


async def test_another_machine_may_not() -> None:
    async with client(address="192.0.2.1") as http:
        assert (await http.get("/metrics")).status_code == 403


async def test_with_a_token_only_the_token_counts() -> None:
    async with client(metrics_token="sesame") as http:
        assert (await http.get("/metrics")).status_code == 403
        assert (await http.get("/metrics", headers={"Authorization": "Bearer wrong"})).status_code == 403
        assert (await http.get("/metrics", headers={"Authorization": "Bearer sesame"})).status_code == 200
