"""The whole application: what every answer carries, who may ask from where, and what an operator sees."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server.app import build, description
from server.http.headers import CONTENT_SECURITY_POLICY
from server.identity.policy import ROUTES
from server.settings import Settings
from tests.server.support import ADMIN, PASSWORD, Place, served

FOREIGN = "https://evil.example"
FRIEND = "https://app.example.org"

STREAMS = {"/events", "/connection/http_stream", "/connection/sse"}
"""They refuse in the stream, as their own tests show."""


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with served(tmp_path, allowed_origins=(FRIEND,)) as place:
        yield place


def test_nothing_connects_before_the_lifespan(tmp_path: Path) -> None:
    build(Settings(data_dir=tmp_path / "data"))
    assert not (tmp_path / "data").exists()


async def test_every_answer_has_the_security_headers(place: Place) -> None:
    for path in ("/healthz", "/nothing", "/auth/me", "/docs", "/"):
        headers = (await place.http.get(path)).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert len(headers["x-request-id"]) == 32
        assert "server" not in headers
        assert "strict-transport-security" not in headers


async def test_what_is_about_a_person_is_kept_by_no_cache(place: Place) -> None:
    assert (await place.admin.get("/auth/me")).headers["cache-control"] == "no-store"
    assert (await place.admin.get("/collaboration/workspaces")).headers["cache-control"] == "private, no-cache"


async def test_https_is_kept_where_it_is(tmp_path: Path) -> None:
    app = build(Settings(data_dir=tmp_path, public_url="https://pad.example.org"))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://pad.example.org") as http,
    ):
        assert (await http.get("/healthz")).headers["strict-transport-security"] == "max-age=63072000"


async def test_a_preflight_of_an_allowed_origin_may_send_what_the_contract_names(place: Place) -> None:
    asked = "authorization,content-type,x-client-version,x-feature-set,idempotency-key"
    headers = {"Origin": FRIEND, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked}
    response = await place.http.options("/collaboration/workspaces", headers=headers)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == FRIEND
    allowed = {each.strip().lower() for each in response.headers["access-control-allow-headers"].split(",")}
    assert set(asked.split(",")) <= allowed


async def test_an_allowed_origin_may_read_answers_and_errors(place: Place) -> None:
    for path, status in (("/collaboration/workspaces", 200), ("/collaboration/workspaces?limit=0", 422)):
        response = await place.admin.get(path, headers={"Origin": FRIEND})
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] == FRIEND
        exposed = response.headers["access-control-expose-headers"].lower()
        assert all(name in exposed for name in ("etag", "x-request-id", "retry-after"))


@pytest.mark.parametrize("origin", [FOREIGN, "null", FRIEND + ".evil.example", FRIEND.replace("https", "http")])
async def test_a_foreign_origin_may_neither_ask_nor_read(place: Place, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in (await place.http.options("/auth/login", headers=headers)).headers
    read = await place.admin.get("/collaboration/workspaces", headers={"Origin": origin})
    assert "access-control-allow-origin" not in read.headers
    body = {"email": ADMIN, "password": PASSWORD}
    response = await place.http.post("/auth/login", json=body, headers={"Origin": origin})
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert "set-cookie" not in response.headers


async def test_T13_the_cookie_of_a_session_counts_only_from_our_own_page(place: Place) -> None:
    body = {"email": ADMIN, "password": PASSWORD}
    await place.http.post("/auth/login", json=body, headers={"Origin": "http://127.0.0.1:8000"})
    new = {"name": "Fuge", "type": "security"}
    for headers in ({}, {"Origin": FOREIGN}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
        response = await place.http.post("/collaboration/workspaces", json=new, headers=headers)
        assert response.status_code == 403, headers
    form = {"Content-Type": "text/plain", "Origin": "http://127.0.0.1:8000"}
    assert (
        await place.http.post("/collaboration/workspaces", content=json.dumps(new), headers=form)
    ).status_code == 403
    ours = {"Origin": "http://127.0.0.1:8000"}
    assert (await place.http.post("/collaboration/workspaces", json=new, headers=ours)).status_code == 201


async def test_a_host_that_is_not_ours_is_refused(place: Place) -> None:
    response = await place.http.get("/healthz", headers={"Host": "evil.example"})
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


async def test_without_a_credential_every_guarded_route_says_401(place: Place) -> None:
    for (method, template), rule in ROUTES.items():
        if rule.public or template in STREAMS:
            continue
        path = re.sub(r"\{\w+\}", "a" * 32, template)
        response = await place.http.request(method, path, json={} if method in {"POST", "PUT", "PATCH"} else None)
        assert (response.status_code, response.json()["code"]) == (401, "unauthenticated"), (method, template)
        assert response.headers["www-authenticate"] == "Bearer"


async def test_every_route_has_a_row_in_the_policy_table_and_every_row_a_route(place: Place) -> None:
    served_routes = {
        (method.upper(), path) for path, methods in place.app.openapi()["paths"].items() for method in methods
    }
    hidden = {("GET", path) for path in ("/openapi.json", "/docs", "/docs/style.css", "/{path:path}", "/events")}
    centrifugo = {("POST", "/connection/http_stream"), ("GET", "/connection/sse"), ("POST", "/emulation")}
    assert served_routes | hidden | centrifugo == set(ROUTES)


async def test_errors_have_one_shape_whatever_went_wrong(place: Place) -> None:
    answers = [
        await place.admin.get("/nothing"),
        await place.admin.ask("DELETE", "/collaboration/workspaces"),
        await place.admin.post("/collaboration/workspaces", {}),
        await place.admin.ask(
            "POST", "/collaboration/workspaces", content=b"{", headers={"Content-Type": "application/json"}
        ),
        await place.admin.get("/collaboration/documents/" + "a" * 32),
        await place.http.get("/auth/me"),
    ]
    assert [each.status_code for each in answers] == [404, 405, 422, 400, 404, 401]
    for answer in answers:
        body = answer.json()
        assert set(body) == {"message", "code", "details", "request_id"}
        assert body["message"].strip().endswith(".")
        assert body["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/collaboration/documents/%00", "/collaboration/documents/%ff%fe", "/%0d%0aX-Evil:1"])
async def test_A8_control_characters_in_an_address_do_no_harm(place: Place, path: str) -> None:
    response = await place.admin.get(path)
    assert response.status_code == 404
    assert "x-evil" not in response.headers


async def test_the_description_names_our_own_error_body(place: Place) -> None:
    schema = (await place.http.get("/openapi.json")).json()
    assert "HTTPValidationError" not in schema["components"]["schemas"]
    answers = schema["paths"]["/collaboration/workspaces"]["post"]["responses"]
    refused = schema["components"]["responses"][answers["4XX"]["$ref"].rpartition("/")[2]]
    assert refused["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")
    assert "422" not in answers


async def test_the_description_says_that_an_answer_has_all_of_its_fields_and_a_question_may_leave_some_out() -> None:
    schemas = description()["components"]["schemas"]
    assert set(schemas["Comment"]["required"]) == set(schemas["Comment"]["properties"])
    assert "next_cursor" in schemas["Envelope_Workspace_"]["required"]
    assert schemas["NewDocument"]["required"] == ["title", "type"]


async def test_the_description_needs_no_running_server(place: Place) -> None:
    assert description() == place.app.openapi()


async def test_the_page_of_the_api_needs_no_script_and_no_other_host(place: Place) -> None:
    page = (await place.http.get("/docs")).text
    assert "<script" not in page
    assert "style=" not in page
    assert "//" not in page.replace("http://127.0.0.1", "").split("<body>")[0]
    assert "/collaboration/workspaces/{workspace_id}/documents" in page
    assert (await place.http.get("/docs/style.css")).headers["content-type"].startswith("text/css")


async def test_ready_and_figures_are_of_the_real_parts(place: Place) -> None:
    ready = (await place.http.get("/readyz")).json()
    assert ready["ready"] is True
    assert set(ready["checks"]) == {"store", "log", "loop"}
    text = (await place.http.get("/metrics")).text
    assert "counterpoint_rooms 0.0" in text
    assert 'counterpoint_http_requests_total{method="GET",route="/readyz",status="200"} 1.0' in text


async def test_a_store_that_is_gone_is_said_by_readyz_and_not_by_healthz(place: Place, tmp_path: Path) -> None:
    await place.house.database.close()
    for file in tmp_path.glob("counterpoint.sqlite3*"):
        file.unlink()
    (tmp_path / "counterpoint.sqlite3").mkdir()
    ready = await place.http.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["store"]["reason"].startswith("the check failed")
    assert (await place.http.get("/healthz")).status_code == 200


async def test_a_second_start_keeps_everything(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        workspace = await place.admin.workspace("Fuge")
    async with served(tmp_path) as place:
        found = (await place.admin.get("/collaboration/workspaces")).json()["data"]
    assert [each["id"] for each in found] == [workspace]
