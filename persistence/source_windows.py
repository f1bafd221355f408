"""What the stored rollups say of a source over a stretch of time, in one row."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from persistence.database import Database
from persistence.tables.samples import rollups

__all__ = ["HOUR", "SourceWindow", "SourceWindows"]

HOUR = 3600
R = rollups.c


@dataclass(frozen=True, slots=True)
class SourceWindow:
    """`response`: how many readings of the response time there were, their sum and the greatest; in ms."""

    samples: int
    up: int
    response: tuple[int, float, float]


class SourceWindows:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, source: int, start: datetime) -> SourceWindow:
        """From the hours that began at `start` or later and are over."""
        query = select(R.up, R.samples, R.readings).where(R.source_id == source, R.width == HOUR, R.at >= start)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        up, samples, count, total, most = 0, 0, 0, 0.0, 0.0
        for hour_up, hour_samples, readings in rows:
            up, samples = up + hour_up, samples + hour_samples
            if (figures := readings.get("response_time")) is not None:
                count, total, most = count + figures[0], total + figures[3], max(most, figures[2])
        return SourceWindow(samples, up, (count, total, most))
