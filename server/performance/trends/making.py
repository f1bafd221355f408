"""From the points of a metric to its trend. Imported in a thread, with numpy, when the first trend is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from persistence.series import Point
from persistence.thresholds import ThresholdRow
from server.performance.metrics.ranges import TimeRange
from server.performance.trends.analysis import LEAST_POINTS, Analysis, analysed, crossing
from server.performance.trends.line import Numbers
from server.performance.trends.model import Anomaly, ForecastPoint, Seasonality, TimePoint, Trend, TrendCrossing
from server.sources.metrics import metric_of

__all__ = ["Asked", "trend_of"]

MOST_ANOMALIES = 50
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """`end`: of the last whole step."""

    source: int
    metric: str
    within: TimeRange
    end: datetime
    thresholds: Sequence[ThresholdRow]


def trend_of(asked: Asked, points: Sequence[Point]) -> Trend:
    """Of all steps of the time up to `end`; those without a reading are gaps."""
    step = asked.within.step
    known = len(points)
    if known < LEAST_POINTS:
        reason = f"There are {known} points of it, and {LEAST_POINTS} are the least to say where it goes."
        season = Seasonality(detected=False, period_hours=None, strength=None, profile=[], reason=reason)
        return _trend(asked, points, season=season, trend_direction="stable", reason=reason)
    values = _grid(points, step)
    found = analysed(values, step / HOUR, _horizon(len(values), asked.within))
    times = [points[0].at + timedelta(seconds=step * number) for number in range(len(values) + len(found.ahead))]
    later = times[len(values) :]
    ahead = [
        ForecastPoint.model_construct(timestamp=at, value=float(v), lower=float(low), upper=float(high))
        for at, v, low, high in zip(later, found.ahead, found.lower, found.upper, strict=True)
    ]
    return _trend(
        asked,
        points,
        season=_season(found),
        trend_direction=found.direction,
        change_per_day=found.line.slope * 24 * HOUR / step,
        chance=found.line.p,
        forecast=ahead,
        anomalies=[_anomaly(found, values, times, each) for each in found.odd[-MOST_ANOMALIES:]],
        crossings=_crossings(found, asked, later, float(values[~np.isnan(values)][-1])),
    )


def _trend(asked: Asked, points: Sequence[Point], *, season: Seasonality, **found: Any) -> Trend:
    metric = metric_of(asked.metric)
    nothing: dict[str, Any] = {
        "change_per_day": None,
        "chance": None,
        "forecast": [],
        "anomalies": [],
        "crossings": [],
        "reason": None,
    }
    return Trend.model_construct(
        **{
            **nothing,
            **found,
            "data_source_id": asked.source,
            "metric_name": asked.metric,
            "title": metric.title,
            "unit": metric.unit,
            "time_range": asked.within.name,
            "step_seconds": asked.within.step,
            "time_series": [TimePoint.model_construct(timestamp=each.at, value=each.value) for each in points],
            "seasonality": season,
        }
    )


def _grid(points: Sequence[Point], step: int) -> Numbers:
    first = points[0].at
    places = [round((each.at - first).total_seconds() / step) for each in points]
    values = np.full(places[-1] + 1, np.nan)
    values[places] = [each.value for each in points]
    return values


def _horizon(length: int, within: TimeRange) -> int:
    """A quarter of what is known, and of what was asked for."""
    return max(1, min(length, int(within.length.total_seconds() / within.step)) // 4)


def _season(found: Analysis) -> Seasonality:
    season = found.season
    return Seasonality(
        detected=bool(season.period),
        period_hours=season.hours or None,
        strength=round(season.strength, 3) if season.period else None,
        profile=[float(each) for each in season.profile],
        reason=season.reason,
    )


def _anomaly(found: Analysis, values: Numbers, times: Sequence[datetime], at: int) -> Anomaly:
    return Anomaly.model_construct(
        timestamp=times[at],
        value=float(values[at]),
        expected=float(found.expected[at]),
        score=round(float(found.score[at]), 1),
    )


def _crossings(found: Analysis, asked: Asked, later: Sequence[datetime], now: float) -> list[TrendCrossing]:
    """Levels that it has not passed yet, and that the band comes to."""
    crossings = []
    for threshold in asked.thresholds:
        edge = found.upper if threshold.operator == "gt" else found.lower
        for level, value in (("warning", threshold.warning), ("critical", threshold.critical)):
            passed = crossing(np.array([now]), threshold.operator, value) is not None
            earliest = crossing(edge, threshold.operator, value)
            if passed or earliest is None or found.direction not in ("increasing", "decreasing"):
                continue
            expected = crossing(found.ahead, threshold.operator, value)
            crossings.append(
                TrendCrossing.model_construct(
                    threshold_id=threshold.id,
                    level=level,
                    value=value,
                    expected=later[expected] if expected is not None else None,
                    earliest=later[earliest],
                )
            )
    return crossings
