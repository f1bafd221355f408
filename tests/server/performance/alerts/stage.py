"""A monitored source of which a test says what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, update

from persistence.samples import SampleRow
from persistence.tables.sources import monitors
from server.events.envelope import Heard, hear
from server.events.outbox import Told
from server.house import House
from server.performance.alerts.judge import ThresholdJudge
from tests.server.events.stage import written
from tests.server.support import Person, Place

__all__ = ["Scene", "judged"]

ALERTS = "/performance/alerts"


async def judged(house: House, *samples: SampleRow) -> None:
    """Stored, judged and told as the sampler does it."""
    for sample in samples:
        record = house.events.outbox.record_of(())

        def judge(connection: Connection, stored: Sequence[SampleRow]) -> None:
            told: Sequence[Told] = ThresholdJudge().judge(connection, stored)
            record.write(connection, told)  # noqa: B023 - it is called before the next turn

        assert await house.performance.samples.push(sample, judge)
        house.events.outbox.published(record)


@dataclass
class Scene:
    place: Place
    source: int
    now: datetime

    async def measured(self, seconds: float, state: str = "up", **readings: float) -> None:
        """So many seconds after `now`."""
        reason = None if state == "up" else "It does not answer."
        at = self.now + timedelta(seconds=seconds)
        await judged(self.place.house, SampleRow(self.source, at, state, 0.1, readings, {}, reason))

    async def failed(self, seconds: float, in_a_row: int) -> None:
        counted = update(monitors).where(monitors.c.source_id == self.source).values(failures_in_a_row=in_a_row)
        await self.place.house.database.write(lambda connection: connection.execute(counted))
        await self.measured(seconds, "down", up=0)

    async def threshold(self, metric: str = "database_size", **fields: Any) -> dict[str, Any]:
        body = {"metric_name": metric, "operator": "gt", "warning_threshold": 80, "critical_threshold": 90, **fields}
        answer = await self.place.admin.post("/performance/thresholds", body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found

    async def alerts(self, query: str = "", *, by: Person | None = None) -> list[dict[str, Any]]:
        answer = await (by or self.place.admin).get(ALERTS + query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    async def alert(self) -> dict[str, Any]:
        """The only one, with what became of it."""
        [alert] = await self.alerts()
        found: dict[str, Any] = (await self.place.admin.get(f"{ALERTS}/{alert['id']}")).json()["data"]
        return found

    async def says(self, alert: int, word: str, body: Any = None, status: int = 200) -> dict[str, Any]:
        answer = await self.place.admin.post(f"{ALERTS}/{alert}/{word}", body)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json().get("data", answer.json())
        return found

    async def told(self) -> list[Heard]:
        """Events of the stream of alerts but for those of thresholds and silences."""
        heard = [hear(event) for event in await written(self.place.house.database) if event.stream == "alerts"]
        return [each for each in heard if ".alert." in each.type]
