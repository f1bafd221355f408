"""Two nodes on one PostgreSQL: what is committed on one is delivered by the other, with and without a broker."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from persistence.database import Database
from persistence.events import StreamKey, StreamPosition
from server.errors import AppError, NotFound, Unauthenticated
from server.identity.principal import Credentials
from server.realtime.feed.channels import Channel
from server.realtime.feed.hub import Hub
from server.realtime.feed.presence import PresenceChange
from server.realtime.redis.broker import RedisBroker
from tests.e2e.support.valkey import Valkey
from tests.server.realtime.feed.band import Ear, everything
from tests.server.support import Person, Place, served

SECONDS = 10.0


@pytest.fixture
def store_url(postgres_database_url: str) -> str:
    return postgres_database_url


class LoudEar(Ear):
    """Tells who waits that it has heard something."""

    def __init__(self) -> None:
        super().__init__()
        self.moved = asyncio.Event()

    def hear(self, publication):  # type: ignore[no-untyped-def]
        super().hear(publication)
        self.moved.set()

    async def until(self, offsets: list[int]) -> None:
        async with asyncio.timeout(SECONDS):
            while self.offsets != offsets:
                self.moved.clear()
                await self.moved.wait()


@asynccontextmanager
async def two_nodes(folder: Path, store: str, valkey: Valkey) -> AsyncIterator[tuple[Place, Place]]:
    shared = {"database_url": store, "redis_url": valkey.url, "redis_prefix": uuid.uuid4().hex}
    async with served(folder, **shared) as one, served(folder, **shared) as two:
        for node in (one, two):
            await connected(node)
        yield one, two


async def connected(node: Place) -> None:
    broker = node.house.broker
    assert isinstance(broker, RedisBroker)
    whole = asyncio.Event()
    end = broker.on_gap(whole.set)
    async with asyncio.timeout(SECONDS):
        while broker.trouble is not None:
            await whole.wait()
    end()


async def renamed(person: Person, workspace: str, count: int) -> None:
    for number in range(count):
        answer = await person.ask("PATCH", f"/collaboration/workspaces/{workspace}", json={"name": f"Name {number}"})
        assert answer.status_code == 200, answer.text


async def listening(hub: Hub, key: StreamKey) -> tuple[LoudEar, int, str]:
    ear = LoudEar()
    subscription = await hub.subscribe(key, ear, everything)
    return ear, subscription.offset, subscription.epoch


class Seat(LoudEar):
    """A connection on a channel, as the desk sees it."""

    client = "client"

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[AppError] = []

    def met(self, change: PresenceChange) -> None:
        """It watches nobody."""

    def ended(self, channel: Channel, error: AppError) -> None:
        self.errors.append(error)
        self.moved.set()

    async def until_ended(self) -> AppError:
        async with asyncio.timeout(SECONDS):
            while not self.errors:
                self.moved.clear()
                await self.moved.wait()
        return self.errors[0]


async def seated(node: Place, person: Person, name: str) -> Seat:
    """Somebody's connection to this node, in a channel."""
    brought = Credentials(cookie=None, bearer=person.token, ticket=None, origin=None, address="here")
    channel = await node.house.channels.open(await node.house.identity.doorkeeper.authenticate(brought), name)
    seat = Seat()
    await node.house.events.desk.subscribe(channel, seat)
    return seat


async def test_a_right_that_one_node_takes_away_is_gone_on_the_other(
    tmp_path: Path, database: Database, valkey: Valkey
) -> None:
    async with two_nodes(tmp_path, database.url, valkey) as (one, two):
        workspace = await one.admin.workspace()
        ben = await one.colleague("ben@example.org")
        members = f"/collaboration/workspaces/{workspace}/members"
        await one.admin.post(members, {"email": ben.email, "role": "editor"})
        seat, whole = await seated(two, ben, f"workspace:{workspace}"), await seated(two, ben, f"user:{ben.id}")
        assert (await one.admin.ask("DELETE", f"{members}/{ben.id}")).status_code == 204
        assert isinstance(await seat.until_ended(), NotFound)
        assert whole.errors == []

        valkey.kill()
        try:
            answer = await one.admin.ask("PATCH", f"/auth/users/{ben.id}", json={"active": False})
            assert answer.status_code == 200, answer.text
            assert isinstance(await whole.until_ended(), Unauthenticated)
        finally:
            valkey.begin_again()


async def test_events_of_one_node_are_delivered_by_the_other(
    tmp_path: Path, database: Database, valkey: Valkey
) -> None:
    async with two_nodes(tmp_path, database.url, valkey) as (one, two):
        workspace = await one.admin.workspace()
        organisation = (await one.house.identity.setup.organisation()).id
        key = (organisation, f"workspace:{workspace}")
        ear, at, epoch = await listening(two.house.events.hub, key)
        mended = two.house.events.hub.mended

        await renamed(one.admin, workspace, 5)
        await ear.until([at + 1, at + 2, at + 3, at + 4, at + 5])
        assert two.house.events.hub.mended == mended  # by the broker, and not by looking into the store

        back = await two.house.events.hub.subscribe(key, Ear(), everything, StreamPosition(epoch, at + 2))
        assert (back.recovered, [each.offset for each in back.publications]) == (True, [at + 3, at + 4, at + 5])

        valkey.kill()
        try:
            await renamed(one.admin, workspace, 3)
            await ear.until([at + n for n in range(1, 9)])
            assert two.house.events.hub.mended >= mended + 3  # by looking
            ready = await two.http.get("/readyz")
            assert ready.status_code == 200
        finally:
            valkey.begin_again()
        await connected(one)
        await connected(two)
        await renamed(one.admin, workspace, 2)
        await ear.until([at + n for n in range(1, 11)])
        assert "degraded" in ready.json()["checks"]["broker"]["note"]
        assert (await two.http.get("/readyz")).json()["checks"]["broker"] == {"ok": True, "reason": None}
