"""What was measured, told as it comes: whoever looks at a chart sees it move. None of it is kept as an event."""

from datetime import datetime
from typing import Literal, TypeAlias

from server.events.model import Event

__all__ = ["MetricsMeasured", "SampleState"]

SampleState: TypeAlias = Literal["up", "down", "slow", "pushed"]


class MetricsMeasured(Event):
    """A sample of a data source; the rows have it too. `missing`: metrics that could not be read, and why."""

    data_source_id: int
    at: datetime
    state: SampleState
    metrics: dict[str, float]
    missing: dict[str, str]
    reason: str | None

    @property
    def stream(self) -> str:
        return f"metrics:{self.data_source_id}"

    @property
    def origin(self) -> str:
        return "/scan/data-sources"

    @property
    def subject(self) -> str:
        return f"source/{self.data_source_id}"
