"""Keeps one room in step with its document's log, whichever node writes it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Protocol

from crdt.awareness import Seen
from crdt.errors import CrdtError
from crdt.room import Learnt, Room, WriterRow
from crdt.updates import contents_of
from persistence.errors import StoreUnavailable
from persistence.log import DocumentLog, LoggedRow, Standing
from server.errors import AppError, Deleted, Restored
from server.realtime.compaction import Compaction
from server.realtime.materialiser import Materialiser, MaterialiserFailed
from server.realtime.replication.figures import ReplicationFigures
from server.realtime.replication.message import DIGEST_BYTES, Committed, Digest, Message, Presence, Question
from server.realtime.replication.positions import Positions
from server.realtime.replication.positions import Standing as Stands

__all__ = ["BIG", "Follower", "Outlet", "RoomSide"]

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.02
"""A message that is missing may be on its way: so long it is waited for before the log is read (decision 21)."""
SHOW_SECONDS = 0.05
CHUNK = 500
"""Rows that are read, and relayed as one turn, at once."""
BIG = 32 << 10
"""Bytes of an update that take too long to be read on the loop."""
READING_SECONDS = 20.0
DIGEST_SECONDS = 60.0


class RoomSide(Protocol):
    """What a follower needs of the room at work."""

    document: str
    positions: Positions
    is_over: bool
    room: Room

    def learn(self, rows: Sequence[Learnt], owners: Mapping[int, str]) -> None: ...

    def hear_afar(self, node: str, seen: Sequence[Seen], *, whole: bool) -> None: ...

    def discard(self, error: Exception) -> None: ...

    def end_all(self, error: AppError) -> None: ...

    @property
    def compaction(self) -> Compaction: ...


class Outlet(Protocol):
    """What a follower needs of the node."""

    @property
    def node(self) -> str:
        """This run of the process."""
        ...

    @property
    def carries(self) -> bool:
        """Does anything that is said reach another node?"""
        ...

    def say(self, document: str, message: Message) -> None:
        """Tell the other nodes."""
        ...

    def look_soon(self) -> None:
        """Something may have moved on: look how all documents stand in the log."""
        ...

    def differs(self, follower: "Follower") -> None:
        """Its document is another one at another node, at the same position."""
        ...

    def forget(self, follower: "Follower") -> None: ...


class OutOfLog(Exception):
    """The log does not have the rows any more that this room would need."""


class Follower:
    """Rows of this node are told to the others after their commit; theirs are taken, in the order of the log.

    What a message brings in order is taken at once; what is missing is read from the log, by one task.
    """

    def __init__(
        self,
        room: RoomSide,
        incarnation: str,
        *,
        outlet: Outlet,
        document_log: DocumentLog,
        materialiser: Materialiser,
        figures: ReplicationFigures,
    ) -> None:
        self.room = room
        self.incarnation = incarnation
        self._outlet = outlet
        self._log = document_log
        self._materialiser = materialiser
        self._figures = figures
        self._loop = asyncio.get_running_loop()
        self._outgoing: list[tuple[int, Sequence[WriterRow]]] = []
        self._moved: dict[int, Seen] = {}
        self._showing: asyncio.TimerHandle | None = None
        self._target = 0
        self._task: asyncio.Task[None] | None = None
        self._is_reading = False
        self._moved_at = self._loop.time()
        self._told_at = -1
        """The position whose digest was told last."""

    @property
    def shows(self) -> bool:
        """Is there anybody to be shown who is here?"""
        return self._outlet.carries

    @property
    def is_in_step(self) -> bool:
        """Does the room hold every row that it has heard of?"""
        positions = self.room.positions
        return positions.held == positions.latest and self._task is None

    # This node's rows.

    def committed(self, first: int, rows: Sequence[WriterRow]) -> None:
        """Rows of this node are in the log from `first` on. What one transaction has committed is one message."""
        self._moved_at = self._loop.time()
        if not self._outgoing:
            self._loop.call_soon(self._tell)
        self._outgoing.append((first, rows))
        if first > self.room.positions.held:
            self.look(first - 1)

    def miss(self) -> None:
        """Somebody here stands on what this node does not know: another may have committed it just now."""
        self._outlet.look_soon()

    # Presence.

    def show(self, seen: Sequence[Seen]) -> None:
        """Somebody here has moved, or gone. Of what moves often the others are told the last, 20 times a second."""
        self._moved.update({each.entry.client_id: each for each in seen})
        if self._showing is None:
            self._showing = self._loop.call_later(SHOW_SECONDS, self._show)

    def ask(self) -> None:
        """Who is present at the other nodes? They answer, and are told who is here."""
        self._outlet.say(self.room.document, Question(self.incarnation, self._outlet.node))
        self._show_all()

    def gone(self, node: str) -> None:
        """A node has left, or died; and all its people with it."""
        self.room.hear_afar(node, (), whole=True)

    # What the others have committed, and show.

    def heard(self, message: Message) -> None:
        match message:
            case Committed():
                self._heard_rows(message)
            case Presence(_, node, whole, seen) if node != self._outlet.node:
                self.room.hear_afar(node, seen, whole=whole)
            case Digest() if self._differs(message):
                self._figures.mismatches += 1
                self._outlet.differs(self)
            case Question(_, node) if node != self._outlet.node:
                self._show_all()
            case _:
                pass

    def _heard_rows(self, message: Committed) -> None:
        if self.room.is_over:
            return
        if message.incarnation != self.incarnation:
            self._outlet.look_soon()  # an old message, or a new document: the log knows
            return
        positions = self.room.positions
        stands = positions.standing(message.first, message.last)
        if stands is Stands.HELD:
            self._figures.repeated += 1
            return
        can_be_taken = message.updates and max(map(len, message.updates)) <= BIG and not self._is_reading
        if stands is Stands.NEXT and can_be_taken:
            self._take([Learnt(update) for update in message.updates], dict(message.owners), message.last)
            self._figures.heard += len(message.updates)
        else:
            self.look(message.last)

    def stands(self, standing: Standing | None) -> None:
        """How the document stands in the log; None: it is not open any more."""
        if self.room.is_over:
            return
        if standing is None:
            self.room.end_all(Deleted())
        elif standing.incarnation != self.incarnation:
            self._figures.incarnations += 1
            self.room.end_all(Restored())
            self.room.discard(OutOfLog("the document was brought back from a backup"))
        else:
            self.room.compaction.snapshot_is_at(standing.snapshot_position)
            if standing.head > self.room.positions.held:
                self._figures.polled += 1
                self.look(standing.head)

    def look(self, until: int) -> None:
        """Rows up to `until` stand in the log: whatever is missing of them is read."""
        self.room.positions.heard(until)
        self._target = max(self._target, until)
        if self._task is None and self.room.positions.held < until:
            self._task = asyncio.create_task(self._catch_up(), name=f"catch up with {self.room.document}")

    def close(self) -> None:
        self._tell()
        if self._showing is not None:
            self._showing.cancel()
            self._show()
        self._outlet.forget(self)
        if self._task is not None:
            self._task.cancel()

    # At rest.

    def rest(self) -> bool:
        """Now and then: when nobody has written for a while, nodes compare what they hold. Was it said just now?"""
        quiet = self._loop.time() - self._moved_at >= DIGEST_SECONDS
        if not quiet or self._told_at == self.room.positions.held or not self._is_at_rest or not self._outlet.carries:
            return False
        self._told_at = position = self.room.positions.held
        self._outlet.say(self.room.document, Digest(self.incarnation, position, self._digest()))
        return True

    def open_anew(self) -> None:
        """What it holds may not be what the log says; nor what the other one does, which is to hear of it, too."""
        self._outlet.say(self.room.document, Digest(self.incarnation, self.room.positions.held, self._digest()))
        self.room.discard(OutOfLog("another node holds something else at the same position"))

    @property
    def _is_at_rest(self) -> bool:
        """Does the room hold the log up to its position, and nothing else?"""
        return self.is_in_step and not self.room.room.is_dirty and not self.room.is_over

    def _differs(self, other: Digest) -> bool:
        is_comparable = other.incarnation == self.incarnation and other.position == self.room.positions.held
        return is_comparable and self._is_at_rest and other.digest != self._digest()

    def _digest(self) -> bytes:
        """Of the state vector and the delete ranges, which say of each client what is there."""
        content = self.room.room.content
        ends = sorted((client, end) for client, end in content.state.items() if end)
        ranges = sorted((client, tuple(each)) for client, each in content.deleted)
        return sha256(repr((ends, ranges)).encode()).digest()[:DIGEST_BYTES]

    # Private.

    def _show(self) -> None:
        self._showing = None
        moved, self._moved = self._moved, {}
        message = Presence(self.incarnation, self._outlet.node, whole=False, seen=tuple(moved.values()))
        self._outlet.say(self.room.document, message)

    def _show_all(self) -> None:
        if seen := self.room.room.seen_here():
            message = Presence(self.incarnation, self._outlet.node, whole=True, seen=seen)
            self._outlet.say(self.room.document, message)

    def _tell(self) -> None:
        """What follows on each other goes together."""
        outgoing, self._outgoing = self._outgoing, []
        at = 0
        while at < len(outgoing):
            first, rows = outgoing[at]
            together = list(rows)
            at += 1
            while at < len(outgoing) and outgoing[at][0] == first + len(together):
                together += outgoing[at][1]
                at += 1
            owners = tuple((client, row.writer) for row in together for client in row.client_ids)
            updates = tuple(row.update for row in together)
            message = Committed(self.incarnation, first, first + len(together) - 1, owners, updates)
            self._outlet.say(self.room.document, message)

    def _take(self, rows: Sequence[Learnt], owners: Mapping[int, str], last: int) -> None:
        self._moved_at = self._loop.time()
        self.room.learn(rows, owners)
        self.room.positions.learnt(last)

    async def _catch_up(self) -> None:
        positions = self.room.positions
        try:
            await asyncio.sleep(PAUSE_SECONDS)
            self._is_reading = True
            while positions.held < self._target and not self.room.is_over:
                await self._read_on()
        except OutOfLog as error:
            self.room.discard(error)
        except (StoreUnavailable, MaterialiserFailed) as error:
            self._target = 0  # the next look at the log begins again
            log.warning("cannot catch up", extra={"document": self.room.document, "reason": str(error)})
        finally:
            self._is_reading = False
            self._task = None

    async def _read_on(self) -> None:
        """The next rows of the log; those of this node that follow them are held already."""
        positions, document = self.room.positions, self.room.document
        after = positions.held
        until = min(self._target, after + CHUNK)
        rows = await self._log.read(document, after, until)
        if [row.position for row in rows] != list(range(after + 1, until + 1)):
            raise OutOfLog(f"rows {after + 1} to {until} are not all in the log")
        owners = await self._log.owners(document, after)
        learnt = {row.position: await self._learnt(row) for row in rows if self._is_missing(row.position)}
        missing = [row for position, row in learnt.items() if self._is_missing(position)]  # some came meanwhile
        self._figures.read += len(missing)
        self._take(missing, owners, until)
        await asyncio.sleep(0)  # somebody else's turn

    def _is_missing(self, position: int) -> bool:
        positions = self.room.positions
        return position > positions.held and not positions.is_own(position)

    async def _learnt(self, row: LoggedRow) -> Learnt:
        if len(row.update) <= BIG:
            return Learnt(row.update)
        try:
            contents = await self._materialiser.call(
                self.room.document, contents_of, row.update, seconds=READING_SECONDS
            )
        except CrdtError:
            return Learnt(b"")  # it is no update; whoever opens the document passes it over, too
        return Learnt(row.update, contents)
