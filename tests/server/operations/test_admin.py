"""Who runs the server sees its nodes, its rooms and its health; nobody else does, and what is not known says so."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from persistence.nodes import NodeRow, NodeStore
from server.events.model import system_actor
from server.identity.roles import OrganisationRole
from server.operations.admin import _node
from tests.server.support import PASSWORD, Person, served

PATHS = ("/admin/nodes", "/admin/connections", "/admin/rooms", "/admin/quarantine", "/admin/health")
ROW = NodeRow("b" * 32, "pad/2", "1.0", datetime(2026, 1, 1, tzinfo=UTC), 7, {"connections": 3})


async def test_an_administrator_sees_the_node_its_rooms_and_its_health(tmp_path: Path) -> None:
    async with served(tmp_path, node_name="pad/1") as place:
        document = await place.admin.document(await place.admin.workspace())
        await place.house.realtime.rooms.enter(document)
        [node] = (await place.admin.get("/admin/nodes")).json()["data"]
        connections = (await place.admin.get("/admin/connections")).json()["data"]
        rooms = (await place.admin.get("/admin/rooms")).json()["data"]
        health = (await place.admin.get("/admin/health")).json()["data"]
    assert (node["name"], node["is_this"], node["unknown"]) == ("pad/1", True, None)
    assert node["figures"] == {"connections": 0, "rooms": 1, "users": 0}
    assert connections == {"total": 0, "connections": [], "unknown": []}
    assert (rooms["total"], rooms["unknown"]) == (1, [])
    [room] = rooms["rooms"]
    assert room["document_id"] == document
    assert (room["title"], room["peers"], room["behind_rows"], room["is_saved"]) == ("Score", 0, 0, True)
    assert [each["node"] for each in room["nodes"]] == ["pad/1"]
    assert {each["name"]: each["ok"] for each in health["checks"]} == {"store": True, "log": True, "loop": True}


async def test_the_figures_are_told_to_the_other_nodes_at_each_beat(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        await place.house.nodes.round()
        [row] = (await NodeStore(place.house.database).look())[0]
    assert row.figures == {"connections": 0, "rooms": 0, "users": 0}


async def test_who_is_no_administrator_sees_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        ben = await place.colleague("ben@example.org")
        assert [(await ben.get(path)).status_code for path in PATHS] == [403] * len(PATHS)


async def test_an_administrator_of_another_organisation_sees_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as place:
        identity = place.house.identity
        actor = system_actor((await identity.setup.organisation("Guests")).id)
        email = "eve@example.net"
        await identity.accounts.create(actor, email=email, name="Eve", password=PASSWORD, role=OrganisationRole.ADMIN)
        signed_in = (await place.http.post("/auth/login", json={"email": email, "password": PASSWORD})).json()
        place.http.cookies.clear()
        eve = Person(place.http, signed_in["token"], signed_in["user"]["id"], email)
        assert (await eve.get("/auth/users")).status_code == 200
        assert [(await eve.get(path)).status_code for path in PATHS] == [403] * len(PATHS)
        permissions = (await eve.get("/auth/permissions")).json()["permissions"]
        ours = (await place.admin.get("/auth/permissions")).json()["permissions"]
    assert set(ours) - set(permissions) == {"server.view", "server.manage"}


def test_what_another_node_said_long_ago_is_not_shown_as_of_now() -> None:
    assert _node(ROW, 1.0).figures == {"connections": 3}
    late, new = _node(ROW, 7.0), _node(replace(ROW, figures={}), 1.0)
    assert (late.figures, late.unknown) == (None, "it has been silent for 7 s")
    assert (new.figures, new.unknown) == (None, "it has not told any yet")
