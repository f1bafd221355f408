"""/performance/metrics: figures of now, and charts. Everything is read from rows (the data-sources contract, P2)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.performance.house import PerformanceWing
from server.performance.metrics.model import ChartLine, MetricsReply, SeriesReply
from server.performance.metrics.names import asked_metrics
from server.performance.metrics.ranges import range_of
from server.sources.metrics import metric_of

__all__ = ["router"]

METRICS_OF = "/performance/metrics/{data_source_id}"

router = APIRouter(tags=["monitoring"])


def _wing(request: Request) -> PerformanceWing:
    wing: PerformanceWing = request.app.state.house.performance
    return wing


Wing = Annotated[PerformanceWing, Depends(_wing)]
Range = Annotated[str | None, Query(max_length=8, description="1h, 6h, 24h, 7d, 30d, 90d or 1y; nothing means 24h.")]
Types = Annotated[
    list[str],
    Query(max_length=100, description="Names of metrics, repeated or with commas; nothing means all of them."),
]


# What was not measured is absent: clients of the contract would take null for a figure.
@router.get(METRICS_OF, summary="The figures of a data source now", response_model_exclude_unset=True)
async def get_metrics(
    *,
    caller: Caller,
    wing: Wing,
    data_source_id: int,
    time_range: Range = None,
    metric_types: Types = [],  # noqa: B006 - FastAPI copies it
) -> MetricsReply:
    """The newest reading of each metric, if it is of the last three intervals; what is not there has its reason in
    `unavailable`. `overall_score` is that of the metric that stands worst against its threshold. `/ws/data-sources` and
    the channel `metrics:{id}` tell each new sample."""
    within, wanted = range_of(time_range), asked_metrics(metric_types)
    return await wing.figures.of(await wing.source(caller, data_source_id), within, wanted)


@router.get(METRICS_OF + "/series", summary="A chart of a data source")
async def get_series(
    *,
    caller: Caller,
    wing: Wing,
    data_source_id: int,
    time_range: Range = None,
    metric_types: Types = [],  # noqa: B006 - FastAPI copies it
) -> Envelope[SeriesReply]:
    """At most 732 points of each metric; where nothing was measured there is no point."""
    within, wanted = range_of(time_range), asked_metrics(metric_types)
    source = await wing.source(caller, data_source_id)
    end = wing.clock.now()
    start = end - within.length
    found = await wing.series.read(source.id, start, end, within.step, wanted)
    lines = []
    for name in found.points:
        metric = metric_of(name)
        points = [(int(p.at.timestamp() * 1000), p.value, p.min, p.max, p.count) for p in found.points[name]]
        lines.append(
            ChartLine.model_construct(
                metric=name, title=metric.title, unit=metric.unit, worse=metric.worse, points=points
            )
        )
    return Envelope(
        data=SeriesReply.model_construct(
            data_source_id=source.id,
            time_range=within.name,
            start=start,
            end=end,
            step_seconds=within.step,
            samples=found.samples,
            up=found.up,
            series=lines,
        )
    )
