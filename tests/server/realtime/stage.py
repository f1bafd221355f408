"""A stage for tests of connections: real rooms over a real SQLite store, and sockets that remember what was said."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from pycrdt import Doc, Text
from sqlalchemy import update

from crdt.guard import Limits
from crdt.messages import Message, SyncStep1, SyncStep2, Update
from crdt.protocols import hocuspocus, y_websocket
from crdt.room import Right
from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.log import SqlDocumentLog
from persistence.tables.documents import document_heads
from server.clock import SystemClock
from server.errors import AppError
from server.realtime.broker import MemoryBroker
from server.realtime.connections.copy import CopyConnection
from server.realtime.connections.hocuspocus import HocuspocusConnection
from server.realtime.connections.registry import ConnectionLimits, ConnectionRegistry
from server.realtime.connections.y_websocket import YWebsocketConnection
from server.realtime.copies import KnownIncarnations
from server.realtime.door import Admission, Guest
from server.realtime.figures import Figures
from server.realtime.frames import Frame
from server.realtime.materialiser import Materialiser
from server.realtime.meter import Meter
from server.realtime.rooms import RoomKeeper
from tests.persistence.appender import NAME, make_place


class HandClock(SystemClock):
    """A clock that the test moves on."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


class Socket:
    """A transport that remembers. `stalled` is the test's to set."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.stalled = False
        self.spoke = False
        self.sent = self.sent_bytes = self.waiting_bytes = 0
        self.spoken = asyncio.Event()
        self.max_size: int | None = None

    def limit(self, max_size: int | None) -> None:
        self.max_size = max_size

    def write(self, frame: Frame) -> None:
        self.spoke = True
        self.sent += 1
        self.sent_bytes += len(frame.wire)
        self.frames.append(frame.payload)
        self.spoken.set()

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)
        self.spoken.set()

    async def until(self, seen: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until `seen`; it is asked again after each frame. A test that waits in vain ends after `seconds`."""
        async with asyncio.timeout(seconds):
            while not seen():
                self.spoken.clear()
                await self.spoken.wait()


@dataclass
class OpenDoor:
    """Lets everybody in as the test says; `rights` and `refusals` are by document."""

    knows_the_caller: bool = True
    user: str = "ada"
    right: Right = Right.WRITE
    refusal: AppError | None = None
    expires_at: datetime | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    async def admit(self, name: str, token: str | None) -> Admission:
        self.asked.append((name, token))
        if self.refusal is not None:
            raise self.refusal

        async def recheck() -> Right | None:
            if self.refusal is not None:
                raise self.refusal
            return self.right

        return Admission(Guest(self.user, self.user, "org", "credential", self.expires_at), name, self.right, recheck)


@dataclass
class Shelf:
    """Keeps the copies that it is brought, in the order of their coming; `refusal` is the test's to set."""

    most_bytes: int = 1_000
    kept: list[tuple[str, str, tuple[bytes, ...]]] = field(default_factory=list)
    has_nothing_new: bool = False
    refusal: Exception | None = None
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def keep(
        self, admission: Admission, document: Sequence[bytes], incarnation: str, copy: Sequence[bytes]
    ) -> str | None:
        self.kept.append((admission.document, incarnation, tuple(copy)))
        number = len(self.kept)
        await self.may_answer.wait()
        if self.refusal is not None:
            raise self.refusal
        return None if self.has_nothing_new else f"b{number}"


class Stage:
    """The parts, and short words for what tests do with them."""

    def __init__(
        self, database: Database, keeper: RoomKeeper, clock: HandClock, figures: Figures, materialiser: Materialiser
    ) -> None:
        self.database = database
        self.documents = DocumentStore(database)
        self.log = SqlDocumentLog(database)
        self.keeper = keeper
        self.materialiser = materialiser
        self.clock = clock
        self.figures = figures
        self.shelf = Shelf()
        self.broker = MemoryBroker()
        limits = ConnectionLimits(node=3, address=2, user=1)
        self.registry = ConnectionRegistry(clock, self.broker, figures, limits)
        self.registry.start()

    async def document(self) -> str:
        return (await self.documents.create(NewDocument(NAME, NAME, "Plan", "report", NAME), datetime.now(UTC))).id

    async def shelf_is_asked(self) -> None:
        """Wait until the shelf is brought a copy."""
        while not self.shelf.kept:
            await asyncio.sleep(0)

    async def bring_back(self, document: str) -> str:
        """The document is that of a backup from now on, under a room that may be open; its incarnation."""
        new = uuid4().hex
        change = update(document_heads).where(document_heads.c.document_id == document).values(incarnation=new)
        await self.database.write(lambda connection: connection.execute(change))
        return new

    async def sync(self, document: str, door: OpenDoor | None = None) -> "YPeer":
        peer = YPeer()
        admission = await (door or OpenDoor()).admit(document, None)
        connection = YWebsocketConnection(
            peer.socket,
            self.clock,
            self.figures,
            "here",
            Meter(self.clock.monotonic(), 1000, 1 << 20),
            peer=self.registry.next_peer(),
            admission=admission,
        )
        connection.enter(await self.keeper.enter(document))
        peer.connection = connection
        return peer

    async def copy(self, document: str, incarnation: str, door: OpenDoor | None = None) -> "YPeer":
        """One that is asked for its copy, for it is of that incarnation."""
        peer = YPeer()
        peer.connection = CopyConnection(
            peer.socket,
            self.clock,
            self.figures,
            "here",
            Meter(self.clock.monotonic(), 1000, 1 << 20),
            admission=await (door or OpenDoor()).admit(document, None),
            host=await self.keeper.enter(document),
            incarnation=incarnation,
            keeper=self.shelf,
        )
        peer.connection.begin()
        return peer

    def hocuspocus(self, door: OpenDoor | None = None, *known: str) -> "HPeer":
        """`known`: what its upgrade request says of incarnations."""
        peer = HPeer()
        peer.connection = HocuspocusConnection(
            peer.socket,
            self.clock,
            self.figures,
            "here",
            Meter(self.clock.monotonic(), 1000, 1 << 20),
            door=door or OpenDoor(),
            rooms=self.keeper,
            next_peer=self.registry.next_peer,
            keeper=self.shelf,
            known=KnownIncarnations(known),
        )
        return peer


class _Peer:
    def __init__(self, client_id: int | None = None) -> None:
        self.socket = Socket()
        self.doc: Doc[Any] = Doc() if client_id is None else Doc(client_id=client_id)
        self.text = self.doc.get("text", type=Text)
        self.connection: Any = None

    def edit(self, text: str) -> bytes:
        before = self.doc.get_state()
        self.text += text
        return self.doc.get_update(before)


class YPeer(_Peer):
    """Speaks y-websocket."""

    def say(self, message: Message) -> None:
        frame = y_websocket.encode(message)
        assert frame is not None
        self.connection.receive(frame)

    def heard(self) -> list[Message]:
        return [y_websocket.decode(frame) for frame in self.socket.frames]


class HPeer(_Peer):
    """Speaks Hocuspocus."""

    def say(self, address: str, message: Message) -> None:
        self.connection.receive(hocuspocus.encode(address, message))

    def heard(self, address: str) -> list[Message]:
        frames = [hocuspocus.decode(frame) for frame in self.socket.frames]
        return [message for said_to, message in frames if said_to == address]

    async def until_heard(self, address: str, message: Message) -> None:
        await self.socket.until(lambda: message in self.heard(address))

    async def synchronise(self, address: str) -> None:
        """Step1, and the answer to the server's."""
        self.say(address, SyncStep1(self.doc.get_state()))
        await self.socket.until(lambda: any(isinstance(m, SyncStep1) for m in self.heard(address)))
        asked = next(m for m in self.heard(address) if isinstance(m, SyncStep1))
        self.say(address, SyncStep2(self.doc.get_update(asked.state_vector)))

    def types(self, address: str, text: str) -> None:
        self.say(address, Update(self.edit(text)))


@asynccontextmanager
async def staged(folder: Path, worker_bytes: int = 1 << 30, limits: Limits | None = None) -> AsyncIterator[Stage]:
    database = await Database.open(f"sqlite:///{folder / 'stage.db'}", busy_seconds=0.1)
    await database.migrate()
    await database.write(make_place)
    materialiser, clock, figures = Materialiser(memory_bytes=worker_bytes), HandClock(), Figures()
    log = SqlDocumentLog(database)
    keeper = RoomKeeper("node", log, materialiser, clock=clock, figures=figures, limits=limits or Limits())
    keeper.start()
    try:
        yield Stage(database, keeper, clock, figures, materialiser)
    finally:
        await keeper.flush(5)
        await keeper.close()
        await materialiser.close()
        await database.close()
