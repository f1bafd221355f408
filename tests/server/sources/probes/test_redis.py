"""A real Valkey: each figure is what the server says itself, each trouble is made and found."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from server.errors import SourceRefused, SourceUnreachable
from server.sources.metrics import metric_names
from server.sources.probe import Probe
from tests.e2e.support.valkey import Valkey
from tests.server.sources.probes.support import probe_of, target


@pytest.fixture
async def direct(valkey: Valkey) -> AsyncIterator[Redis]:
    client = Redis(port=valkey.port, db=9, decode_responses=True)
    await client.flushdb()
    yield client
    await client.config_set("maxmemory", "0")
    await client.config_set("maxmemory-policy", "noeviction")
    await client.flushdb()
    await client.aclose()


@pytest.fixture
async def probe(valkey: Valkey) -> AsyncIterator[Probe]:
    made = probe_of(target("redis", port=valkey.port, database_name="9"))
    yield made
    await made.close()


async def test_every_metric_of_the_type_is_read_or_has_a_reason(probe: Probe) -> None:
    await probe.read()
    reading = await probe.read()
    assert set(reading.values) | set(reading.missing) == set(metric_names("redis"))
    assert set(reading.missing) <= {"replication_lag", "cache_hit_ratio"}


async def test_figures_are_those_that_the_server_gives_itself(probe: Probe, direct: Redis) -> None:
    await direct.mset({f"k{n}": "v" for n in range(7)})
    reading, info = await probe.read(), await direct.info()
    assert reading.values["keys"] == 7
    assert reading.values["connections"] == info["connected_clients"]
    assert reading.values["connections_usage"] == pytest.approx(100 * info["connected_clients"] / info["maxclients"])
    assert reading.values["memory_used"] == pytest.approx(info["used_memory"], rel=0.2)


async def test_misses_errors_and_evictions_are_those_of_the_interval(probe: Probe, direct: Redis) -> None:
    await direct.set("there", "x")
    before = await probe.read()
    for _ in range(30):
        await direct.get("there")
        await direct.get("not there")
        with pytest.raises(Exception, match="WRONGTYPE"):
            await direct.lpush("there", "x")
    after = await probe.read()
    assert after.values["cache_hit_ratio"] == pytest.approx(50)
    assert after.values["error_rate"] > 20
    assert after.values["evictions"] == before.values["evictions"]
    used = (await direct.info("memory"))["used_memory"]
    await direct.config_set("maxmemory-policy", "allkeys-random")
    await direct.config_set("maxmemory", str(used + 300_000))
    for n in range(40):
        await direct.set(f"big{n}", "x" * 50_000)
    full = await probe.read()
    assert full.values["evictions"] > before.values["evictions"]
    assert full.values["memory_usage"] > 80


async def test_a_slow_command_is_told_by_its_name_and_not_with_what_it_was_given(probe: Probe, direct: Redis) -> None:
    await direct.config_set("slowlog-log-slower-than", "0")
    await direct.set("secret-key", "secret-value")
    await direct.config_set("slowlog-log-slower-than", "10000")
    facts = {fact.name: fact for fact in await probe.examine()}
    assert any(row["command"] == "SET" for row in facts["slow_commands"].rows)
    assert "secret" not in str(facts)
    assert facts["settings"].rows[0]["maxmemory-policy"] == "noeviction"


async def test_the_least_rights_of_the_set_up_text_are_enough_and_fewer_are_told(valkey: Valkey, direct: Redis) -> None:
    from server.sources.set_up import SET_UP  # noqa: PLC0415 - what it says is what is tried

    for line in SET_UP["redis"].splitlines():
        if line.startswith("ACL SETUSER"):
            await direct.execute_command(*line.replace(">...", ">word").split())
    probe = probe_of(target("redis", port=valkey.port, username="counterpoint", password="word"))
    assert (await probe.read()).values["up"] == 1
    assert [fact.reason for fact in await probe.examine()] == [None, None, None]
    await direct.execute_command("ACL", "SETUSER", "counterpoint", "-slowlog|get")
    [refused] = [fact for fact in await probe.examine() if fact.reason]
    assert refused.name == "slow_commands"
    await probe.close()
    await direct.execute_command("ACL", "DELUSER", "counterpoint")


async def test_a_wrong_password_is_refused_and_a_closed_port_is_unreachable(valkey: Valkey) -> None:
    with pytest.raises(SourceRefused):
        await probe_of(target("redis", port=valkey.port, username="x", password="no")).read()
    with pytest.raises(SourceUnreachable, match="cannot be reached"):
        await probe_of(target("redis", port=1)).read()
