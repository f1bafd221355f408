"""A10 and DNS rebinding: requests for other names than the server's own are refused, sockets too."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from server.http.hosts import HostCheck
from server.settings import Settings


async def status(name: str, **settings: str) -> int:
    async def done(_: Request) -> PlainTextResponse:
        return PlainTextResponse("done")

    app = Starlette(routes=[Route("/", done)])
    app.add_middleware(HostCheck, settings=Settings.model_validate(settings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as http:
        return (await http.get("/", headers={"Host": name})).status_code


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:5173", "[::1]:8000", "127.9.9.9"])
async def test_this_machines_names_are_known(host: str) -> None:
    assert await status(host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[", "a/b", "@"]
)
async def test_another_name_for_this_machine_is_refused(host: str) -> None:
    assert await status(host) == 403


async def test_the_public_name_is_known_and_no_other() -> None:
    settings = {"public_url": "https://pad.example.org", "host": "0.0.0.0"}
    assert await status("pad.example.org", **settings) == 200
    assert await status("PAD.example.org:443", **settings) == 200
    assert await status("other.example.org", **settings) == 403


async def test_who_listens_everywhere_and_knows_no_name_takes_all() -> None:
    assert await status("whatever.example", host="0.0.0.0") == 200


async def test_an_upgrade_is_refused_before_it_is_accepted() -> None:
    sent: list[Message] = []

    async def never(*_: object) -> None:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/sync/d", "headers": [(b"host", b"evil.example")]}
    await HostCheck(never, Settings())(scope, never, send)  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 4403, "reason": "unknown host"}]
