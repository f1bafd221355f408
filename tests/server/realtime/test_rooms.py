"""Many who come at once: one opening, one answer, one copy of it, and whoever types has his turn in between."""

import asyncio
import gc
import sys

import pytest

from crdt.awareness import Entry, encode_awareness
from crdt.messages import AwarenessUpdate, SyncStep1, SyncStep2, Update
from crdt.protocols import y_websocket
from persistence.log import Opened
from server.realtime.frames import Frame
from server.realtime.pacing import AT_ONCE
from tests.server.realtime.stage import OpenDoor, Socket, Stage, YPeer

JOINERS = 200
SIZE = 2_000_000


class SlowSocket(Socket):
    """Is full after each big frame, until it is told to drain; it keeps the frames, and no bytes of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shared: list[Frame] = []

    def write(self, frame: Frame) -> None:
        self.shared.append(frame)
        self.stalled = self.stalled or len(frame.payload) > 100_000


def count_openings(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    opened: list[str] = []
    open_log = stage.keeper._log.open

    async def counted(document: str) -> Opened | None:
        opened.append(document)
        return await open_log(document)

    monkeypatch.setattr(stage.keeper._log, "open", counted)
    return opened


async def written(stage: Stage) -> tuple[str, str]:
    """A document of 2 MB that nobody has open: (its id, its text)."""
    document = await stage.document()
    author = await stage.sync(document)
    for _ in range(4):
        author.say(Update(author.edit("w" * (SIZE // 4))))
    other = await stage.sync(document)
    other.say(SyncStep1(b"\x00"))
    await other.socket.until(lambda: sum(map(len, other.socket.frames)) > SIZE, 60)
    assert await stage.keeper.flush(10)
    for peer in (author, other):
        peer.connection.lost(clean=True)
    await asyncio.sleep(0)  # the end of the turn in which they left
    stage.clock.ahead += 100.0
    stage.keeper.sweep()
    for host in stage.keeper.hosts:
        assert host.compaction.task is not None, "it stays open only to fold its tail"
        await host.compaction.task
    stage.keeper.sweep()
    assert stage.keeper.hosts == ()
    return document, str(author.text)


async def test_a_storm_of_joiners_is_one_opening_and_one_frame_and_a_few_at_a_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, text = await written(stage)
    opened = count_openings(stage, monkeypatch)
    monkeypatch.setattr("tests.server.realtime.stage.Socket", SlowSocket)
    joiners: list[YPeer] = await asyncio.gather(*(stage.sync(document) for _ in range(JOINERS)))
    assert opened == [document]
    for joiner in joiners:
        joiner.say(SyncStep1(b"\x00"))
    sockets: list[SlowSocket] = [joiner.socket for joiner in joiners]
    assert sum(socket.stalled for socket in sockets) == AT_ONCE
    joiners[-1].say(Update(joiners[-1].edit("typed meanwhile")))
    while any(socket.stalled for socket in sockets):
        for joiner in joiners:
            if joiner.socket.stalled:
                joiner.socket.stalled = False
                joiner.connection.drained()
        await asyncio.sleep(0)
    big = {id(frame) for socket in sockets for frame in socket.shared if len(frame.payload) > 10_000}
    assert len(big) <= 8, "frames of the document that exist beside each other, for all joiners together"
    for joiner in joiners[:3]:
        for message in (y_websocket.decode(frame.payload) for frame in joiner.socket.shared):
            if isinstance(message, SyncStep2 | Update):
                joiner.doc.apply_update(message.update)
        assert sorted(str(joiner.text)) == sorted(text + "typed meanwhile")


async def test_joiners_that_take_nothing_hold_nothing_and_get_no_more(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, text = await written(stage)
    monkeypatch.setattr("tests.server.realtime.stage.Socket", SlowSocket)
    joiners = [await stage.sync(document) for _ in range(AT_ONCE)]
    for joiner in joiners:
        joiner.say(SyncStep1(b"\x00"))
    host = stage.keeper.find(document)
    assert host is not None
    typist = await stage.sync(document)
    for _ in range(50):
        typist.say(Update(typist.edit("t" * 1_000)))
        host.flush()
    for joiner in joiners:
        assert len([frame for frame in joiner.socket.shared if len(frame.payload) > 500]) <= 1
    while any(joiner.socket.stalled for joiner in joiners) or host._errands:
        for joiner in joiners:
            if joiner.socket.stalled:
                joiner.socket.stalled = False
                joiner.connection.drained()
        if host._errands:
            await asyncio.wait(host._errands)
    for joiner in joiners:
        for message in (y_websocket.decode(frame.payload) for frame in joiner.socket.shared):
            if isinstance(message, SyncStep2 | Update):
                joiner.doc.apply_update(message.update)
        assert sorted(str(joiner.text)) == sorted(text + "t" * 50_000)


async def join_and_leave(stage: Stage, document: str, number: int) -> None:
    """Somebody comes with a new client id, shows a cursor, asks for the document, and goes: cleanly, or not."""
    peer = await stage.sync(document, OpenDoor(user=f"user {number % 20}"))
    entry = Entry(1_000_000 + number, 1, '{"cursor":{"anchor":1,"head":2},"user":{"color":"#123456"}}')
    peer.say(AwarenessUpdate(encode_awareness([entry])))
    peer.say(SyncStep1(b"\x00"))
    if number % 10:
        peer.connection.lost(clean=True)
    else:
        host = peer.connection.places[0].host
        peer.connection.lost(clean=False)
        host._fading[peer.connection._seat.peer].cancel()  # the grace is over at once
        host._fade(peer.connection._seat.peer)
    if number % 50 == 0:
        await asyncio.sleep(0)


@pytest.mark.parametrize("joins", [12_000, pytest.param(1_000_000, marks=pytest.mark.long)])
async def test_A9_memory_is_flat_however_many_come_and_go(stage: Stage, joins: int) -> None:
    """Counted in blocks of memory, which is exact, and not in resident pages, which are not."""
    document = await stage.document()
    stays = await stage.sync(document)
    stays.say(SyncStep1(b"\x00"))
    blocks = []
    for number in range(joins):
        await join_and_leave(stage, document, number)
        stays.socket.frames.clear()
        if number + 1 in (joins // 4, joins):
            await asyncio.sleep(0)
            gc.collect()
            blocks.append(sys.getallocatedblocks())
    assert blocks[1] - blocks[0] < 1_000, "some blocks for caches; one per join would be nine times as many"
    host = stage.keeper.find(document)
    assert host is not None
    assert len(host.room.peers) == len(host.seats) == 1
