"""What goes in and out of the routes of monitoring."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Monitor",
    "MonitoringStarted",
    "MonitoringStopped",
    "PushedSample",
    "SampleTaken",
    "StartMonitoring",
    "StopMonitoring",
]


SHORTEST, LONGEST, USUAL = 5, 3600, 15
MOST_IN_ONE_CALL = 1_000
MOST_METRICS = 100


class StartMonitoring(BaseModel):
    """data_source_ids    none: every source of the organisation
    metrics            none: all that each source can deliver
    interval           seconds between two samples
    """

    model_config = ConfigDict(extra="ignore")

    data_source_ids: Annotated[list[int], Field(max_length=MOST_IN_ONE_CALL)] | None = None
    metrics: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)] | None = None
    interval: Annotated[float, Field(ge=SHORTEST, le=LONGEST, allow_inf_nan=False)] = USUAL


class StopMonitoring(BaseModel):
    model_config = ConfigDict(extra="ignore")

    data_source_id: int


class MonitoringStarted(BaseModel):
    """`monitor_id`: the ids of the sources, with commas."""

    monitor_id: str
    data_source_ids: list[int]
    metrics: list[str] | None
    interval: float
    started_at: datetime
    next_sample_at: datetime | None
    status: Literal["running"]


class MonitoringStopped(BaseModel):
    data_source_id: int
    stopped_at: datetime | None
    samples_taken: int
    status: Literal["paused", "stopped"]


class PushedSample(BaseModel):
    """metrics    by name: of the catalogue, or your own as `custom.name`; a rate is pushed as a rate
    at         when they were measured: now, where none is given, else at most five minutes ago
    """

    model_config = ConfigDict(extra="ignore")

    data_source_id: int
    metrics: Annotated[
        dict[Annotated[str, Field(max_length=64)], Annotated[float, Field(allow_inf_nan=False)]],
        Field(min_length=1, max_length=MOST_METRICS),
    ]
    at: datetime | None = None


class SampleTaken(BaseModel):
    data_source_id: int
    at: datetime
    metrics: int


class Monitor(BaseModel):
    """Whether a source is sampled, by which node, and how that went the last time.

    node            None: no node samples it at the moment
    failures        in a row, up to now
    slow_until      it was too slow to answer, and is left alone until then
    """

    data_source_id: int
    status: Literal["running", "paused", "stopped", "pushed"]
    interval: float
    metrics: list[str] | None
    started_at: datetime
    stopped_at: datetime | None
    samples_taken: int
    failures: int
    last_sample_at: datetime | None
    last_sample_seconds: float | None
    last_error: str | None
    slow_until: datetime | None
    next_sample_at: datetime | None
    node: str | None
