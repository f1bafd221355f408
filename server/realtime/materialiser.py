"""The pool of worker processes in which documents are opened: nothing that a document does reaches this process.

Calls of one document run one after the other, background calls beside urgent ones. A call has a limit of worker time
and of memory; a worker that passes one is killed and replaced. No document keeps the others waiting: a call that takes
over `SLOW_SECONDS` while others wait gives its place up and goes on in the slow lane, a function that was slow for a
document begins there, and what has ended a worker runs alone in the penalty lane until it succeeds.
Own pipes and frames (crdt/worker_frames.py), for the standard library's pools cannot kill one worker for one late call.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from crdt.errors import CrdtError
from server.realtime.worker_figures import WorkerFigures
from server.realtime.worker_lanes import Call, Key, Lane
from server.realtime.worker_process import FailureReason, MaterialiserFailed, WorkerProcess

__all__ = ["PASSING", "FailureReason", "Materialiser", "MaterialiserFailed"]

T = TypeVar("T")

CALL_SECONDS = 10.0
"""Opening 50 MB takes seconds; a text or JSON of an ordinary document takes milliseconds."""
SLOW_SECONDS = 0.25
MAX_WAITING = 64
"""Calls of one document that wait or run; one more is refused as busy instead of queued without end."""
MAX_WAITING_OF_ONE = 100
"""Calls of one user, for all of his documents."""
MAX_WAITING_TOGETHER = 1_000
IDLE_SECONDS = 30.0
"""How long a worker that nobody needs is kept: it holds some 20 MB, and another one starts in 0.2 s."""
REMEMBERED = 10_000
PASSING: frozenset[FailureReason] = frozenset({"busy", "closed"})
"""Failures that say nothing about the document."""


class Materialiser:
    """Calls functions of `crdt` in worker processes."""

    def __init__(self, *, workers: int = 2, memory_bytes: int = 1 << 30) -> None:
        self.figures = WorkerFigures()
        self.memory_bytes = memory_bytes
        self._quick, self._slow, self._penalty = (Lane(places, self._run) for places in (workers, workers, 1))
        self._lanes = (self._quick, self._slow, self._penalty)
        # One thread waits at the pipe of each busy worker, and for a moment at that of one that was killed.
        self._threads = ThreadPoolExecutor(4 * workers + 4, "worker pipe")
        self._lines: dict[Key, deque[Call]] = {}
        self._records: OrderedDict[tuple[str, str], Lane] = OrderedDict()
        self._known: Counter[str] = Counter()
        self._ending: set[asyncio.Future[None]] = set()
        self._retiring: asyncio.TimerHandle | None = None
        self._closed = False

    async def call(
        self,
        document_id: str,
        function: Callable[..., T],
        *args: Any,
        seconds: float = CALL_SECONDS,
        background: bool = False,
        suspect: bool = False,
        user: str = "",
    ) -> T:
        """`function(*args)`, run in a worker within `seconds` of its own (CPU) time.

        `function` stands at the top of a module of `crdt`; arguments and result can be pickled. `background`: somebody
        else's call may come first. `suspect`: it is likely to end its worker, and runs in the penalty lane.
        `user`: for whom it is; users take turns, however many calls each of them has.
        Raises the CrdtError that the function raised, or MaterialiserFailed; ValueError for another function.
        """
        if not function.__module__.startswith("crdt."):
            raise ValueError(f"{function.__module__}.{function.__qualname__} is no function of crdt")
        name = f"{function.__module__}:{function.__qualname__}"
        how = {"background": background, "suspect": suspect, "user": user}
        result: T = await self.call_named(document_id, name, args, seconds, **how)  # type: ignore[arg-type]
        return result

    async def call_named(
        self,
        document_id: str,
        name: str,
        args: tuple[Any, ...],
        seconds: float,
        *,
        background: bool,
        suspect: bool,
        user: str = "",
    ) -> Any:
        """As `call`; the function is named as "module:function"."""
        if self._closed:
            raise MaterialiserFailed("closed", "the materialiser is closed")
        loop = asyncio.get_running_loop()
        answer, user = loop.create_future(), user or document_id
        call = Call(document_id, name, args, seconds, not background, suspect, answer, user, began=loop.time())
        line = self._lines.get(call.key, deque())
        if self._is_too_much(line, user):
            self.figures.failures["busy"] += 1
            raise MaterialiserFailed("busy", "too many calls of this document, or of this user, wait for a worker")
        self._known[user] += 1
        self._lines[call.key] = line
        line.append(call)
        if line[0] is call:
            self._lane_for(call).enqueue(call)
        try:
            return await call.answer
        finally:
            self._over(call)

    @property
    def pids(self) -> list[int]:
        """Of the processes that wait or run."""
        return [process.pid for process in self._processes()]

    async def close(self) -> None:
        """End all workers. Calls that still run fail as closed; no process is left."""
        self._closed = True
        if self._retiring is not None:
            self._retiring.cancel()
        tasks = [call.task for lane in self._lanes for call in lane.running if call.task is not None]
        await asyncio.gather(*(process.close() for process in self._processes()))
        for line in tuple(self._lines.values()):
            for call in line:
                if call.task is None:
                    self._answer(call, MaterialiserFailed("closed", "the materialiser was closed meanwhile"))
        for lane in self._lanes:
            lane.idle.clear()
        await asyncio.gather(*tasks, *self._ending, return_exceptions=True)
        self._threads.shutdown(wait=False)

    # Private: lines and lanes.

    def _is_too_much(self, line: deque[Call], user: str) -> bool:
        mine = self._known[user]  # who waits for nothing has his first call taken, whoever fills the pool
        full = mine > 0 and self._known.total() >= MAX_WAITING_TOGETHER
        return len(line) >= MAX_WAITING or mine >= MAX_WAITING_OF_ONE or full

    def _lane_for(self, call: Call) -> Lane:
        return self._penalty if call.suspect else self._records.get(call.standing, self._quick)

    def _over(self, call: Call) -> None:
        """The caller has its answer, or has gone: the next call of this document is due."""
        self._known[call.user] -= 1
        if not self._known[call.user]:
            del self._known[call.user]
        if call.task is not None and call.process is not None:
            call.task.cancel()
        line = self._lines[call.key]
        was_due = line[0] is call
        line.remove(call)
        if not line:
            del self._lines[call.key]
        elif was_due:
            self._lane_for(line[0]).enqueue(line[0])

    def _processes(self) -> list[WorkerProcess]:
        busy = [call.process for lane in self._lanes for call in lane.running if call.process is not None]
        return busy + [process for lane in self._lanes for process in lane.idle]

    # Private: one call.

    async def _run(self, call: Call) -> None:
        """Run a call in the lane that has begun it, and answer it; a task of its own."""
        self.figures.waiting_seconds += self._passed(call)
        try:
            outcome = await self._outcome(call)
        finally:
            process, lane, call.process = call.process, call.lane, None
            if process is not None and not process.alive:
                await process.kill()
            elif process is not None and self._closed:
                await process.close()
            elif process is not None and lane is not None:
                self._keep(lane, process)
            call.task = None
            if lane is not None:
                lane.leave(call)
        if call.again and isinstance(outcome, MaterialiserFailed) and not self._closed:
            call.again = False
            self._slow.enqueue(call)
            return
        self._record(call, outcome)
        self._answer(call, outcome)

    async def _outcome(self, call: Call) -> Any:
        """What the function answers, or the error."""
        loop = asyncio.get_running_loop()
        timer = None
        try:
            call.process = await self._take(call.lane or self._quick)
            call.began = loop.time()
            timer = loop.call_later(SLOW_SECONDS, self._overdue, call)
            if call.answer.done():  # given up while the process started
                return None
            return await call.process.call(call.name, call.args, call.seconds)
        except (CrdtError, MaterialiserFailed) as error:
            return error
        except Exception as error:  # noqa: BLE001 - no process can be started: whoever waits must hear of it
            return MaterialiserFailed("lost", f"no worker could be asked: {error}")
        finally:
            if timer is not None:
                timer.cancel()

    async def _take(self, lane: Lane) -> WorkerProcess:
        """A process that waits, or a new one."""
        while lane.idle:
            process = lane.idle.pop()
            if process.alive:
                return process
            await process.kill()
        if self._closed:
            raise MaterialiserFailed("closed", "the materialiser is closed")
        self.figures.starts += 1
        process = await WorkerProcess.start(self.memory_bytes, self._threads)
        if self._closed:
            await process.close()
            raise MaterialiserFailed("closed", "the materialiser is closed")
        if lane is not self._quick:
            process.stand_back()
        return process

    def _keep(self, lane: Lane, process: WorkerProcess) -> None:
        process.idle_since = asyncio.get_running_loop().time()
        lane.idle.append(process)
        if self._retiring is None:
            self._retire_later()

    def _retire_later(self) -> None:
        """One timer, for the process that has waited longest."""
        self._retiring = None
        if waiting := [process.idle_since for lane in self._lanes for process in lane.idle]:
            self._retiring = asyncio.get_running_loop().call_at(min(waiting) + IDLE_SECONDS, self._retire)

    def _retire(self) -> None:
        """End those that nobody has needed: lanes take the one that was used last."""
        needed_after = asyncio.get_running_loop().time() - IDLE_SECONDS
        for lane in self._lanes:
            for process in [each for each in lane.idle if each.idle_since <= needed_after]:
                lane.idle.remove(process)
                ending = asyncio.ensure_future(process.close())
                self._ending.add(ending)
                ending.add_done_callback(self._ending.discard)
        self._retire_later()

    def _overdue(self, call: Call) -> None:
        """This call takes long. If others wait for its place it goes on in the slow lane, or begins anew there."""
        if call.lane is not self._quick or call.process is None:
            return
        if not self._quick.is_wanted:
            asyncio.get_running_loop().call_later(SLOW_SECONDS / 4, self._overdue, call)
            return
        self.figures.set_aside += 1
        if self._slow.is_full:
            call.again = True
            call.process.end()
            return
        call.process.stand_back()
        call.lane = self._slow
        self._slow.running.add(call)
        self._quick.leave(call)

    def _record(self, call: Call, outcome: Any) -> None:
        """Where the next call of this function for this document begins, and what the metrics show."""
        took = self._passed(call)
        self.figures.calls += 1
        self.figures.seconds += took
        self._records.pop(call.standing, None)
        lane = self._slow if took > SLOW_SECONDS else self._quick
        if isinstance(outcome, MaterialiserFailed):
            self.figures.failures[outcome.reason] += 1
            lane = self._quick if outcome.reason in PASSING or call.suspect else self._penalty
        if lane is not self._quick:
            self._records[call.standing] = lane
            while len(self._records) > REMEMBERED:
                self._records.popitem(last=False)

    def _passed(self, call: Call) -> float:
        return asyncio.get_running_loop().time() - call.began

    def _answer(self, call: Call, outcome: Any) -> None:
        if call.answer.done():
            return
        if isinstance(outcome, Exception):
            call.answer.set_exception(outcome)
        else:
            call.answer.set_result(outcome)
