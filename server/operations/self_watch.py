"""What this node measures of itself every few seconds, so that whoever asks how it is only reads."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prometheus_client import Counter, Histogram

from server.clock import Clock
from server.operations.health import Finding, Health

__all__ = ["MEASURE_SECONDS", "Measured", "SelfWatch"]

log = logging.getLogger("counterpoint.health")

MEASURE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Measured:
    """numbers    by part (store, log, loop, broker, machine, connections, requests) and name
    findings   of the checks that `/readyz` makes
    """

    at: datetime
    findings: tuple[Finding, ...]
    numbers: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class _Answers:
    """Counted since the start."""

    at: float
    count: float
    failed: float
    seconds: float


class SelfWatch:
    """Measures every MEASURE_SECONDS once it is started; `latest` is None until it has."""

    def __init__(
        self,
        health: Health,
        answered: tuple[Counter, Histogram],
        numbers: Callable[[], Mapping[str, Mapping[str, float]]],
        data_dir: Path,
        clock: Clock,
    ) -> None:
        self._health = health
        self._answered = answered
        self._numbers = numbers
        self._data_dir = data_dir
        self._clock = clock
        self._before: _Answers | None = None
        self.latest: Measured | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="self watch")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self.measure()
            except Exception:  # what was measured last grows old, and `last_updated` says so: it is logged
                log.exception("this node could not measure itself")
            await asyncio.sleep(MEASURE_SECONDS)

    async def measure(self) -> None:
        """Never raises what a check finds: that is what it tells."""
        began = self._clock.monotonic()
        findings = await self._health.findings()
        seconds = self._clock.monotonic() - began
        machine = await asyncio.to_thread(_machine, self._data_dir)
        numbers = {**self._numbers(), "machine": machine, "requests": self._requests()}
        numbers["checks"] = {"seconds": round(seconds, 4)}
        self.latest = Measured(self._clock.now(), tuple(findings), numbers)

    def _requests(self) -> dict[str, float]:
        """Of the time since the last measurement; nothing where there was no request."""
        now, before = self._count(), self._before
        self._before = now
        if before is None or now.at <= before.at:
            return {}
        count = now.count - before.count
        found = {"throughput": round(count / (now.at - before.at), 3)}
        if count:
            found["response_time"] = round(1000 * (now.seconds - before.seconds) / count, 3)
            found["error_rate"] = round(100 * (now.failed - before.failed) / count, 3)
        return found

    def _count(self) -> _Answers:
        requests, seconds = self._answered
        count = failed = took = 0.0
        for metric in requests.collect():
            for sample in metric.samples:
                if sample.name.endswith("_total"):
                    count += sample.value
                    failed += sample.value if sample.labels["status"].startswith("5") else 0.0
        for metric in seconds.collect():
            took += sum(sample.value for sample in metric.samples if sample.name.endswith("_sum"))
        return _Answers(self._clock.monotonic(), count, failed, took)


def _machine(data_dir: Path) -> dict[str, float]:
    """Shares in per cent; the disk is that of the server's own files."""
    import psutil  # noqa: PLC0415 - a server is up before it measures itself

    return {
        "cpu_usage": psutil.cpu_percent(None),
        "memory_usage": psutil.virtual_memory().percent,
        "disk_usage": psutil.disk_usage(str(data_dir)).percent,
        "resident_bytes": float(psutil.Process().memory_info().rss),
    }
