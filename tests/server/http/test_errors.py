"""Every error leaves as {message, code, details}; what nobody expected leaves nothing but the request id."""

import logging

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from starlette.middleware import Middleware

from persistence.errors import StoreUnavailable
from server.clock import SystemClock
from server.errors import Conflict, FieldIssue, RateLimited
from server.http.errors import UnexpectedErrors, install_error_handlers
from server.operations.metrics import Metrics
from server.operations.requests import RequestLog


class Score(BaseModel):
    model_config = ConfigDict(extra="forbid")
    bars: int
    password: str = ""


def client() -> httpx.AsyncClient:
    outermost = Middleware(RequestLog, metrics=Metrics(), clock=SystemClock())
    app = FastAPI(middleware=[outermost, Middleware(UnexpectedErrors)])
    install_error_handlers(app)

    @app.post("/scores")
    async def make(body: Score) -> int:
        return body.bars

    @app.get("/conflict")
    async def conflict() -> None:
        raise Conflict("There is one already.", details=[FieldIssue("name", "is taken", "Fugue")])

    @app.get("/often")
    async def often() -> None:
        raise RateLimited(retry_after=1.2)

    @app.get("/store")
    async def store() -> None:
        raise StoreUnavailable("disk I/O error at /secret/path")

    @app.get("/crash")
    async def crash() -> None:
        raise ZeroDivisionError("the secret is sesame")

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_an_error_of_the_family_is_told_by_the_table() -> None:
    async with client() as http:
        response = await http.get("/conflict")
    assert response.status_code == 409
    assert response.json() == {
        "message": "There is one already.",
        "code": "conflict",
        "details": [{"field": "name", "issue": "is taken", "given": "Fugue"}],
        "request_id": response.headers["x-request-id"],
    }


async def test_retry_after_is_whole_seconds_and_never_too_soon() -> None:
    async with client() as http:
        assert (await http.get("/often")).headers["retry-after"] == "2"


async def test_an_address_that_is_not_there() -> None:
    async with client() as http:
        response = await http.get("/nothing")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_a_method_that_is_not_taken_names_those_that_are() -> None:
    async with client() as http:
        response = await http.delete("/scores")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


async def test_wrong_fields_are_named_with_what_was_given() -> None:
    async with client() as http:
        response = await http.post("/scores", json={"bars": "many", "extra": 1})
    assert (response.status_code, response.json()["code"]) == (422, "validation_failed")
    details = {each["field"]: each["given"] for each in response.json()["details"]}
    assert details == {"bars": "many", "extra": 1}


async def test_a_secret_field_is_not_echoed() -> None:
    async with client() as http:
        response = await http.post("/scores", json={"bars": 1, "password": ["sesame"]})
    assert response.status_code == 422
    assert "sesame" not in response.text


async def test_a_whole_body_is_not_echoed() -> None:
    async with client() as http:
        response = await http.post("/scores", content='"sesame sesame"', headers={"content-type": "text/plain"})
    assert response.status_code == 422
    assert "bars" not in response.text


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe{", b"[" * 100_000, b'{"bars": ' + b"9" * 5000 + b"}", b"nul"])
async def test_a_body_that_is_not_json(body: bytes) -> None:
    async with client() as http:
        response = await http.post("/scores", content=body, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_json")


async def test_a_store_that_refuses_is_told_as_retry_and_not_with_its_own_words() -> None:
    async with client() as http:
        response = await http.get("/store")
    assert (response.status_code, response.json()["code"]) == (503, "engine_busy")
    assert response.headers["retry-after"] == "1"
    assert "secret" not in response.text


async def test_the_unexpected_leaves_only_its_request_id(caplog: pytest.LogCaptureFixture) -> None:
    async with client() as http:
        with caplog.at_level(logging.ERROR):
            response = await http.get("/crash")
    body = response.json()
    assert (response.status_code, body["code"], body["details"]) == (500, "internal", [])
    assert "sesame" not in response.text
    assert "ZeroDivisionError" in caplog.text
    assert [record.__dict__["request_id"] for record in caplog.records] == [body["request_id"]]
    assert response.headers["x-request-id"] == body["request_id"]
