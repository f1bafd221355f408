"""The built web app: hashed files are kept for ever, pages are not, and no request leaves the bundle (A4)."""

import gzip
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from server.errors import AppError, told
from server.http.bundle import WebApp, read_bundle
from server.http.reply import error_response

PAGE = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bundle = tmp_path / "dist"
    (bundle / "assets").mkdir(parents=True)
    (bundle / "index.html").write_text("<!doctype html><title>Counterpoint</title>")
    (bundle / "assets" / "app-BzW3.js").write_text("console.log('Fuge');" * 100)
    (bundle / "assets" / "app-BzW3.js.gz").write_bytes(gzip.compress(b"console.log('Fuge');" * 100))
    (bundle / "assets" / "app-BzW3.js.map").write_text("{}")
    (bundle / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("sesame")
    return bundle


def client(folder: Path | None) -> httpx.AsyncClient:
    async def tell(_: object, error: Exception) -> object:
        assert isinstance(error, AppError)
        assert told(error).status == 404
        return error_response(error, None)

    route = Route("/{path:path}", WebApp(read_bundle(folder)).__call__)
    app = Starlette(routes=[route], exception_handlers={AppError: tell})  # type: ignore[dict-item]
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_a_hashed_file_is_kept_for_a_year_and_sent_compressed(folder: Path) -> None:
    async with client(folder) as http:
        response = await http.get("/assets/app-BzW3.js")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["content-encoding"] == "gzip"
    assert response.text == "console.log('Fuge');" * 100


async def test_who_cannot_unpack_gets_it_plain(folder: Path) -> None:
    async with client(folder) as http:
        response = await http.get("/assets/app-BzW3.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in response.headers
    assert len(response.content) == 2000


@pytest.mark.parametrize("path", ["/", "/workspaces/1", "/documents/1?x=2"])
async def test_a_browser_that_navigates_gets_the_app(folder: Path, path: str) -> None:
    async with client(folder) as http:
        response = await http.get(path, headers=PAGE)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"
    assert "<title>Counterpoint" in response.text


async def test_the_front_page_is_there_for_programs_too(folder: Path) -> None:
    async with client(folder) as http:
        response = await http.get("/", headers={"Accept": "*/*"})
    assert response.status_code == 200
    assert "Counterpoint" in response.text


async def test_the_same_page_again_is_304(folder: Path) -> None:
    async with client(folder) as http:
        tag = (await http.get("/", headers=PAGE)).headers["etag"]
        assert (await http.get("/", headers=PAGE | {"If-None-Match": tag})).status_code == 304


async def test_a_program_gets_404_where_nothing_is(folder: Path) -> None:
    async with client(folder) as http:
        assert (await http.get("/collaboration/nothing")).status_code == 404
        assert (await http.get("/assets/app-BzW3.js.map")).status_code == 404
        assert (await http.get("/assets/app-BzW3.js.gz")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "//etc/passwd", "/..%5csecret.txt"]
)
async def test_nothing_outside_the_bundle_is_served(folder: Path, path: str) -> None:
    async with client(folder) as http:
        response = await http.get(path)
    assert response.status_code == 404
    assert "sesame" not in response.text


async def test_without_a_bundle_the_page_says_how_to_build_it() -> None:
    async with client(None) as http:
        response = await http.get("/", headers=PAGE)
    assert response.status_code == 503
    assert "make web" in response.text
