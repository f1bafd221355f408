"""Every change writes exactly its events: by whichever door, and whoever makes it."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import OctKey

from persistence.database import Database
from server.cli import main
from server.events import accounts as a
from server.events import documents as d
from server.events import workspaces as w
from server.events.catalogue import CATALOGUE
from server.events.envelope import hear
from server.identity.roles import Scope
from tests.server.events.changes import COMMANDS, ROUTES, SIGN_UP, Change
from tests.server.events.stage import Stage, bare, set_up, written
from tests.server.support import PASSWORD, Person, served

SECRET = "an HS256 secret of more than 32 bytes"
ALL_SCOPES = [scope.value for scope in Scope]
BY_A_PERSON_ONLY = {"/auth/setup", "/auth/password", "/auth/tokens", "/auth/users", "/auth/users/{user_id}"}
BY_A_PERSON_ONLY |= {"/admin/users/{user_id}/disconnect", "/admin/connections/{connection_id}/close"}
BY_A_PERSON_ONLY |= {"/auth/invitations/accept", SIGN_UP}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with served(tmp_path, jwt_secret=SECRET) as place:
        yield await set_up(place)


def rows(*without: str) -> list[Any]:
    return [pytest.param(change, id=" ".join(route)) for route, change in ROUTES.items() if route[1] not in without]


@pytest.mark.parametrize("change", rows("/auth/setup", SIGN_UP))
async def test_a_request_of_a_person_writes_exactly_its_events(stage: Stage, change: Change) -> None:
    await change.do(stage)
    assert tuple(await stage.kinds()) == change.events
    assert {heard.actor.kind for heard in await stage.heard()} == {"person"}
    assert {heard.actor.id for heard in await stage.heard()} == {stage.ada.id}


@pytest.mark.parametrize("change", rows(*BY_A_PERSON_ONLY, "/auth/tokens/{token_id}"))
async def test_a_program_with_a_token_writes_the_same(stage: Stage, change: Change) -> None:
    made = await stage.ada.post("/auth/tokens", {"name": "bot", "scopes": ALL_SCOPES})
    stage.ada = Person(stage.ada.http, made.json()["token"], stage.ada.id, stage.ada.email)
    await change.do(stage)
    assert tuple(await stage.kinds()) == change.events
    assert {(heard.actor.kind, heard.actor.id) for heard in await stage.heard()} == {("token", stage.ada.id)}


async def test_the_first_account_is_told(tmp_path: Path) -> None:
    async with bare(tmp_path) as (house, http):
        token = await house.setup_token()
        new = {"token": token, "email": "ada@example.org", "name": "Ada", "password": PASSWORD}
        response = await http.post("/auth/setup", json=new)
        assert response.status_code == 200, response.text
        [told] = [hear(event) for event in await written(house.database)]
        assert told.event == a.AccountCreated(user_id=response.json()["user"]["id"], name="Ada", role="admin")
        assert told.actor.kind == "system"


async def test_who_signs_up_by_an_invitation_is_the_one_who_did_it(stage: Stage) -> None:
    change = ROUTES["POST", SIGN_UP]
    await change.do(stage)
    assert tuple(await stage.kinds()) == change.events
    [actor] = {heard.actor for heard in await stage.heard()}
    assert (actor.kind, actor.name) == ("person", "Eve")
    assert actor.id not in {stage.ada.id, None}


# What changes nothing, or fails, writes nothing.


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "{workspace}", {"name": "Orchestra"}),
        ("PATCH", "{document}", {"title": "Score", "type": "report"}),
        ("PATCH", "/auth/users/{cyd}", {"name": "cyd"}),
        ("PUT", "{workspace}/members/{cyd}", {"role": "editor"}),
    ],
)
async def test_a_change_to_what_it_is_already_writes_nothing(stage: Stage, method: str, path: str, body: Any) -> None:
    names = {"workspace": stage.at_workspace, "document": stage.at_document, "cyd": stage.cyd.id}
    await stage.do(method, path.format(**names), body)
    assert await stage.kinds() == []


async def test_what_is_refused_writes_nothing(stage: Stage) -> None:
    await stage.mark()
    for method, path, body in (
        ("POST", "/collaboration/workspaces", {"name": "Orchestra", "type": "security"}),
        ("POST", stage.at_workspace + "/members", {"email": "cyd@example.org"}),
        ("DELETE", f"{stage.at_workspace}/members/{stage.ada.id}", None),
        ("POST", stage.at_document + "/restore", None),
        ("POST", "/auth/users", {"email": "ben@example.org", "name": "Ben", "password": PASSWORD}),
        ("DELETE", "/auth/tokens/unknown", None),
    ):
        response = await stage.ada.ask(method, path, json=body)
        assert response.is_client_error, (path, response.text)
    assert await stage.kinds() == []


async def test_a_repeated_request_writes_its_events_once(stage: Stage) -> None:
    key = {"Idempotency-Key": "k1"}
    await stage.mark()
    for _ in range(3):
        response = await stage.ada.post("/collaboration/workspaces", {"name": "Choir", "type": "security"}, headers=key)
        assert response.status_code == 201
    assert await stage.kinds() == [w.WorkspaceCreated, w.MemberJoined, w.MembershipBegan]


async def test_of_many_who_delete_at_once_one_is_told(stage: Stage) -> None:
    await stage.mark()
    await asyncio.gather(*(stage.ada.ask("DELETE", stage.at_document) for _ in range(5)))
    assert await stage.kinds() == [d.DocumentDeleted]


# What happens by itself.


async def test_who_leaves_by_himself_is_not_removed(stage: Stage) -> None:
    await stage.mark()
    await stage.cyd.ask("DELETE", f"{stage.at_workspace}/members/{stage.cyd.id}")
    assert await stage.kinds() == [w.MemberLeft, w.MembershipEnded]


async def test_an_owner_who_goes_hands_over(stage: Stage) -> None:
    await stage.ada.ask("PUT", f"{stage.at_workspace}/members/{stage.cyd.id}", json={"role": "owner"})
    await stage.do("DELETE", f"{stage.at_workspace}/members/{stage.ada.id}")
    assert await stage.kinds() == [w.MemberLeft, w.OwnerChanged, w.MembershipEnded]


async def test_a_user_of_an_application_is_told_when_first_seen_and_when_renamed(stage: Stage) -> None:
    await stage.mark()
    for name in ("Grace", "Grace", "Grace Hopper"):
        bearer = {"Authorization": f"Bearer {app_token(sub='u-1', name=name)}"}
        assert (await stage.place.http.get("/auth/me", headers=bearer)).status_code == 200
    assert await stage.kinds() == [a.AccountCreated, a.AccountChanged]


async def test_a_name_that_a_client_opens_first_is_told_with_its_workspace(stage: Stage) -> None:
    await stage.mark()
    token = app_token(sub="u-1", name="Grace", docs=[{"pattern": "*", "right": "write"}])
    body = {"document": "a plan"}
    for _ in range(2):
        response = await stage.place.http.post(
            "/auth/ws-ticket", json=body, headers={"Authorization": f"Bearer {token}"}
        )
        assert response.status_code == 200, response.text
    kinds = await stage.kinds()
    assert kinds == [w.WorkspaceCreated, w.MemberJoined, d.DocumentCreated, *kinds[3:]]
    assert sorted(kind.__name__ for kind in kinds[3:]) == ["AccountCreated", "MembershipBegan"]


async def test_open_mode_tells_its_one_user_and_what_he_opens(tmp_path: Path) -> None:
    async with bare(tmp_path, open_mode=True) as (house, http):
        response = await http.post("/auth/ws-ticket", json={"document": "a plan"})
        assert response.status_code == 200, response.text
        kinds = {row.type: kind for kind, row in CATALOGUE.items()}
        assert [kinds[event.type] for event in await written(house.database)] == [
            w.WorkspaceCreated,
            w.MemberJoined,
            d.DocumentCreated,
            a.AccountCreated,
            w.MembershipBegan,
        ]


# The command line.


def test_each_command_writes_exactly_its_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOINT_DATA_DIR", str(tmp_path))
    kinds = {row.type: kind for kind, row in CATALOGUE.items()}
    known: set[str] = set()

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
        return result.output

    def told(command: str) -> None:
        fresh = [event for event in asyncio.run(stored()) if event.id not in known]
        known.update(event.id for event in fresh)
        assert tuple(kinds[event.type] for event in fresh) == COMMANDS.get(command, ()), command
        assert {hear(event).actor.name for event in fresh} <= {"the command line"}

    async def stored() -> Any:
        database = await Database.open(f"sqlite:///{tmp_path / 'counterpoint.sqlite3'}")
        found = await written(database)
        await database.close()
        return found

    for words in (
        ("user", "add", "ada@example.org", "--password", PASSWORD),
        ("user", "role", "ada@example.org", "viewer"),
        ("user", "password", "ada@example.org", "--password", PASSWORD + "!"),
        ("user", "list"),
        ("token", "create", "ada@example.org", "--name", "bot", "--scope", "account"),
        ("token", "list", "ada@example.org"),
    ):
        run(*words)
        told(" ".join(words[:2]))
    token = run("token", "list", "ada@example.org").split()[0]
    run("token", "revoke", "ada@example.org", token)
    told("token revoke")


def app_token(**claims: Any) -> str:
    said = {"exp": int(time.time()) + 600, "docs": [], **claims}
    return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(SECRET))
