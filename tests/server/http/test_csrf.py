"""T13: another site's page cannot act with a visitor's cookie."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from server.http.csrf import CsrfGuard

OURS = "http://pad.example"
COOKIE = {"Cookie": "counterpoint=cps_abcdefgh"}
JSON = {"Content-Type": "application/json"}
METHODS = ["POST", "PUT", "PATCH", "DELETE"]


def client() -> httpx.AsyncClient:
    async def done(_: Request) -> PlainTextResponse:
        return PlainTextResponse("done")

    app = Starlette(routes=[Route("/", done, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])])
    app.add_middleware(CsrfGuard, origin_allowed=lambda origin, _: origin == OURS, cookies=frozenset({"counterpoint"}))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=OURS)


async def status(method: str, headers: dict[str, str], content: bytes = b"{}") -> int:
    async with client() as http:
        return (await http.request(method, "/", headers=headers, content=content)).status_code


@pytest.mark.parametrize("method", METHODS)
async def test_our_own_page_may(method: str) -> None:
    assert await status(method, COOKIE | JSON | {"Origin": OURS}) == 200


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "https://pad.example", "http://pad.example:81", "http://pad.example.evil"]
)
async def test_another_origin_may_not(method: str, origin: str) -> None:
    assert await status(method, COOKIE | JSON | {"Origin": origin}) == 403


async def test_a_foreign_origin_may_not_even_sign_a_visitor_in() -> None:
    assert await status("POST", JSON | {"Origin": "http://evil.example"}) == 403


async def test_two_origins_are_none() -> None:
    async with client() as http:
        headers = [*(COOKIE | JSON).items(), ("Origin", OURS), ("Origin", "http://evil.example")]
        assert (await http.post("/", headers=headers, content=b"{}")).status_code == 403


@pytest.mark.parametrize("mark", [None, "none", "cross-site", "same-site", "no-cors", ""])
async def test_without_an_origin_the_browser_must_say_same_origin(mark: str | None) -> None:
    assert await status("POST", COOKIE | JSON | ({} if mark is None else {"Sec-Fetch-Site": mark})) == 403


async def test_without_an_origin_same_origin_is_enough() -> None:
    assert await status("POST", COOKIE | JSON | {"Sec-Fetch-Site": "same-origin"}) == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_body_that_a_form_could_send_is_refused(kind: str) -> None:
    assert await status("POST", COOKIE | {"Origin": OURS, "Content-Type": kind}) == 403


async def test_a_method_override_changes_nothing() -> None:
    headers = COOKIE | JSON | {"Origin": "http://evil.example", "X-HTTP-Method-Override": "GET"}
    assert await status("POST", headers) == 403


async def test_a_bearer_token_vouches_for_itself() -> None:
    headers = COOKIE | {"Authorization": "Bearer cpt_abcdefgh", "Origin": "http://other.example"}
    assert await status("POST", headers) == 200


async def test_a_basic_credential_does_not() -> None:
    assert await status("POST", COOKIE | JSON | {"Authorization": "Basic YTpi"}) == 403


async def test_without_a_cookie_and_an_origin_a_program_may() -> None:
    assert await status("POST", JSON) == 200


async def test_reading_is_free() -> None:
    async with client() as http:
        assert (await http.get("/", headers=COOKIE | {"Origin": "http://evil.example"})).status_code == 200
