"""The server's own place in a room: edits for somebody without a socket, which go the way of anyone's (decision 19)."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from crdt.errors import MalformedUpdate
from crdt.messages import Message, SyncStatus, SyncStep1, SyncStep2
from crdt.reading import shown
from crdt.room import Manners, Right
from crdt.updates import EMPTY_UPDATE
from persistence.log import DocumentLog, LoggedAnswer
from server.errors import (
    AppError,
    Busy,
    Conflict,
    FieldIssue,
    Forbidden,
    Invalid,
    PreconditionFailed,
    Refused,
    ReusedClientId,
    StoreRefuses,
)
from server.realtime.door import Admission, Guest
from server.realtime.frames import Frame
from server.realtime.host import RoomHost
from server.realtime.materialiser import Materialiser, MaterialiserFailed
from server.realtime.rooms import RoomKeeper
from server.realtime.seat import Seat

__all__ = ["Answer", "DocumentDesk", "Edited", "Make", "Writer"]

Make = Callable[..., bytes]
"""A function of `crdt`: (the document as updates, client id, *args) -> the update that edits it, or an empty one."""

SERVER = Manners(acknowledges=True, greets=False)
FIRST_WORD = SyncStep2(EMPTY_UPDATE)
"""Knows nothing that the room does not: it is acknowledged once all that was accepted before is committed."""
TRIES = 3
MAX_WAITING = 64
"""Edits of one document that wait for each other; one more is told to come back."""


@dataclass(frozen=True, slots=True)
class Writer:
    """In whose name an edit is made: the row in the log is this user's."""

    user_id: str
    name: str
    organisation_id: str


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit is in the log.

    position: a version of the document that has it
    changed: False when there was nothing to change
    merged: others have edited between the version that the edit was made on and this one
    """

    position: int
    changed: bool
    merged: bool


Answer = Callable[[Callable[[int], Edited]], LoggedAnswer | None]
"""From what becomes of an edit at a position to the answer that is kept with its row, if any is."""


class DocumentDesk:
    """Edits documents in somebody's name, whether anybody has them open or not. Rights are for the caller to ask."""

    def __init__(
        self,
        rooms: RoomKeeper,
        document_log: DocumentLog,
        materialiser: Materialiser,
        next_peer: Callable[[], int],
    ) -> None:
        self._rooms = rooms
        self._log = document_log
        self._materialiser = materialiser
        self._next_peer = next_peer
        self._pens: WeakKeyDictionary[RoomHost, _Pen] = WeakKeyDictionary()

    async def edit(
        self,
        document: str,
        writer: Writer,
        make: Make,
        *args: Any,
        base: int | None = None,
        only_at: frozenset[int] | None = None,
        answer: Answer = lambda _: None,
    ) -> Edited:
        """Have a worker make the update, offer it to the room, and wait until it is committed.

        base: make it on this version, and merge it with what came since; None: on what is there now.
        only_at: edit only if the document is at one of these versions, and nothing is on its way into it.
        answer: the answer to who asked for it, that is to be kept with the edit.
        Raises the CrdtError of `make`; NotFound, PreconditionFailed, Conflict (the document cannot be read, or the
        base is not kept), TooLarge, Refused, Busy. If the store fails meanwhile this waits for as long as it does.
        """
        if self._rooms.writer.trouble is not None:
            raise StoreRefuses("The store does not take writes now. Nothing was changed; try again.", retry_after=2)
        await self._rooms.writer.has_room()
        wish = _Wish(writer.user_id, make, args, base, only_at, answer)
        for _ in range(TRIES):
            host = await self._rooms.enter(document)
            visit = _Visit(host, writer, self._next_peer())
            try:
                return await self._edit(visit, wish)
            except _OtherPen:
                self._pens.pop(host, None)  # somebody else uses this client id: take another
            finally:
                visit.leave()
        raise Refused("The document does not take this edit. Nothing was changed.")

    # Private.

    async def _edit(self, visit: "_Visit", wish: "_Wish") -> Edited:
        pen = self._pens.setdefault(visit.host, _Pen())
        if pen.waiting >= MAX_WAITING:
            raise Busy("Too many edits of this document wait. Try again.", retry_after=1)
        pen.waiting += 1
        try:
            # Until it is committed: the next edit is made on what this one leaves, at the clocks that follow.
            async with pen.lock:
                return await self._edit_alone(visit, pen, wish)
        finally:
            pen.waiting -= 1

    async def _edit_alone(self, visit: "_Visit", pen: "_Pen", wish: "_Wish") -> Edited:
        host = visit.host
        if wish.only_at is not None and not visit.is_settled():
            await visit.caught_up()
        visit.check_version(wish.only_at)
        version = host.position if visit.is_settled() else None
        is_old = wish.base is not None and wish.base != version
        if wish.base is not None and is_old:
            parts, client_id = await self._parts_at(host, wish.base), secrets.randbits(32)
        else:
            parts, client_id = host.room.content.pieces(), pen.client_id
        turn = host.room.content.number
        update = await self._made(host, wish, parts, client_id)
        visit.end_turn()
        visit.check_version(wish.only_at)
        moved = host.room.content.number != turn
        if update == EMPTY_UPDATE:
            return Edited(await visit.caught_up(), changed=False, merged=is_old)

        def told(position: int) -> Edited:
            is_merged = is_old or (moved if version is None else position != version + 1)
            return Edited(position, changed=True, merged=is_merged)

        return told(await visit.offered(update, wish.only_at, wish.answer(told)))

    async def _parts_at(self, host: RoomHost, version: int) -> list[bytes]:
        """The document as it was: from the snapshot if that is not younger, else from the rows if all are kept."""
        if version > host.position:
            issue = FieldIssue("base", f"is later than the document's version, {host.position}", version)
            raise Invalid(details=[issue])
        opened = await self._log.open(host.document)
        if opened is not None and opened.snapshot is not None and opened.snapshot.position <= version:
            rows = [update for position, update in opened.rows if position <= version]
            return [opened.snapshot.update, *rows]
        kept = await self._log.read(host.document, 0, version)
        if len(kept) != version:
            raise Conflict(
                "The version that this edit was made on is not kept any more. Read the document, and edit that.",
                details=[FieldIssue("base", "is not kept any more", version)],
            )
        return [row.update for row in kept]

    async def _made(self, host: RoomHost, wish: "_Wish", parts: Sequence[bytes], client_id: int) -> bytes:
        call = partial(self._materialiser.call, host.document, user=wish.user)
        try:
            if host.hidden:  # what ends workers is in quarantine: the edit is made on the rest
                parts = [await call(shown, list(parts), host.hidden)]
            return await call(wish.make, list(parts), client_id, *wish.args)
        except MaterialiserFailed as error:
            if error.reason in {"lost", "busy", "closed"}:
                raise Busy(retry_after=1) from None
            raise Conflict(f"No worker can make this edit ({error.reason}). Nothing was changed.") from None
        except MalformedUpdate:
            raise Conflict("No worker can read this document. Nothing was changed.") from None


@dataclass(frozen=True, slots=True)
class _Wish:
    """What `edit` was asked for, and by whom."""

    user: str
    make: Make
    args: tuple[Any, ...]
    base: int | None
    only_at: frozenset[int] | None
    answer: Answer


class _OtherPen(Exception):
    """Somebody else uses the client id of our edits in this room."""


class _Pen:
    """What the edits of one opening of a room have in common: a client id, and that one is made at a time."""

    def __init__(self) -> None:
        self.client_id = secrets.randbits(32)  # as Yjs's own
        self.lock = asyncio.Lock()
        self.waiting = 0


class _Visit:
    """A seat without a socket. It is its own voice and transport: it hears acknowledgements, and writes nothing."""

    stalled = False
    spoke = False
    sent = sent_bytes = waiting_bytes = 0

    def __init__(self, host: RoomHost, writer: Writer, peer: int) -> None:
        self.host = host
        self._waiting: deque[asyncio.Future[int | Exception]] = deque()
        self._over: Exception | None = None
        self._only_at: frozenset[int] | None = None
        guest = Guest(writer.user_id, writer.name, writer.organisation_id, "", None)
        admission = Admission(guest, host.document, Right.WRITE, _still_may)
        self._seat = Seat(peer, admission, self, self, self._ended, _not_told)
        host.sit(self._seat, SERVER)

    # What it does.

    def is_settled(self) -> bool:
        """Is everything in the log that the room has accepted?"""
        return self._say(FIRST_WORD).done()

    async def caught_up(self) -> int:
        """Wait until everything is in the log that the room has accepted by now; the answer is its version then."""
        return await self._heard(self._say(FIRST_WORD))

    async def offered(
        self, update: bytes, only_at: frozenset[int] | None = None, answer: LoggedAnswer | None = None
    ) -> int:
        """Say it, and wait until it is committed; the answer is the document's version with it.

        With `only_at`, which was checked just now, it is for this turn only: raises PreconditionFailed when another
        edit is accepted first, while a worker looks at this one.
        """
        self.end_turn()
        self._only_at = only_at
        word = self._awaited()
        self.host.edit(self._seat, update, None if only_at is None else self.host.room.content.number, answer)
        return await self._heard(word)

    def end_turn(self) -> None:
        """What others said belongs to a turn, and to rows of the log, before the next word of this one."""
        if self._over is not None:
            raise self._over
        self.host.flush()

    def check_version(self, only_at: frozenset[int] | None) -> None:
        """Raises PreconditionFailed unless the document is at one of these versions, and nothing is on its way."""
        if only_at is not None and not (self.host.position in only_at and self.is_settled()):
            raise self._overtaken()

    def leave(self) -> None:
        self.host.change_right(self._seat, Right.READ)  # what the room holds of it, or looks at, is forgotten
        self.host.leave(self._seat, clean=True)

    # For the room.

    def encode(self, message: Message) -> Frame | None:
        match message:
            case SyncStatus(applied=True):
                answer = self._waiting.popleft()
                if not answer.done():  # else its caller has gone just now
                    answer.set_result(self.host.positions.version)
            case SyncStatus():
                self._end(Forbidden() if self._only_at is None else self._overtaken())
            case SyncStep1():
                self._end(_OtherPen())  # the room holds back what another may own; nothing else could be missing
            case _:  # what others say, and who is here
                pass
        return None

    def limit(self, max_size: int | None) -> None:
        """It reads nothing."""

    def write(self, frame: Frame) -> None:
        """Nothing is ever encoded for it."""

    def close(self, code: int, reason: str) -> None:
        """There is no socket."""

    # Private.

    def _say(self, message: Message) -> "asyncio.Future[int | Exception]":
        self.end_turn()
        answer = self._awaited()
        self.host.hear(self._seat, message)
        self.host.flush()
        return answer

    def _awaited(self) -> "asyncio.Future[int | Exception]":
        """What the room will say to the next word."""
        answer: asyncio.Future[int | Exception] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        return answer

    def _overtaken(self) -> PreconditionFailed:
        return PreconditionFailed(
            "Somebody has edited the document since the version that you name.",
            details=[FieldIssue("If-Match", f"is not the document's version, {self.host.position}")],
        )

    async def _heard(self, answer: "asyncio.Future[int | Exception]") -> int:
        heard = await answer
        if isinstance(heard, Exception):
            raise heard
        return heard

    def _ended(self, seat: Seat, error: AppError) -> None:
        self._end(_OtherPen() if isinstance(error, ReusedClientId) else error)

    def _end(self, error: Exception) -> None:
        self._over = self._over or error
        for answer in self._waiting:
            if not answer.done():
                answer.set_result(error)


async def _still_may() -> Right | None:
    """An edit is over in a moment: who may make it was asked before."""
    return Right.WRITE


def _not_told(seat: Seat) -> None:
    """Nobody is at the other end."""
