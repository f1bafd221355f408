"""A connection in Centrifugo's protocol: signed in, subscribed, resumed, looked after, and ended with a code."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from persistence.database import Database
from server.errors import AppError, CredentialExpired, Forbidden, NotFound, Stopping, Unauthenticated
from server.realtime.access import ACCESS
from server.realtime.connections.centrifuge import (
    GRACE,
    LARGEST_MESSAGE,
    MOST_CHANNELS,
    MOST_WAITING,
    PING_SECONDS,
    PONG_SECONDS,
    SIGN_IN_SECONDS,
    CentrifugeConnection,
)
from server.realtime.connections.feed import OUTBOX_BYTES
from server.realtime.door import Guest
from server.realtime.feed.channels import Channel, ChannelDoor
from server.realtime.feed.desk import FeedDesk
from server.realtime.feed.presence import COALESCE_SECONDS, PresenceChange
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from tests.persistence.conftest import place_in
from tests.server.realtime.feed.band import Band, everything
from tests.server.realtime.stage import HandClock, Socket

NO_LIMIT = 1e12
CHANNEL = "workspace:w"


class Door:
    """Lets in whom the test says."""

    def __init__(self, band: Band, clock: HandClock) -> None:
        self.band = band
        self.clock = clock
        self.refusal: AppError | None = None
        self.denied: AppError | None = None
        self.expires_at: datetime | None = None
        self.tokens: list[str | None] = []

    async def sign_in(self, token: str | None) -> tuple[Guest, ChannelDoor]:
        self.tokens.append(token)
        if self.refusal is not None:
            raise self.refusal
        user = "ben" if token == "ben's" else "ada"
        return Guest(user, user, self.band.organisation, "credential", self.expires_at), self

    async def open(self, name: str) -> Channel:
        if self.denied is not None:
            raise self.denied
        guest = Guest("ada", "Ada", self.band.organisation, "credential", self.expires_at)

        async def reopen() -> Channel:
            return await self.open(name)

        return Channel(name, (self.band.organisation, name), guest, everything, reopen, self.clock.monotonic())


@dataclass
class Line:
    """One client."""

    band: Band
    door: Door
    desk: FeedDesk
    clock: HandClock
    socket: Socket
    connection: CentrifugeConnection

    @property
    def told(self) -> list[Any]:
        return [json.loads(line) for frame in self.socket.frames for line in frame.split(b"\n")]

    async def say(self, **command: Any) -> Any:
        """Say it and read the answer."""
        self.connection.receive(json.dumps(command))
        return await self.answer(command["id"])

    async def answer(self, id_: int) -> Any:
        def find() -> list[Any]:
            return [each for each in self.told if each.get("id") == id_]

        await self.socket.until(lambda: bool(find()) or self.socket.closed is not None)
        return find()[0] if find() else None

    async def sign_in(self) -> Any:
        return await self.say(id=1, connect={})

    async def subscribe(self, id_: int = 2, **more: Any) -> Any:
        return await self.say(id=id_, subscribe={"channel": CHANNEL, **more})

    def look_after(self) -> None:
        self.connection.look_after(self.clock.monotonic(), datetime.now(UTC) + timedelta(seconds=self.clock.ahead))

    @property
    def offsets(self) -> list[int]:
        return [each["push"]["pub"]["offset"] for each in self.told if "pub" in each.get("push", {})]


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def line(database: Database) -> AsyncIterator[Line]:
    band, clock = Band(database, (await place_in(database)).organisation), HandClock()
    band.hub.start()
    desk = FeedDesk(band.hub, band.broker, clock)
    desk.start()
    yield another(band, Door(band, clock), desk, clock)
    await desk.stop()
    await band.hub.stop()


def another(band: Band, door: Door, desk: FeedDesk, clock: HandClock) -> Line:
    socket = Socket()
    meter = Meter(clock.monotonic(), NO_LIMIT, NO_LIMIT)
    connection = CentrifugeConnection(socket, clock, Figures(), "here", meter, door=door, desk=desk, version="1")
    return Line(band, door, desk, clock, socket, connection)


# Coming in.


async def test_who_signs_in_is_told_how_the_connection_lives(line: Line) -> None:
    told = (await line.sign_in())["connect"]
    assert (told["ping"], told["pong"], told["version"]) == (25, True, "1")
    assert "expires" not in told
    assert line.door.tokens == [None]
    assert line.socket.max_size == LARGEST_MESSAGE


async def test_a_client_with_an_expired_token_is_asked_for_a_new_one_on_the_same_socket(line: Line) -> None:
    line.door.refusal = CredentialExpired()
    assert (await line.sign_in())["error"] == {"code": 109, "message": "token expired"}
    line.door.refusal = None
    assert "connect" in await line.say(id=3, connect={"token": "new"})


async def test_a_token_that_ends_is_told_with_its_time_and_can_be_renewed(line: Line) -> None:
    line.door.expires_at = datetime.now(UTC) + timedelta(seconds=100)
    told = (await line.say(id=1, connect={"token": "t"}))["connect"]
    assert told["expires"] is True
    assert 95 <= told["ttl"] <= 100
    line.door.expires_at = datetime.now(UTC) + timedelta(seconds=1000)
    renewed = (await line.say(id=2, refresh={"token": "u"}))["refresh"]
    assert renewed["ttl"] > 900
    assert line.door.tokens == ["t", "u"]


async def test_a_newer_token_is_of_the_same_user(line: Line) -> None:
    await line.sign_in()
    await line.say(id=2, refresh={"token": "ben's"})
    assert line.socket.closed == (3500, "invalid token")


async def test_a_refused_token_ends_for_good_and_a_drain_does_not(line: Line) -> None:
    line.door.refusal = Unauthenticated()
    await line.sign_in()
    assert line.socket.closed == (3500, "invalid token")
    other = another(line.band, Door(line.band, line.clock), line.desk, line.clock)
    await other.sign_in()
    other.connection.close(Stopping())
    assert other.socket.closed == (3001, "shutdown")


@pytest.mark.parametrize("said", ["{", b"{}", '{"id":1,"subscribe":{"channel":"a"}}', "x" * (LARGEST_MESSAGE + 1)])
async def test_what_has_no_place_ends_for_good(line: Line, said: str | bytes) -> None:
    line.connection.receive(said)
    await line.socket.until(lambda: line.socket.closed is not None)
    assert line.socket.closed == (3501, "bad request")


async def test_who_does_not_sign_in_is_ended(line: Line) -> None:
    line.clock.ahead += SIGN_IN_SECONDS + 1
    line.look_after()
    assert line.socket.closed == (3502, "stale")


# Channels.


async def test_events_come_in_order_after_the_answer_and_by_one_frame_for_all(line: Line) -> None:
    other = another(line.band, line.door, line.desk, line.clock)
    for each in (line, other):
        await each.sign_in()
        told = (await each.subscribe())["subscribe"]
        assert (told["offset"], told["recovered"], told["recoverable"]) == (0, False, True)
    await line.band.write(3)
    assert line.offsets == other.offsets == [1, 2, 3]
    assert all(mine is theirs for mine, theirs in zip(line.socket.frames[-3:], other.socket.frames[-3:], strict=True))


async def test_who_was_away_gets_what_he_missed_once(line: Line) -> None:
    await line.sign_in()
    epoch = (await line.subscribe())["subscribe"]["epoch"]
    await line.band.write(2)
    line.connection.lost(clean=False)
    await line.band.write(3)
    back = another(line.band, line.door, line.desk, line.clock)
    await back.sign_in()
    told = (await back.subscribe(recover=True, epoch=epoch, offset=2))["subscribe"]
    assert told["recovered"] is True
    assert told["offset"] == 2
    assert [each["offset"] for each in told["publications"]] == [3, 4, 5]
    await line.band.write()
    assert back.offsets == [6]
    assert line.offsets == [1, 2]


async def test_a_position_that_is_gone_is_said_so_or_refused_as_asked(line: Line) -> None:
    await line.band.write(2)
    await line.sign_in()
    told = await line.subscribe(recover=True, epoch="other", offset=1, flag=2)
    assert told["error"]["code"] == 112
    told = (await line.subscribe(3, recover=True, epoch="other", offset=1))["subscribe"]
    assert (told["recovered"], told["was_recovering"], told["offset"], told["publications"]) == (False, True, 2, [])
    await line.band.write()
    assert line.offsets == [3]


@pytest.mark.parametrize("denied", [Forbidden(), NotFound()])
async def test_a_channel_that_one_may_not_hear_is_denied_and_the_socket_stays(line: Line, denied: AppError) -> None:
    await line.sign_in()
    line.door.denied = denied
    assert (await line.subscribe())["error"]["code"] == 103
    line.door.denied = None
    assert "subscribe" in await line.subscribe(3)


async def test_each_refusal_has_its_code(line: Line) -> None:
    await line.sign_in()
    await line.subscribe()
    assert (await line.subscribe(3))["error"]["code"] == 105
    assert (await line.say(id=4, publish={"channel": CHANNEL, "data": 1}))["error"]["code"] == 103
    assert (await line.say(id=5, rpc={"method": "x"}))["error"]["code"] == 108
    assert (await line.say(id=6, nothing={}))["error"]["code"] == 104
    for number in range(MOST_CHANNELS - 1):
        await line.say(id=100 + number, subscribe={"channel": f"workspace:{number}"})
    assert (await line.say(id=7, subscribe={"channel": "workspace:more"}))["error"]["code"] == 106


async def test_who_unsubscribes_hears_no_more(line: Line) -> None:
    await line.sign_in()
    await line.subscribe()
    assert (await line.say(id=3, unsubscribe={"channel": CHANNEL}))["unsubscribe"] == {}
    await line.band.write()
    assert line.offsets == []
    assert line.band.hub.listeners == 0


async def test_a_right_that_ends_ends_the_subscription_or_the_connection(line: Line) -> None:
    await line.sign_in()
    await line.subscribe()
    line.door.denied = NotFound()
    ACCESS.publish(line.band.broker, {"user": "ada"})
    await line.socket.until(lambda: "unsubscribe" in line.told[-1].get("push", {}))
    assert line.told[-1]["push"]["unsubscribe"]["code"] == 2000
    await line.band.write()
    assert line.offsets == []
    line.door.denied = None
    await line.subscribe(4)
    line.door.denied = Unauthenticated()
    ACCESS.publish(line.band.broker, {"user": "ada"})
    await line.socket.until(lambda: line.socket.closed is not None)
    assert line.socket.closed == (3500, "invalid token")


async def test_the_end_of_the_socket_ends_its_subscriptions(line: Line) -> None:
    await line.sign_in()
    await line.subscribe()
    line.connection.lost(clean=True)
    assert (line.band.hub.listeners, line.desk.subscriptions) == (0, 0)


# Time and memory.


async def test_who_answers_no_ping_is_ended_and_who_does_is_not(line: Line) -> None:
    await line.sign_in()
    line.clock.ahead += PING_SECONDS
    line.look_after()
    assert line.told[-1] == {}
    line.clock.ahead += PONG_SECONDS - 1
    line.look_after()
    assert line.socket.closed is None
    line.connection.receive("{}")
    line.clock.ahead += 5
    line.look_after()
    assert line.socket.closed is None
    line.clock.ahead += PING_SECONDS
    line.look_after()
    line.clock.ahead += PONG_SECONDS + 1
    line.look_after()
    assert line.socket.closed == (3012, "no pong")


async def test_a_connection_outlives_its_credential_by_the_grace_only(line: Line) -> None:
    line.door.expires_at = datetime.now(UTC) + timedelta(seconds=1)
    await line.sign_in()
    line.clock.ahead += 1 + GRACE.total_seconds() - 3
    line.look_after()
    assert line.socket.closed is None
    line.clock.ahead += 4
    line.look_after()
    assert line.socket.closed == (3005, "connection expired")


async def test_a_reader_that_takes_nothing_is_cut_off_before_it_costs_much(line: Line) -> None:
    await line.sign_in()
    await line.subscribe()
    line.socket.stalled = True
    before = len(line.socket.frames)
    await line.band.write()
    size = len(line.socket.frames[-1])
    line.connection._excess = OUTBOX_BYTES - 3 * size  # to write it all here would take a while
    await line.band.write(10)
    assert len(line.socket.frames) - before <= 4
    assert line.socket.closed == (3008, "slow")
    assert line.band.hub.listeners == 0


async def test_a_reader_that_drains_in_time_stays(line: Line) -> None:
    await line.sign_in()
    await line.subscribe()
    line.socket.stalled = True
    await line.band.write(3)
    assert line.connection._excess > 0
    line.socket.stalled = False
    line.connection.drained()
    assert line.connection._excess == 0
    assert line.offsets == [1, 2, 3]


async def test_more_commands_than_are_waited_for_end_the_connection(line: Line) -> None:
    text = "\n".join('{"id":1,"connect":{}}' for _ in range(512))
    for _ in range(MOST_WAITING // 512 + 1):
        line.connection.receive(text)
    await asyncio.sleep(0)
    assert line.socket.closed == (3013, "too many requests")


async def test_who_comes_and_goes_is_pushed_to_those_who_ask_for_it(line: Line) -> None:
    await line.sign_in()
    await line.subscribe(join_leave=True)
    stats = await line.say(id=3, presence_stats={"channel": CHANNEL})
    assert stats["presence_stats"] == {"num_clients": 1, "num_users": 1}
    client = line.connection.client
    presence = await line.say(id=4, presence={"channel": CHANNEL})
    assert presence["presence"]["presence"] == {
        client: {"user": "ada", "client": client, "conn_info": {"name": "Ada"}},
    }
    line.clock.ahead += COALESCE_SECONDS
    ben = Ben(line.band.organisation)
    line.desk.presence.enter(ben.key, ben, ben.guest)
    line.clock.ahead += COALESCE_SECONDS
    line.desk.presence.leave(ben.key, ben, clean=True)
    info = {"user": "ben", "client": "b", "conn_info": {"name": "Ben"}}
    pushes = [each["push"] for each in line.told if "push" in each]
    assert pushes == [{"channel": CHANNEL, "join": {"info": info}}, {"channel": CHANNEL, "leave": {"info": info}}]


async def test_presence_is_for_those_who_listen_and_of_workspaces(line: Line) -> None:
    await line.sign_in()
    assert (await line.say(id=2, presence={"channel": CHANNEL}))["error"]["code"] == 103
    await line.say(id=3, subscribe={"channel": "alerts"})
    assert (await line.say(id=4, presence_stats={"channel": "alerts"}))["error"]["code"] == 108


@pytest.mark.parametrize(("clean", "here"), [(True, 0), (False, 1)])
async def test_a_client_that_is_cut_off_is_here_for_a_while(line: Line, clean: bool, here: int) -> None:
    await line.sign_in()
    await line.subscribe()
    line.clock.ahead += COALESCE_SECONDS
    line.connection.lost(clean=clean)
    assert len(line.desk.presence.here((line.band.organisation, CHANNEL))) == here


class Ben:
    """Somebody else in the workspace."""

    client = "b"

    def __init__(self, organisation: str) -> None:
        self.key = (organisation, CHANNEL)
        self.guest = Guest("ben", "Ben", organisation, "credential", None)

    def met(self, change: PresenceChange) -> None:
        """He watches nobody."""
