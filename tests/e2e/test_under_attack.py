"""While hostile clients attack, honest people type and notice nothing; the server says what it has turned away."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from tests.e2e.support import lib0
from tests.e2e.support.attacks import ATTACKS, MOST_SOCKETS, Scene
from tests.e2e.support.honest import Pair, typing
from tests.e2e.support.rest import Account, Api
from tests.e2e.support.server import CounterpointServer

ENVIRONMENT = {
    "COUNTERPOINT_MAX_CONNECTIONS_PER_ADDRESS": str(MOST_SOCKETS),
    # So low that a flood is too fast on any machine.
    "COUNTERPOINT_MESSAGES_PER_SECOND": "200",
}
LEAST_EDITS = 8
RATIO, FLOOR_SECONDS = 20.0, 2.0
"""The slowest delivery under attack: at most so many times the quiet one's, and never complained of below the floor."""
MOST_LOG_BYTES = 200_000
HONEST_CLIENT = 4242


@dataclass(frozen=True)
class Stage:
    """People at work: in the document that is attacked, and in another one."""

    scene: Scene
    attacked: Pair
    elsewhere: Pair

    async def work_through(self, attack: "asyncio.Task[None]") -> list[float]:
        delays = await asyncio.gather(
            self.attacked.type_until(attack, LEAST_EDITS), self.elsewhere.type_until(attack, LEAST_EDITS)
        )
        return [each[-1] for each in delays]


async def nothing() -> None:
    """The quiet phase."""


async def figures(server: CounterpointServer) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as http:
        text = (await http.get("/metrics")).text
    pairs = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


@pytest.fixture
async def attacker(api: Api) -> tuple[Account, str]:
    """Somebody who may write, and the workspace in which he may."""
    workspace = await api.workspace()
    return await api.colleague(workspace), workspace


async def staged(api: Api, attacker: tuple[Account, str], scale: int) -> AsyncIterator[Stage]:
    account, workspace = attacker
    shared, other, own = [await api.document(workspace, title) for title in ("Shared", "Other", "Mine")]
    sockets = api.server.sockets
    async with (
        typing(sockets, shared, api.token, "y-websocket") as attacked,
        typing(sockets, other, api.token, "hocuspocus") as elsewhere,
    ):
        present = lib0.var(1) + lib0.var(HONEST_CLIENT) + lib0.var(1) + lib0.string('{"user":{"name":"Ada"}}')
        await attacked.reader.say(lib0.var(lib0.AWARENESS) + lib0.var_bytes(present))
        yield Stage(Scene(api.server, account.token, shared, own, HONEST_CLIENT, scale), attacked, elsewhere)


@pytest.fixture
async def stage(api: Api, attacker: tuple[Account, str]) -> AsyncIterator[Stage]:
    async for each in staged(api, attacker, 1):
        yield each


@pytest.fixture
async def long_stage(api: Api, attacker: tuple[Account, str]) -> AsyncIterator[Stage]:
    async for each in staged(api, attacker, 10):
        yield each


async def attack_and_look(name: str, stage: Stage) -> None:
    attack, server = ATTACKS[name], stage.scene.server
    quiet = await stage.work_through(asyncio.create_task(nothing()))
    before, log_before = await figures(server), server.log_path.stat().st_size
    attacking = asyncio.create_task(attack.run(stage.scene))
    try:
        busy = await stage.work_through(attacking)
        await attacking
    finally:
        attacking.cancel()
    for pair in (stage.attacked, stage.elsewhere):
        pair.assert_undisturbed()
    for slow, usual in zip(busy, quiet, strict=True):
        assert slow <= max(FLOOR_SECONDS, RATIO * usual), (busy, quiet)
    after = await figures(server)
    unnoticed = [counter for counter in attack.noticed if after.get(counter, 0) <= before.get(counter, 0)]
    assert unnoticed == []
    assert_the_log_is_fit_to_read(server, log_before, stage.scene)


def assert_the_log_is_fit_to_read(server: CounterpointServer, start: int, scene: Scene) -> None:
    """Bounded, JSON, without a secret and without a fault of ours."""
    with server.log_path.open("rb") as log:
        log.seek(start)
        written = log.read()
    assert len(written) < MOST_LOG_BYTES * scene.scale
    assert scene.token.encode() not in written
    assert b"cps_INVALID" not in written
    # The last line may still be written; and what `faulthandler` writes when the interpreter is held is no entry.
    for line in (each for each in written.splitlines() if each.startswith(b"{") and each.endswith(b"}")):
        entry = json.loads(line)
        assert "trace" not in entry, entry


@pytest.mark.parametrize("name", ATTACKS)
async def test_honest_people_notice_nothing_and_the_server_says_what_it_refused(name: str, stage: Stage) -> None:
    await attack_and_look(name, stage)


@pytest.mark.long
@pytest.mark.parametrize("name", ATTACKS)
async def test_the_same_for_longer(name: str, long_stage: Stage) -> None:
    await attack_and_look(name, long_stage)
