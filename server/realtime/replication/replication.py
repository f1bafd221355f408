"""The documents that this node has open, in step with those of the other nodes."""

import asyncio
import logging
import random
from collections.abc import Callable

from persistence.errors import StoreUnavailable
from persistence.log import DocumentLog
from server.realtime.broker import Broker
from server.realtime.materialiser import Materialiser
from server.realtime.replication.figures import ReplicationFigures
from server.realtime.replication.follower import Follower, RoomSide
from server.realtime.replication.message import BadMessage, Message, Wire

__all__ = ["LOOK_SECONDS", "Replication", "topic_of"]

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often the log is asked how all open documents stand: by that, nodes converge without any broker."""
JITTER = 0.25
LEAST_SECONDS = 0.1
"""Between two looks, however many ask for one."""
AT_ONCE = 200
"""Documents that are dealt with between two turns of the loop."""
ASKING_PAUSE = 0.02
"""Between questions about so many documents: the broker has just come back."""
DIGESTS = 50
"""That are made in one look: documents that were opened together are at rest together, too."""


def topic_of(document: str) -> str:
    return f"document:{document}"


class Replication:
    """Messages make it fast, the log makes it sure: what a message has not brought is found by one question a second.

    `wire` is None where no broker carries anything to other nodes.
    """

    def __init__(
        self,
        node: str,
        broker: Broker,
        wire: Wire | None,
        *,
        document_log: DocumentLog,
        materialiser: Materialiser,
    ) -> None:
        self.node = node
        self.figures = ReplicationFigures()
        self._broker = broker
        self._wire = wire
        self._log = document_log
        self._materialiser = materialiser
        self._followers: dict[Follower, Callable[[], None]] = {}
        self._is_asking = False
        self._opened_anew: set[str] = set()
        self._is_blind = False
        self._said = b""
        """What this node said last: it hears that at once, and knows it."""
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._end_gaps: Callable[[], None] | None = None

    def start(self) -> None:
        self._end_gaps = self._broker.on_gap(self._gap)
        self._task = asyncio.create_task(self._run(), name="replication")

    async def stop(self) -> None:
        if self._end_gaps is not None:
            self._end_gaps()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def follow(self, room: RoomSide, incarnation: str) -> Follower:
        """Keep this room in step from now on, until `close` of the follower."""
        follower = Follower(
            room,
            incarnation,
            outlet=self,
            document_log=self._log,
            materialiser=self._materialiser,
            figures=self.figures,
        )
        end: Callable[[], None] = _nothing
        if self._wire is not None:
            end = self._broker.subscribe(topic_of(room.document), lambda payload: self._hear(follower, payload))
        self._followers[follower] = end
        if self._wire is not None:
            follower.ask()
        return follower

    def node_gone(self, node: str) -> None:
        """It has left, or died: its people are not present any more."""
        for follower in tuple(self._followers):
            follower.gone(node)

    @property
    def documents(self) -> int:
        """How many are kept in step now."""
        return len(self._followers)

    @property
    def behind(self) -> int:
        """Of them, those that lack rows which they have heard of."""
        return sum(not follower.is_in_step for follower in self._followers)

    # For followers.

    @property
    def carries(self) -> bool:
        return self._wire is not None

    def say(self, document: str, message: Message) -> None:
        if self._wire is not None:
            self.figures.told += 1
            self._said = self._wire.encode(document, message)
            self._broker.publish(topic_of(document), self._said)

    def look_soon(self) -> None:
        self._wake.set()

    def differs(self, follower: Follower) -> None:
        """Once per document: if that does not mend it, its people are not sent round and round."""
        document = follower.room.document
        log.error("nodes hold different documents at one position", extra={"document": document})
        if document not in self._opened_anew:
            self._opened_anew.add(document)
            follower.open_anew()

    def forget(self, follower: Follower) -> None:
        if (end := self._followers.pop(follower, None)) is not None:
            end()

    # Private.

    def _gap(self) -> None:
        """Messages were lost: what is there is looked up, and who is there is asked for."""
        self._is_asking = True
        self.look_soon()

    def _hear(self, follower: Follower, payload: bytes) -> None:
        if payload is self._said or self._wire is None:
            return
        try:
            message = self._wire.decode(follower.room.document, payload)
        except BadMessage:
            self._broker.figures.garbage += 1
            return
        try:
            follower.heard(message)
        except Exception:  # a fault with one document must not end the hearing of all: the log has what it says
            log.exception("a message could not be taken", extra={"document": follower.room.document})

    async def _run(self) -> None:
        while True:
            pause = LOOK_SECONDS * random.uniform(1 - JITTER, 1 + JITTER) - LEAST_SECONDS  # noqa: S311 - no secret
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self._look()
            except Exception:  # nodes without a broker would never meet again: it is logged, and comes round again
                log.exception("a look at the log has failed")
            await asyncio.sleep(LEAST_SECONDS)

    async def _look(self) -> None:
        """One question about all open documents."""
        followers = tuple(self._followers)
        if not followers:
            return
        try:
            standings = await self._log.standings(list({follower.room.document for follower in followers}))
        except StoreUnavailable as error:
            if not self._is_blind:
                log.warning("cannot look how documents stand", extra={"reason": str(error)})
            self._is_blind = True
            return
        self._is_blind = False
        asking, self._is_asking = self._is_asking, False
        digests = 0
        for number, follower in enumerate(followers, start=1):
            if follower in self._followers:
                follower.stands(standings.get(follower.room.document))
                if asking:
                    follower.ask()
                digests += digests < DIGESTS and follower.rest()
            if not number % AT_ONCE:
                await asyncio.sleep(ASKING_PAUSE if asking else 0)


def _nothing() -> None:
    """There was nothing to begin with."""
