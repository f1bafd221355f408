"""Advice rests on what was read, is gone when that is gone, and stays away when somebody does not want it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from persistence.source_facts import FactRow
from server.performance.advice.adviser import RULES, advise
from server.performance.advice.evidence import Evidence
from server.performance.examining import Examiner
from server.sources.probe import Probe
from tests.server.performance.alerts.conftest import scene
from tests.server.performance.alerts.stage import Scene
from tests.server.sources.probes.support import over_tcp, probe_of, target

__all__ = ["scene"]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PATH = "/performance/optimization/recommendations"
MIB = 1 << 20


def fact(name: str, *rows: dict[str, Any]) -> FactRow:
    return FactRow(name, f"SELECT {name}", rows, NOON, None)


def found_in(kind: str, *facts: FactRow, criticality: str = "high", **values: float) -> dict[str, Any]:
    evidence = Evidence({each.name: each for each in facts}, values, criticality, NOON)
    rules = [rule for rule in RULES[kind] if rule.can_judge(evidence)]
    return {each.rule: each for rule in rules for each in rule.judge(evidence)}


TABLE = {
    "schema": "public",
    "table": "orders",
    "rows": 20_000,
    "dead_rows": 0,
    "seq_scan": 6,
    "seq_tup_read": 120_000,
    "idx_scan": 0,
    "bytes": 8 * MIB,
    "last_vacuum": None,
    "last_analyze": None,
}
INDEX = {
    "schema": "public",
    "table": "orders",
    "index": "orders_at",
    "idx_scan": 3,
    "is_unique": False,
    "is_valid": True,
    "bytes": 2 * MIB,
    "is_constraint": False,
}
SEQUENCE = {"schema": "s", "sequence": "q", "last_value": 91, "max_value": 100, "used_percent": 91}
LONG_AGO = {"stats_reset": (NOON - timedelta(days=8)).isoformat()}
LATELY = {"stats_reset": (NOON - timedelta(days=6)).isoformat()}
WRAP = {"database": "app", "age": 100, "left": 2_000_000_000, "freeze_max_age": 200_000_000}
STATEMENT = {"query": "SELECT  1", "calls": 100, "mean_ms": 20.0, "total_ms": 2_000.0, "without_index": 51}
OPEN = {"user": "app", "application": "", "state": "idle in transaction", "seconds_in_state": 60.0}
MEMORY = {"used_memory": 100 * MIB, "used_memory_rss": 1, "maxmemory": 0, "mem_fragmentation_ratio": 1.0}
FULL = {"maxmemory": 110 * MIB, "maxmemory_policy": "noeviction"}


@pytest.mark.parametrize(
    ("kind", "facts", "rule"),
    [
        ("postgresql", [fact("tables", TABLE)], "scanned_table"),
        ("postgresql", [fact("tables", TABLE | {"idx_scan": 50})], "scanned_table"),
        ("postgresql", [fact("tables", TABLE | {"idx_scan": 1_000})], None),
        ("postgresql", [fact("tables", TABLE | {"rows": 9_999})], None),
        ("postgresql", [fact("tables", TABLE | {"seq_scan": 0, "dead_rows": 10_000})], "dead_rows"),
        ("postgresql", [fact("indexes", INDEX), fact("settings", LONG_AGO)], "unused_index"),
        ("postgresql", [fact("indexes", INDEX), fact("settings", LATELY)], None),
        ("postgresql", [fact("indexes", INDEX | {"is_unique": True}), fact("settings", LONG_AGO)], None),
        ("postgresql", [fact("indexes", INDEX | {"is_valid": False})], "invalid_index"),
        ("postgresql", [fact("duplicate_indexes", INDEX | {"same_as": "other"})], "duplicate_index"),
        (
            "postgresql",
            [fact("sequences", SEQUENCE)],
            "full_sequence",
        ),
        ("postgresql", [fact("wraparound", WRAP)], None),
        ("postgresql", [fact("wraparound", WRAP | {"age": 200_000_001})], "wraparound"),
        ("postgresql", [fact("statements", STATEMENT)], "slow_statement"),
        ("postgresql", [fact("statements", STATEMENT | {"calls": 99})], None),
        ("postgresql", [fact("transactions", OPEN)], "open_transactions"),
        ("postgresql", [fact("transactions", OPEN | {"state": "active"})], None),
        ("mysql", [fact("statements", STATEMENT | {"mean_ms": 1})], "statement_without_index"),
        ("mariadb", [fact("unused_indexes", INDEX)], "unused_index"),
        (
            "mysql",
            [fact("tables", {"schema": "s", "table": "t", "bytes": 100 * MIB, "free_bytes": 101 * MIB})],
            "fragmented_table",
        ),
        ("redis", [fact("memory", MEMORY)], None),
        ("redis", [fact("memory", MEMORY | FULL)], "no_eviction"),
        ("redis", [fact("memory", MEMORY | FULL | {"maxmemory_policy": "allkeys-lru"})], None),
        ("redis", [fact("memory", MEMORY | {"mem_fragmentation_ratio": 1.6})], "fragmentation"),
        ("redis", [fact("memory", MEMORY | {"rdb_last_bgsave_status": "err"})], "snapshot_failed"),
        ("redis", [fact("memory", MEMORY), fact("settings", {"save": ""})], "no_persistence"),
        ("redis", [fact("memory", MEMORY), fact("settings", {"save": "60 1"})], None),
        ("redis", [fact("slow_commands", {"command": "KEYS", "microseconds": 10_000})], "slow_commands"),
        ("sqlite", [fact("integrity", {"quick_check": "ok"})], None),
        ("sqlite", [fact("integrity", {"quick_check": "row 1 missing"})], "spoiled_file"),
        ("sqlite", [fact("tables", {"table": "t", "indexes": 1}), fact("statistics")], "no_statistics"),
        ("host", [fact("file_systems", {"at": "/", "bytes": 1, "used_percent": 90.0})], "full_disk"),
        ("host", [fact("file_systems", {"at": "/", "bytes": 1, "used_percent": 89.9})], None),
    ],
)
def test_a_rule_says_what_the_numbers_say_and_nothing_else(
    kind: str, facts: Sequence[FactRow], rule: str | None
) -> None:
    found = found_in(kind, *facts)
    assert list(found) == ([rule] if rule else [])
    for each in found.values():
        state = each.body["current_state"]
        assert state["query"].startswith("SELECT")
        assert state["rows"]
        assert state["window"]
        assert each.body["implementation_steps"]


@pytest.mark.parametrize(
    ("kind", "values", "rule"),
    [
        ("postgresql", {"cache_hit_ratio": 98.9}, "cache_misses"),
        ("postgresql", {"cache_hit_ratio": 99.0}, None),
        ("http", {"certificate_days_left": 29.0}, "certificate"),
        ("http", {"certificate_days_left": 30.0}, None),
        ("sqlite", {"free_pages_bytes": 11.0 * MIB, "database_size": 20.0 * MIB}, "free_pages"),
        ("sqlite", {"free_pages_bytes": 1.0 * MIB, "database_size": 2.0 * MIB}, None),
    ],
)
def test_a_rule_of_readings_shows_them(kind: str, values: dict[str, float], rule: str | None) -> None:
    found = found_in(kind, **values)
    assert list(found) == ([rule] if rule else [])
    for each in found.values():
        assert each.body["current_state"]["numbers"] == values


async def listed(scene: Scene, query: str = "") -> list[dict[str, Any]]:
    answer = await scene.place.admin.get(PATH + query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def read(scene: Scene, *facts: FactRow, **values: float) -> int:
    """How many events it makes."""
    told = await scene.place.house.database.write(
        lambda connection: advise(connection, scene.source, facts, values, scene.now)
    )
    return len(told)


async def test_advice_is_told_once_is_gone_with_its_evidence_and_comes_back_with_it(scene: Scene) -> None:
    bad = fact("integrity", {"quick_check": "row 1 missing"})
    assert [await read(scene, bad), await read(scene, bad)] == [1, 0]
    [item] = await listed(scene, f"?data_source_id={scene.source}")
    assert (item["category"], item["priority"], item["estimated_savings"]) == ("resource", "critical", None)
    assert item["current_state"]["rows"] == [{"quick_check": "row 1 missing"}]
    unread = FactRow("integrity", "PRAGMA quick_check", [], NOON, "It is locked.")
    await read(scene, unread)
    assert len(await listed(scene)) == 1, "what could not be read takes nothing back"
    await read(scene, fact("integrity", {"quick_check": "ok"}))
    assert await listed(scene) == []
    assert await read(scene, bad) == 1
    figures = (await scene.place.admin.get(f"/performance/metrics/{scene.source}")).json()
    assert [each["title"] for each in figures["recommendations"]] == ["The file is spoiled"]


async def test_what_is_dismissed_stays_away_until_it_is_wanted_again(scene: Scene) -> None:
    bad = fact("integrity", {"quick_check": "row 1 missing"})
    await read(scene, bad)
    [item] = await listed(scene)
    admin, path = scene.place.admin, f"{PATH}/{item['id']}"
    assert (await admin.post(path + "/dismiss", {})).status_code == 422
    for _ in range(2):
        dismissed = (await admin.post(path + "/dismiss", {"reason": "It is a copy."})).json()["data"]
        assert (dismissed["state"], dismissed["reason"]) == ("dismissed", "It is a copy.")
    await read(scene, bad)
    assert await listed(scene) == []
    assert [each["id"] for each in await listed(scene, "?state=dismissed")] == [item["id"]]
    assert (await admin.post(path + "/reopen")).json()["data"]["state"] == "open"
    assert len(await listed(scene)) == 1
    viewer = await scene.place.colleague("eve@example.org", role="viewer")
    assert (await viewer.post(path + "/dismiss", {"reason": "No."})).status_code == 403
    assert (await admin.post(f"{PATH}/{'0' * 32}/reopen")).status_code == 404
    assert (await admin.get(PATH + "?data_source_id=999")).status_code == 404


async def test_a_real_file_is_examined_and_its_advice_goes_when_it_is_followed(scene: Scene) -> None:
    path = (await scene.place.admin.get(f"/scan/data-sources/{scene.source}")).json()["host"]
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE INDEX t_id ON t (id)")
    house = scene.place.house
    examiner = Examiner(house.database, house.events.outbox, house.performance.clock)
    probe = house.sources.open_probe(await house.sources.reach.target(scene.source))
    await examiner.examine(scene.source, probe, {})
    assert [each["rule"] for each in await listed(scene)] == ["no_statistics"]
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("ANALYZE")
    await examiner.examine(scene.source, probe, {})
    assert await listed(scene) == []
    await probe.close()


@pytest.fixture
async def postgres_probe(postgres_database_url: str) -> AsyncIterator[tuple[Probe, Any]]:
    url = make_url(postgres_database_url)
    async with over_tcp(f"{url.query['host']}/.s.PGSQL.{url.port or 5432}") as port:
        probe = probe_of(target("postgresql", port=port, username=url.username, database_name=url.database))
        direct = await asyncpg.connect(host="127.0.0.1", port=port, user=url.username, database=url.database)
        yield probe, direct
        await direct.close()
        await probe.close()


async def test_a_real_postgresql_that_is_in_trouble_is_told_so_and_a_sound_one_is_not(
    postgres_probe: tuple[Probe, Any],
) -> None:
    probe, direct = postgres_probe
    assert await advised(probe) == set()
    await direct.execute(
        "CREATE TABLE orders AS SELECT n AS id, n % 7 AS of FROM generate_series(1, 20000) n;"
        "CREATE INDEX orders_id ON orders (id); CREATE INDEX orders_id_again ON orders (id); ANALYZE orders"
    )
    for _ in range(6):
        await direct.fetchval("SELECT count(*) FROM orders WHERE of = 3")
    await direct.execute("SELECT pg_stat_force_next_flush()")
    assert await advised(probe) == {"scanned_table", "duplicate_index"}
    await direct.execute("DROP INDEX orders_id_again")
    assert await advised(probe) == {"scanned_table"}


async def advised(probe: Probe) -> set[str]:
    """Statistics come a moment after what they tell of."""
    facts = [FactRow(each.name, each.query, each.rows, each.read_at, each.reason) for each in await probe.examine()]
    await asyncio.sleep(0)
    return set(found_in("postgresql", *(each for each in facts if each.reason is None)))
