"""Every answer carries the security headers, and none of them takes away what a route has said itself."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.http.headers import ALWAYS, CONTENT_SECURITY_POLICY, SecurityHeaders


async def answer(request: Request) -> Response:
    return Response("", headers=dict(request.query_params))


def served(*, https: bool) -> httpx.AsyncClient:
    app = Starlette(
        routes=[Route("/{path:path}", answer)],
        middleware=[Middleware(SecurityHeaders, https=https)],
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_every_answer_has_them_also_one_that_was_not_found() -> None:
    async with served(https=False) as http:
        for path in ("/", "/auth/me"):
            headers = (await http.get(path)).headers
            assert {name: headers[name] for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize("https", [False, True])
async def test_only_https_asks_browsers_to_stay_with_https(https: bool) -> None:
    async with served(https=https) as http:
        assert ("strict-transport-security" in (await http.get("/")).headers) is https


async def test_no_shared_cache_keeps_anything_and_nothing_keeps_a_sign_in() -> None:
    async with served(https=False) as http:
        assert (await http.get("/documents")).headers["cache-control"] == "private, no-cache"
        assert (await http.get("/auth/login")).headers["cache-control"] == "no-store"


async def test_what_a_route_says_itself_stands() -> None:
    async with served(https=False) as http:
        response = await http.get("/asset", params={"Cache-Control": "immutable", "Content-Security-Policy": "sandbox"})
    assert response.headers["cache-control"] == "immutable"
    assert response.headers["content-security-policy"] == "sandbox"


def test_no_script_or_style_may_stand_in_a_page() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")
