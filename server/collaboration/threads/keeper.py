"""Keeps the anchors of open threads where their text is: looked up by a worker whenever a document was read anew."""

import logging
from collections.abc import Sequence

from sqlalchemy import Connection

from crdt.anchors import AnchorWish, FoundAnchor, anchored
from crdt.errors import CrdtError
from persistence.log import Opened
from persistence.thread_anchors import FoundRow, Orphaned, ThreadAnchorStore, WantedRow
from server.clock import Clock
from server.collaboration.examiner import Examiner, hidden_by, parts_of
from server.events.comments import AnchorOrphaned
from server.events.model import Actor
from server.events.outbox import Outbox
from server.realtime.materialiser import PASSING, Materialiser, MaterialiserFailed

__all__ = ["AnchorKeeper", "seconds_for"]

log = logging.getLogger("counterpoint.anchors")

READ_SECONDS, SECONDS_PER_MEGABYTE = 4.0, 4.0


class AnchorKeeper:
    """An anchor is as old as the text that is stored: both are read from the same version.

    In a call of its own, so that an anchor that ends a worker says nothing about the document.
    """

    def __init__(
        self, store: ThreadAnchorStore, examiner: Examiner, materialiser: Materialiser, outbox: Outbox, clock: Clock
    ) -> None:
        self._store = store
        self._examiner = examiner
        self._materialiser = materialiser
        self._outbox = outbox
        self._clock = clock

    async def behind(self, limit: int) -> list[str]:
        """Documents whose anchors are older than their text."""
        return await self._store.behind(limit)

    async def read(self, opened: Opened) -> None:
        """Look the open threads of a document up, as it was opened. Raises StoreUnavailable."""
        wanted = await self._store.wanted(opened.document)
        if not wanted:
            return
        quarantined = await self._examiner.quarantine_of(opened.document)
        parts = [part.update for part in parts_of(opened, quarantined)]
        try:
            found = await self._materialiser.call(
                opened.document,
                anchored,
                parts,
                hidden_by(quarantined),
                [_wish(row) for row in wanted],
                seconds=seconds_for(parts),
                background=True,
            )
            rows = [_row(row, each, opened.head) for row, each in zip(wanted, found, strict=True)]
        except (CrdtError, MaterialiserFailed) as error:
            log.warning("anchors could not be found", extra={"document": opened.document, "reason": str(error)})
            if isinstance(error, MaterialiserFailed) and error.reason in PASSING:
                return
            reason = error.reason if isinstance(error, MaterialiserFailed) else "unreadable"
            rows = [_unknown(row, reason, opened.head) for row in wanted]
        await self._keep(rows)

    async def _keep(self, rows: Sequence[FoundRow]) -> None:
        told: list[_Told] = []

        def orphaned(connection: Connection, lost: Sequence[Orphaned]) -> None:
            told[:] = [_Told(self._outbox, lost)]
            told[0].record(connection)

        await self._store.keep(rows, self._clock.now(), orphaned)
        for each in told:
            self._outbox.published(each.record)


class _Told:
    """All threads of one document stand in one workspace."""

    def __init__(self, outbox: Outbox, lost: Sequence[Orphaned]) -> None:
        system = Actor(lost[0].organisation_id, "system", None, "Counterpoint")
        self.record = outbox.record(system, *(_event(each) for each in lost))


def seconds_for(parts: Sequence[bytes]) -> float:
    """Of a worker's time: twice what reading the document may take."""
    return READ_SECONDS + sum(map(len, parts)) / 1e6 * SECONDS_PER_MEGABYTE


def _event(lost: Orphaned) -> AnchorOrphaned:
    return AnchorOrphaned(
        workspace_id=lost.workspace_id,
        document_id=lost.document_id,
        document_title=lost.document_title,
        thread_id=lost.thread_id,
        quote=lost.quote,
        reason=lost.reason,
    )


def _wish(row: WantedRow) -> AnchorWish:
    if row.start is None:
        return AnchorWish(None, None, row.asked_line or 1, row.asked_column or 1, is_new=True)
    return AnchorWish(row.start, row.end, is_new=row.quote is None)


def _row(wanted: WantedRow, found: FoundAnchor, position: int) -> FoundRow:
    return FoundRow(
        thread_id=wanted.thread_id,
        start=found.start,
        end=found.end,
        state=found.state,
        reason=found.reason,
        line=found.line,
        column=found.column,
        end_line=found.end_line,
        end_column=found.end_column,
        quote=wanted.quote if wanted.quote is not None else found.quote,
        clamped=wanted.clamped or found.clamped,
        position=position,
    )


def _unknown(wanted: WantedRow, reason: str, position: int) -> FoundRow:
    nowhere = (None, None, None, None)
    return FoundRow(
        wanted.thread_id,
        wanted.start,
        wanted.end,
        "unknown",
        reason,
        *nowhere,
        quote=wanted.quote,
        clamped=wanted.clamped,
        position=position,
    )
