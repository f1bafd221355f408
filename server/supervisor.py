"""Keeps several workers running: begins anew who dies, restarts them one by one when asked, and stops them all."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["Supervisor", "Worker"]

log = logging.getLogger("counterpoint.supervisor")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before one that has died is begun anew: twice as long each time, until one has lived for CALM_SECONDS."""
CALM_SECONDS = 60.0
READY_SECONDS = 60.0
"""A restart of all waits so long for each; then it ends, and the others stay as they are."""


class Worker(Protocol):
    """One run of a process. Both events are set once, and stay."""

    ready: asyncio.Event
    over: asyncio.Event

    @property
    def exit_code(self) -> int:
        """How it ended; negative: by this signal. Known when it is over."""

    def stop(self) -> None:
        """Ask it to finish what is under way and end."""

    def kill(self) -> None:
        """End it now."""


@dataclass(slots=True)
class Place:
    number: int
    worker: Worker
    restarted: asyncio.Event | None = None
    """Set when the next worker has begun, while a restart is asked for."""
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Supervisor:
    """`begin(number)`, from 1: begin one worker. `stop_seconds`: how long it may take to finish."""

    def __init__(self, count: int, begin: Callable[[int], Worker], *, stop_seconds: float) -> None:
        self._count = count
        self._begin = begin
        self._stop_seconds = stop_seconds
        self._places: list[Place] = []
        self._stopping = asyncio.Event()
        self._rolling: asyncio.Task[None] | None = None

    async def run(self) -> int:
        """Until `stop`; the answer is the exit code. The first worker goes ahead: what is wrong is said once."""
        self._places.append(Place(1, self._begin(1)))
        first = self._places[0].worker
        await _first_of(first.ready, first.over, self._stopping)
        if first.over.is_set() and not self._stopping.is_set():
            return first.exit_code if first.exit_code > 0 else 1
        if not self._stopping.is_set():
            self._places += [Place(number, self._begin(number)) for number in range(2, self._count + 1)]
            for place in self._places:
                place.task = asyncio.create_task(self._keep(place), name=f"worker {place.number}")
            await self._stopping.wait()
        return await self._end()

    def stop(self) -> None:
        self._stopping.set()

    def restart(self) -> None:
        """One after the other, the next when the one before is ready; nothing while that is under way."""
        if self._rolling is None or self._rolling.done():
            self._rolling = asyncio.create_task(self._roll(), name="restart of workers")

    async def _keep(self, place: Place) -> None:
        pause, loop = FIRST_PAUSE, asyncio.get_running_loop()
        while True:
            began = loop.time()
            await place.worker.over.wait()
            if self._stopping.is_set():
                return
            if place.restarted is None:
                pause = FIRST_PAUSE if loop.time() - began > CALM_SECONDS else pause
                log.error(
                    "a worker has died",
                    extra={"worker": place.number, "status": place.worker.exit_code, "again_in_seconds": pause},
                )
                if await self._stops_within(pause):
                    return
                pause = min(pause * 2, LONGEST_PAUSE)
            place.worker = self._begin(place.number)
            if place.restarted is not None:
                place.restarted.set()

    async def _roll(self) -> None:
        for place in self._places:
            place.restarted = asyncio.Event()
            place.worker.stop()
            try:
                async with asyncio.timeout(self._stop_seconds):
                    await place.restarted.wait()
            except TimeoutError:
                place.worker.kill()
                await place.restarted.wait()
            place.restarted = None
            with suppress(TimeoutError):
                async with asyncio.timeout(READY_SECONDS):
                    await _first_of(place.worker.ready, place.worker.over)
            if not place.worker.ready.is_set():
                log.error("the restart ends here: a worker is not ready", extra={"worker": place.number})
                return

    async def _end(self) -> int:
        if self._rolling is not None:
            self._rolling.cancel()
        for place in self._places:
            if place.task is not None:
                place.task.cancel()
            place.worker.stop()
        try:
            async with asyncio.timeout(self._stop_seconds):
                for place in self._places:
                    await place.worker.over.wait()
        except TimeoutError:
            for place in self._places:
                if not place.worker.over.is_set():
                    log.error("a worker did not end in time", extra={"worker": place.number})  # noqa: TRY400 - no trace
                    place.worker.kill()
                await place.worker.over.wait()
        return 0 if all(place.worker.exit_code == 0 for place in self._places) else 1

    async def _stops_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return self._stopping.is_set()


async def _first_of(*events: asyncio.Event) -> None:
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
