"""Clients that hold a document as it was before a restore: they are asked for their copy, and it is kept apart."""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from crdt.messages import Message, Stateless, SyncStep1, SyncStep2, Update
from crdt.room import Right
from persistence.errors import StoreUnavailable
from server.errors import AppError, Internal, Invalid, OtherIncarnation, OutOfStep, StoreRefuses, TooLarge
from server.realtime.door import Admission
from server.realtime.host import RoomHost

__all__ = ["COPY_SECONDS", "CopyKeeper", "CopyTaker", "KnownIncarnations", "incarnation_notice"]

log = logging.getLogger(__name__)

COPY_SECONDS = 90.0
"""How long a client may take to send its copy: the largest one takes 67 s at 2 Mbit/s."""
EVERYTHING = SyncStep1(b"\x00")
"""I know nothing: send me all that you have."""
NAME = re.compile(r"[0-9A-Za-z_-]{1,32}")


class CopyKeeper(Protocol):
    """Keeps copies apart from their documents."""

    @property
    def most_bytes(self) -> int:
        """A larger copy is not taken."""
        ...

    async def keep(
        self, admission: Admission, document: Sequence[bytes], incarnation: str, copy: Sequence[bytes]
    ) -> str | None:
        """Keep what the guest has brought; the id of its branch, or None: it has nothing that the document lacks.

        document, copy: each as updates; incarnation: the one that the copy is of. The same copy makes one branch.
        Raises AppError (as for an edit; OtherIncarnation when the guest may not write), StoreUnavailable.
        """
        ...


class KnownIncarnations:
    """What an upgrade request says of the documents that its client has copies of, each `incarnation=…`:

    ID        of every document that the socket opens (one, as a rule)
    NAME:ID   of the document that is opened by this name
    nothing   the client has no copy, and wants to be told of the incarnation
    """

    __slots__ = ("_by_name", "_of_all")

    def __init__(self, said: Iterable[str] = ()) -> None:
        """Raises Invalid."""
        self._of_all: str | None = None
        self._by_name: dict[str, str] = {}
        for each in said:
            name, _, incarnation = each.rpartition(":")
            if incarnation and not NAME.fullmatch(incarnation):
                raise Invalid("That is no incarnation of a document.")
            if name:
                self._by_name[name] = incarnation
            else:
                self._of_all = incarnation

    def of(self, name: str) -> str | None:
        """The incarnation of its copy; empty: it has none, and asks; None: it does not say."""
        return self._by_name.get(name, self._of_all)


def incarnation_notice(incarnation: str) -> Stateless:
    """For a Hocuspocus client that has said which incarnation it knows, or asks: this is the one of now."""
    return Stateless(json.dumps({"incarnation": incarnation}))


class CopyTaker:
    """One client that knows another incarnation. It never enters the room: nothing of it is merged or shown.

    `say` tells it something, `ended` ends it, once: OtherIncarnation names the branch.
    """

    def __init__(
        self,
        keeper: CopyKeeper,
        host: RoomHost,
        admission: Admission,
        incarnation: str,
        *,
        now: float,
        say: Callable[[Message], None],
        ended: Callable[[AppError], None],
    ) -> None:
        self._keeper = keeper
        self._host = host
        self._admission = admission
        self._incarnation = incarnation
        self._since = now
        self._say = say
        self._ended = ended
        self._copy: list[bytes] = []
        self._task: asyncio.Task[None] | None = None
        self._is_over = False

    def begin(self) -> None:
        """Ask for the copy. What somebody has who may only read was never his own."""
        if self._admission.right < Right.WRITE:
            self._end(OtherIncarnation(may_keep=False))
        else:
            self._say(EVERYTHING)

    def hear(self, message: Message) -> None:
        """Its answer, and what is typed while that is being kept; all else is passed over."""
        match message:
            case SyncStep2(update):
                self._take(update)
            case Update(update) if self._copy:
                self._take(update)
            case _:
                pass

    def look_after(self, now: float) -> None:
        """Every second or so (monotonic seconds): one that sends nothing has to come again."""
        if self._task is None and now - self._since > COPY_SECONDS:
            self._end(OutOfStep("Your copy did not come. Connect again, and send it."))

    def close(self) -> None:
        """The client has gone. What it was not told of it brings again."""
        self._is_over = True
        if self._task is not None:
            self._task.cancel()

    # Private.

    def _take(self, update: bytes) -> None:
        if self._is_over:
            return
        self._copy.append(update)
        if sum(map(len, self._copy)) > self._keeper.most_bytes:
            self._end(TooLarge())
        elif self._task is None:
            self._task = asyncio.create_task(self._keep(), name=f"keep a copy of {self._host.document}")

    async def _keep(self) -> None:
        try:
            self._end(OtherIncarnation(branch=await self._kept()))
        except AppError as error:
            self._end(error)
        except StoreUnavailable:
            self._end(StoreRefuses())
        except Exception:  # the client would wait for ever: it is told, and the fault is logged
            log.exception("keeping a copy failed")
            self._end(Internal())

    async def _kept(self) -> str | None:
        branch, count = None, 0
        while count < len(self._copy):
            count = len(self._copy)
            self._host.flush()
            document = self._host.room.content.pieces()
            made = await self._keeper.keep(self._admission, document, self._incarnation, tuple(self._copy))
            branch = made or branch
        return branch

    def _end(self, error: AppError) -> None:
        if not self._is_over:
            self._is_over = True
            self._ended(error)
