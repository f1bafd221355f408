"""/performance: what is sampled, and how often (the data-sources contract, P10 and P11)."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request

from persistence.monitors import MonitorRow
from server.http.paging import MAX_LIMIT
from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.performance.house import PerformanceWing
from server.performance.model import (
    Monitor,
    MonitoringStarted,
    MonitoringStopped,
    PushedSample,
    SampleTaken,
    StartMonitoring,
    StopMonitoring,
)
from server.performance.monitoring import next_sample_at

__all__ = ["router"]

router = APIRouter(tags=["monitoring"])


def _wing(request: Request) -> PerformanceWing:
    wing: PerformanceWing = request.app.state.house.performance
    return wing


Wing = Annotated[PerformanceWing, Depends(_wing)]


@router.get("/performance/monitors", summary="Which data sources are sampled, and how that goes")
async def list_monitors(
    caller: Caller,
    wing: Wing,
    after: Annotated[int, Query(ge=0, description="Only those of data sources behind this id.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")] = MAX_LIMIT,
) -> Envelope[list[Monitor]]:
    """By the ids of their sources; `after` goes on behind one. A node that has just died is seen to within seconds."""
    names, now = wing.node_names(), wing.clock.now()
    rows = await wing.monitoring.page(caller, after, limit)
    return Envelope(data=[_monitor(row, names.get(row.node_id or ""), now) for row in rows])


@router.post("/performance/metrics", status_code=201, summary="Push a sample")
async def push_metrics(caller: Caller, wing: Wing, pushed: PushedSample) -> Envelope[SampleTaken]:
    """Stored, judged by thresholds and told live as the server's own samples are. 409 for a second one of the same
    moment."""
    source = await wing.source(caller, pushed.data_source_id)
    sample = await wing.pushing.push(caller, source, pushed)
    return Envelope(data=SampleTaken(data_source_id=source.id, at=sample.at, metrics=len(sample.readings)))


@router.post("/performance/monitoring/start", summary="Sample data sources from now on")
async def start_monitoring(caller: Caller, wing: Wing, asked: StartMonitoring) -> Envelope[MonitoringStarted]:
    """Survives restarts, and the death of the node that samples. Asked again, the new interval and metrics count."""
    rows = await wing.monitoring.start(caller, asked)
    now = wing.clock.now()
    due = [at for row in rows if (at := next_sample_at(row, now)) is not None]
    ids = [row.source_id for row in rows]
    started = MonitoringStarted(
        monitor_id=",".join(map(str, ids)),
        data_source_ids=ids,
        metrics=list(rows[0].metrics) if rows and rows[0].metrics is not None else None,
        interval=asked.interval,
        started_at=now,
        next_sample_at=min(due, default=None),
        status="running",
    )
    return Envelope(data=started)


@router.post("/performance/monitoring/pause", summary="Rest from sampling a data source")
async def pause_monitoring(caller: Caller, wing: Wing, asked: StopMonitoring) -> Envelope[MonitoringStopped]:
    """Start goes on. What was measured stays."""
    return await _stopped(caller, wing, asked.data_source_id, "paused")


@router.post("/performance/monitoring/stop", summary="Sample a data source no more")
async def stop_monitoring(caller: Caller, wing: Wing, asked: StopMonitoring) -> Envelope[MonitoringStopped]:
    """What was measured stays, for its time. Stopping twice is the same as once."""
    return await _stopped(caller, wing, asked.data_source_id, "stopped")


async def _stopped(
    caller: Caller, wing: PerformanceWing, source: int, state: Literal["paused", "stopped"]
) -> Envelope[MonitoringStopped]:
    row = await wing.monitoring.stop(caller, source, state)
    at, count = (row.stopped_at, row.samples_taken) if row is not None else (None, 0)
    status: Literal["paused", "stopped"] = "paused" if row is not None and row.state == "paused" else "stopped"
    return Envelope(data=MonitoringStopped(data_source_id=source, stopped_at=at, samples_taken=count, status=status))


def _monitor(row: MonitorRow, node: str | None, now: datetime) -> Monitor:
    return Monitor.model_validate(
        {
            "data_source_id": row.source_id,
            "status": row.state,
            "interval": row.interval_seconds,
            "metrics": row.metrics,
            "started_at": row.started_at,
            "stopped_at": row.stopped_at,
            "samples_taken": row.samples_taken,
            "failures": row.failures_in_a_row,
            "last_sample_at": row.last_at,
            "last_sample_seconds": row.last_seconds,
            "last_error": row.last_error,
            "slow_until": row.slow_until,
            "next_sample_at": next_sample_at(row, now),
            "node": node,
        }
    )
