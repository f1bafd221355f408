"""The log's writer: gathers what rooms append while a commit is under way, and commits it together."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from persistence.errors import StoreUnavailable
from persistence.log import Batch, Committed, DocumentLog, Gone
from server.clock import Clock
from server.realtime.figures import Figures

__all__ = ["LogWriter", "Outcome"]

log = logging.getLogger(__name__)

Outcome = Committed | Gone

BATCHES = 512
"""Batches in one transaction: more makes the commit longer, and nothing faster."""
BUSY_SECONDS = 0.02
GATHER_SECONDS = 0.004
"""After a pause a batch is committed at once; within `BUSY_SECONDS` of a commit others are gathered first, for a
commit costs about the same however much is in it."""
FIRST_REST = 0.05
LONGEST_REST = 2.0
PENDING_BYTES = 8 << 20
"""Above this much that waits for the store, writers are not read from any more."""


Done = Callable[[Outcome], None]


class _Fault(Enum):
    """Whose fault a commit that failed was: the store's, or that of something in the batch."""

    STORE = auto()
    BATCH = auto()


@dataclass(slots=True)
class _Rest:
    """A pause after a failure; it doubles until something succeeds."""

    seconds: float = 0.0
    until: float = 0.0

    def longer(self, now: float) -> None:
        self.seconds = min(max(self.seconds * 2, FIRST_REST), LONGEST_REST)
        self.until = now + self.seconds * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret


@dataclass(slots=True)
class _Lane:
    """The batches of one document that wait, in order; they are committed in order or not at all."""

    waiting: deque[tuple[Batch, Done]] = field(default_factory=deque)
    rest: _Rest = field(default_factory=_Rest)


class LogWriter:
    """Appends the batches of all rooms, in the order of each room, many documents in one transaction.

    A store that fails is tried again for ever, with growing pauses: nothing that was accepted is dropped, and
    nothing is said to be saved before it is. A document whose batch alone cannot be written (an error that is
    not the store's) rests by itself and holds up nobody else.
    """

    def __init__(self, document_log: DocumentLog, clock: Clock, figures: Figures) -> None:
        self._log = document_log
        self._clock = clock
        self._figures = figures
        self._lanes: dict[str, _Lane] = {}
        self._rest = _Rest()
        self._committed_at = -BUSY_SECONDS
        self._pending_bytes = 0
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._empty = asyncio.Event()
        self._empty.set()
        self._task: asyncio.Task[None] | None = None
        self._trouble: str | None = None
        self._listeners: list[Callable[[str | None], None]] = []
        self._readers: list[Callable[[set[str]], None]] = []

    # What others see.

    @property
    def trouble(self) -> str | None:
        """Why the last commit failed; None while the store works."""
        return self._trouble

    @property
    def pending_bytes(self) -> int:
        return self._pending_bytes

    def on_trouble(self, listener: Callable[[str | None], None]) -> None:
        """Call `listener` with the reason when the store begins to fail, and with None when it works again."""
        self._listeners.append(listener)

    def on_commit(self, reader: Callable[[set[str]], None]) -> None:
        """Call `reader` with the documents of each transaction."""
        self._readers.append(reader)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="log writer")

    def append(self, batch: Batch, done: Done) -> None:
        """Queue a batch. `done` is called once it is committed, or its document turned out to be gone."""
        lane = self._lanes.setdefault(batch.document, _Lane())
        lane.waiting.append((batch, done))
        self._pending_bytes += _size(batch)
        if self._pending_bytes > PENDING_BYTES:
            self._room.clear()
        self._empty.clear()
        self._wake.set()

    @property
    def is_full(self) -> bool:
        return not self._room.is_set()

    async def has_room(self) -> None:
        """Wait while too much waits for the store: whoever reads from writers stops reading meanwhile."""
        await self._room.wait()

    async def flushed(self) -> None:
        """Wait until nothing waits."""
        await self._empty.wait()

    async def close(self) -> None:
        """Stop. What still waits is dropped: call `flushed` first, with a time limit."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # The task.

    async def _run(self) -> None:
        while True:
            await self._wait()
            if self._clock.monotonic() - self._committed_at < BUSY_SECONDS:
                await asyncio.sleep(GATHER_SECONDS)
            documents = self._ripe()
            if documents and await self._commit(documents) is _Fault.BATCH and len(documents) > 1:
                await self._commit_one_by_one(documents)

    async def _commit_one_by_one(self, documents: Iterable[str]) -> None:
        """One of them cannot be written: it is to rest by itself, and hold up nobody else."""
        for document in documents:
            if await self._commit([document]) is _Fault.STORE:
                return

    async def _wait(self) -> None:
        """Until something is appended, or what rests has rested enough."""
        self._wake.clear()
        if self._ripe():
            return
        pause = min((self._ready_at(lane) for lane in self._lanes.values()), default=None)
        try:
            async with asyncio.timeout(None if pause is None else max(pause - self._clock.monotonic(), 0.001)):
                await self._wake.wait()
        except TimeoutError:
            return

    def _ready_at(self, lane: _Lane) -> float:
        return max(lane.rest.until, self._rest.until)

    def _ripe(self) -> list[str]:
        now = self._clock.monotonic()
        return [document for document, lane in self._lanes.items() if self._ready_at(lane) <= now]

    async def _commit(self, documents: Iterable[str]) -> _Fault | None:
        """Commit what waits of these documents; the answer is what went wrong, if anything."""
        chosen = self._choose(documents)
        if not chosen:
            return None
        began = self._clock.monotonic()
        try:
            outcomes = await self._log.append([batch for batch, _ in chosen])
        except StoreUnavailable as error:
            self._figures.commit_failures += 1
            self._rest.longer(self._clock.monotonic())
            self._tell(str(error))
            return _Fault.STORE
        except Exception:  # any other error is this batch's: it is logged, rests, and is tried again; nothing is lost
            documents = {batch.document for batch, _ in chosen}
            log.exception("append refused", extra={"documents": len(documents)})
            self._refused(documents)
            return _Fault.BATCH
        self._committed_at = self._clock.monotonic()
        self._figures.commits += 1
        self._figures.commit_seconds.append(self._committed_at - began)
        self._rest = _Rest()
        self._succeeded(chosen, outcomes)
        return None

    def _choose(self, documents: Iterable[str]) -> list[tuple[Batch, Done]]:
        chosen: list[tuple[Batch, Done]] = []
        for document in documents:
            if (lane := self._lanes.get(document)) is not None:
                chosen.extend(lane.waiting)
            if len(chosen) >= BATCHES:
                break
        return chosen

    def _refused(self, documents: set[str]) -> None:
        self._figures.commit_failures += 1
        if len(documents) == 1:
            for document in documents:
                self._lanes[document].rest.longer(self._clock.monotonic())

    def _succeeded(self, chosen: list[tuple[Batch, Done]], outcomes: list[Outcome]) -> None:
        for batch, _ in chosen:
            lane = self._lanes[batch.document]
            self._take_first(lane, batch.document)
            lane.rest = _Rest()
            self._figures.rows += len(batch.rows)
        for (batch, done), outcome in zip(chosen, outcomes, strict=True):
            self._report(done, outcome)
            if isinstance(outcome, Gone):
                self._drop(batch.document, outcome)
        if self._pending_bytes <= PENDING_BYTES // 2:
            self._room.set()
        if not self._lanes:
            self._empty.set()
        self._tell(None)
        for reader in self._readers:
            reader({batch.document for batch, _ in chosen})

    def _take_first(self, lane: _Lane, document: str) -> Done:
        batch, done = lane.waiting.popleft()
        self._pending_bytes -= _size(batch)
        if not lane.waiting:
            del self._lanes[document]
        return done

    def _drop(self, document: str, gone: Gone) -> None:
        """What follows a batch that is lost must not be written either, should the document come back meanwhile."""
        while (lane := self._lanes.get(document)) is not None:
            self._report(self._take_first(lane, document), gone)

    def _report(self, done: Done, outcome: Outcome) -> None:
        try:
            done(outcome)
        except Exception:  # the rows are in the log; one room's failure must not end the writing of all others
            log.exception("a room failed on its commit")

    def _tell(self, trouble: str | None) -> None:
        if trouble == self._trouble:
            return
        if (trouble is None) != (self._trouble is None):
            log.warning("store works again" if trouble is None else "store fails", extra={"reason": trouble})
        self._trouble = trouble
        for listener in self._listeners:
            listener(trouble)


def _size(batch: Batch) -> int:
    return sum(len(row.update) for row in batch.rows)
