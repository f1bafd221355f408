"""Trends as they are answered (the data-sources contract, P8)."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

__all__ = ["Anomaly", "ForecastPoint", "Seasonality", "TimePoint", "Trend", "TrendCrossing"]


class TimePoint(BaseModel):
    """The mean of a step."""

    timestamp: datetime
    value: float


class ForecastPoint(BaseModel):
    """`lower` to `upper` held nine of ten readings when forecasts of this series were tried on its own past."""

    timestamp: datetime
    value: float
    lower: float
    upper: float


class Anomaly(BaseModel):
    """A reading far from what line and season let expect; `score` in standard deviations."""

    timestamp: datetime
    value: float
    expected: float
    score: float


class Seasonality(BaseModel):
    """`strength`: correlation of a reading with the one a period before. `profile`: by step of the period, around 0."""

    detected: bool
    period_hours: int | None
    strength: float | None
    profile: list[float]
    reason: str | None


class TrendCrossing(BaseModel):
    """When the forecast comes to a threshold: `expected` by its middle, `earliest` by its band."""

    threshold_id: int
    level: Literal["warning", "critical"]
    value: float
    expected: datetime | None
    earliest: datetime


class Trend(BaseModel):
    """Where a metric of a source goes.

    change_per_day   of the line through it, None where there is too little to say
    chance           how likely so clear an order is by chance
    reason           why there is no forecast
    """

    data_source_id: int
    metric_name: str
    title: str
    unit: str
    time_range: str
    step_seconds: int
    time_series: list[TimePoint]
    trend_direction: Literal["increasing", "decreasing", "stable", "volatile"]
    change_per_day: float | None
    chance: float | None
    forecast: list[ForecastPoint]
    anomalies: list[Anomaly]
    seasonality: Seasonality
    crossings: list[TrendCrossing]
    reason: str | None
