"""A connection for `/events`: `sync` first, then every event once and in order, and a farewell with its reason."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from persistence.database import Database
from persistence.events import StreamPosition
from server.errors import AppError, Busy, Forbidden, NotFound, Stopping, Unauthenticated
from server.realtime.connections.event_stream import KEEP_ALIVE_SECONDS, LATER_MS, EventStreamConnection
from server.realtime.connections.feed import OUTBOX_BYTES
from server.realtime.door import Guest
from server.realtime.feed.channels import Channel
from server.realtime.feed.desk import FeedDesk
from server.realtime.feed.event_stream import positions_of
from server.realtime.feed.presence import COALESCE_SECONDS
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from tests.persistence.conftest import place_in
from tests.server.realtime.feed.band import Band, everything
from tests.server.realtime.stage import HandClock, Socket

NAMES = ("workspace:w", "user:ada")
NO_LIMIT = 1e12


@dataclass
class Door:
    """Opens what the test allows; `between` is called when a channel has been asked for."""

    band: Band
    clock: HandClock
    denied: dict[str, AppError] = field(default_factory=dict)
    between: Callable[[], Any] | None = None

    async def open(self, name: str) -> Channel:
        if name in self.denied:
            raise self.denied[name]
        if self.between is not None and name == NAMES[1]:
            await self.between()

        async def reopen() -> Channel:
            return await self.open(name)

        return Channel(name, (self.band.organisation, name), self.guest(), everything, reopen, self.clock.monotonic())

    def guest(self, expires_at: datetime | None = None) -> Guest:
        return Guest("ada", "Ada", self.band.organisation, "credential", expires_at)


@dataclass
class Told:
    """One event as a client reads it."""

    type: str
    data: Any
    id: str = ""
    retry: int | None = None


@dataclass
class Line:
    """One client."""

    door: Door
    desk: FeedDesk
    socket: Socket
    connection: EventStreamConnection

    @property
    def told(self) -> list[Told]:
        text = b"".join(self.socket.frames).decode()
        return [_read(block) for block in text.split("\n\n")[:-1] if block != ":"]

    @property
    def offsets(self) -> list[int]:
        """By the ids of the events of the workspace."""
        events = (each for each in self.told if each.type.startswith("counterpoint."))
        return [positions_of(each.id, NAMES)["workspace:w"].offset for each in events]

    async def begin(self, since: dict[str, StreamPosition] | None = None, guest: Guest | None = None) -> None:
        await self.connection.begin(guest or self.door.guest(), self.door, NAMES, since or {})


def _read(block: str) -> Told:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    retry = fields.get("retry")
    return Told(fields["event"], json.loads(fields["data"]), fields.get("id", ""), int(retry) if retry else None)


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def line(database: Database) -> AsyncIterator[Line]:
    band, clock = Band(database, (await place_in(database)).organisation), HandClock()
    band.hub.start()
    desk = FeedDesk(band.hub, band.broker, clock)
    desk.start()
    yield another(Door(band, clock), desk)
    await desk.stop()
    await band.hub.stop()


def another(door: Door, desk: FeedDesk) -> Line:
    socket, meter = Socket(), Meter(door.clock.monotonic(), NO_LIMIT, NO_LIMIT)
    connection = EventStreamConnection(socket, door.clock, Figures(), "here", meter, desk=desk)
    return Line(door, desk, socket, connection)


async def test_sync_says_where_each_channel_begins_and_events_follow(line: Line) -> None:
    await line.door.band.write(3)
    await line.begin()
    [sync] = line.told
    channels = sync.data["channels"]
    assert sync.type == "sync"
    assert (channels["workspace:w"]["recovered"], channels["workspace:w"]["offset"]) == (False, 3)
    assert channels["user:ada"]["offset"] == 0
    await line.door.band.write(2)
    assert line.offsets == [4, 5]
    assert line.told[1].type == "counterpoint.document.deleted.v1"
    assert line.told[1].data["specversion"] == "1.0"


async def test_whoever_comes_back_gets_what_he_has_missed_once_and_in_order(line: Line) -> None:
    await line.begin()
    await line.door.band.write(2)
    last = line.told[-1].id
    line.connection.lost(clean=False)
    await line.door.band.write(3)
    back = another(line.door, line.desk)
    await back.begin(positions_of(last, NAMES))
    assert back.told[0].data["channels"]["workspace:w"]["recovered"] is True
    assert back.told[0].id == last, "until an event has come he is where he was"
    await line.door.band.write(1)
    assert back.offsets == [3, 4, 5, 6]


async def test_a_position_in_another_epoch_is_not_recovered_and_said_so(line: Line) -> None:
    await line.door.band.write(2)
    await line.begin({"workspace:w": StreamPosition("other", 1)})
    assert line.told[0].data["channels"]["workspace:w"]["recovered"] is False
    assert line.offsets == []


async def test_what_comes_while_it_begins_follows_sync(line: Line) -> None:
    line.door.between = line.door.band.write
    await line.begin()
    assert [each.type for each in line.told] == ["sync", "counterpoint.document.deleted.v1"]
    assert line.told[0].data["channels"]["workspace:w"]["offset"] == 0
    assert line.offsets == [1]


async def test_a_channel_that_one_may_not_hear_is_refused_and_the_others_are_heard(line: Line) -> None:
    line.door.denied["user:ada"] = NotFound()
    await line.begin()
    assert line.told[0].data["channels"]["user:ada"]["error"] == "not_found"
    await line.door.band.write()
    assert line.offsets == [1]


async def test_with_no_channel_left_there_is_nothing_to_begin(line: Line) -> None:
    line.door.denied = {name: Forbidden() for name in NAMES}
    with pytest.raises(Forbidden):
        await line.begin()


async def test_a_right_that_ends_ends_its_channel_and_the_last_one_the_stream(line: Line) -> None:
    await line.begin()
    line.door.denied["workspace:w"] = Forbidden()
    await line.desk.recheck_all(0)
    await line.socket.until(lambda: len(line.told) == 2)
    assert (line.told[1].type, line.told[1].data["channel"]) == ("unsubscribed", "workspace:w")
    await line.door.band.write()
    assert line.offsets == []
    line.door.denied["user:ada"] = Forbidden()
    await line.desk.recheck_all(0)
    await line.socket.until(lambda: line.socket.closed is not None)
    assert (line.told[-1].type, line.told[-1].data["code"]) == ("error", "forbidden")


async def test_a_reader_that_takes_nothing_is_cut_off_behind_a_whole_event(line: Line) -> None:
    await line.begin()
    line.socket.stalled = True
    while line.socket.closed is None:
        await line.door.band.write()
        assert sum(map(len, line.socket.frames)) < 2 * OUTBOX_BYTES
    assert line.socket.closed[0] == 3008
    assert line.socket.frames[-1].endswith(b"\n\n")
    assert line.desk.subscriptions == 0


async def test_lost_events_end_the_stream_and_its_client_comes_back_to_be_told(line: Line) -> None:
    await line.begin()
    line.connection.insufficient((line.door.band.organisation, "workspace:w"))
    assert line.socket.closed is not None
    assert line.told[-1].type == "bye"
    assert line.desk.subscriptions == 0


@pytest.mark.parametrize(
    ("error", "type_", "waits"), [(Busy(), "bye", True), (Unauthenticated(), "error", True), (Stopping(), "bye", False)]
)
async def test_the_last_event_says_why_and_when_to_come_back(
    line: Line, error: AppError, type_: str, waits: bool
) -> None:
    await line.begin()
    line.connection.close(error)
    line.connection.close(error)
    [_, last] = line.told
    assert last.type == type_
    assert last.retry is not None
    assert (last.retry == LATER_MS) is waits
    assert last.id == ""


async def test_a_sign_in_that_runs_out_ends_the_stream(line: Line) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    await line.begin(guest=line.door.guest(soon))
    line.connection.look_after(line.door.clock.monotonic(), soon - timedelta(seconds=1))
    assert line.socket.closed is None
    line.connection.look_after(line.door.clock.monotonic(), soon)
    assert (line.told[-1].type, line.told[-1].data["code"]) == ("error", "unauthenticated")


async def test_a_silent_stream_is_kept_alive(line: Line) -> None:
    await line.begin()
    line.connection.look_after(line.door.clock.monotonic(), datetime.now(UTC))
    line.door.clock.ahead += KEEP_ALIVE_SECONDS
    line.connection.look_after(line.door.clock.monotonic(), datetime.now(UTC))
    assert line.socket.frames[-1] == b":\n\n"


async def test_who_is_in_a_workspace_is_told_without_an_id(line: Line) -> None:
    await line.connection.begin(line.door.guest(), line.door, NAMES, {}, presence=True)
    ada = {"id": "ada", "name": "Ada"}
    assert [(each.type, each.id) for each in line.told[1:]] == [("presence", "")]
    assert line.told[1].data == {"channel": "workspace:w", "here": [ada]}
    line.door.clock.ahead += COALESCE_SECONDS
    ben = another(line.door, line.desk)
    line.desk.presence.enter(
        (line.door.band.organisation, "workspace:w"),
        ben.connection,
        Guest("ben", "Ben", line.door.band.organisation, "credential", None),
    )
    assert line.told[2].data == {"channel": "workspace:w", "joined": [{"id": "ben", "name": "Ben"}], "left": []}
    await line.door.band.write(1)
    assert line.offsets == [1]


async def test_presence_is_told_only_to_those_who_ask(line: Line) -> None:
    await line.begin()
    line.door.clock.ahead += COALESCE_SECONDS
    await another(line.door, line.desk).begin(guest=Guest("ben", "Ben", line.door.band.organisation, "c", None))
    assert [each.type for each in line.told] == ["sync"]
