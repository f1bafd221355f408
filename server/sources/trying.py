"""A connection that is made because somebody asks whether it works."""

import asyncio

from persistence.data_sources import DataSourceRow
from server.clock import Clock
from server.errors import AppError, SourceUnreachable
from server.identity.throttle import HourlyLimit
from server.sources.metrics import metric_names
from server.sources.model import ConnectionTest, Unavailable
from server.sources.opening import Opener
from server.sources.probe import Reading
from server.sources.reach import Reach
from server.sources.views import type_of, unmeasured

__all__ = ["Trying"]

SECONDS = 12.0
"""For all of it. The client of the contract waits 30 s for an answer."""


class Trying:
    """`limit` is by the user: each test is a connection to an address that he has chosen."""

    def __init__(self, reach: Reach, open_probe: Opener, limit: HourlyLimit, clock: Clock) -> None:
        self._reach = reach
        self._open_probe = open_probe
        self._limit = limit
        self._clock = clock

    async def try_it(self, user: str, row: DataSourceRow, password: str | None = None) -> ConnectionTest:
        """What a reading shows. `password`: instead of the stored one. Raises RateLimited."""
        self._limit.take(user)
        began, now = self._clock.monotonic(), self._clock.now()
        kind = type_of(row)
        names = metric_names(kind, row.options)
        read, missing, message = set[str](), dict[str, str](), ""
        try:
            reading = await self._reading(row, password)
            read, missing, message = set(reading.values), dict(reading.missing), reading.trouble or ""
        except AppError as error:
            message = error.message
        told = [*unmeasured(kind, names), *(Unavailable(metric=name, reason=why) for name, why in missing.items())]
        return ConnectionTest(
            success=not message,
            message=message or f"It answers, with {len(read)} of {len(names)} figures.",
            tested_at=now,
            seconds=round(self._clock.monotonic() - began, 3),
            metrics=[name for name in names if name in read],
            unavailable=[each for each in told if each.metric not in read],
        )

    async def _reading(self, row: DataSourceRow, password: str | None) -> Reading:
        probe = self._open_probe(await self._reach.target_of(row, password))
        try:
            async with asyncio.timeout(SECONDS):
                return await probe.read()
        except TimeoutError:
            raise SourceUnreachable(f"It did not answer within {SECONDS:g} seconds.") from None
        finally:
            await probe.close()
