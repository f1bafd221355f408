"""/auth over HTTP: cookies, tokens, users, and who is refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from server.identity.roles import OrganisationRole
from tests.server.identity.conftest import OpenPlace
from tests.server.identity.place import ADA, PASSWORD, Place

NEW = "a quite different password"
BEN = "ben@example.org"
ORIGIN = "http://127.0.0.1:8000"
LOGIN = {"email": ADA, "password": PASSWORD}


@pytest.fixture
async def visitor(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody in particular, with a page of ours."""
    async with place.client(headers={"Origin": ORIGIN}) as client:
        yield client


@pytest.fixture
async def ada(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator, by bearer token."""
    await place.person()
    async with place.client(headers={"Authorization": f"Bearer {await place.session()}"}) as client:
        yield client


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    response = await client.post(path, json=body)
    assert response.status_code == 201, response.text
    return response.json()


# Signing in and out.


async def test_signing_in_answers_a_token_a_user_and_sets_the_cookie(place: Place, visitor: httpx.AsyncClient) -> None:
    ada = await place.person()
    response = await visitor.post("/auth/login", json={"email": " Ada@Example.ORG", "password": PASSWORD})
    assert response.status_code == 200
    body = response.json()
    assert body["token"].startswith("cps_")
    assert body["user"]["id"] == ada
    assert body["user"]["organisation"]["name"] == "Default"
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("counterpoint=cps_")
    assert {"httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
    assert "secure" not in cookie
    assert "domain" not in cookie
    me = (await visitor.get("/auth/me")).json()
    assert (me["id"], me["email"], me["role"]) == (ada, ADA, "admin")


async def test_under_https_the_cookie_is_bound_to_the_host(open_place: OpenPlace) -> None:
    place = await open_place(public_url="https://pad.example.org")
    await place.person()
    async with place.client() as client:
        response = await client.post("/auth/login", json=LOGIN)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-counterpoint=cps_")
    assert "Secure" in cookie
    assert "Domain" not in cookie


async def test_every_sign_in_is_a_new_session(place: Place, visitor: httpx.AsyncClient) -> None:
    await place.person()
    tokens = {(await visitor.post("/auth/login", json=LOGIN)).json()["token"] for _ in range(3)}
    assert len(tokens) == 3


async def test_an_unknown_user_and_a_wrong_password_look_alike(place: Place, visitor: httpx.AsyncClient) -> None:
    await place.person()
    answers = [
        await visitor.post("/auth/login", json={"email": email, "password": "not the password"})
        for email in (ADA, "nobody@example.org", "no address at all", "a\u0000b")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_guessing_is_slowed_down_and_says_for_how_long(place: Place, visitor: httpx.AsyncClient) -> None:
    await place.person()
    wrong = {"email": ADA, "password": "not the password"}
    statuses = [(await visitor.post("/auth/login", json=wrong)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    refused = await visitor.post("/auth/login", json=LOGIN)
    assert refused.status_code == 429, "the right password does not help either"
    assert refused.json()["code"] == "rate_limited"
    place.clock.move(seconds=int(refused.headers["retry-after"]))
    assert (await visitor.post("/auth/login", json=LOGIN)).status_code == 200


async def test_a_flood_of_sign_ins_is_turned_away_and_nobody_else_waits(place: Place) -> None:
    await place.person()
    clients = [place.client(address=(f"192.0.2.{n}", 1)) for n in range(60)]
    flood = [
        asyncio.create_task(client.post("/auth/login", json={"email": f"u{n}@example.org", "password": "guess" * 3}))
        for n, client in enumerate(clients)
    ]
    async with place.client() as client:
        assert (await client.get("/auth/status")).status_code == 200
        assert not all(task.done() for task in flood), "it was answered while passwords were still being hashed"
    statuses = sorted(response.status_code for response in await asyncio.gather(*flood))
    assert set(statuses) == {401, 503}
    for client in clients:
        await client.aclose()


async def test_signing_out_ends_the_session_and_clears_the_cookie(place: Place, visitor: httpx.AsyncClient) -> None:
    await place.person()
    await visitor.post("/auth/login", json=LOGIN)
    response = await visitor.post("/auth/logout")
    assert response.status_code == 204
    assert 'counterpoint=""' in response.headers["set-cookie"]
    assert (await visitor.get("/auth/me")).status_code == 401
    assert (await visitor.post("/auth/logout")).status_code == 204, "twice is as good as once"
    assert place.changes[-1]["credential"] is not None


# Cross-site requests.


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ORIGIN}, 204),
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8001"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Origin": ORIGIN, "Content-Type": "text/plain"}, 403),
        ({"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}, 403),
        ({"Authorization": "Bearer TOKEN"}, 204),
        ({"Authorization": "Bearer TOKEN", "Origin": "https://evil.example"}, 204),
        ({"Authorization": "Basic TOKEN", "Origin": "https://evil.example"}, 403),
    ],
)
async def test_a_cookie_acts_only_for_our_own_page(headers: dict[str, str], status: int, place: Place) -> None:
    await place.person()
    token = await place.session()
    sent = {"Content-Type": "application/json", "Cookie": f"counterpoint={token}"} | headers
    sent = {name: value.replace("TOKEN", token) for name, value in sent.items()}
    async with place.client() as client:
        body = f'{{"current": "{PASSWORD}", "new": "{NEW}"}}'
        response = await client.post("/auth/password", content=body, headers=sent)
    assert response.status_code == status
    changed = await place.wing.accounts.sign_in(ADA, NEW if status == 204 else PASSWORD, "198.51.100.1")
    assert changed


# Oneself.


async def test_nobody_is_told_nothing_but_the_status(place: Place, visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/auth/status")).json()["needs_setup"] is True
    for path in ("/auth/me", "/auth/permissions", "/auth/tokens", "/auth/users"):
        refused = await visitor.get(path)
        assert refused.status_code == 401
        assert refused.json()["code"] == "unauthenticated"
        assert refused.headers["www-authenticate"] == "Bearer"


async def test_permissions_are_those_of_the_role(ada: httpx.AsyncClient) -> None:
    body = (await ada.get("/auth/permissions")).json()
    assert body["role"] == "admin"
    assert {"collaboration.view", "workspace.create", "users.manage"} <= set(body["permissions"])


async def test_a_new_password_ends_all_other_sessions(place: Place, ada: httpx.AsyncClient) -> None:
    other = await place.session()
    response = await ada.post("/auth/password", json={"current": PASSWORD, "new": NEW})
    assert response.status_code == 204
    assert (await ada.get("/auth/me")).status_code == 200, "this one goes on"
    assert (await ada.get("/auth/me", headers={"Authorization": f"Bearer {other}"})).status_code == 401
    assert place.changes[-1]["user"] is not None
    assert (await ada.post("/auth/login", json=LOGIN)).status_code == 401
    assert (await ada.post("/auth/login", json=LOGIN | {"password": NEW})).status_code == 200


async def test_a_wrong_current_password_changes_nothing_and_counts_as_a_guess(ada: httpx.AsyncClient) -> None:
    wrong = {"current": "not the password", "new": NEW}
    statuses = [(await ada.post("/auth/password", json=wrong)).status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]


async def test_a_poor_new_password_is_refused_and_not_repeated(ada: httpx.AsyncClient) -> None:
    response = await ada.post("/auth/password", json={"current": PASSWORD, "new": "password123"})
    assert response.status_code == 422
    assert response.json()["details"][0]["field"] == "new"
    assert "password123" not in response.text


@pytest.mark.parametrize("path", ["/auth/login", "/auth/password", "/auth/setup", "/auth/users"])
async def test_secrets_of_a_wrong_request_are_not_repeated(path: str, ada: httpx.AsyncClient) -> None:
    body = {"password": ["hunter2 hunter2"], "current": {"a": "hunter2"}, "new": 7, "token": ["hunter2"], "email": 7}
    response = await ada.post(path, json=body)
    assert response.status_code == 422
    assert "hunter2" not in response.text


# Tokens and tickets.


async def test_a_token_is_told_once_listed_and_revoked(place: Place, ada: httpx.AsyncClient) -> None:
    new = await made(ada, "/auth/tokens", name="bot", scopes=["documents:read"])
    assert new["token"].startswith("cpt_")
    (listed,) = (await ada.get("/auth/tokens")).json()
    assert listed == {name: value for name, value in new.items() if name != "token"}
    bot = {"Authorization": f"Bearer {new['token']}"}
    assert (await ada.get("/auth/me", headers=bot)).status_code == 200
    assert (await ada.delete(f"/auth/tokens/{new['id']}")).status_code == 204
    assert (await ada.get("/auth/me", headers=bot)).status_code == 401
    assert (await ada.delete(f"/auth/tokens/{new['id']}")).status_code == 404


async def test_a_token_may_no_more_than_its_scopes(ada: httpx.AsyncClient) -> None:
    new = await made(ada, "/auth/tokens", name="bot", scopes=["documents:write", "account", "workspaces:manage"])
    bot = {"Authorization": f"Bearer {new['token']}"}
    allowed = set((await ada.get("/auth/permissions", headers=bot)).json()["permissions"])
    assert "collaboration.manage" in allowed
    assert "users.manage" not in allowed
    assert (await ada.get("/auth/users", headers=bot)).status_code == 403
    assert (await ada.post("/auth/tokens", json={"name": "b", "scopes": ["account"]}, headers=bot)).status_code == 403
    change = {"current": PASSWORD, "new": NEW}
    assert (await ada.post("/auth/password", json=change, headers=bot)).status_code == 403


async def test_a_token_ends_when_it_was_told_to(place: Place, ada: httpx.AsyncClient) -> None:
    new = await made(ada, "/auth/tokens", name="bot", scopes=["account"], expires_in_days=1)
    bot = {"Authorization": f"Bearer {new['token']}"}
    place.clock.move(days=1, seconds=-1)
    assert (await ada.get("/auth/me", headers=bot)).status_code == 200
    place.clock.move(seconds=1)
    assert (await ada.get("/auth/me", headers=bot)).status_code == 401


async def test_a_token_that_never_ends_must_be_asked_for(ada: httpx.AsyncClient) -> None:
    assert (await made(ada, "/auth/tokens", name="bot", scopes=["account"]))["expires_at"] is not None
    forever = await made(ada, "/auth/tokens", name="bot", scopes=["account"], expires_in_days=None)
    assert forever["expires_at"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"name": "bot", "scopes": []},
        {"name": "bot", "scopes": ["everything"]},
        {"name": "", "scopes": ["account"]},
        {"name": "x" * 101, "scopes": ["account"]},
        {"name": "bot\u202e", "scopes": ["account"]},
        {"name": "bot", "scopes": ["account"], "expires_in_days": 0},
        {"name": "bot", "scopes": ["account"], "user_id": "somebody else"},
    ],
)
async def test_a_token_that_makes_no_sense_is_refused(body: dict[str, Any], ada: httpx.AsyncClient) -> None:
    assert (await ada.post("/auth/tokens", json=body)).status_code == 422


async def test_nobody_sees_or_revokes_anothers_token(place: Place, ada: httpx.AsyncClient) -> None:
    new = await made(ada, "/auth/tokens", name="bot", scopes=["account"])
    await place.person(BEN)
    ben = {"Authorization": f"Bearer {await place.session(BEN)}"}
    assert (await ada.get("/auth/tokens", headers=ben)).json() == []
    assert (await ada.delete(f"/auth/tokens/{new['id']}", headers=ben)).status_code == 404


async def test_a_ticket_is_issued_for_a_document_that_one_may_open(place: Place, ada: httpx.AsyncClient) -> None:
    me = (await ada.get("/auth/me")).json()["id"]
    document = await place.document(await place.workspace(me), me)
    response = await ada.post("/auth/ws-ticket", json={"document": document})
    assert response.status_code == 200
    caller = await place.principal(ticket=response.json()["ticket"])
    assert (caller.user_id, caller.document) == (me, document)
    assert (await ada.post("/auth/ws-ticket", json={"document": "0" * 32})).status_code == 404
    assert (await ada.post("/auth/ws-ticket")).status_code == 200, "a body is not needed"


# Users.


async def test_an_administrator_adds_a_colleague_who_signs_in(ada: httpx.AsyncClient) -> None:
    new = await made(ada, "/auth/users", email=BEN, name="Ben", password=PASSWORD)
    assert (new["role"], new["active"], new["managed_by"]) == ("data_analyst", True, "counterpoint")
    assert [user["email"] for user in (await ada.get("/auth/users")).json()] == [ADA, BEN]
    signed_in = await ada.post("/auth/login", json={"email": BEN, "password": PASSWORD})
    assert signed_in.json()["user"]["id"] == new["id"]
    again = await ada.post("/auth/users", json={"email": BEN.upper(), "name": "B", "password": PASSWORD})
    assert again.status_code == 409


@pytest.mark.parametrize("role", list(OrganisationRole)[1:])
async def test_nobody_else_sees_or_changes_users(role: OrganisationRole, place: Place, ada: httpx.AsyncClient) -> None:
    ben = await place.person(BEN, role)
    as_ben = {"Authorization": f"Bearer {await place.session(BEN)}"}
    assert (await ada.get("/auth/users", headers=as_ben)).status_code == 403
    new = {"email": "c@example.org", "name": "C", "password": PASSWORD}
    assert (await ada.post("/auth/users", json=new, headers=as_ben)).status_code == 403
    assert (await ada.patch(f"/auth/users/{ben}", json={"role": "admin"}, headers=as_ben)).status_code == 403


async def test_a_change_of_role_is_told_to_open_sockets(place: Place, ada: httpx.AsyncClient) -> None:
    ben = await place.person(BEN, OrganisationRole.DATA_ANALYST)
    changed = await ada.patch(f"/auth/users/{ben}", json={"role": "viewer", "name": "Benjamin"})
    assert (changed.json()["role"], changed.json()["name"]) == ("viewer", "Benjamin")
    assert place.changes == [{"organisation": None, "user": ben, "credential": None, "document": None}]


async def test_who_is_shut_out_is_out_at_once_and_may_come_back(place: Place, ada: httpx.AsyncClient) -> None:
    ben = await place.person(BEN)
    as_ben = {"Authorization": f"Bearer {await place.session(BEN)}"}
    assert (await ada.patch(f"/auth/users/{ben}", json={"active": False})).json()["active"] is False
    assert (await ada.get("/auth/me", headers=as_ben)).status_code == 401
    login = {"email": BEN, "password": PASSWORD}
    assert (await ada.post("/auth/login", json=login)).status_code == 401
    await ada.patch(f"/auth/users/{ben}", json={"active": True})
    assert (await ada.get("/auth/me", headers=as_ben)).status_code == 401, "the old session stays ended"
    assert (await ada.post("/auth/login", json=login)).status_code == 200


async def test_a_password_set_by_an_administrator_ends_all_sessions(place: Place, ada: httpx.AsyncClient) -> None:
    ben = await place.person(BEN)
    as_ben = {"Authorization": f"Bearer {await place.session(BEN)}"}
    assert (await ada.patch(f"/auth/users/{ben}", json={"password": NEW})).status_code == 200
    assert (await ada.get("/auth/me", headers=as_ben)).status_code == 401
    assert (await ada.post("/auth/login", json={"email": BEN, "password": NEW})).status_code == 200


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"active": False}])
async def test_the_last_administrator_stays(change: dict[str, Any], place: Place, ada: httpx.AsyncClient) -> None:
    me = (await ada.get("/auth/me")).json()["id"]
    assert (await ada.patch(f"/auth/users/{me}", json=change)).status_code == 409
    await place.person(BEN, OrganisationRole.ADMIN)
    assert (await ada.patch(f"/auth/users/{me}", json=change)).status_code == 200


async def test_another_organisations_users_are_not_there(place: Place, ada: httpx.AsyncClient) -> None:
    eve = await place.person("eve@example.net", OrganisationRole.ADMIN, organisation="Globex")
    as_eve = {"Authorization": f"Bearer {await place.session('eve@example.net')}"}
    me = (await ada.get("/auth/me")).json()["id"]
    assert (await ada.patch(f"/auth/users/{eve}", json={"active": False})).status_code == 404
    assert (await ada.patch(f"/auth/users/{me}", json={"active": False}, headers=as_eve)).status_code == 404
    assert [user["id"] for user in (await ada.get("/auth/users", headers=as_eve)).json()] == [eve]


@pytest.mark.parametrize(
    "column", ["id", "password_hash", "external_subject", "external_organisation_id", "created_at", "organisation_id"]
)
async def test_what_is_not_a_callers_to_set_is_refused(column: str, place: Place, ada: httpx.AsyncClient) -> None:
    ben = await place.person(BEN)
    assert (await ada.patch(f"/auth/users/{ben}", json={column: "x"})).status_code == 422
    new = {"email": "c@example.org", "name": "C", "password": PASSWORD, column: "x"}
    assert (await ada.post("/auth/users", json=new)).status_code == 422


async def test_an_applications_user_has_no_password_here(place: Place, ada: httpx.AsyncClient) -> None:
    organisation = await place.organisation()
    store = place.wing.setup._store
    grace = await store.external(organisation, "u-1", "Grace", OrganisationRole.VIEWER, place.clock.now())
    (listed,) = [user for user in (await ada.get("/auth/users")).json() if user["id"] == grace.id]
    assert (listed["managed_by"], listed["email"]) == ("application", None)
    assert (await ada.patch(f"/auth/users/{grace.id}", json={"password": NEW})).status_code == 422


# --open.


async def test_in_open_mode_everybody_is_the_same_user_and_no_administrator(open_place: OpenPlace) -> None:
    place = await open_place(open_mode=True)
    async with place.client() as client:
        status = (await client.get("/auth/status")).json()
        assert (status["open_mode"], status["needs_setup"]) == (True, False)
        assert (await client.get("/auth/me")).json()["organisation"]["name"] == "local"
        assert (await client.get("/auth/users")).status_code == 403
        assert (await client.post("/auth/tokens", json={"name": "b", "scopes": ["account"]})).status_code == 403
