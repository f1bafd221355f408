"""What leaves by the routes of figures and charts (the data-sources contract, P2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

from server.sources.model import Unavailable

__all__ = [
    "Change",
    "ChartLine",
    "Direction",
    "MetricFigure",
    "MetricsData",
    "MetricsReply",
    "SeriesReply",
    "Status",
    "TrendOf",
    "UnavailableFigure",
]

Direction = Literal["increasing", "decreasing", "stable", "unknown"]
Status = Literal["good", "warning", "critical", "unknown"]
UnavailableFigure: TypeAlias = Unavailable


class MetricFigure(BaseModel):
    """A metric as it was measured last.

    threshold         what it must not pass; None: nobody has set one, and `status` is unknown
    trend             the mean of `time_range` beside that of the time before it: `stable` within 5 %
    previous_value    the mean of the time before
    metadata          title, `worse` (high or low), the threshold, and the means with their counts
    """

    id: str
    data_source_id: int
    metric_type: str
    value: float
    unit: str
    threshold: float | None
    status: Status
    trend: Direction
    previous_value: float | None
    change_percentage: float | None
    measurement_time: datetime
    time_range: str
    metadata: dict[str, Any]


class TrendOf(BaseModel):
    direction: Direction
    value: float | None
    previous_value: float | None
    change_percentage: float | None


Change: TypeAlias = TrendOf


class MetricsData(BaseModel):
    """`data` has the flat figures once more; those that were not measured are absent (not null), and have a reason."""

    overall_score: float | None
    metrics: list[MetricFigure]
    alerts: list[Mapping[str, Any]]
    trends: dict[str, TrendOf]
    recommendations: list[Mapping[str, Any]]
    unavailable: list[Unavailable]
    data: dict[str, float]
    response_time: float | None = None
    throughput: float | None = None
    error_rate: float | None = None
    cpu_usage: float | None = None
    memory_usage: float | None = None
    disk_usage: float | None = None


class MetricsReply(BaseModel):
    """The same for each of the contract's three readers: of the body, of `data`, and of `data.data`."""

    data: MetricsData
    overall_score: float | None
    metrics: list[MetricFigure]
    alerts: list[Mapping[str, Any]]
    trends: dict[str, TrendOf]
    recommendations: list[Mapping[str, Any]]


class ChartLine(BaseModel):
    """`points`: [milliseconds since 1970, mean, least, most, readings], for `step_seconds` from then on."""

    metric: str
    title: str
    unit: str
    worse: Literal["high", "low"] | None
    points: list[tuple[int, float, float, float, int]]


class SeriesReply(BaseModel):
    """`samples`: how many were taken in this time, and in how many of them the source was `up`."""

    data_source_id: int
    time_range: str
    start: datetime
    end: datetime
    step_seconds: int
    samples: int
    up: int
    series: list[ChartLine]
