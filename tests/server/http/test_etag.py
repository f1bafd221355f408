"""An answer that did not change is not sent again."""

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from server.http.etag import EntityTags


def client(answer: Response) -> httpx.AsyncClient:
    async def endpoint(_: Request) -> Response:
        return answer

    app = Starlette(routes=[Route("/", endpoint, methods=["GET", "POST"])])
    app.add_middleware(EntityTags)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_who_has_the_tag_gets_304_without_a_body() -> None:
    async with client(JSONResponse({"a": 1})) as http:
        first = await http.get("/")
        again = await http.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert first.json() == {"a": 1}
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers


async def test_a_list_of_tags_and_a_strong_form_match_too() -> None:
    async with client(JSONResponse([1])) as http:
        tag = (await http.get("/")).headers["etag"].removeprefix("W/")
        assert (await http.get("/", headers={"If-None-Match": f'"other", {tag}'})).status_code == 304


async def test_another_body_has_another_tag() -> None:
    async with client(JSONResponse([1])) as one, client(JSONResponse([2])) as two:
        tag = (await one.get("/")).headers["etag"]
        assert (await two.get("/", headers={"If-None-Match": tag})).json() == [2]


async def test_a_body_in_pieces_is_whole() -> None:
    async with client(StreamingResponse(iter([b"[1,", b"2]"]), media_type="application/json")) as http:
        assert (await http.get("/")).json() == [1, 2]


async def test_secrets_errors_posts_and_other_kinds_have_no_tag() -> None:
    for answer in (
        JSONResponse([1], headers={"Cache-Control": "no-store"}),
        JSONResponse([1], 404),
        PlainTextResponse("a"),
    ):
        async with client(answer) as http:
            assert "etag" not in (await http.get("/")).headers
    async with client(JSONResponse([1])) as http:
        assert "etag" not in (await http.post("/")).headers
