"""Several nodes in one loop: rooms of their own over one store, and a broker that loses what the test says."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crdt.guard import Limits
from crdt.messages import SyncStep1, SyncStep2, Update
from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.log import SqlDocumentLog
from server.realtime.broker import BrokerFigures, MemoryBroker
from server.realtime.connections.y_websocket import YWebsocketConnection
from server.realtime.figures import Figures
from server.realtime.host import RoomHost
from server.realtime.materialiser import Materialiser
from server.realtime.meter import Meter
from server.realtime.replication.message import Wire
from server.realtime.replication.replication import Replication
from server.realtime.rooms import RoomKeeper
from tests.persistence.appender import NAME, make_place
from tests.server.realtime.stage import HandClock, OpenDoor, YPeer
from tests.stores import migrated_sqlite

KEY = b"k" * 32


class Line:
    """What carries between the nodes. `lose`: of which payloads nobody hears."""

    def __init__(self) -> None:
        self.lose: Callable[[bytes], bool] = lambda _: False
        self.carried: list[bytes] = []
        self._ends: list[MemoryBroker] = []
        self._gaps: list[Callable[[], None]] = []

    def end(self) -> "LineEnd":
        end = LineEnd(self)
        self._ends.append(end.local)
        return end

    def carry(self, topic: str, payload: bytes) -> None:
        self.carried.append(payload)
        if not self.lose(payload):
            for end in self._ends:
                end.publish(topic, payload)

    def gap(self) -> None:
        for listener in self._gaps:
            listener()


class LineEnd:
    def __init__(self, line: Line) -> None:
        self.local = MemoryBroker()
        self._line = line

    @property
    def figures(self) -> BrokerFigures:
        return self.local.figures

    def publish(self, topic: str, payload: bytes) -> None:
        self._line.carry(topic, payload)

    def subscribe(self, topic: str, listener: Callable[[bytes], None]) -> Callable[[], None]:
        return self.local.subscribe(topic, listener)

    def on_gap(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._line._gaps.append(listener)
        return lambda: self._line._gaps.remove(listener)


@dataclass
class Node:
    keeper: RoomKeeper
    replication: Replication
    clock: HandClock
    figures: Figures
    numbers: "list[int]"

    async def sit(self, document: str, user: str = "ada", client_id: int | None = None) -> YPeer:
        """Somebody opens the document at this node, and asks for all of it."""
        peer = YPeer(client_id)
        self.numbers[0] += 1
        admission = await OpenDoor(user=user).admit(document, None)
        meter = Meter(self.clock.monotonic(), 1000, 1 << 20)
        peer.connection = YWebsocketConnection(
            peer.socket, self.clock, self.figures, "here", meter, peer=self.numbers[0], admission=admission
        )
        peer.connection.enter(await self.keeper.enter(document))
        peer.say(SyncStep1(b"\x00"))
        return peer

    def room(self, document: str) -> RoomHost:
        host = self.keeper.find(document)
        assert host is not None
        return host

    async def committed(self) -> None:
        assert await self.keeper.flush(10)


class Nodes:
    def __init__(self, database: Database, line: Line) -> None:
        self.line = line
        self.database = database
        self.log = SqlDocumentLog(database)
        self.materialiser = Materialiser()
        self.nodes: list[Node] = []

    async def document(self) -> str:
        return (
            await DocumentStore(self.database).create(
                NewDocument(NAME, NAME, "Plan", "report", NAME), datetime.now(UTC)
            )
        ).id

    def start(self, name: str, *, carried: bool = True) -> Node:
        clock, figures = HandClock(), Figures()
        wire = Wire(KEY) if carried else None
        replication = Replication(name, self.line.end(), wire, document_log=self.log, materialiser=self.materialiser)
        keeper = RoomKeeper(
            name,
            self.log,
            self.materialiser,
            clock=clock,
            figures=figures,
            limits=Limits(),
            replication=replication,
        )
        keeper.start()
        replication.start()
        self.nodes.append(Node(keeper, replication, clock, figures, [len(self.nodes) * 1000]))
        return self.nodes[-1]

    async def close(self) -> None:
        for node in self.nodes:
            await node.keeper.flush(5)
            await node.keeper.close()
            await node.replication.stop()
        await self.materialiser.close()


def reads(peer: YPeer) -> str:
    """The text of a peer after all that it was sent."""
    for message in peer.heard():
        if isinstance(message, Update | SyncStep2):
            peer.doc.apply_update(message.update)
    return str(peer.text)


async def until_reads(peer: YPeer, text: str) -> None:
    await peer.socket.until(lambda: sorted(reads(peer)) == sorted(text))


@asynccontextmanager
async def nodes_in(folder: Path) -> AsyncIterator[Nodes]:
    store = folder / "nodes.db"
    store.write_bytes(migrated_sqlite())
    database = await Database.open(f"sqlite:///{store}", busy_seconds=0.1)
    await database.write(make_place)
    nodes = Nodes(database, Line())
    try:
        yield nodes
    finally:
        await nodes.close()
        await database.close()
