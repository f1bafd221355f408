"""Data sources over HTTP: what is stored, what is never told, whose they are, and where nobody is led to."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.server.events.stage import written
from tests.server.support import Person, Place, served

SOURCES = "/scan/data-sources"
PASSWORD = "a-password-of-nobody"
NEW = {
    "name": "Orders",
    "source_type": "postgresql",
    "host": "db.example.org",
    "location": "on_prem",
    "username": "counterpoint",
    "password_secret": PASSWORD,
    "database_name": "orders",
    "a_field_of_other_clients": 1,
}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    files = tmp_path / "files"
    files.mkdir()
    async with served(tmp_path, source_paths=(files,)) as made:
        yield made


async def add(person: Person, **fields: Any) -> dict[str, Any]:
    response = await person.post(SOURCES, NEW | fields)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_a_source_is_added_listed_changed_and_removed_under_a_number(place: Place) -> None:
    made = await add(place.admin)
    assert isinstance(made["id"], int)
    assert (made["port"], made["status"], made["has_password"]) == (5432, "pending", True)
    at = f"{SOURCES}/{made['id']}"
    assert (await place.admin.get(SOURCES)).json() == [made]
    assert (await place.admin.get(at)).json() == made
    changed = await place.admin.ask("PUT", at, json={"team": "Blue", "version": made["version"]})
    assert (changed.json()["team"], changed.json()["name"]) == ("Blue", "Orders")
    stale = await place.admin.ask("PATCH", at, json={"team": "Red", "version": made["version"]})
    assert (stale.status_code, stale.json()["details"][0]["field"]) == (409, "version")
    assert (await place.admin.ask("DELETE", at)).status_code == 204
    assert (await place.admin.get(at)).status_code == 404
    assert (await place.admin.get(SOURCES)).json() == []
    assert (await add(place.admin))["id"] > made["id"], "its name is free again, its number is not"


async def test_the_password_is_in_no_answer_no_event_and_nowhere_in_the_store(place: Place) -> None:
    made = await add(place.admin)
    at = f"{SOURCES}/{made['id']}"
    await place.admin.ask("PATCH", at, json={"password_secret": PASSWORD + "2"})
    shown = [(await place.admin.get(path)).text for path in (SOURCES, at, at + "/capabilities", at + "/health")]
    events = [event.body for event in await written(place.house.database)]

    def dump(connection: Any) -> str:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return str([connection.execute(text(f'SELECT * FROM "{table}"')).all() for table in tables])

    stored = await place.house.database.read(dump)
    assert "Orders" in stored
    for everything in (*shown, str(events), stored):
        assert PASSWORD not in everything
    target = await place.house.sources.reach.target(made["id"])
    assert target.password == PASSWORD + "2"
    assert PASSWORD not in repr(target)


async def test_a_stored_password_is_sent_to_no_other_place_without_being_given_again(place: Place) -> None:
    at = f"{SOURCES}/{(await add(place.admin))['id']}"
    for change in ({"host": "evil.example.org"}, {"port": 1}, {"use_encryption": True}, {"options": {"ca": CA}}):
        refused = await place.admin.ask("PATCH", at, json=change)
        assert (refused.status_code, refused.json()["details"][0]["field"]) == (422, "password_secret"), change
    moved = await place.admin.ask("PATCH", at, json={"host": "new.example.org", "password_secret": "again"})
    assert moved.json()["host"] == "new.example.org"


CA = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source_type": "oracle"}, "source_type"),
        ({"host": "db.example.org:5432"}, "host"),
        ({"host": "postgres://db"}, "host"),
        ({"host": ""}, "host"),
        ({"port": 70_000}, "port"),
        ({"source_type": "http", "host": "ftp://x"}, "host"),
        ({"source_type": "http", "host": "http://user:pw@x/"}, "host"),
        ({"source_type": "sqlite", "host": "relative.db"}, "host"),
        ({"source_type": "sqlite", "host": "/etc/passwd"}, "host"),
        ({"source_type": "host", "host": "other"}, "host"),
        ({"source_type": "redis", "database_name": "orders"}, "database_name"),
        ({"name": ""}, "name"),
        ({"options": {"exporter_url": "file:///etc/passwd"}}, "options.exporter_url"),
        ({"options": {"no": 1}}, "options.no"),
    ],
)
async def test_what_is_no_source_is_refused_and_its_field_named(
    place: Place, fields: dict[str, Any], field: str
) -> None:
    for path in (SOURCES, SOURCES + "/test-connection"):
        response = await place.admin.post(path, NEW | fields)
        assert response.status_code == 422, response.text
        assert response.json()["details"][0]["field"].removeprefix("body.") == field
        assert "user:pw" not in response.text
        assert PASSWORD not in response.text


async def test_a_link_out_of_the_folder_is_not_followed(place: Place, tmp_path: Path) -> None:
    inside = tmp_path / "files" / "link.db"
    inside.symlink_to("/etc/passwd")
    refused = await place.admin.post(SOURCES, NEW | {"source_type": "sqlite", "host": str(inside)})
    assert refused.status_code == 422
    path = tmp_path / "files" / "good.db"
    sqlite3.connect(path).execute("CREATE TABLE t (id int)").connection.close()
    body = {"name": "File", "source_type": "sqlite", "host": str(path)}
    tried = (await place.admin.post(SOURCES + "/test-connection", body)).json()
    assert tried["success"], tried
    assert "database_size" in tried["metrics"]
    assert {each["metric"] for each in tried["unavailable"]} >= {"cpu_usage", "throughput"}
    made = await add(place.admin, **body)
    path.unlink()
    path.symlink_to("/etc/passwd")
    later = (await place.admin.post(f"{SOURCES}/{made['id']}/test-connection")).json()
    assert (later["success"], "COUNTERPOINT_SOURCE_PATHS" in later["message"]) == (False, True)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "169.254.169.254", "localhost", "10.0.0.7", "[::1]", "::ffff:127.0.0.1", "0.0.0.0", "0x7f000001"],
)
async def test_our_own_networks_are_not_reached_unless_the_operator_says_so(place: Place, host: str) -> None:
    for kind, where in (("postgresql", host), ("redis", host), ("mysql", host), ("http", f"http://{host}/")):
        body = {"name": "In", "source_type": kind, "host": where}
        tried = await place.admin.post(SOURCES + "/test-connection", body)
        assert tried.status_code in {200, 422}, tried.text
        if tried.status_code == 200:
            assert not tried.json()["success"]
            assert "We do not connect there" in tried.json()["message"] or "not found" in tried.json()["message"]


async def test_who_may_look_may_not_change_and_another_organisation_sees_nothing(place: Place) -> None:
    made = await add(place.admin)
    at = f"{SOURCES}/{made['id']}"
    viewer = await place.colleague("vic@example.org", "viewer")
    assert (await viewer.get(at)).status_code == 200
    for method, path in (("POST", SOURCES), ("PATCH", at), ("DELETE", at), ("POST", at + "/test-connection")):
        assert (await viewer.ask(method, path, json=NEW)).status_code == 403, (method, path)


async def test_a_repeat_under_the_same_key_makes_no_second_one(place: Place) -> None:
    headers = {"Idempotency-Key": "one"}
    first = await place.admin.post(SOURCES, NEW, headers=headers)
    again = await place.admin.post(SOURCES, NEW, headers=headers)
    assert first.json() == again.json()
    taken = await place.admin.post(SOURCES, NEW)
    assert (taken.status_code, taken.json()["details"][0]["field"]) == (409, "name")


async def test_filters_and_pages(place: Place) -> None:
    ids = [
        (await add(place.admin, name=f"S{n}", environment="test" if n % 2 else "production"))["id"] for n in range(5)
    ]
    found = await place.admin.get(SOURCES, params={"environment": "test", "status": "all", "owner": ""})
    assert [each["id"] for each in found.json()] == [ids[1], ids[3]]
    page = await place.admin.get(SOURCES, params={"limit": 2})
    assert [each["id"] for each in page.json()] == ids[:2]
    address = page.headers["link"].split(";")[0].strip("<>")
    assert [each["id"] for each in (await place.admin.get(address)).json()] == ids[2:4]
    assert [each["name"] for each in (await place.admin.get(SOURCES, params={"search": "s4"})).json()] == ["S4"]


async def test_what_a_source_can_deliver_and_how_to_let_us_in_is_told_for_every_type(place: Place) -> None:
    at = f"{SOURCES}/{(await add(place.admin))['id']}"
    told = (await place.admin.get(at + "/capabilities")).json()
    assert "pg_monitor" in told["set_up"]
    assert {"connections_usage", "cache_hit_ratio"} <= {each["name"] for each in told["metrics"]}
    assert {each["metric"] for each in told["unavailable"]} == {"cpu_usage", "memory_usage", "disk_usage"}
    stats = (await place.admin.get(at + "/stats")).json()
    assert (stats["samples"], stats["uptime_percentage"]) == (0, None)
    assert "uptime_percentage" in stats["unknown"]
    for gone in ("connection-pool-stats", "catalog", "access-control", "version-history"):
        assert (await place.admin.get(f"{at}/{gone}")).status_code == 501
