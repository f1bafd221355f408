"""The hot path of an update without its sockets: CPU time from a complete message to written frames and a queued row.

    python -m benchmarks.micro_hot_path [--protocol hocuspocus] [--profile]

Real connections, rooms and the real queue of the log; only the two ends are replaced, the socket by a transport that
counts and the store by one that says "committed" at once. What is measured is the CPU time of this thread, so that
what else the machine does matters little. The numbers of two runs on two machines cannot be compared; before and after
on one machine can.
"""

import argparse
import asyncio
import cProfile
import pstats
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import uvloop
from pycrdt import Doc, Text

from crdt.guard import Limits
from crdt.messages import AuthToken, SyncStep1, SyncStep2, Update
from crdt.protocols import hocuspocus, y_websocket
from crdt.room import Right
from persistence.log import Batch, Committed, DocumentLog, Opened, Outcome
from server.clock import SystemClock
from server.realtime.connections.base import Connection
from server.realtime.connections.hocuspocus import HocuspocusConnection
from server.realtime.connections.y_websocket import YWebsocketConnection
from server.realtime.copies import KnownIncarnations
from server.realtime.door import Admission, Guest
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.materialiser import Materialiser
from server.realtime.meter import Meter
from server.realtime.rooms import RoomKeeper

PROTOCOLS = ("y-websocket", "hocuspocus")
NO_LIMIT = 1e12
WARM_TURNS = 25
"""Turns between two waits for the log: after each wait the processor's caches are cold."""


@dataclass(frozen=True, slots=True)
class Load:
    """`rooms` documents with `writers` and `readers` each; every writer sends `burst` keystrokes a turn.

    Fewer than 500 turns, so that no compaction begins meanwhile.
    """

    name: str
    rooms: int
    writers: int
    readers: int
    burst: int
    turns: int


LOADS = (
    Load("1 writer, 100 readers, 1 a turn", 1, 1, 100, 1, 450),
    Load("1 writer, 100 readers, 20 a turn", 1, 1, 100, 20, 300),
    Load("200 rooms, 2 writers, 1 a turn", 200, 2, 0, 1, 20),
    Load("200 rooms, 2 writers, 10 a turn", 200, 2, 0, 10, 5),
)


class CountingTransport:
    """A socket that takes everything."""

    def __init__(self) -> None:
        self.frames = 0
        self.stalled = self.spoke = False

    def write(self, frame: Frame) -> None:
        self.frames += 1

    def close(self, code: int, reason: str) -> None:
        raise AssertionError(f"closed: {code} {reason}")


class InstantLog:
    """A store that has every batch committed before it is asked."""

    def __init__(self) -> None:
        self.positions: dict[str, int] = {}

    async def open(self, document: str) -> Opened:
        return Opened(document, "org", "1", 0, None, [], {})

    async def append(self, batches: Sequence[Batch]) -> list[Outcome]:
        return [self._commit(batch) for batch in batches]

    def _commit(self, batch: Batch) -> Committed:
        first = self.positions.get(batch.document, 0) + 1
        self.positions[batch.document] = first + len(batch.rows) - 1
        return Committed(first, self.positions[batch.document])


@dataclass
class Stage:
    """What all connections share."""

    protocol: str
    keeper: RoomKeeper
    clock: SystemClock
    figures: Figures
    peers: Iterator[int]

    async def admit(self, name: str, token: str | None) -> Admission:
        async def recheck() -> Right | None:
            return Right.WRITE

        return Admission(Guest("ada", "Ada", "org", "credential", None), name, Right.WRITE, recheck)

    @property
    def knows_the_caller(self) -> bool:
        return True

    async def connect(self, document: str) -> Connection:
        """A peer that has opened its document and is in step."""
        args = (CountingTransport(), self.clock, self.figures, "here", Meter(0.0, NO_LIMIT, NO_LIMIT))
        if self.protocol == "hocuspocus":
            parts = {"door": self, "rooms": self.keeper, "next_peer": lambda: next(self.peers)}
            many = HocuspocusConnection(*args, **parts, keeper=None, known=KnownIncarnations())  # it brings no copy
            many.receive(hocuspocus.encode(document, AuthToken("", None)))
            while not many.places:  # noqa: ASYNC110  the door answers at once: one or two turns of the loop
                await asyncio.sleep(0)
            one: Connection = many
        else:
            admission = await self.admit(document, None)
            single = YWebsocketConnection(*args, peer=next(self.peers), admission=admission)
            single.enter(await self.keeper.enter(document))
            one = single
        for message in (SyncStep1(b"\x00"), SyncStep2(b"\x00\x00")):
            one.receive(self.encoded(document, message))
        return one

    def encoded(self, document: str, message: Any) -> bytes:
        if self.protocol == "hocuspocus":
            return hocuspocus.encode(document, message)
        frame = y_websocket.encode(message)
        assert frame is not None
        return frame


def keystrokes(stage: Stage, document: str, number: int) -> list[bytes]:
    """The frames of somebody who types at the end of his own text."""
    doc: Doc[Text] = Doc()
    text = doc.get("text", type=Text)
    frames = []
    for each in range(number):
        before = doc.get_state()
        text += chr(97 + each % 26)
        frames.append(stage.encoded(document, Update(doc.get_update(before))))
    return frames


async def measure(load: Load, protocol: str, profile: cProfile.Profile | None) -> tuple[float, float]:
    """CPU µs per update: from message to frames with the row queued, and in the log's queue after it."""
    clock, figures, materialiser = SystemClock(), Figures(), Materialiser()
    keeper = RoomKeeper(
        "node", cast("DocumentLog", InstantLog()), materialiser, clock=clock, figures=figures, limits=Limits()
    )
    keeper.start()
    stage = Stage(protocol, keeper, clock, figures, iter(range(1, 1 << 30)))
    writers: list[tuple[Connection, list[bytes]]] = []
    for number in range(load.rooms):
        document = f"document-{number}"
        for _ in range(load.writers):
            frames = keystrokes(stage, document, load.burst * load.turns)
            writers.append((await stage.connect(document), frames))
        for _ in range(load.readers):
            await stage.connect(document)
    for host in keeper.hosts:
        host.flush()
    await keeper.writer.flushed()
    spent = await _type(load, stage, writers, profile)
    await keeper.close()
    await materialiser.close()
    updates = load.rooms * load.writers * load.burst * load.turns
    return spent[0] / updates * 1e6, spent[1] / updates * 1e6


async def _type(
    load: Load, stage: Stage, writers: list[tuple[Connection, list[bytes]]], profile: cProfile.Profile | None
) -> tuple[float, float]:
    path = queue = 0.0
    hosts = stage.keeper.hosts
    for turn in range(load.turns):
        due = [(connection, frames[turn * load.burst : (turn + 1) * load.burst]) for connection, frames in writers]
        if profile:
            profile.enable()
        began = time.thread_time()
        for connection, frames in due:
            for frame in frames:
                connection.receive(frame)
        for host in hosts:
            host.flush()
        ended = time.thread_time()
        if profile:
            profile.disable()
        path += ended - began
        if turn % WARM_TURNS == 0:
            await stage.keeper.writer.flushed()
        queue += time.thread_time() - ended
    began = time.thread_time()
    await stage.keeper.writer.flushed()
    return path, queue + time.thread_time() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--protocol", choices=PROTOCOLS, default=PROTOCOLS[0])
    options.add_argument("--profile", action="store_true", help="print where the time goes")
    options.add_argument("--rounds", type=int, default=3, help="the best of so many is told")
    options.add_argument("--load", type=int, choices=range(len(LOADS)), help="only this one")
    chosen = options.parse_args()
    for load in LOADS if chosen.load is None else LOADS[chosen.load : chosen.load + 1]:
        profile = cProfile.Profile() if chosen.profile else None
        runs = [uvloop.run(measure(load, chosen.protocol, profile)) for _ in range(chosen.rounds)]
        path, queue = (min(column) for column in zip(*runs, strict=True))
        print(f"{chosen.protocol}: {load.name}: {path:.1f} µs an update, and {queue:.1f} in the log's queue")
        if profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
