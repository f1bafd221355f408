"""Keeps what every document says close behind its edits; the reading is done in worker processes."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from crdt.errors import CrdtError
from crdt.reading import Projection, project
from persistence.errors import StoreUnavailable
from persistence.log import DocumentLog, Opened
from persistence.projections import ProjectionRow, ProjectionStore
from server.clock import Clock
from server.collaboration.examiner import Examiner, hidden_by, parts_of
from server.realtime.materialiser import PASSING, Materialiser, MaterialiserFailed

__all__ = ["DocumentReader", "Projector"]

log = logging.getLogger("counterpoint.projector")

TICK_SECONDS = 0.5
QUIET_SECONDS = 1.0
CEILING_SECONDS = 15.0
"""A document is read once nobody has typed in it for a second, and after fifteen seconds even if somebody types on.
Whoever asks for its content has it read at once; after three, 200 documents in use cost a quarter more CPU."""
SWEEP_SECONDS = 30.0
"""How often the store is asked for what is behind: edits from before a start, and of other nodes."""
AT_ONCE = 8
READ_SECONDS = 4.0
SECONDS_PER_MEGABYTE = 2.0
"""Ten times what honest documents take of a worker's time."""
MOST = 64
LONG_SECONDS = 1.0
"""Eight documents are read at once; one that takes over a second is not counted, so that it keeps nobody waiting."""
# A document that took a second to read rests for five: reading it never costs more than a fifth of a worker.
REST_FACTOR = 5
LONGEST_REST = 60.0
FIRST_PENALTY = 5.0
LONGEST_PENALTY = 3600.0


@dataclass(slots=True)
class _Behind:
    """A document that was edited since it was read. Times are monotonic seconds."""

    since: float
    last: float


@dataclass(slots=True)
class _Failed:
    """A document that cannot be read: the pause before it is tried again doubles each time."""

    times: int = 0


class DocumentReader(Protocol):
    """Reads something else out of a document whenever its text was read: it is as old as the text."""

    async def read(self, opened: Opened) -> None:
        """Keep what it wants of this document. Raises StoreUnavailable."""
        ...

    async def behind(self, limit: int) -> list[str]:
        """Documents of which it has something older than the text."""
        ...


class Projector:
    """Reads documents soon after their edits, each at most as often as its size allows, those first that wait longest.

    One that ends its worker is examined, and rests longer and longer while it cannot be read.
    """

    def __init__(
        self,
        store: ProjectionStore,
        document_log: DocumentLog,
        materialiser: Materialiser,
        clock: Clock,
        examiner: Examiner,
        *,
        readers: Sequence[DocumentReader] = (),
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._readers = readers
        self._read_seconds = read_seconds
        self._store = store
        self._log = document_log
        self._materialiser = materialiser
        self._clock = clock
        self._examiner = examiner
        self._behind: dict[str, _Behind] = {}
        self._rest_until: dict[str, float] = {}
        self._failed: dict[str, _Failed] = {}
        self._reading: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._swept_at = -SWEEP_SECONDS
        self._task: asyncio.Task[None] | None = None

    @property
    def quarantined(self) -> int:
        """How many rows are in quarantine."""
        return self._examiner.count

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="projector")

    async def stop(self) -> None:
        tasks = [task for _, task in self._reading.values()] + ([self._task] if self._task is not None else [])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def edited(self, documents: Iterable[str]) -> None:
        """A commit has added to these documents. It only notes the time."""
        now = self._clock.monotonic()
        for document in documents:
            if (behind := self._behind.get(document)) is None:
                self._behind[document] = _Behind(now, now)
            else:
                behind.last = now

    def ask(self, document: str) -> None:
        """Somebody has read what is behind: read it without waiting for quiet, and after what has waited longer."""
        due = self._clock.monotonic() - CEILING_SECONDS
        behind = self._behind.setdefault(document, _Behind(due, due))
        behind.since = min(behind.since, due)

    async def sweep(self) -> int:
        """Bring what the store says is behind up to date; the answer is how many documents were read."""
        due = await self._store.stale(AT_ONCE * 8 + len(self._rest_until))
        under_way = [self._reading[document][1] for document in due if document in self._reading]
        due = [document for document in due if self._may_be_read(document)]
        for document in due:
            await self.refresh(document)
        await asyncio.gather(*under_way)
        return len(due) + len(under_way)

    async def refresh(self, document: str) -> None:
        """Read one document as it is now in the log, and keep what it says or why that is not known."""
        self._behind.pop(document, None)
        began = self._clock.monotonic()
        opened = await self._log.open(document)
        if opened is None or opened.head == 0:
            return
        row = await self._read(opened)
        if row is not None and row.failure not in (None, "lost"):
            row = await self._examined(opened, row)
        if row is None:
            self.edited([document])
        else:
            await self._store.put(row, self._clock.now())
            if row.failure in (None, "too_large"):
                for reader in self._readers:
                    await reader.read(opened)
        self._rest(document, began, row)

    # Private.

    async def _read(self, opened: Opened) -> ProjectionRow | None:
        """None: no worker had time."""
        quarantined = await self._examiner.quarantine_of(opened.document)
        parts = [part.update for part in parts_of(opened, quarantined)]
        document, head, is_partial = opened.document, opened.head, bool(quarantined)
        seconds = self._read_seconds + sum(map(len, parts)) / 1e6 * SECONDS_PER_MEGABYTE
        ask = partial(self._materialiser.call, document, project, seconds=seconds, background=True)
        try:
            read = await ask(parts, hidden_by(quarantined))
        except MaterialiserFailed as error:
            log.warning("a document could not be read", extra={"document": document, "reason": str(error)})
            return None if error.reason in PASSING else ProjectionRow(document, head, None, error.reason)
        except CrdtError as error:
            log.warning("a document could not be read", extra={"document": document, "reason": str(error)})
            return ProjectionRow(document, head, None, "unreadable")
        return _row(document, head, read, is_partial=is_partial)

    async def _examined(self, opened: Opened, failed: ProjectionRow) -> ProjectionRow | None:
        """What can be read of a document that has ended its worker, or why nothing can."""
        try:
            reason = await self._examiner.examine(opened)
        except MaterialiserFailed:
            return None
        if reason is not None:
            return ProjectionRow(opened.document, opened.head, None, reason)
        again = await self._read(opened)
        return again if again is None or again.failure is None else failed

    def _rest(self, document: str, began: float, row: ProjectionRow | None) -> None:
        now = self._clock.monotonic()
        if row is None or row.failure in (None, "too_large"):
            self._failed.pop(document, None)
            self._rest_until[document] = now + min((now - began) * REST_FACTOR, LONGEST_REST)
            return
        failed = self._failed.setdefault(document, _Failed())
        failed.times += 1
        self._rest_until[document] = now + min(FIRST_PENALTY * 2**failed.times, LONGEST_PENALTY)
        self.edited([document])  # what was the machine's fault, and not the document's, heals by itself

    def _may_be_read(self, document: str) -> bool:
        return document not in self._reading and self._rest_until.get(document, 0.0) <= self._clock.monotonic()

    def _begin_what_is_due(self) -> None:
        now = self._clock.monotonic()
        self._rest_until = {document: until for document, until in self._rest_until.items() if until > now}
        due = [
            (behind.since, document)
            for document, behind in self._behind.items()
            if (now - behind.last >= QUIET_SECONDS or now - behind.since >= CEILING_SECONDS)
            and self._may_be_read(document)
        ]
        fresh = sum(now - began < LONG_SECONDS for began, _ in self._reading.values())
        for _, document in sorted(due)[: max(0, min(AT_ONCE - fresh, MOST - len(self._reading)))]:
            del self._behind[document]
            task = asyncio.create_task(self._refresh(document), name=f"read {document}")
            self._reading[document] = (now, task)
            task.add_done_callback(lambda _, document=document: self._reading.pop(document, None))  # type: ignore[misc]

    async def _refresh(self, document: str) -> None:
        try:
            await self.refresh(document)
        except StoreUnavailable as error:
            log.warning("the store refused", extra={"reason": str(error)})
            self.edited([document])
        except Exception:  # what is wrong with one document must not end the reading of others: it is logged, and rests
            log.exception("a document could not be read", extra={"document": document})
            self._rest(document, self._clock.monotonic(), ProjectionRow(document, 0, None, "unreadable"))

    async def _run(self) -> None:
        while True:
            try:
                if self._clock.monotonic() - self._swept_at >= SWEEP_SECONDS:
                    self._swept_at = self._clock.monotonic()
                    for find in self._store.stale, *(reader.behind for reader in self._readers):
                        for document in await find(AT_ONCE * 8 + len(self._rest_until)):
                            self.ask(document)
                self._begin_what_is_due()
            except StoreUnavailable as error:
                log.warning("the store refused", extra={"reason": str(error)})
            except Exception:  # texts would stay behind for ever if one fault ended this: it is logged, and tried again
                log.exception("the projector failed")
            await asyncio.sleep(TICK_SECONDS)


def _row(document: str, head: int, read: Projection, *, is_partial: bool) -> ProjectionRow:
    failure = "too_large" if read.text is None else None
    return ProjectionRow(document, head, read.text, failure, read.json, read.markdown, is_partial)
