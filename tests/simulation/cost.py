"""What an edit costs between nodes, counted in virtual time beside the formulae: messages, rows and bytes.

`counted` runs the rooms, the log's writer and the replication of the server itself, without any fault; `on_paper` is
arithmetic. docs/explanation/cost-of-nodes.md holds the table of both.
"""

import asyncio
import random as process_random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from pycrdt import Doc, Text

from crdt.codec import var_string, var_uint
from crdt.guard import Limits
from crdt.messages import SyncStep1, SyncStep2, Update
from crdt.room import Manners, Right
from persistence.log import Batch, Outcome, Standing
from server.errors import AppError
from server.realtime.broker import MemoryBroker
from server.realtime.door import Admission, Guest
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.host import RoomHost
from server.realtime.materialiser import Materialiser
from server.realtime.redis.envelope import seal
from server.realtime.replication.message import Wire
from server.realtime.replication.replication import Replication
from server.realtime.rooms import RoomKeeper
from server.realtime.seat import Seat
from server.realtime.voice import HocuspocusVoice
from tests.simulation.store import SimulatedLog, Store
from tests.simulation.virtual_time import LoopClock, run

__all__ = ["SHAPES", "Cost", "Shape", "counted", "line", "on_paper", "table"]

HEAD = (
    "documents",
    "readers of each",
    "nodes",
    "rows",
    "to the broker",
    "from the broker",
    "its bytes",
    "frames to readers",
    "their bytes",
    "looks at the store in a second",
)
KEY = b"k" * 32
EDITS = 20
"""Of each document, one at a time."""
NODE_BYTES = 16
QUIET_SECONDS = 20.0
EMPTY, EMPTY_UPDATE = b"\x00", b"\x00\x00"
MANNERS = Manners(acknowledges=True, greets=False)


@dataclass(frozen=True, slots=True)
class Shape:
    """`readers` of each document stand at the nodes in turn, its one writer at the node before them."""

    nodes: int
    documents: int
    readers: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one edit, but for the last.

    rows          in the log
    told          messages to the broker
    carried       messages from the broker: to each node that has the document open, to the one that told, too
    broker_bytes  of those messages, in and out, without the broker's own framing
    frames        to readers; the writer is sent one more, that its edit is saved
    frame_bytes   of the frames to readers, as they go over the wire
    looks         questions to the store in a second, however many documents are open or typed in
    """

    rows: float
    told: float
    carried: float
    broker_bytes: float
    frames: float
    frame_bytes: float
    looks: float


SHAPES = tuple(
    Shape(nodes, documents, readers)
    for documents, readers in ((1, 2), (1, 100), (10, 2), (10, 20))
    for nodes in (1, 2, 3, 4)
)


def on_paper(shape: Shape, update: int) -> Cost:
    """What an edit of `update` bytes costs. Of the size of everything else nothing goes in but the count of nodes."""
    reached = min(shape.nodes, 1 + shape.readers)  # nodes that have the document open
    told = 1 if shape.nodes > 1 else 0
    carried = told * reached
    position = 1  # its varint; 2 bytes from position 128 on, 3 from 16,384 on
    body = len(var_string("0" * 32)) + 2 * position + 1 + 1 + len(var_uint(update)) + update
    message = len(seal(b"n" * NODE_BYTES, b"")) + 16 + 2 + body
    frame = 2 + len(var_string("d0")) + 1 + 1 + len(var_uint(update)) + update
    looking = min(shape.nodes, shape.documents + shape.readers)  # nodes that have any document open
    return Cost(1, told, carried, message * (told + carried), shape.readers, frame * shape.readers, looking)


@dataclass
class Tally:
    rows: int = 0
    edits: int = 0
    update_bytes: int = 0
    told: int = 0
    carried: int = 0
    broker_bytes: int = 0
    frames: int = 0
    frame_bytes: int = 0
    acknowledged: int = 0
    looks: int = 0


class CountingLog(SimulatedLog):
    """A store that answers within two milliseconds."""

    def __init__(self, store: Store, tally: Tally) -> None:
        super().__init__(store, Random(0))
        self._tally = tally

    async def append(self, batches: Sequence[Batch]) -> list[Outcome]:
        self._tally.rows += sum(len(batch.rows) for batch in batches)
        return await super().append(batches)

    async def standings(self, documents: Sequence[str]) -> dict[str, Standing]:
        self._tally.looks += 1
        return await super().standings(documents)

    async def _way(self) -> None:
        await asyncio.sleep(0.002)


class CountingBroker(MemoryBroker):
    """One node's end of a broker that carries each message to every node that listens to its topic."""

    def __init__(self, all_ends: "list[CountingBroker]", tally: Tally) -> None:
        super().__init__()
        self._ends = all_ends
        self._tally = tally
        all_ends.append(self)

    def publish(self, topic: str, payload: bytes) -> None:
        self.publish_here(topic, payload)
        size = len(seal(b"n" * NODE_BYTES, payload))
        listening = [end for end in self._ends if topic in end._here]
        self._tally.told += 1
        self._tally.carried += len(listening)
        self._tally.broker_bytes += size * (1 + len(listening))
        for end in listening:
            if end is not self:
                asyncio.get_running_loop().call_later(0.001, end.publish_here, topic, payload)


@dataclass(eq=False)
class Socket:
    """A transport that counts."""

    tally: Tally
    is_writer: bool = False
    stalled: bool = False
    spoke: bool = False
    sent: int = 0
    sent_bytes: int = 0
    waiting_bytes: int = 0

    def write(self, frame: Frame) -> None:
        if self.is_writer:
            self.tally.acknowledged += 1
        else:
            self.tally.frames += 1
            self.tally.frame_bytes += len(frame.wire)

    def limit(self, max_size: int | None) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


@dataclass
class Writer:
    """Types one character after the other, as Yjs encodes it."""

    host: RoomHost
    seat: Seat
    doc: "Doc[Any]"
    text: Text = field(default_factory=Text)

    def types(self, tally: Tally) -> None:
        before = self.doc.get_state()
        self.text += "x"
        update = self.doc.get_update(before)
        tally.edits += 1
        tally.update_bytes += len(update)
        self.host.hear(self.seat, Update(update))


def counted(shape: Shape) -> tuple[Cost, int]:
    """The same by counting, and the bytes of an update."""
    before = process_random.getstate()
    process_random.seed(1)
    try:
        return run(_live(shape))
    finally:
        process_random.setstate(before)


async def _live(shape: Shape) -> tuple[Cost, int]:
    tally, ends = Tally(), list[CountingBroker]()
    store = Store([f"d{number}" for number in range(shape.documents)])
    for document in store.documents.values():
        document.incarnation = "0" * 32
    nodes = [_node(f"node {number}", shape, store, ends, tally) for number in range(shape.nodes)]
    writers = [await _people(document, number, nodes, shape, tally) for number, document in enumerate(store.documents)]
    for writer in writers:
        writer.types(tally)  # the first one brings an owner along
    await asyncio.sleep(QUIET_SECONDS)
    tally.__init__()  # type: ignore[misc]
    for _ in range(EDITS):
        for writer in writers:
            writer.types(tally)
        await asyncio.sleep(0.1)
    await asyncio.sleep(QUIET_SECONDS)
    assert tally.acknowledged == tally.edits == EDITS * shape.documents
    per = [each / tally.edits for each in _counts(tally)]
    seconds = QUIET_SECONDS + EDITS * 0.1
    for node in nodes:
        await node.keeper.close()
        await node.replication.stop()
    return Cost(*per, looks=tally.looks / seconds), round(tally.update_bytes / tally.edits)


def _counts(tally: Tally) -> Iterator[int]:
    yield from (tally.rows, tally.told, tally.carried, tally.broker_bytes, tally.frames, tally.frame_bytes)


@dataclass
class Node:
    keeper: RoomKeeper
    replication: Replication


def _node(name: str, shape: Shape, store: Store, ends: list[CountingBroker], tally: Tally) -> Node:
    log, materialiser = CountingLog(store, tally), cast("Materialiser", None)  # nothing is worked out
    wire = Wire(KEY) if shape.nodes > 1 else None
    replication = Replication(name, CountingBroker(ends, tally), wire, document_log=log, materialiser=materialiser)
    clock, figures = LoopClock(), Figures()
    keeper = RoomKeeper(name, log, materialiser, clock=clock, figures=figures, limits=Limits(), replication=replication)
    keeper.start()
    replication.start()
    return Node(keeper, replication)


async def _people(document: str, number: int, nodes: list[Node], shape: Shape, tally: Tally) -> Writer:
    for reader in range(shape.readers):
        host = await nodes[(number + 1 + reader) % shape.nodes].keeper.enter(document)
        _sit(host, _seat(reader + 1, document, Socket(tally)))
    host = await nodes[number % shape.nodes].keeper.enter(document)
    seat = _seat(0, document, Socket(tally, is_writer=True))
    _sit(host, seat)
    doc: Doc[Any] = Doc(client_id=1_000_000_000 + number)
    return Writer(host, seat, doc, doc.get("text", type=Text))


def _sit(host: RoomHost, seat: Seat) -> None:
    host.sit(seat, MANNERS)
    host.hear(seat, SyncStep1(EMPTY))
    host.hear(seat, SyncStep2(EMPTY_UPDATE))


def _seat(peer: int, document: str, socket: Socket) -> Seat:
    guest = Guest(f"user {peer}", "", "org", "", None)
    return Seat(peer, Admission(guest, document, Right.WRITE, _may), HocuspocusVoice(document), socket, _fail, _pass)


def line(shape: Shape, cost: Cost) -> str:
    """As it stands in the page's table."""
    figures = (cost.rows, cost.told, cost.carried, cost.broker_bytes, cost.frames, cost.frame_bytes, cost.looks)
    said = (shape.documents, shape.readers, shape.nodes, *(f"{each:,.0f}" for each in figures))
    return f"| {' | '.join(map(str, said))} |"


def table() -> Iterator[str]:
    """As counted."""
    yield f"| {' | '.join(HEAD)} |"
    yield f"| {' | '.join('---' for _ in HEAD)} |"
    for shape in SHAPES:
        yield line(shape, counted(shape)[0])


def _fail(_: Seat, error: AppError) -> None:
    raise error


def _pass(_: Seat) -> None:
    """Rights do not change here."""


async def _may() -> Right | None:
    return Right.WRITE
