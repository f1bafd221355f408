"""The newest figures of a source, beside its thresholds and the time before (the data-sources contract, P2)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from persistence.data_sources import DataSourceRow
from persistence.monitors import MonitorRow, MonitorStore
from persistence.samples import SampleRow, SampleStore
from persistence.series import Point, Series, SeriesStore
from persistence.thresholds import ThresholdRow, ThresholdStore
from server.clock import Clock
from server.performance.metrics.judged import score_of, strictest
from server.performance.metrics.kept import Kept
from server.performance.metrics.model import Direction, MetricFigure, MetricsData, MetricsReply, TrendOf
from server.performance.metrics.ranges import TimeRange
from server.sources.metrics import METRICS, SUMMARY, metric_names, metric_of
from server.sources.model import Unavailable
from server.sources.views import type_of, unmeasured

__all__ = ["Figures", "Mean", "Means", "ShownOf", "direction_of"]

RECENT_INTERVALS = 3
"""A reading that is older than this is no figure of now."""
MOST_RECENT = 10
MOST_KEPT = 2_000
STABLE = 0.05
ShownOf: TypeAlias = Callable[[DataSourceRow], Awaitable[Sequence[Mapping[str, Any]]]]
"""What else there is of a source (live alerts, open advice), as it is answered."""
NO_SCORE = "No threshold says what is good for it."


@dataclass(frozen=True, slots=True)
class Mean:
    value: float
    count: int


@dataclass(frozen=True, slots=True)
class Means:
    """Of a time and of the one of the same length before it, which meet at `since`."""

    since: datetime
    now: Mapping[str, Mean]
    before: Mapping[str, Mean]


class Figures:
    """Reads rows that samplers have written; nobody is asked anything."""

    def __init__(
        self,
        monitors: MonitorStore,
        samples: SampleStore,
        series: SeriesStore,
        thresholds: ThresholdStore,
        clock: Clock,
        *,
        alerts_of: ShownOf,
        advice_of: ShownOf,
    ) -> None:
        self._alerts_of = alerts_of
        self._advice_of = advice_of
        self._monitors = monitors
        self._samples = samples
        self._series = series
        self._thresholds = thresholds
        self._clock = clock
        self._kept: Kept[tuple[int, str], Means] = Kept(clock, MOST_KEPT)

    async def of(self, source: DataSourceRow, within: TimeRange, wanted: Sequence[str] | None) -> MetricsReply:
        """`wanted` None: all that there are."""
        monitor = await self._monitors.get(source.id)
        recent = await self._recent(monitor)
        means = await self._kept.get((source.id, within.name), within.keep, lambda: self._means(source.id, within))
        thresholds = await self._thresholds.in_force(source.id)
        values, missing = _newest(recent)
        names = [name for name in _in_order(values) if wanted is None or name in wanted]
        figures = [_figure(source.id, name, values[name], thresholds, (means, within)) for name in names]
        unknown = _unknown(source, monitor, missing, set(values), wanted)
        scores = [score_of(each, values[each.metric_name][0]) for each in thresholds if each.metric_name in values]
        if not scores:
            unknown.append(Unavailable(metric="overall_score", reason=NO_SCORE))
        flat = {name: values[name][0] for name in SUMMARY if name in values}
        data = MetricsData(
            overall_score=round(min(scores), 1) if scores else None,
            metrics=figures,
            alerts=list(await self._alerts_of(source)),
            trends={each.metric_type: _trend(each, means) for each in figures},
            recommendations=list(await self._advice_of(source)),
            unavailable=unknown,
            data=flat,
            **flat,
        )
        same = {name: getattr(data, name) for name in MetricsReply.model_fields if name != "data"}
        return MetricsReply.model_construct(data=data, **same)

    async def _recent(self, monitor: MonitorRow | None) -> list[SampleRow]:
        if monitor is None:
            return []
        since = self._clock.now() - timedelta(seconds=RECENT_INTERVALS * monitor.interval_seconds)
        return await self._samples.newest(monitor.source_id, since, MOST_RECENT)

    async def _means(self, source: int, within: TimeRange) -> Means:
        now = self._clock.now()
        since = now - within.length
        series = await self._series.read(source, since - within.length, now, within.grain)
        return Means(since, _mean_in(series, since, now), _mean_in(series, since - within.length, since))


def direction_of(now: Mean | None, before: Mean | None) -> tuple[Direction, float | None]:
    """Which way, and by how many per cent; from nothing to something is a way without a percentage."""
    if now is None or before is None:
        return "unknown", None
    if not before.value:
        return ("stable" if not now.value else "increasing" if now.value > 0 else "decreasing"), None
    change = (now.value - before.value) / abs(before.value)
    way: Direction = "stable" if abs(change) <= STABLE else "increasing" if change > 0 else "decreasing"
    return way, round(100 * change, 2)


def _newest(recent: Sequence[SampleRow]) -> tuple[dict[str, tuple[float, datetime]], dict[str, str]]:
    """The newest reading of each metric with its time, and why others are missing."""
    values: dict[str, tuple[float, datetime]] = {}
    missing: dict[str, str] = {}
    for sample in reversed(recent):
        if sample.state in ("down", "slow"):
            values.clear()
        missing.update(sample.missing)
        for name, value in sample.readings.items():
            values[name] = (value, sample.at)
            missing.pop(name, None)
    return values, missing


def _in_order(values: Mapping[str, object]) -> list[str]:
    """As the catalogue has them, then those of other names."""
    return [name for name in METRICS if name in values] + sorted(name for name in values if name not in METRICS)


def _figure(
    source: int,
    name: str,
    measured: tuple[float, datetime],
    thresholds: Sequence[ThresholdRow],
    over: tuple[Means, TimeRange],
) -> MetricFigure:
    (value, at), metric, (means, within) = measured, metric_of(name), over
    status, threshold = strictest([each for each in thresholds if each.metric_name == name], value)
    now, before = means.now.get(name), means.before.get(name)
    trend, change = direction_of(now, before)
    metadata = {
        "title": metric.title,
        "worse": metric.worse,
        "threshold": _shown(threshold),
        "window_start": means.since,
        "window_mean": now.value if now is not None else None,
        "window_count": now.count if now is not None else 0,
    }
    return MetricFigure.model_construct(
        id=f"{source}:{name}",
        data_source_id=source,
        metric_type=name,
        value=value,
        unit=metric.unit,
        threshold=threshold.warning if threshold is not None else None,
        status=status,
        trend=trend,
        previous_value=before.value if before is not None else None,
        change_percentage=change,
        measurement_time=at,
        time_range=within.name,
        metadata=metadata,
    )


def _shown(threshold: ThresholdRow | None) -> dict[str, object] | None:
    if threshold is None:
        return None
    return {name: getattr(threshold, name) for name in ("id", "operator", "warning", "critical", "clear_at")}


def _trend(figure: MetricFigure, means: Means) -> TrendOf:
    now = means.now.get(figure.metric_type)
    return TrendOf(
        direction=figure.trend,
        value=now.value if now is not None else None,
        previous_value=figure.previous_value,
        change_percentage=figure.change_percentage,
    )


def _unknown(
    source: DataSourceRow,
    monitor: MonitorRow | None,
    missing: Mapping[str, str],
    measured: set[str],
    wanted: Sequence[str] | None,
) -> list[Unavailable]:
    """What could be expected and was not measured, with the reason."""
    kind = type_of(source)
    possible = metric_names(kind, source.options)
    never = {each.metric: each.reason for each in unmeasured(kind, possible)}
    expected = dict.fromkeys((*SUMMARY, *possible)) if wanted is None else dict.fromkeys(wanted)
    why = _why_not(source, monitor, has_recent=bool(measured))
    return [
        Unavailable(metric=name, reason=missing.get(name) or never.get(name) or (why if name in possible else NOT_ITS))
        for name in expected
        if name not in measured
    ]


NOT_ITS = "A source of this type does not deliver it."


def _why_not(source: DataSourceRow, monitor: MonitorRow | None, *, has_recent: bool) -> str:
    if monitor is None:
        return "The source is not sampled: start its monitoring."
    if monitor.state in ("paused", "stopped"):
        return f"Its monitoring is {monitor.state}."
    if source.status == "error":
        return source.status_reason or "The source does not answer."
    return "The last samples do not have it." if has_recent else "There is no recent sample of it."


def _mean_in(series: Series, start: datetime, end: datetime) -> dict[str, Mean]:
    return {name: mean for name, points in series.points.items() if (mean := _mean(points, start, end)) is not None}


def _mean(points: Sequence[Point], start: datetime, end: datetime) -> Mean | None:
    inside = [each for each in points if start <= each.at < end]
    count = sum(each.count for each in inside)
    return Mean(sum(each.value * each.count for each in inside) / count, count) if count else None
