"""The log's writer: gathers what rooms append while a commit is under way, and commits it together."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice
from typing import TypeAlias

from persistence.errors import StoreUnavailable
from persistence.log import Batch, Committed, DocumentLog, Outcome
from server.clock import Clock
from server.realtime.figures import Figures

__all__ = ["LogWriter", "Outcome"]

log = logging.getLogger(__name__)

BATCHES, BATCH_BYTES = 512, 1 << 20
"""Batches, and about how many bytes, in one transaction: more makes the commit longer, and nothing faster."""
PERIOD_SECONDS = 0.004
"""A commit begins at once, but so long after the last one began: it costs about the same however much is in it."""
FIRST_REST = 0.05
LONGEST_REST = 2.0
PENDING_BYTES = 8 << 20
"""Above this much that waits for the store, writers are not read from any more."""


Done = Callable[[Outcome], None]
_Entry: TypeAlias = "tuple[Batch, Done, int]"
"""A batch that waits, whom to tell, and its bytes."""


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
    """A document that stands apart, for its batches could not be written, or are suspected of that."""

    waiting: deque[_Entry] = field(default_factory=deque)
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
        self._waiting: deque[_Entry] = deque()
        self._lanes: dict[str, _Lane] = {}
        self._rest = _Rest()
        self._began_at = -PERIOD_SECONDS
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
        size = sum([len(row.update) for row in batch.rows])
        lane = self._lanes.get(batch.document) if self._lanes else None
        (self._waiting if lane is None else lane.waiting).append((batch, done, size))
        self._pending_bytes += size
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
            await self._try_lanes()
            if self._waiting and not self._is_resting:
                await self._commit(self._waiting)

    async def _try_lanes(self) -> None:
        """Each by itself, until the store fails."""
        now = self._clock.monotonic()
        for document in [document for document, lane in self._lanes.items() if lane.rest.until <= now]:
            if self._is_resting:
                return
            if await self._commit(self._lanes[document].waiting) is None:
                self._rejoin(document)

    @property
    def _is_resting(self) -> bool:
        return self._rest.until > self._clock.monotonic()

    async def _wait(self) -> None:
        """Until a commit is due of what is appended, or what rests has rested enough."""
        self._wake.clear()
        if not self._waiting and not self._lanes:
            await self._wake.wait()
        due = [lane.rest.until for lane in self._lanes.values()]
        if self._waiting:
            due.append(self._began_at + (PERIOD_SECONDS if len(self._waiting) < BATCHES else 0))
        seconds = max(min(due, default=0.0), self._rest.until) - self._clock.monotonic()
        if seconds > 0:
            await self._pause(seconds)

    async def _pause(self, seconds: float) -> None:
        """Gather. When all rests for long, what is appended meanwhile to another document must not wait as long."""
        if seconds <= PERIOD_SECONDS:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _commit(self, waiting: deque[_Entry]) -> _Fault | None:
        """Commit the first that wait there; the answer is what went wrong, if anything."""
        chosen = _first_of(waiting)
        if not chosen:
            return None
        self._began_at = self._clock.monotonic()
        try:
            outcomes = await self._log.append([batch for batch, _, _ in chosen])
        except StoreUnavailable as error:
            self._figures.commit_failures += 1
            self._rest.longer(self._clock.monotonic())
            self._tell(str(error))
            return _Fault.STORE
        except Exception:  # any other error is this batch's: it is logged, rests, and is tried again; nothing is lost
            documents = {batch.document for batch, _, _ in chosen}
            log.exception("append refused", extra={"documents": len(documents)})
            self._figures.commit_failures += 1
            self._set_apart(documents)
            return _Fault.BATCH
        self._figures.commits += 1
        self._figures.commit_seconds.append(self._clock.monotonic() - self._began_at)
        self._rest.seconds = 0.0
        self._succeeded(waiting, chosen, outcomes)
        return None

    def _set_apart(self, documents: set[str]) -> None:
        """One of them cannot be written: it is to rest by itself, and hold up nobody else. The others rejoin soon."""
        for document in documents:
            lane = self._lanes.setdefault(document, _Lane())
            lane.waiting.extend(entry for entry in self._waiting if entry[0].document == document)
            if len(documents) == 1:
                lane.rest.longer(self._clock.monotonic())
        self._waiting = deque(entry for entry in self._waiting if entry[0].document not in documents)

    def _rejoin(self, document: str) -> None:
        """It could be written. What came meanwhile follows all that others have appended."""
        lane = self._lanes.pop(document, None)
        if lane is not None:
            self._waiting.extend(lane.waiting)

    def _succeeded(self, waiting: deque[_Entry], chosen: list[_Entry], outcomes: list[Outcome]) -> None:
        documents: set[str] = set()
        for batch, _, size in chosen:
            waiting.popleft()
            self._pending_bytes -= size
            self._figures.rows += len(batch.rows)
            documents.add(batch.document)
        for (batch, done, _), outcome in zip(chosen, outcomes, strict=True):
            self._report(done, outcome)
            if not isinstance(outcome, Committed):
                self._drop(batch, outcome)
        if self._pending_bytes <= PENDING_BYTES // 2:
            self._room.set()
        if not self._pending:
            self._empty.set()
        self._tell(None)
        for reader in self._readers:
            reader(documents)

    @property
    def _pending(self) -> bool:
        return bool(self._waiting) or any(lane.waiting for lane in self._lanes.values())

    def _drop(self, first: Batch, outcome: Outcome) -> None:
        """What follows a batch that is lost must not be written either, should the document come back meanwhile."""

        def is_lost(entry: _Entry) -> bool:
            return entry[0].document == first.document and entry[0].incarnation == first.incarnation

        for waiting in (self._waiting, *(lane.waiting for lane in self._lanes.values())):
            lost = [entry for entry in waiting if is_lost(entry)]
            kept = [entry for entry in waiting if not is_lost(entry)]
            waiting.clear()
            waiting.extend(kept)
            for _, done, size in lost:
                self._pending_bytes -= size
                self._report(done, outcome)

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


def _first_of(waiting: deque[_Entry]) -> list[_Entry]:
    """As many as one transaction takes."""
    chosen: list[_Entry] = []
    size = 0
    for entry in islice(waiting, BATCHES):
        chosen.append(entry)
        size += entry[2]
        if size >= BATCH_BYTES:
            break
    return chosen
