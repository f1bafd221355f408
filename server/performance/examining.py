"""Slow checks of a source, a few minutes apart: what they read is kept, and advice is made of it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection

from persistence.database import Database
from persistence.errors import StoreUnavailable
from persistence.source_facts import FactRow
from server.clock import Clock
from server.errors import AppError
from server.events.outbox import Outbox, Record
from server.performance.advice.adviser import advise
from server.sources.probe import Probe

__all__ = ["EVERY_SECONDS", "Examiner"]

log = logging.getLogger("counterpoint.sampler")

EVERY_SECONDS = 300.0
MOST_SECONDS = 60.0


class Examiner:
    """`done` is called after each examination that was kept; quick, never raising."""

    def __init__(
        self, database: Database, outbox: Outbox, clock: Clock, done: Callable[[int], None] = lambda _: None
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._done = done

    async def examine(self, source: int, probe: Probe, values: Mapping[str, float]) -> None:
        """With the probe of the source, between two samples. What fails is logged: samples say why."""
        try:
            async with asyncio.timeout(MOST_SECONDS):
                facts = await probe.examine()
            rows = [FactRow(each.name, each.query, _plain(each.rows), each.read_at, each.reason) for each in facts]
            record = self._outbox.record_of(())
            await self._database.write(partial(self._keep, record, source, (rows, values)))
            self._outbox.published(record)
            self._done(source)
        except (AppError, TimeoutError, StoreUnavailable) as error:
            log.info("a source could not be examined", extra={"source": source, "why": str(error)})
        except Exception:  # a surprise of a driver or of a rule ends no sampling: it is logged
            log.exception("an examination has failed", extra={"source": source})

    def _keep(
        self, record: Record, source: int, read: tuple[list[FactRow], Mapping[str, float]], connection: Connection
    ) -> None:
        facts, values = read
        record.write(connection, advise(connection, source, facts, values, self._clock.now()))


def _plain(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As JSON has it: times in ISO 8601, decimals as numbers, anything else in words."""
    return [{name: _json(value) for name, value in row.items()} for row in rows]


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)
