"""A body over the cap is refused before anything is parsed, with or without a length."""

from collections.abc import AsyncIterator

import httpx
from fastapi import FastAPI
from pydantic import BaseModel

from server.http.body import BodyCap
from server.http.errors import install_error_handlers

LIMIT = 1000


class Text(BaseModel):
    text: str


def client() -> httpx.AsyncClient:
    app = FastAPI()
    install_error_handlers(app)
    app.add_middleware(BodyCap, limit=LIMIT)

    @app.post("/echo")
    async def echo(body: Text) -> int:
        return len(body.text)

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 100


async def test_a_body_at_the_limit_is_taken() -> None:
    async with client() as http:
        body = b'{"text": "' + b"a" * (LIMIT - 12) + b'"}'
        assert len(body) == LIMIT
        assert (await http.post("/echo", content=body, headers={"content-type": "application/json"})).json() == 988


async def test_a_longer_length_is_refused_before_a_byte_is_read() -> None:
    read = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal read
        async for piece in pieces(20):
            read += len(piece)
            yield piece

    async with client() as http:
        response = await http.post("/echo", content=counted(), headers={"content-length": str(LIMIT + 1)})
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"
    assert response.json()["details"] == [{"field": "body", "issue": "must have at most 1000 bytes", "given": 1001}]


async def test_a_body_without_a_length_is_refused_at_the_byte_too_many() -> None:
    async with client() as http:
        response = await http.post("/echo", content=pieces(11), headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"


async def test_a_length_that_lies_is_counted_all_the_same() -> None:
    async with client() as http:
        headers = {"content-type": "application/json", "content-length": "10"}
        response = await http.post("/echo", content=pieces(11), headers=headers)
    assert response.status_code == 413
