"""A connection for `/ws/data-sources`: hears all that its caller may see, and all that he comes to see."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from persistence.database import Database
from server.errors import AppError, NotFound, Stopping, Unauthenticated
from server.events.model import Actor
from server.events.workspaces import MembershipBegan
from server.realtime.access import ACCESS
from server.realtime.connections.data_sources import (
    GRACE,
    LARGEST_MESSAGE,
    MOST_WAITING,
    SIGN_IN_SECONDS,
    CallersChannelDoor,
    DataSourcesConnection,
)
from server.realtime.connections.feed import OUTBOX_BYTES
from server.realtime.door import Guest
from server.realtime.feed.channels import Channel
from server.realtime.feed.desk import FeedDesk
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from tests.persistence.conftest import place_in
from tests.server.realtime.feed.band import Band, everything
from tests.server.realtime.stage import HandClock, Socket

NO_LIMIT = 1e12


class Door:
    """Lets in whom the test says; `channels` are the caller's."""

    def __init__(self, band: Band, clock: HandClock) -> None:
        self.band = band
        self.clock = clock
        self.knows_the_caller = True
        self.refusal: AppError | None = None
        self.denied: AppError | None = None
        self.expires_at: datetime | None = None
        self.tokens: list[str | None] = []
        self.channels = ["user:ada", "workspace:w"]

    async def sign_in(self, token: str | None) -> tuple[Guest, CallersChannelDoor]:
        self.tokens.append(token)
        if self.refusal is not None:
            raise self.refusal
        return self._guest("ben" if token == "ben's" else "ada"), self

    async def names(self) -> Sequence[str]:
        return list(self.channels)

    async def open(self, name: str) -> Channel:
        if self.denied is not None:
            raise self.denied
        if name not in self.channels:
            raise NotFound

        async def reopen() -> Channel:
            return await self.open(name)

        key = (self.band.organisation, name)
        return Channel(name, key, self._guest("ada"), everything, reopen, self.clock.monotonic())

    def _guest(self, user: str) -> Guest:
        return Guest(user, user, self.band.organisation, "credential", self.expires_at)


@dataclass
class Line:
    """One client."""

    band: Band
    door: Door
    desk: FeedDesk
    clock: HandClock
    socket: Socket
    connection: DataSourcesConnection

    @property
    def told(self) -> list[Any]:
        return [json.loads(frame) for frame in self.socket.frames]

    def say(self, type_: str, **payload: Any) -> None:
        self.connection.receive(json.dumps({"type": type_, "payload": payload}))

    def statuses(self, type_: str) -> list[Any]:
        payloads = (each["payload"] for each in self.told if each["type"] == "status_update")
        return [payload for payload in payloads if payload["type"] == type_]

    @property
    def offsets(self) -> list[int]:
        """Of the events of the workspace."""
        heads = (each["metadata"]["headers"] for each in self.told)
        return [int(head["offset"]) for head in heads if head.get("channel") == "workspace:w"]

    async def until_subscribed(self, count: int = 2) -> None:
        await self.socket.until(lambda: len(self.statuses("subscribed")) >= count)

    async def closed(self) -> tuple[int, str]:
        await self.socket.until(lambda: self.socket.closed is not None)
        assert self.socket.closed is not None
        return self.socket.closed

    def look_after(self) -> None:
        self.connection.look_after(self.clock.monotonic(), datetime.now(UTC) + timedelta(seconds=self.clock.ahead))


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
    connection = DataSourcesConnection(socket, clock, Figures(), "here", meter, door=door, desk=desk)
    return Line(band, door, desk, clock, socket, connection)


async def entered(line: Line) -> Line:
    await line.connection.enter()
    await line.until_subscribed()
    return line


# Coming in.


async def test_who_brought_a_credential_hears_everything_without_a_word(line: Line) -> None:
    await entered(line)
    await line.band.write(2)
    assert line.offsets == [1, 2]
    assert line.door.tokens == [None]
    assert line.socket.max_size == LARGEST_MESSAGE


async def test_who_brought_none_signs_in_by_his_first_message(line: Line) -> None:
    line.door.knows_the_caller = False
    await line.connection.enter()
    assert line.door.tokens == []
    line.say("auth", token="t")
    await line.until_subscribed()
    assert line.door.tokens == ["t"]


async def test_who_says_nothing_of_himself_is_closed_with_4401(line: Line) -> None:
    line.door.knows_the_caller = False
    await line.connection.enter()
    line.say("status_update", type="heartbeat")
    line.look_after()
    assert line.socket.closed is None
    line.clock.ahead += SIGN_IN_SECONDS + 1
    line.look_after()
    assert (await line.closed())[0] == 4401


async def test_a_refused_credential_is_4401_at_the_door_and_by_message(line: Line) -> None:
    line.door.refusal = Unauthenticated()
    with pytest.raises(Unauthenticated):
        await line.connection.enter()
    line.say("auth", token="t")
    assert (await line.closed())[0] == 4401


async def test_a_newer_token_is_of_the_same_user(line: Line) -> None:
    await entered(line)
    line.say("auth", token="ada's")
    line.say("auth", token="ben's")
    assert (await line.closed())[0] == 4401
    assert line.band.hub.listeners == 0


async def test_a_connection_outlives_its_credential_by_the_grace_only(line: Line) -> None:
    line.door.expires_at = datetime.now(UTC) + timedelta(seconds=1)
    await entered(line)
    line.clock.ahead += GRACE.total_seconds() - 3
    line.look_after()
    assert line.socket.closed is None
    line.clock.ahead += 5
    line.look_after()
    assert (await line.closed())[0] == 4401


@pytest.mark.parametrize(
    "said",
    [
        "{",
        b"{}",
        "[]",
        '{"payload":{}}',
        "x" * (LARGEST_MESSAGE + 1),
        "[" * 50_000,
        '{"type":"auth","payload":{}}',
        '{"type":"subscribe","payload":{"channels":[1]}}',
        '{"type":"subscribe","payload":{"channels":["\\ud800"]}}',
        '{"type":"subscribe","payload":{"channels":["%s"]}}' % ("x" * 256),
        '{"type":"subscribe","payload":{"since":{"alerts":{"epoch":"e","offset":-1}}}}',
    ],
)
async def test_what_is_no_message_ends_the_socket_for_good(line: Line, said: str | bytes) -> None:
    await entered(line)
    line.connection.receive(said)
    assert (await line.closed())[0] == 4400


# Messages.


async def test_a_message_has_what_clients_look_for(line: Line) -> None:
    await entered(line)
    stored = (await line.band.write())[0]
    told = line.told[-1]
    assert (told["id"], told["type"], told["priority"]) == (stored.id, "document_deleted", 3)
    assert (told["source"], told["target"]) == ("/workspaces/w", "document/d")
    assert told["timestamp"].endswith("Z")
    assert told["payload"]["message"] == "Ada deleted Plan"
    assert told["payload"]["document_id"] == "d"
    metadata = told["metadata"]
    assert (metadata["userId"], metadata["workspaceId"], metadata["documentId"]) == ("u", "w", "d")
    assert metadata["tags"] == []
    assert metadata["headers"]["offset"] == "1"


async def test_every_message_has_metadata_and_a_heartbeat_is_answered_and_told_to_nobody(line: Line) -> None:
    other = await entered(another(line.band, line.door, line.desk, line.clock))
    await entered(line)
    before = len(other.told)
    line.say("status_update", type="heartbeat")
    line.say("user_activity", what="mine")
    assert line.told[-1]["payload"] == {"type": "heartbeat"}
    assert len(other.told) == before
    for each in line.told:
        assert isinstance(each["metadata"], dict)
        assert isinstance(each["metadata"]["tags"], list)
        assert {"id", "type", "source", "timestamp", "payload", "priority"} <= each.keys()


async def test_one_frame_is_for_everybody(line: Line) -> None:
    other = await entered(another(line.band, line.door, line.desk, line.clock))
    await entered(line)
    await line.band.write()
    assert line.socket.frames[-1] is other.socket.frames[-1]


# Channels.


async def test_a_channel_that_one_gets_while_one_listens_is_heard(line: Line) -> None:
    await entered(line)
    line.door.channels.append("workspace:new")
    line.connection.access_changed({"user": "ben"})
    line.connection.access_changed({"user": "ada"})
    await line.until_subscribed(3)
    assert line.statuses("subscribed")[-1]["channel"] == "workspace:new"


async def test_and_so_is_one_that_is_told_of_by_an_event(line: Line) -> None:
    await entered(line)
    line.door.channels.append("workspace:new")
    began = MembershipBegan(user_id="ada", workspace_id="new", workspace_name="New", role="editor")
    record = line.band.outbox.record(Actor(line.band.organisation, "person", "u", "Ada"), began)
    await line.band.database.write(record)
    line.band.outbox.published(record)
    await line.until_subscribed(3)
    assert line.desk.subscriptions == 3


async def test_a_right_that_ends_ends_the_channel_or_the_connection(line: Line) -> None:
    await entered(line)
    line.door.channels.remove("workspace:w")
    ACCESS.publish(line.band.broker, {"user": "ada"})
    await line.socket.until(lambda: bool(line.statuses("unsubscribed")))
    assert line.statuses("unsubscribed") == [{"type": "unsubscribed", "channel": "workspace:w"}]
    await line.band.write()
    assert line.offsets == []
    line.door.denied = Unauthenticated()
    ACCESS.publish(line.band.broker, {"user": "ada"})
    assert (await line.closed())[0] == 4401
    assert line.desk.subscriptions == 0


async def test_who_names_channels_hears_those_and_goes_on_from_his_positions(line: Line) -> None:
    await entered(line)
    await line.band.write(3)
    at = line.told[-1]["metadata"]["headers"]
    line.connection.lost(clean=False)
    await line.band.write(2)
    back = await entered(another(line.band, line.door, line.desk, line.clock))
    since = {"workspace:w": {"epoch": at["epoch"], "offset": at["offset"]}}
    back.say("subscribe", channels=["workspace:w", "workspace:strange"], since=since)
    await back.socket.until(lambda: bool(back.statuses("refused")))
    answer = back.statuses("subscribed")[-1]
    assert answer == {
        "type": "subscribed",
        "channel": "workspace:w",
        "epoch": at["epoch"],
        "offset": "3",
        "recovered": True,
    }
    await line.band.write()
    assert back.offsets == [4, 5, 6]
    assert back.desk.subscriptions == 1


async def test_a_position_that_is_gone_is_said_so(line: Line) -> None:
    await line.band.write(2)
    await entered(line)
    line.say("subscribe", channels=["workspace:w"], since={"workspace:w": {"epoch": "other", "offset": 1}})
    await line.until_subscribed(3)
    answer = line.statuses("subscribed")[-1]
    assert (answer["recovered"], answer["offset"]) == (False, "2")


async def test_events_that_are_lost_are_said_so_and_the_channel_goes_on(line: Line) -> None:
    await entered(line)
    line.connection.insufficient((line.band.organisation, "workspace:w"))
    assert line.statuses("reload")[0]["channel"] == "workspace:w"
    await line.until_subscribed(3)
    await line.band.write()
    assert line.offsets == [1]


# The end.


async def test_the_end_of_the_socket_ends_its_channels(line: Line) -> None:
    await entered(line)
    line.connection.lost(clean=True)
    assert (line.band.hub.listeners, line.desk.subscriptions) == (0, 0)


async def test_a_drain_closes_with_a_code_at_which_clients_come_back(line: Line) -> None:
    await entered(line)
    line.connection.close(Stopping())
    assert (await line.closed())[0] == 1012


async def test_a_reader_that_takes_nothing_is_cut_off_before_it_costs_much(line: Line) -> None:
    await entered(line)
    line.socket.stalled = True
    line.connection._excess = OUTBOX_BYTES - 10
    await line.band.write(2)
    assert await line.closed() == (3008, "slow")
    assert line.band.hub.listeners == 0


async def test_more_messages_than_are_waited_for_end_the_connection(line: Line) -> None:
    await entered(line)
    for _ in range(MOST_WAITING + 1):
        line.say("subscribe")
    assert (await line.closed())[0] == 1013
