"""/performance/analytics/trends: where metrics go (the data-sources contract, P8)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.performance.house import PerformanceWing
from server.performance.metrics.names import asked_metrics
from server.performance.metrics.ranges import range_of
from server.performance.trends.model import Trend

__all__ = ["router"]

MOST_SOURCES = 20
USUAL_SOURCES = 5
USUAL_RANGE = "30d"

router = APIRouter(tags=["monitoring"])


def _wing(request: Request) -> PerformanceWing:
    wing: PerformanceWing = request.app.state.house.performance
    return wing


@router.get(
    "/performance/analytics/trends",
    summary="Where the metrics of data sources go",
    response_model=Envelope[list[Trend]],
)
async def get_trends(
    *,
    caller: Caller,
    wing: Annotated[PerformanceWing, Depends(_wing)],
    data_source_id: int | None = None,
    time_range: Annotated[str | None, Query(max_length=8, description="1h to 1y; nothing means 30d.")] = None,
    metric_types: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006 - FastAPI copies it
    after: Annotated[int, Query(ge=0, description="Only of sources behind this id.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_SOURCES, description="The most sources.")] = USUAL_SOURCES,
) -> Response:
    """Direction, season, forecast and anomalies of each metric, from stored rollups; without `data_source_id` of the
    first sources that are sampled. With fewer than 24 points there is no forecast, and `reason` says so. Made once for
    each step of the chart."""
    within, wanted = range_of(time_range, USUAL_RANGE), asked_metrics(metric_types)
    if data_source_id is not None:
        sources = [(await wing.source(caller, data_source_id)).id]
    else:
        sources = [row.source_id for row in await wing.monitoring.page(caller, after, limit)]
    arrays = [(await wing.trends.json_of(source, within, wanted))[1:-1] for source in sources]
    body = b'{"data":[' + b",".join(each for each in arrays if each) + b'],"next_cursor":null,"stream":null}'
    return Response(body, media_type="application/json")
