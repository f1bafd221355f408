"""Folding a room's turns into a snapshot, in a worker: nobody waits for it, and no later row is touched."""

import asyncio
import logging

from crdt.document import compact
from crdt.errors import CrdtError
from crdt.room import Room
from persistence.errors import StoreUnavailable
from persistence.log import DocumentLog, Snapshot
from server.realtime.figures import Figures
from server.realtime.materialiser import Materialiser, MaterialiserFailed

__all__ = ["Compaction"]

log = logging.getLogger(__name__)

COMPACTION_SECONDS = 120.0
"""A worker squashes about 30,000 keystrokes a second; nobody waits for it."""


class Compaction:
    """Of one room. Several nodes may fold the same document: the first to store its snapshot wins, and none is wrong.

    What is folded are all turns that have ended. The snapshot is stored once all of them are committed, for it must not
    hold what the log does not; its position is the last up to which the fold has every row.
    """

    def __init__(
        self,
        document: str,
        incarnation: str,
        room: Room,
        position: int,
        *,
        document_log: DocumentLog,
        materialiser: Materialiser,
        figures: Figures,
    ) -> None:
        self.task: asyncio.Task[None] | None = None
        self._document = document
        self._incarnation = incarnation
        self._room = room
        self.position = position
        """Of the snapshot in force, as far as is known; 0: there is none."""
        self._log = document_log
        self._materialiser = materialiser
        self._figures = figures
        self.trouble: str | None = None
        """Why the last attempt came to nothing."""
        self._above = 0
        self._batch = 0
        self._reaches = 0
        self._is_overtaken = False
        self._committed = asyncio.Event()

    def after_commit(self, position: int) -> None:
        """The room holds all rows up to `position`; fold when there are many."""
        content = self._room.content
        if self.task is None and content.wants_compaction and content.size > self._above:
            self._begin(position)

    def while_quiet(self, position: int) -> None:
        """Nobody types: fold a long tail, which whoever opens the document next would have to merge."""
        content = self._room.content
        if self.task is None and content.opens_slowly and content.size > self._above:
            self._begin(position)

    def now(self, position: int) -> asyncio.Task[None] | None:
        """Somebody asks for it: fold up to `position`, up to which the room holds all rows. None: that is done."""
        if self.task is None and position > self.position:
            self._begin(position)
        return self.task

    def committed(self, number: int, position: int) -> None:
        """Batch `number` of the room is in the log, of which the room holds everything up to `position`."""
        if self.task is None:
            return
        if number <= self._batch and not self._is_overtaken:
            self._reaches = position
        if number >= self._batch:
            self._committed.set()

    def learnt(self) -> None:
        """The room has taken rows of another node: the fold, if one is under way, does not have them."""
        self._is_overtaken = True

    def snapshot_is_at(self, position: int) -> None:
        """The snapshot in force, which another node has stored."""
        self.position = max(self.position, position)

    def close(self) -> None:
        if self.task is not None:
            self.task.cancel()

    # Private.

    def _begin(self, position: int) -> None:
        self._batch, self._reaches, self._is_overtaken = self._room.last_batch, position, False
        self._committed.clear()
        if self._room.committed_batch >= self._batch:
            self._committed.set()
        self.task = asyncio.create_task(self._compact(self._room.content.number))

    async def _compact(self, turn: int) -> None:
        content = self._room.content
        snapshot, *rows = content.until(turn)
        try:
            folded = await self._materialiser.call(
                self._document, compact, snapshot, rows, seconds=COMPACTION_SECONDS, background=True
            )
            await self._committed.wait()
            position = self._reaches
            stored = Snapshot(position, folded.update, folded.state_vector, folded.deletes)
            if await self._log.compact(self._document, stored, self.position, incarnation=self._incarnation):
                self.position = position
                self.trouble = None
                self._figures.compactions += 1
                content.compacted(turn, folded.update)
            else:
                self.trouble = "another one was made meanwhile"
                self._above = content.size * 2  # another snapshot is in force: not again after each commit
        except (CrdtError, MaterialiserFailed, StoreUnavailable) as error:
            # Only room is lost, no edit: try again when there is twice as much to fold.
            self._above = content.size * 2
            self.trouble = str(error)
            log.warning("compaction failed", extra={"document": self._document, "reason": str(error)})
        finally:
            self.task = None
