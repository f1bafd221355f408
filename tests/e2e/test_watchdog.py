"""A server whose loop is held says where, while it is held, even when a C function keeps the interpreter."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.support.server import CounterpointServer
from tests.e2e.support.waiting import until

STALL_SECONDS = 0.3
HELD_SECONDS = 1.6


@pytest.fixture
async def held_server(tmp_path: Path) -> AsyncIterator[CounterpointServer]:
    server = CounterpointServer(
        tmp_path,
        {"COUNTERPOINT_LOOP_STALL_SECONDS": str(STALL_SECONDS)},
        module="tests.e2e.support.held_server",
    )
    await server.start()
    yield server
    await server.kill()


def entries(server: CounterpointServer, message: str) -> list[dict[str, Any]]:
    lines = [line for line in server.log_text().splitlines() if line.startswith("{") and line.endswith("}")]
    return [entry for entry in map(json.loads, lines) if entry["message"] == message]


def entries_of_the_holder(server: CounterpointServer, message: str) -> list[dict[str, Any]]:
    """A busy machine may hold the loop, too: those entries are as true, and not of this test."""
    return [entry for entry in entries(server, message) if "held_server.py" in entry["stack"].splitlines()[0]]


async def hold(server: CounterpointServer, how: str) -> None:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as http:
        response = await http.post(f"/hold/{how}/{HELD_SECONDS}", headers={"Sec-Fetch-Site": "same-origin"})
        assert response.is_success, response.text


async def figures(server: CounterpointServer) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as http:
        text = (await http.get("/metrics")).text
    pairs = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


async def test_a_held_loop_is_told_while_it_is_held_and_noted_afterwards(held_server: CounterpointServer) -> None:
    holding = asyncio.create_task(hold(held_server, "sleep"))

    async def told() -> list[dict[str, Any]]:
        return entries_of_the_holder(held_server, "the event loop stands still")

    first = (await until(told, "the stacks in the log"))[0]
    assert not holding.done()
    assert first["level"] == "error"
    assert "thread" in first["threads"]
    await holding
    assert len(await told()) >= 2, "again at growing intervals"

    async def released() -> list[dict[str, Any]]:
        return entries_of_the_holder(held_server, "the event loop was held")

    released_entry = (await until(released, "the entry with how long it took"))[0]
    assert released_entry["milliseconds"] >= 1000
    assert released_entry["cpu_milliseconds"] < released_entry["milliseconds"] / 2, "it slept"

    seen = await figures(held_server)
    assert seen["counterpoint_loop_stalls_total"] >= 1
    assert (
        seen['counterpoint_loop_lag_seconds_bucket{le="+Inf"}'] > seen['counterpoint_loop_lag_seconds_bucket{le="1.0"}']
    )
    async with httpx.AsyncClient(base_url=held_server.url, trust_env=False) as http:
        loop = (await http.get("/readyz")).json()["checks"]["loop"]
    assert loop["note"].startswith("stood still ")


async def test_a_c_function_that_keeps_the_interpreter_is_told_while_it_does(held_server: CounterpointServer) -> None:
    holding = asyncio.create_task(hold(held_server, "interpreter"))

    async def told() -> bool:
        return "Stack (most recent call first)" in held_server.log_text()

    await until(told, "the stacks on standard error")
    assert not holding.done()

    async def where() -> bool:
        return "in held\n" in held_server.log_text()

    await until(where, "the line that holds the interpreter")
    await holding


async def test_sigusr1_tells_threads_and_tasks_and_stops_nothing(held_server: CounterpointServer) -> None:
    os.kill(held_server.process.pid, signal.SIGUSR1)

    async def told() -> list[dict[str, Any]]:
        return entries(held_server, "tasks")

    (entry,) = await until(told, "the tasks in the log")
    assert "task sweep\n" in entry["tasks"]
    assert "Thread 0x" in held_server.log_text()
    assert "Current thread 0x" in held_server.log_text()
    assert await held_server.readiness() == 200
