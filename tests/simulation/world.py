"""One run: nodes, clients, what befalls them, and what must hold in the end."""

import asyncio
import itertools
import random as process_random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Any, cast

from pycrdt import Doc, Text

from crdt.guard import Limits
from crdt.updates import merge
from server.realtime.figures import Figures
from server.realtime.materialiser import Materialiser
from server.realtime.replication import follower as followers
from server.realtime.replication.figures import ReplicationFigures
from server.realtime.replication.message import Wire
from server.realtime.replication.replication import Replication
from server.realtime.rooms import RoomKeeper
from tests.simulation.client import Client
from tests.simulation.network import BrokerEnd, Faults, Network
from tests.simulation.store import SimulatedLog, Store
from tests.simulation.virtual_time import LoopClock, run

__all__ = ["Outcome", "Violation", "simulate"]

KEY = b"k" * 32
DOCUMENTS = ("alpha", "beta")
SECONDS = 1.5
QUIET_SECONDS = 4.0


class Violation(AssertionError):
    """Something that must hold does not."""


@dataclass
class Outcome:
    """What happened in a run, for whoever wonders whether anything did."""

    words: int
    rows: int
    happened: Counter[str]
    figures: ReplicationFigures
    text: dict[str, str]


class Workers:
    """The materialiser, without processes."""

    async def call(self, document: str, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        del document, options
        await asyncio.sleep(0.01)
        return function(*args)


class Node:
    def __init__(self, name: str, log: SimulatedLog, end: BrokerEnd, figures: ReplicationFigures) -> None:
        self.log = log
        self.end = end
        materialiser = cast("Materialiser", Workers())
        self.replication = Replication(name, end, Wire(KEY), document_log=log, materialiser=materialiser)
        self.replication.figures = figures
        self.keeper = RoomKeeper(
            name,
            log,
            materialiser,
            clock=LoopClock(),
            figures=Figures(),
            limits=Limits(),
            replication=self.replication,
        )
        self.keeper.start()
        self.replication.start()

    async def die(self) -> None:
        """At once: nothing more is written, told or sent."""
        self.end.is_cut = True
        self.log.works = False
        for host in self.keeper.hosts:
            host.seats.clear()
            host.is_over = True
        await self.keeper.close()
        await self.replication.stop()


class World:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._is_long = seed % 20 == 0
        self.store = Store(DOCUMENTS)
        self.network = Network(self.random)
        self.happened: Counter[str] = Counter()
        self.figures = ReplicationFigures()
        self._names = itertools.count(1)
        self._peers = itertools.count(1)
        self.nodes = [self._node() for _ in range(self.random.choice((2, 2, 3)))]
        self.clients = {
            document: [Client(f"{document[0]}{n}", self.random.randrange(1, 2**31), self.random) for n in range(3)]
            for document in DOCUMENTS[: self.random.choice((1, 2))]
        }

    async def run(self) -> Outcome:
        self.network.faults = Faults(
            lost=self.random.choice((0.0, 0.1, 0.5)),
            doubled=self.random.choice((0.0, 0.2)),
            slow=self.random.choice((0.0, 0.3)),
            is_dead=self.random.random() < 0.1,
        )
        loop = asyncio.get_running_loop()
        while loop.time() < SECONDS:
            await self._befall()
            await asyncio.sleep(self.random.expovariate(20.0))
        await self._heal()
        return self._check()

    # What befalls them.

    async def _befall(self) -> None:
        await self._come_back()
        document = self.random.choice(list(self.clients))
        client = self.random.choice(self.clients[document])
        chance = self.random.random()
        if chance < 0.85:
            for _ in range(self.random.choice((1, 1, 1, 5))):
                client.types()
            if chance < 0.1:
                client.erases()
            return
        happenings: list[tuple[str, Callable[[Client], Awaitable[None]]]] = [
            ("a line breaks", self._break_line),
            ("a line breaks", self._break_line),
            ("a node dies", self._kill),
            ("the way to the store", self._cut_store),
            ("the broker", self._turn_broker),
            ("the tail is folded", self._fold),
        ]
        name, happening = self.random.choice(happenings)
        self.happened[name] += 1
        await happening(client)

    async def _come_back(self) -> None:
        for document, clients in self.clients.items():
            for client in clients:
                if client.seat is None and self.random.random() < 0.5:
                    await self._sit(client, document)

    async def _sit(self, client: Client, document: str) -> None:
        node = self.random.choice(self.nodes)
        if not node.log.works:
            return
        host = await node.keeper.enter(document)
        if node in self.nodes and not host.is_over:
            client.sit(host, next(self._peers))

    async def _break_line(self, client: Client) -> None:
        if client.seat is not None and client.host is not None:
            client.host.leave(client.seat, clean=False)
            client.gone()

    async def _kill(self, _: Client) -> None:
        node = self.random.choice(self.nodes)
        hosts = set(node.keeper.hosts)
        self.nodes.remove(node)
        for client in itertools.chain(*self.clients.values()):
            if client.host in hosts:
                client.gone()
        await node.die()
        self.nodes.append(self._node())
        asyncio.get_running_loop().call_later(self.random.uniform(1.0, 10.0), self._bury, node.replication.node)

    def _bury(self, name: str) -> None:
        """The others see by the store that it does not live any more."""
        for node in self.nodes:
            node.replication.node_gone(name)

    async def _cut_store(self, _: Client) -> None:
        log = self.random.choice(self.nodes).log
        log.works = not log.works

    async def _turn_broker(self, _: Client) -> None:
        if self.network.faults.is_dead:
            self.network.heal()
        else:
            self.network.faults.is_dead = True

    async def _fold(self, _: Client) -> None:
        """As in a document of many turns."""
        for host in self.random.choice(self.nodes).keeper.hosts:
            if host.compaction.task is None and host.room.content.rows_since_snapshot > 1:
                host.compaction._begin(host.position)

    def _node(self) -> Node:
        log = SimulatedLog(self.store, self.random)
        return Node(f"node {next(self._names)}", log, self.network.end(), self.figures)

    # In the end.

    async def _heal(self) -> None:
        self.network.heal()
        for node in self.nodes:
            node.log.works = True
        for _ in range(40):
            for document, clients in self.clients.items():
                for client in clients:
                    if client.seat is None:
                        await self._sit(client, document)
            await asyncio.sleep(QUIET_SECONDS / 10)
            if all(client.is_saved for client in itertools.chain(*self.clients.values())):
                break
        await asyncio.sleep(QUIET_SECONDS)
        if self._is_long:
            await self._live_on()

    async def _live_on(self) -> None:
        """Until whatever presence was left behind has gone, or has been renewed."""
        for second in range(60):
            for client in itertools.chain(*self.clients.values()):
                if second % 15 == 0:
                    client.renews()
            for node in self.nodes:
                node.keeper.sweep()
            await asyncio.sleep(1.0)

    def _check(self) -> Outcome:
        texts = {document: self._check_document(document, clients) for document, clients in self.clients.items()}
        expect(self.figures.mismatches == 0, "nodes at rest hold something else")
        words = sum(len(client.sent) for client in itertools.chain(*self.clients.values()))
        rows = sum(len(each.rows) for each in self.store.documents.values())
        return Outcome(words, rows, self.happened, self.figures, texts)

    def _check_document(self, document: str, clients: list[Client]) -> str:
        kept = self.store.documents[document]
        expect([row.position for row in kept.rows] == list(range(1, len(kept.rows) + 1)), "positions have a gap")
        truth = text_of([row.update for row in kept.rows])
        sent = Counter(word for client in clients for word in client.sent if word not in client.erased)
        expect(Counter(_words(truth)) == sent, f"the log does not have each word once: {truth}")
        if kept.snapshot is not None:
            rest = [row.update for row in kept.rows[kept.snapshot.position :]]
            expect(text_of([kept.snapshot.update, *rest]) == truth, "the snapshot is not what the log says")
        for client in clients:
            expect(client.refused == [], f"{client.name} was refused: {client.refused}")
            if self._is_long:
                others = {each.doc.client_id for each in clients if each is not client}
                expect(client.sees == others, f"{client.name} sees {client.sees}, not {others}")
            expect(client.is_saved, f"{client.name} was not told that all is saved")
            expect(str(client.text) == truth, f"{client.name} reads something else: {client.text} not {truth}")
        for node in self.nodes:
            if (host := node.keeper.find(document)) is not None:
                expect(
                    host.position == len(kept.rows), f"a node stands at {host.position}, the log at {len(kept.rows)}"
                )
                expect(text_of(host.room.content.pieces()) == truth, "a node holds something else")
        return truth


def simulate(seed: int) -> Outcome:
    """Raises Violation, with the seed in it."""
    before = process_random.getstate()
    process_random.seed(seed)
    digest_seconds, followers.DIGEST_SECONDS = followers.DIGEST_SECONDS, 1.0  # they are compared before the end
    try:
        return run(_live(seed))
    except AssertionError as error:
        raise Violation(f"seed {seed}: {error}") from error
    finally:
        process_random.setstate(before)
        followers.DIGEST_SECONDS = digest_seconds


async def _live(seed: int) -> Outcome:
    world = World(seed)
    try:
        return await world.run()
    finally:
        for node in world.nodes:
            await node.die()


def text_of(updates: list[bytes]) -> str:
    doc: Doc[Any] = Doc()
    text = doc.get("text", type=Text)
    doc.apply_update(merge(updates))
    return str(text)


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)


def _words(text: str) -> list[str]:
    return [f"<{word}" for word in text.split("<")[1:]]
