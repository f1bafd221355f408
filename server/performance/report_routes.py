"""/performance/reports/summary: what was measured over a time, for reading and for taking along."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from server.errors import FieldIssue, Invalid
from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.performance.house import PerformanceWing
from server.performance.metrics.ranges import range_of
from server.performance.reports.model import PerfReport
from server.performance.reports.writing import csv_of, pdf_of

__all__ = ["router"]

MOST_NAMED = 200

router = APIRouter(tags=["monitoring"])


def _wing(request: Request) -> PerformanceWing:
    wing: PerformanceWing = request.app.state.house.performance
    return wing


@router.get(
    "/performance/reports/summary",
    summary="A report over a time",
    response_model=Envelope[PerfReport],
    responses={200: {"content": {"text/csv": {}, "application/pdf": {}}}},
)
async def get_summary(
    *,
    caller: Caller,
    wing: Annotated[PerformanceWing, Depends(_wing)],
    time_range: Annotated[str | None, Query(max_length=8, description="1h to 1y; nothing means 24h.")] = None,
    data_sources: Annotated[
        list[str],
        Query(max_length=MOST_NAMED, description="Ids, repeated or with commas; nothing: all."),
    ] = [],  # noqa: B006 - FastAPI copies it
    format: Annotated[Literal["json", "csv", "pdf"], Query(description="How it is written.")] = "json",  # noqa: A002 - the parameter's name
) -> Response:
    """Figures of each metric beside the time before, how much was measured of what was to be expected, and sentences
    over these numbers."""
    report = await wing.reports.summary(caller, range_of(time_range), _ids(data_sources))
    if format == "json":
        return Response(Envelope(data=report).model_dump_json(), media_type="application/json")
    content = await asyncio.to_thread(csv_of if format == "csv" else pdf_of, report)
    name = f"performance-{report.time_range}-{report.end:%Y-%m-%d}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv" if format == "csv" else "application/pdf", headers=headers)


def _ids(given: list[str]) -> list[int]:
    words = [word.strip() for part in given for word in part.split(",") if word.strip()]
    for word in words:
        if not word.isascii() or not word.isdigit() or len(word) > 18:
            raise Invalid(details=[FieldIssue("data_sources", "are numbers", word[:50])])
    return [int(word) for word in words]
