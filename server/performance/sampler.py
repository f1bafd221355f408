"""Samples the sources that this node holds: a task for each of them, so that a slow one keeps no other waiting."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import random

from persistence.errors import StoreUnavailable
from persistence.monitors import MonitorRow, MonitorStore
from persistence.samples import SampleRow, TakenSample
from server.clock import Clock
from server.errors import AppError, NotFound, SourceSlow
from server.performance.examining import EVERY_SECONDS as EXAMINE_SECONDS
from server.performance.examining import Examiner
from server.performance.rates import measured
from server.performance.writer import SampleWriter
from server.sources.opening import Opener
from server.sources.probe import Fact, Probe, Reading
from server.sources.reach import Reach

__all__ = ["Sampler"]

log = logging.getLogger("counterpoint.sampler")

HOLD_SECONDS = 3.0
"""Between two looks at who samples what: a node's death is mended one look after it is seen."""
PROBE_SECONDS = 12.0
AT_ONCE = 50
SLOW_REST = timedelta(seconds=60)
"""A source that was too slow to answer is left alone for this time, or for its interval if that is longer."""


class Sampler:
    """Started after the migrations. `node`: its id in the roster."""

    def __init__(
        self,
        node: str,
        monitors: MonitorStore,
        writer: SampleWriter,
        *,
        reach: Reach,
        open_probe: Opener,
        clock: Clock,
        examiner: Examiner,
    ) -> None:
        self._examiner = examiner
        self._node = node
        self._monitors = monitors
        self._writer = writer
        self._reach = reach
        self._open_probe = open_probe
        self._clock = clock
        self._places = asyncio.Semaphore(AT_ONCE)
        self._turns: dict[int, tuple[int, asyncio.Task[None]]] = {}
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="sampler")

    async def stop(self) -> None:
        tasks = [task for _, task in self._turns.values()] + ([self._task] if self._task is not None else [])
        self._turns.clear()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self._writer.stop()

    def wake(self) -> None:
        """What is to be sampled has changed: look now."""
        self._woken.set()

    async def hold(self) -> None:
        """Begin what this node holds since the last look, end what it does not any more. Raises StoreUnavailable."""
        rows = {row.source_id: row for row in await self._monitors.hold(self._node)}
        for source, (fence, task) in list(self._turns.items()):
            if task.done() or source not in rows or rows[source].fence != fence:
                task.cancel()
                del self._turns[source]
        for source, row in rows.items():
            if source not in self._turns:
                task = asyncio.create_task(self._sample_on(row), name=f"source {source}")
                self._turns[source] = (row.fence, task)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.hold()
            except StoreUnavailable as error:
                log.warning("nobody knows what to sample: the store does not answer", extra={"why": str(error)})
            except Exception:  # without it nothing is sampled any more: it is logged, and tried again
                log.exception("the sampler could not look")
            with suppress(TimeoutError):
                async with asyncio.timeout(HOLD_SECONDS):
                    await self._woken.wait()

    async def _sample_on(self, row: MonitorRow) -> None:
        """Sample the source at its interval until the row is another node's, or another one."""
        probe: Probe | None = None
        due = self._clock.monotonic() + self._wait(row)
        examined = due - EXAMINE_SECONDS
        try:
            while True:
                await asyncio.sleep(due - self._clock.monotonic())
                async with self._places:
                    if probe is None:
                        probe = await self._probe(row)
                    taken = await self._sample(row, probe)
                    if not await self._put(taken):
                        return
                    if taken.sample.state == "up" and self._clock.monotonic() - examined >= EXAMINE_SECONDS:
                        examined = self._clock.monotonic()
                        await self._examiner.examine(row.source_id, probe, taken.sample.readings)
                row = replace(
                    row, carried=taken.carried, failures_in_a_row=taken.failures_in_a_row, slow_until=taken.slow_until
                )
                due = self._next(due, row)
        except NotFound:
            log.info("a source is gone", extra={"source": row.source_id})
        finally:
            if probe is not None:
                await probe.close()

    def _wait(self, row: MonitorRow) -> float:
        """Seconds until the first sample: where a former holder was, spread a little where that is over."""
        now = self._clock.now()
        due = now if row.last_at is None else row.last_at + timedelta(seconds=row.interval_seconds)
        due = max(due, row.slow_until or due)
        seconds = min((due - now).total_seconds(), row.interval_seconds + SLOW_REST.total_seconds())
        return seconds if seconds > 0 else random() * min(1.0, row.interval_seconds / 4)  # noqa: S311 - spreads load

    def _next(self, due: float, row: MonitorRow) -> float:
        """At the interval, whatever a sample took; what was missed is not made up for."""
        now, interval = self._clock.monotonic(), row.interval_seconds
        if row.slow_until is not None:
            return now + (row.slow_until - self._clock.now()).total_seconds()
        return due + interval if due + interval > now else now + interval - (now - due) % interval

    async def _probe(self, row: MonitorRow) -> Probe:
        try:
            return self._open_probe(await self._reach.target(row.source_id))
        except NotFound:
            raise
        except AppError as error:
            log.info("a source cannot be used", extra={"source": row.source_id, "why": error.message})
            return _Refused(error)

    async def _put(self, taken: TakenSample) -> bool:
        try:
            return await self._writer.put(taken)
        except StoreUnavailable as error:
            log.warning("a sample is lost", extra={"source": taken.sample.source_id, "why": str(error)})
            return True

    async def _sample(self, row: MonitorRow, probe: Probe) -> TakenSample:
        at, began = self._clock.now(), self._clock.monotonic()
        state, reason, reading = "up", None, Reading({"up": 0.0})
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                reading = await probe.read()
            if reading.trouble is not None:
                state, reason = "down", reading.trouble
        except TimeoutError:
            state, reason = "slow", f"It did not answer within {PROBE_SECONDS:g} seconds."
            await probe.close()
        except AppError as error:
            state, reason = "slow" if isinstance(error, SourceSlow) else "down", error.message
        except Exception as error:  # a driver's surprise ends no sampling: it is logged, and told as the reason
            log.exception("a probe has failed", extra={"source": row.source_id})
            state, reason = "down", f"The probe has failed: {type(error).__name__}."
            await probe.close()
        return self._taken(row, at, self._clock.monotonic() - began, (state, reason, reading))

    def _taken(
        self, row: MonitorRow, at: datetime, seconds: float, found: tuple[str, str | None, Reading]
    ) -> TakenSample:
        state, reason, reading = found
        shown = measured(reading, row.carried, at.timestamp(), row.interval_seconds)
        wanted = None if row.metrics is None else {"up", *row.metrics}
        values, missing = (
            {name: value for name, value in figures.items() if wanted is None or name in wanted}
            for figures in (shown.values, shown.missing)
        )
        rest = max(SLOW_REST, timedelta(seconds=row.interval_seconds))
        return TakenSample(
            organisation_id=row.organisation_id,
            sample=SampleRow(row.source_id, at, state, seconds, values, missing, reason),  # type: ignore[arg-type]
            node_id=self._node,
            fence=row.fence,
            carried=shown.carried if state == "up" else row.carried,
            failures_in_a_row=0 if state == "up" else row.failures_in_a_row + 1,
            slow_until=at + rest if state == "slow" else None,
        )


class _Refused:
    """A source that cannot even be asked, and the reason; looked at anew when its monitor is."""

    def __init__(self, error: AppError) -> None:
        self._error = error

    async def read(self) -> Reading:
        raise self._error

    async def examine(self) -> Sequence[Fact]:
        raise self._error

    async def close(self) -> None:
        return None
