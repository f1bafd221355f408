"""The rooms of this node: each document's room is opened once, kept while it is needed, and closed when it is not."""

import asyncio
import itertools
import logging

from crdt.guard import Limits
from crdt.reading import Hidden
from crdt.room import Room
from persistence.log import DocumentLog, Opened
from server.clock import Clock
from server.errors import AppError, NotFound
from server.realtime.compaction import Compaction
from server.realtime.figures import Figures
from server.realtime.host import RoomHost
from server.realtime.materialiser import Materialiser
from server.realtime.opening import opening_of
from server.realtime.replication.positions import Positions
from server.realtime.replication.replication import Replication
from server.realtime.turnstile import Turnstile
from server.realtime.writer import LogWriter

__all__ = ["IDLE_SECONDS", "RoomKeeper"]

log = logging.getLogger(__name__)

IDLE_SECONDS = 30.0
"""How long an empty room is kept: a reload of the page, or the next colleague, finds it open."""


class RoomKeeper:
    """Opens and closes rooms. `node` names this run of the process, and no other ever.

    replication: keeps rooms in step with other nodes; None where there are none.
    """

    def __init__(
        self,
        node: str,
        document_log: DocumentLog,
        materialiser: Materialiser,
        *,
        clock: Clock,
        figures: Figures,
        limits: Limits,
        replication: Replication | None = None,
    ) -> None:
        self.writer = LogWriter(document_log, clock, figures)
        self._node = node
        self._log = document_log
        self._materialiser = materialiser
        self._clock = clock
        self._figures = figures
        self._limits = limits
        self._replication = replication
        self._turnstile = Turnstile()
        self._hosts: dict[str, RoomHost] = {}
        self._opening: dict[str, asyncio.Task[RoomHost]] = {}
        self._openings = itertools.count(1)
        self._notices: dict[str, tuple[str, Hidden]] = {}

    def start(self) -> None:
        self.writer.on_trouble(self._store_is)
        self.writer.start()

    @property
    def hosts(self) -> tuple[RoomHost, ...]:
        return tuple(self._hosts.values())

    def find(self, document: str) -> RoomHost | None:
        """The room of this document if it is open on this node."""
        host = self._hosts.get(document)
        return None if host is None or host.is_over else host

    async def enter(self, document: str) -> RoomHost:
        """The room of this document, opened if need be; many who enter at once share one opening.

        Sit down before the next await: an empty room may be closed. Raises NotFound, StoreUnavailable.
        """
        await self._turnstile.turn()
        while (host := self.find(document)) is None:
            task = self._opening.get(document)
            if task is None:
                task = self._opening[document] = asyncio.create_task(self._open(document), name=f"open {document}")
                task.add_done_callback(lambda _: self._opening.pop(document, None))
            await asyncio.shield(task)
            await self._turnstile.turn()  # all who have waited for this opening would go on in one go
        host.idle_since = self._clock.monotonic()
        return host

    def sweep(self) -> None:
        """Once a second or so: close the rooms that nobody needs. Nothing that is not committed is ever closed."""
        now = self._clock.monotonic()
        for document, host in tuple(self._hosts.items()):
            host.rest()
            if host.seats:
                host.expire()
            elif host.has_logged_all and (host.is_over or (host.is_idle and now - host.idle_since >= IDLE_SECONDS)):
                del self._hosts[document]
                host.close()

    def content_is(self, document: str, notice: str | None, hidden: Hidden) -> None:
        """Workers cannot read all of this document (what our app is told, and what is hidden of it), or can (None)."""
        if notice is None:
            self._notices.pop(document, None)
        else:
            self._notices[document] = (notice, hidden)
        if (host := self._hosts.get(document)) is not None:
            host.content_is(notice, hidden)

    def end(self, document: str, error: AppError) -> None:
        """Send everyone out of a document, each told why."""
        if (host := self._hosts.get(document)) is not None:
            host.end_all(error)

    async def flush(self, seconds: float) -> bool:
        """End all turns and wait until everything is committed; False when the time was not enough."""
        for host in self.hosts:
            host.flush()
        try:
            async with asyncio.timeout(seconds):
                await self.writer.flushed()
        except TimeoutError:
            log.warning("not everything could be committed in time", extra={"bytes": self.writer.pending_bytes})
            return False
        return True

    async def close(self) -> None:
        for host in self.hosts:
            host.close()
        await self.writer.close()

    # Private.

    async def _open(self, document: str) -> RoomHost:
        if (before := self._hosts.get(document)) is not None:
            await before.all_logged()  # it is over; what it has logged last must be in what is opened
        opened = await self._log.open(document)
        if opened is None:
            raise NotFound("There is no such document, or it was deleted.")
        host = self._host(opened)
        host.store_is(self.writer.trouble)
        host.content_is(*self._notices.get(document, (None, Hidden())))
        if (over := self._hosts.get(document)) is not None:
            over.close()
        self._hosts[document] = host
        if self._replication is not None:
            host.follow(self._replication.follow(host, opened.incarnation))
        return host

    def _host(self, opened: Opened) -> RoomHost:
        room = Room(opening_of(opened), self._limits)
        compaction = Compaction(
            opened.document,
            opened.incarnation,
            room,
            opened.snapshot.position if opened.snapshot else 0,
            document_log=self._log,
            materialiser=self._materialiser,
            figures=self._figures,
        )
        return RoomHost(
            opened.document,
            room,
            f"{self._node}.{next(self._openings)}",
            Positions(opened.head),
            compaction,
            incarnation=opened.incarnation,
            writer=self.writer,
            materialiser=self._materialiser,
            clock=self._clock,
            figures=self._figures,
        )

    def _store_is(self, trouble: str | None) -> None:
        for host in self.hosts:
            host.store_is(trouble)
