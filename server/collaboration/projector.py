"""Keeps the stored text of every document close behind its edits; the reading is done in worker processes."""

import asyncio
import logging
from contextlib import suppress

from crdt.errors import CrdtError
from crdt.projection import text_of
from crdt.updates import merge
from persistence.errors import StoreUnavailable
from persistence.log import DocumentLog
from persistence.projections import ProjectionRow, ProjectionStore
from server.clock import Clock
from server.realtime.materialiser import Materialiser, MaterialiserFailed

__all__ = ["MAX_TEXT_CHARACTERS", "Projector"]

log = logging.getLogger("counterpoint.projector")

EVERY_SECONDS = 5.0
AT_ONCE = 20
# A document that took a second to read rests for ten: reading it never costs more than a tenth of a worker.
REST_FACTOR = 10
MAX_TEXT_CHARACTERS = 4_000_000  # a longer text is a download, not a field of a list
PASSING = frozenset({"busy", "closed"})


class Projector:
    """Looks every few seconds, or when it is woken, for documents whose text is behind, and reads them one by one."""

    def __init__(
        self, store: ProjectionStore, document_log: DocumentLog, materialiser: Materialiser, clock: Clock
    ) -> None:
        self._store = store
        self._log = document_log
        self._materialiser = materialiser
        self._clock = clock
        self._woken = asyncio.Event()
        self._rest_until: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="projector")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def wake(self) -> None:
        """Somebody has read a text that is behind: look now."""
        self._woken.set()

    async def sweep(self) -> int:
        """Bring what is behind up to date; the answer is how many documents were read."""
        now = self._clock.monotonic()
        self._rest_until = {document: until for document, until in self._rest_until.items() if until > now}
        behind = await self._store.stale(AT_ONCE + len(self._rest_until))
        due = [document for document in behind if document not in self._rest_until][:AT_ONCE]
        for document in due:
            await self.refresh(document)
        return len(due)

    async def refresh(self, document: str) -> None:
        """Read one document as it is now in the log, and keep its text or why there is none."""
        began = self._clock.monotonic()
        opened = await self._log.open(document)
        if opened is None or opened.head == 0:
            return
        parts = [opened.snapshot.update] if opened.snapshot else []
        parts += [update for _, update in opened.rows]
        row = await self._read(document, opened.head, parts)
        if row is not None:
            await self._store.put(row, self._clock.now())
        ended = self._clock.monotonic()
        self._rest_until[document] = ended + (ended - began) * REST_FACTOR

    async def _read(self, document: str, head: int, parts: list[bytes]) -> ProjectionRow | None:
        try:
            whole = await self._materialiser.call(document, merge, parts)
            text = await self._materialiser.call(document, text_of, whole)
        except MaterialiserFailed as error:
            log.warning("a document could not be read", extra={"document": document, "reason": str(error)})
            # What passes by itself is tried again; what the document does to a worker, only after its next edit.
            return None if error.reason in PASSING else ProjectionRow(document, head, None, error.reason)
        except CrdtError as error:
            log.warning("a document could not be read", extra={"document": document, "reason": str(error)})
            return ProjectionRow(document, head, None, "unreadable")
        if len(text) > MAX_TEXT_CHARACTERS:
            return ProjectionRow(document, head, None, "too_large")
        return ProjectionRow(document, head, text, None)

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self.sweep()
            except StoreUnavailable as error:
                log.warning("the store refused", extra={"reason": str(error)})
            except Exception:  # texts would stay behind for ever if one fault ended this: it is logged, and tried again
                log.exception("the projector failed")
