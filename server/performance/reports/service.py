"""A summary of sources over a time, from stored rows."""

from collections.abc import Sequence
from datetime import datetime

from persistence.alerts import AlertFilter, AlertStore
from persistence.data_sources import DataSourceRow, DataSourceStore
from persistence.monitors import MonitorRow, MonitorStore
from persistence.recommendations import RecommendationStore
from persistence.series import Point, Series, SeriesStore
from server.clock import Clock
from server.errors import FieldIssue, Invalid, NotFound
from server.events.uuid7 import uuid7
from server.identity.principal import Principal
from server.performance.metrics.figures import Mean, direction_of
from server.performance.metrics.ranges import TimeRange
from server.performance.reports.model import MetricSummary, PerfReport, SourceCoverage
from server.sources.metrics import metric_of

__all__ = ["MOST_SOURCES", "Reports"]

MOST_SOURCES = 50
MOST_ADVICE = 20
MOST_ALERTS = 500
CLEAR_CHANGE = 20.0
"""Per cent: less of a change is not worth a sentence."""
THIN_COVERAGE = 90.0


class Reports:
    def __init__(
        self,
        monitors: MonitorStore,
        sources: DataSourceStore,
        series: SeriesStore,
        clock: Clock,
        *,
        alerts: AlertStore,
        advice: RecommendationStore,
    ) -> None:
        self._monitors = monitors
        self._sources = sources
        self._series = series
        self._clock = clock
        self._alerts = alerts
        self._advice = advice

    async def summary(self, caller: Principal, within: TimeRange, ids: Sequence[int]) -> PerfReport:
        """Of these sources; of none named, of those that are sampled. Raises NotFound, and Invalid for too many."""
        end = self._clock.now()
        start = end - within.length
        sources = await self._chosen(caller, ids)
        alerts = await self._alerts.page(caller.organisation_id, AlertFilter(start), None, MOST_ALERTS)
        metrics: list[MetricSummary] = []
        coverage: list[SourceCoverage] = []
        for source in sources:
            now = await self._series.read(source.id, start, end, within.grain)
            before = await self._series.read(source.id, start - within.length, start, within.grain)
            metrics += _metrics(source, now, before)
            count = sum(each.source_id == source.id for each in alerts)
            coverage.append(_coverage(source, await self._monitors.get(source.id), now, (start, end), count))
        advice = await self._advice.page(caller.organisation_id, None, "open", MOST_ADVICE)
        chosen = {source.id for source in sources}
        return PerfReport(
            id=uuid7(end),
            report_type="summary",
            time_range=within.name,
            start=start,
            end=end,
            data_sources=[source.id for source in sources],
            metrics=metrics,
            coverage=coverage,
            insights=[*_availability(coverage), *_changes(metrics, within)],
            recommendations=[each.title for each in advice if each.source_id in chosen],
            generated_at=end,
            generated_by=caller.name,
        )

    async def _chosen(self, caller: Principal, ids: Sequence[int]) -> list[DataSourceRow]:
        if len(set(ids)) > MOST_SOURCES:
            raise Invalid(details=[FieldIssue("data_sources", f"are at most {MOST_SOURCES}", len(set(ids)))])
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            wanted = [row.source_id for row in await self._monitors.page(caller.organisation_id, 0, MOST_SOURCES)]
        found = [await self._sources.get(caller.organisation_id, each) for each in wanted]
        if None in found:
            raise NotFound("There is no such data source.")
        return [each for each in found if each is not None]


def _metrics(source: DataSourceRow, now: Series, before: Series) -> list[MetricSummary]:
    found = []
    for name in sorted(now.points):
        points, metric = now.points[name], metric_of(name)
        mean = _mean(points)
        _, change = direction_of(mean, _mean(before.points.get(name, ())))
        found.append(
            MetricSummary(
                data_source_id=source.id,
                data_source_name=source.name,
                metric=name,
                title=metric.title,
                unit=metric.unit,
                mean=mean.value if mean is not None else 0.0,
                min=min(each.min for each in points),
                max=max(each.max for each in points),
                last=points[-1].value,
                readings=sum(each.count for each in points),
                change_percentage=change,
            )
        )
    return found


def _mean(points: Sequence[Point]) -> Mean | None:
    count = sum(each.count for each in points)
    return Mean(sum(each.value * each.count for each in points) / count, count) if count else None


def _coverage(
    source: DataSourceRow, monitor: MonitorRow | None, series: Series, time: tuple[datetime, datetime], alerts: int
) -> SourceCoverage:
    """Of the time since it was first watched, if that is shorter."""
    start, end = time
    seconds = (end - max(start, source.created_at)).total_seconds()
    expected = int(seconds / monitor.interval_seconds) if monitor is not None else 0
    return SourceCoverage(
        data_source_id=source.id,
        data_source_name=source.name,
        samples=series.samples,
        expected=expected,
        coverage=round(min(100.0, 100 * series.samples / expected), 1)
        if expected
        else 100.0
        if series.samples
        else 0.0,
        availability=round(100 * series.up / series.samples, 3) if series.samples else None,
        alerts=alerts,
    )


def _availability(coverage: Sequence[SourceCoverage]) -> list[str]:
    said = []
    for each in coverage:
        name = each.data_source_name
        if each.availability is None:
            said.append(f"{name} was not measured in this time.")
            continue
        if each.availability < 100:
            said.append(f"{name} answered {each.availability:g} % of {each.samples} samples.")
        if each.expected and each.coverage < THIN_COVERAGE:
            said.append(f"Of {name} there are {each.samples} samples where {each.expected} were to be expected.")
        if each.alerts:
            said.append(f"{name} had {each.alerts} alert{'s' if each.alerts > 1 else ''}.")
    return said


def _changes(metrics: Sequence[MetricSummary], within: TimeRange) -> list[str]:
    """The largest first."""
    clear = [
        (abs(each.change_percentage), each)
        for each in metrics
        if each.change_percentage is not None and abs(each.change_percentage) >= CLEAR_CHANGE
    ]
    return [
        f"{each.title} of {each.data_source_name} was {size:.0f} % {_way(each)} than in the {within.name} before."
        for size, each in sorted(clear, key=lambda pair: -pair[0])
    ]


def _way(summary: MetricSummary) -> str:
    return "higher" if (summary.change_percentage or 0) > 0 else "lower"
