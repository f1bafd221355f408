"""A real PostgreSQL: each figure is what the server says when it is asked itself, each trouble is made and found."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from server.errors import SourceRefused, SourceSlow, SourceUnreachable
from server.sources.metrics import metric_names
from server.sources.probe import Fact, Probe, Target
from tests.server.sources.probes.support import Here, over_tcp, probe_of, target


@pytest.fixture
async def source(postgres_database_url: str) -> AsyncIterator[Target]:
    url = make_url(postgres_database_url)
    async with over_tcp(f"{url.query['host']}/.s.PGSQL.{url.port or 5432}") as port:
        yield target("postgresql", port=port, username=url.username, database_name=url.database)


@pytest.fixture
async def probe(source: Target) -> AsyncIterator[Probe]:
    made = probe_of(source)
    yield made
    await made.close()


@pytest.fixture
async def direct(source: Target) -> AsyncIterator[Any]:
    connection = await another(source)
    yield connection
    await connection.close()


async def another(source: Target) -> Any:
    return await asyncpg.connect(
        host="127.0.0.1",
        port=source.port,
        user=source.username,
        password=source.password,
        database=source.database_name,
    )


async def fact(probe: Probe, name: str) -> Fact:
    return next(each for each in await probe.examine() if each.name == name)


async def test_every_metric_of_the_type_is_read_or_has_a_reason(probe: Probe) -> None:
    await probe.read()
    reading = await probe.read()
    assert set(reading.values) | set(reading.missing) == set(metric_names("postgresql"))
    assert reading.values["up"] == 1
    assert set(reading.missing) <= {"replication_lag", "dead_rows_ratio", "cache_hit_ratio", "error_rate"}


async def test_figures_are_those_that_the_server_gives_itself(probe: Probe, direct: Any) -> None:
    reading = await probe.read()
    assert reading.values["database_size"] == await direct.fetchval("SELECT pg_database_size(current_database())")
    usable = await direct.fetchval(
        "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
        " - current_setting('reserved_connections')::int"
    )
    count = await direct.fetchval("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    assert reading.values["connections"] == count
    assert reading.values["connections_usage"] == pytest.approx(100 * count / usable)
    left = await direct.fetchval("SELECT 2147483647 - max(age(datfrozenxid)) FROM pg_database")
    assert reading.values["transaction_ids_left"] == pytest.approx(left, abs=1000)


async def test_connections_that_are_used_up_are_seen(probe: Probe, source: Target, direct: Any) -> None:
    before = (await probe.read()).values["connections_usage"]
    crowd = [await another(source) for _ in range(20)]
    try:
        assert (await probe.read()).values["connections_usage"] > before + 15
    finally:
        for each in crowd:
            await each.close()


async def test_an_idle_transaction_and_who_waits_for_it_are_seen_and_their_absence_too(
    probe: Probe, source: Target, direct: Any
) -> None:
    await direct.execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    before = (await probe.read()).values
    await direct.execute("BEGIN; UPDATE t SET id = 2")
    waiting = await another(source)
    waits = asyncio.create_task(waiting.execute("UPDATE t SET id = 3"))
    async with asyncio.timeout(10):
        while (found := (await probe.read()).values)["waiting_on_locks"] <= before["waiting_on_locks"]:
            pass  # it is on its way there
    assert found["idle_in_transaction"] == before["idle_in_transaction"] + 1
    assert found["longest_transaction"] > 0
    rows = (await fact(probe, "transactions")).rows
    assert any(row["state"] == "idle in transaction" and "UPDATE t" in row["query"] for row in rows)
    await direct.execute("ROLLBACK")
    await waits
    await waiting.close()
    after = (await probe.read()).values
    assert after["waiting_on_locks"] == before["waiting_on_locks"]
    assert after["idle_in_transaction"] == before["idle_in_transaction"]


async def test_a_table_that_is_only_scanned_and_indexes_that_nobody_needs_are_in_the_facts(
    probe: Probe, direct: Any
) -> None:
    await direct.execute("""
        CREATE TABLE scanned (id int, word text);
        INSERT INTO scanned SELECT n, 'word ' || n FROM generate_series(1, 2000) n;
        CREATE TABLE indexed (id int PRIMARY KEY, word text);
        CREATE INDEX one ON indexed (word);
        CREATE INDEX two ON indexed (word);
        CREATE INDEX other ON indexed (word DESC);
        CREATE INDEX part ON indexed (word) WHERE id > 7;
        ANALYZE scanned""")
    for _ in range(3):
        await direct.fetch("SELECT * FROM scanned WHERE word = 'word 7'")
    await direct.execute("SELECT count(*), (SELECT pg_stat_force_next_flush()) FROM pg_class")
    [row] = [each for each in (await fact(probe, "tables")).rows if each["table"] == "scanned"]
    assert (row["rows"], row["idx_scan"]) == (2000, 0)
    assert row["seq_scan"] >= 3
    unused = {each["index"]: each for each in (await fact(probe, "indexes")).rows}
    assert unused["one"]["idx_scan"] == 0
    assert not unused["one"]["is_constraint"]
    assert unused["indexed_pkey"]["is_constraint"]
    doubles = (await fact(probe, "duplicate_indexes")).rows
    assert [(each["index"], each["same_as"]) for each in doubles] == [("two", "one")]


async def test_rolled_back_transactions_and_missed_blocks_are_shares_of_the_interval(probe: Probe, direct: Any) -> None:
    first = await probe.read()
    assert "first" in first.missing["error_rate"]
    for _ in range(50):
        await direct.execute("BEGIN; SELECT 1; ROLLBACK")
    await direct.execute("SELECT count(*), (SELECT pg_stat_force_next_flush()) FROM pg_class")
    second = await probe.read()
    assert second.values["error_rate"] > 60
    assert 0 <= second.values["cache_hit_ratio"] <= 100
    for _ in range(50):
        await direct.execute("SELECT count(*) FROM pg_class")
    await direct.execute("SELECT count(*), (SELECT pg_stat_force_next_flush()) FROM pg_class")
    assert (await probe.read()).values["error_rate"] < 5, "what was rolled back before is not counted again"


async def test_nothing_can_be_changed_and_no_question_lasts(probe: Probe, direct: Any) -> None:
    await probe.read()
    shown = await direct.fetchrow(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'counterpoint' AND datname = current_database()"
    )
    assert shown is not None
    connection = probe._connection  # type: ignore[attr-defined]
    for setting, value in (
        ("default_transaction_read_only", "on"),
        ("statement_timeout", "2s"),
        ("lock_timeout", "200ms"),
    ):
        assert await connection.fetchval(f"SHOW {setting}") == value
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await connection.execute("CREATE TABLE x (id int)")


async def test_a_user_without_pg_monitor_is_told_what_to_grant(source: Target, direct: Any) -> None:
    await direct.execute("DROP ROLE IF EXISTS nobody_much; CREATE ROLE nobody_much LOGIN PASSWORD 'x'")
    theirs = target(
        "postgresql", port=source.port, username="nobody_much", password="x", database_name=source.database_name
    )
    probe = probe_of(theirs)
    reading = await probe.read()
    assert "GRANT pg_monitor" in reading.missing["idle_in_transaction"]
    await direct.execute("GRANT pg_monitor TO nobody_much")
    await probe.close()
    assert "idle_in_transaction" in (await probe.read()).values
    await probe.close()
    await direct.execute("DROP ROLE nobody_much")


async def test_who_may_not_come_in_is_refused_and_a_lost_line_is_made_anew(source: Target, direct: Any) -> None:
    wrong = target("postgresql", port=source.port, username="nobody", password="no", database_name="postgres")
    with pytest.raises(SourceRefused):
        await probe_of(wrong).read()
    probe = probe_of(source)
    await probe.read()
    await direct.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'counterpoint' AND datname = current_database()"
    )
    with suppress(SourceUnreachable):  # unless the driver has heard of it before
        await probe.read()
    assert (await probe.read()).values["up"] == 1
    await probe.close()


async def test_nothing_is_dialled_but_what_the_dialler_has_allowed() -> None:
    dialler = Here("metadata.internal")
    with pytest.raises(SourceRefused):
        await probe_of(target("postgresql", "metadata.internal"), dialler).read()
    assert dialler.asked == [("metadata.internal", 5432)]


async def test_a_server_that_says_nothing_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.sources.probes.lines.CONNECT_SECONDS", 0.2)
    lines: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda reader, writer: lines.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    with pytest.raises(SourceSlow):
        await probe_of(target("postgresql", port=port)).read()
    silent.close()
    for line in lines:
        line.close()
