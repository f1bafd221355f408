"""Where a new thread stands: at the relative positions that an editor made, or at a line and a column."""

import asyncio
import logging
from collections.abc import Callable

from crdt.anchors import AnchorWish, FoundAnchor, anchored
from crdt.errors import CrdtError
from persistence.documents import DocumentRow
from persistence.log import DocumentLog
from persistence.quarantine import QuarantineStore
from persistence.thread_rows import NewAnchor
from server.collaboration.examiner import hidden_by, parts_of
from server.collaboration.threads.keeper import seconds_for
from server.collaboration.threads.model import NewComment
from server.realtime.materialiser import Materialiser, MaterialiserFailed

__all__ = ["AnchorDesk"]

log = logging.getLogger("counterpoint.anchors")

PATIENCE = 3.0
"""A comment does not wait longer for a worker: then its place is looked up with the next reading of the document."""
NOT_YET = "not_looked_up_yet"


class AnchorDesk:
    def __init__(
        self,
        document_log: DocumentLog,
        quarantine: QuarantineStore,
        materialiser: Materialiser,
        ask: Callable[[str], None],
    ) -> None:
        self._log = document_log
        self._quarantine = quarantine
        self._materialiser = materialiser
        self.ask = ask
        """Have a document read soon, and its anchors with it."""

    async def make(self, document: DocumentRow, new: NewComment) -> NewAnchor | None:
        """The anchor of a new thread, as the document is now; None when the comment is about all of it."""
        if new.position is None and new.anchor is None:
            return None
        start, end = new.anchor.encoded() if new.anchor is not None else (None, None)
        line, column = (new.position.line, new.position.column) if new.position is not None else (None, None)
        wish = AnchorWish(start, end, line if line is not None else 1, column if column is not None else 1, is_new=True)
        try:
            found, position = await asyncio.wait_for(self._found(document.id, wish), PATIENCE)
        except (CrdtError, MaterialiserFailed, TimeoutError) as error:
            log.warning("an anchor could not be found", extra={"document": document.id, "reason": str(error)})
            self.ask(document.id)
            nowhere = {"line": None, "column": None, "end_line": None, "end_column": None}
            return NewAnchor(
                start,
                end,
                line,
                column,
                clamped=False,
                quote=None,
                state="unknown",
                reason=NOT_YET,
                position=-1,
                **nowhere,
            )
        if position < document.version:
            self.ask(document.id)
        return NewAnchor(
            start=found.start,
            end=found.end,
            asked_line=line,
            asked_column=column,
            clamped=found.clamped,
            quote=found.quote,
            state=found.state,
            reason=found.reason,
            line=found.line,
            column=found.column,
            end_line=found.end_line,
            end_column=found.end_column,
            position=position,
        )

    async def _found(self, document: str, wish: AnchorWish) -> tuple[FoundAnchor, int]:
        """Where it is, and at which position of the log."""
        opened = await self._log.open(document)
        quarantined = (await self._quarantine.of([document])).get(document, [])
        parts = [part.update for part in parts_of(opened, quarantined)] if opened is not None else []
        position = opened.head if opened is not None else 0
        found = await self._materialiser.call(
            document, anchored, parts, hidden_by(quarantined), [wish], seconds=seconds_for(parts)
        )
        return found[0], position
