"""Copies of before a restore, as clients bring them: looked at in a worker, and kept with an event."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from weakref import WeakValueDictionary

from crdt.branching import set_apart
from crdt.errors import CrdtError
from crdt.guard import Limits
from crdt.room import Right
from persistence.branches import BranchStore, NewBranch, NotOpen, TooManyBranches
from persistence.documents import DocumentRow, DocumentStore
from server.clock import Clock
from server.errors import Busy, Deleted, NotFound, OtherIncarnation, Refused
from server.events.documents import BranchState, DocumentBranchKept
from server.events.outbox import Outbox
from server.realtime.copies import CopyKeeper
from server.realtime.door import Admission, Guest
from server.realtime.materialiser import Materialiser, MaterialiserFailed
from server.realtime.refusals import as_told

__all__ = ["MOST_OF_A_USER", "BranchKeeper"]

MOST_OF_A_USER = 20
"""Copies of one document that a user may have kept: each device and tab that was away brings one."""
MOST_COMPARED = 5
"""Of his kept copies, with which a new one is compared: one that has nothing more, or all of another, is no branch of
its own."""
KEEP_SECONDS = 60.0


class BranchKeeper:
    def __init__(
        self,
        store: BranchStore,
        documents: DocumentStore,
        materialiser: Materialiser,
        outbox: Outbox,
        *,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._most_bytes = min(limits.document_bytes, limits.max_bytes)
        self._store = store
        self._documents = documents
        self._materialiser = materialiser
        self._outbox = outbox
        self._clock = clock
        self._limits = limits
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @property
    def most_bytes(self) -> int:
        return self._most_bytes

    async def keep(
        self, admission: Admission, document: Sequence[bytes], incarnation: str, copy: Sequence[bytes]
    ) -> str | None:
        guest = admission.guest
        right = await admission.recheck()
        row = await self._documents.get(guest.organisation_id, admission.document)
        if right is None or row is None:
            raise NotFound
        if right < Right.WRITE:
            raise OtherIncarnation(may_keep=False)
        data = await self._set_apart(admission, document, copy)
        if data is None:
            return None
        new = NewBranch(row.id, guest.user_id, incarnation, sha256(data).hexdigest(), data)
        # The tabs and devices of one person come at once, each with nearly the same.
        async with self._turns.setdefault((new.document_id, new.user_id), asyncio.Lock()):
            return await self._among_others(admission, new) or await self._keep(guest, row, new)

    # Private.

    async def _among_others(self, admission: Admission, new: NewBranch) -> str | None:
        """The branch of the same user that has all of this copy, or has it from now on."""
        for branch in await self._store.lately(new, MOST_COMPARED):
            kept = await self._store.data(new.document_id, branch)
            if kept is None:
                continue
            if await self._set_apart(admission, [kept], [new.data]) is None:
                return branch
            holds_all = await self._set_apart(admission, [new.data], [kept]) is None
            if holds_all and await self._store.grow(branch, new):
                return branch
        return None

    async def _keep(self, guest: Guest, row: DocumentRow, new: NewBranch) -> str:
        record = self._outbox.record(guest.actor)
        try:
            kept = await self._store.keep(
                new,
                self._clock.now(),
                most=MOST_OF_A_USER,
                also=lambda connection, branch: record(
                    connection,
                    DocumentBranchKept(
                        workspace_id=row.workspace_id,
                        document_id=row.id,
                        title=row.title,
                        branch=BranchState.model_validate(branch),
                    ),
                ),
            )
        except TooManyBranches:
            most = f"{MOST_OF_A_USER} copies of this document are kept for you"
            raise Refused(f"{most}. Merge or discard some of them first.") from None
        except NotOpen:
            raise Deleted from None
        self._outbox.published(record)
        return kept.row.id

    async def _set_apart(self, admission: Admission, document: Sequence[bytes], copy: Sequence[bytes]) -> bytes | None:
        try:
            return await self._materialiser.call(
                admission.document,
                set_apart,
                list(document),
                list(copy),
                self._limits,
                seconds=KEEP_SECONDS,
                user=admission.guest.user_id,
            )
        except MaterialiserFailed as failure:
            if failure.reason in {"lost", "busy", "closed"}:
                raise Busy(retry_after=1) from None
            raise Refused(f"Your copy cannot be looked at ({failure.reason}). Keep it elsewhere.") from None
        except CrdtError as error:
            raise as_told(error) from None


_keeps_the_promise: type[CopyKeeper] = BranchKeeper
