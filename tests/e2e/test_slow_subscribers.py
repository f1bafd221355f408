"""Some of many subscribers stop reading: the others hear everything, memory is bounded, and the costs are printed."""

import resource
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.support.rest import Api
from tests.e2e.support.subscribers import Arrivals, Subscriber, subscribed
from tests.e2e.support.waiting import until

ENVIRONMENT = {
    "COUNTERPOINT_MAX_CONNECTIONS_PER_ADDRESS": "3000",
    "COUNTERPOINT_MAX_CONNECTIONS_PER_USER": "3000",
}
QUOTES = 15_000
"""Characters of a comment, each of which is two bytes of an event."""
MEBIBYTE = 1 << 20
SLOW = 3008
SLOW_BYTES = 2 * MEBIBYTE
"""What one that does not read may cost: 1 MiB of frames that others have too, and what the allocator makes of it."""


@dataclass(frozen=True)
class Figures:
    """Of some events: how long until the last subscriber had each, and the server's CPU."""

    seconds: list[float]
    cpu_seconds: float

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        worst = sorted(self.seconds)[int(0.99 * (len(self.seconds) - 1))]
        return (
            f"until all have it p50 {1000 * self.median:.1f} ms, p99 {1000 * worst:.1f} ms; "
            f"server {1000 * self.cpu_seconds / len(self.seconds):.1f} ms CPU an event"
        )


class Stage:
    """A document whose comments are the events."""

    def __init__(self, api: Api, document: str, arrivals: Arrivals, readers: list[Subscriber]) -> None:
        self.api = api
        self.document = document
        self.arrivals = arrivals
        self.readers = readers

    async def comment(self, size: int) -> float:
        """Make one event; the answer is how long until the last reader had it."""
        offset = self.readers[0].offset + 1
        began = time.monotonic()
        await self.api.call("POST", f"/collaboration/documents/{self.document}/comments", json={"content": '"' * size})

        async def look() -> bool:
            return self.arrivals.counts[offset] >= len(self.readers)

        await until(look, f"every reader to have {offset}", seconds=30, every=0.001)
        return self.arrivals.last[offset] - began

    async def measure(self, events: int, size: int) -> Figures:
        before = _cpu_seconds(self.api.server.process.pid)
        seconds = [await self.comment(size) for _ in range(events)]
        return Figures(seconds, _cpu_seconds(self.api.server.process.pid) - before)

    @property
    def resident_bytes(self) -> int:
        return int(Path(f"/proc/{self.api.server.process.pid}/statm").read_text().split()[1]) * 4096


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def stop_reading(api: Api, readers: int, slow: int, calmly: int, events: int) -> None:
    workspace = await api.workspace()
    document = await api.document(workspace)
    channel, port, arrivals = f"workspace:{workspace}", api.server.port, Arrivals()
    async with (
        subscribed(readers, port, api.token, channel, arrivals) as everybody,
        subscribed(slow, port, api.token, channel, Arrivals(), small_window=True) as others,
    ):
        stage = Stage(api, document, arrivals, everybody)
        await stage.measure(5, QUOTES)  # buffers and caches find their size
        calm = await stage.measure(calmly, QUOTES)
        for each in others:
            each.stop_reading()
        before = stage.resident_bytes
        stalled = await stage.measure(events, QUOTES)
        held = stage.resident_bytes - before
        print(f"{readers} read: {calm}\n{slow} more do not: {stalled}\nmemory {held / MEBIBYTE:+.1f} MiB")
        assert all(not each.ended.done() for each in everybody)
        assert held < slow * SLOW_BYTES + 16 * MEBIBYTE
        await _until_cut_off(others)
        await _recovered(stage, others, channel)


async def _until_cut_off(others: list[Subscriber]) -> None:
    """They read on what was buffered, and behind it why they were closed, and recover the rest.

    Who takes nothing for ten seconds more, as on a slow machine, finds only that the connection is gone.
    """
    for each in others:
        each.read_on()

    async def look() -> bool:
        return all(each.ended.done() for each in others)

    await until(look, "those that did not read to be closed", seconds=30)
    codes = [each.close_code for each in others]
    print(f"closed with {codes}")
    assert set(codes) <= {SLOW, None}
    for each in others:
        each.ended.result()


async def _recovered(stage: Stage, others: list[Subscriber], channel: str) -> None:
    head = stage.readers[0].offset
    for each in others:
        assert each.offset < head
        since = (each.epoch, each.offset)
        port, token = stage.api.server.port, stage.api.token
        async with subscribed(1, port, token, channel, Arrivals(), since=since) as [back]:
            assert back.recovered
            assert back.offset == head


async def test_subscribers_that_stop_reading_are_cut_off_and_recover(api: Api) -> None:
    await stop_reading(api, readers=20, slow=3, calmly=10, events=260)


@pytest.mark.long
async def test_ten_of_a_thousand_cost_the_others_nothing(api: Api) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    await stop_reading(api, readers=1000, slow=10, calmly=250, events=250)
