"""/performance/thresholds, /performance/alerts and /performance/silences (the data-sources contract, P3 to P7)."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Query, Request, Response

from persistence.alerts import AlertFilter
from persistence.answers import Note
from server.http.idempotency import DESCRIBED, IdempotentAnswers
from server.http.paging import MAX_LIMIT, cursor_of, place_of
from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.performance.alerts.external import MOST_AT_ONCE, PostableAlert
from server.performance.alerts.model import (
    Acknowledge,
    AlertHistory,
    NewSilence,
    NewThreshold,
    PerfAlert,
    Resolve,
    Silence,
    Threshold,
    ThresholdChanges,
)
from server.performance.alerts.views import alert_history, perf_alert, silence_view, threshold_view
from server.performance.house import PerformanceWing

__all__ = ["router"]

THRESHOLDS, ALERTS, SILENCES = (f"/performance/{word}" for word in ("thresholds", "alerts", "silences"))
THRESHOLD, ALERT, SILENCE = THRESHOLDS + "/{threshold_id}", ALERTS + "/{alert_id}", SILENCES + "/{silence_id}"
USUAL_DAYS = 7

router = APIRouter(tags=["alerts"])


def _wing(request: Request) -> PerformanceWing:
    wing: PerformanceWing = request.app.state.house.performance
    return wing


def _answers(request: Request) -> IdempotentAnswers:
    answers: IdempotentAnswers = request.app.state.house.answers
    return answers


Wing = Annotated[PerformanceWing, Depends(_wing)]
Answers = Annotated[IdempotentAnswers, Depends(_answers)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")]
Severity = Literal["", "all", "info", "warning", "critical", "error"]
Status = Literal["", "all", "open", "acknowledged", "resolved", "closed"]


@router.get(THRESHOLDS, summary="Thresholds, by their ids")
async def list_thresholds(
    caller: Caller,
    wing: Wing,
    data_source_id: Annotated[int | None, Query(description="Those that concern this source.")] = None,
    after: Annotated[int, Query(ge=0, description="Only those behind this id.")] = 0,
    limit: Limit = MAX_LIMIT,
) -> Envelope[list[Threshold]]:
    """One of a source counts instead of one of all sources for the same metric and operator."""
    rows = await wing.thresholds.page(caller, data_source_id, after, limit)
    return Envelope(data=[threshold_view(row) for row in rows])


@router.post(
    THRESHOLDS,
    status_code=201,
    summary="Set a threshold",
    response_model=Envelope[Threshold],
    openapi_extra=DESCRIBED,
)
async def create_threshold(
    request: Request, caller: Caller, wing: Wing, answers: Answers, new: NewThreshold
) -> Response:
    """What passes `warning_threshold` is a warning, what passes `critical_threshold` is critical. Every sample from now
    on is judged by it. One for each metric, source and operator."""

    async def make(note: Note) -> Envelope[Threshold]:
        return Envelope(data=threshold_view(await wing.thresholds.create(caller, new, note)))

    async def again(made: str) -> Envelope[Threshold]:
        return Envelope(data=threshold_view(await wing.thresholds.get(caller, int(made))))

    return await answers.once_made(request, caller.user_id, 201, make, again)


@router.patch(THRESHOLD, summary="Change a threshold")
async def change_threshold(
    caller: Caller, wing: Wing, threshold_id: int, changes: ThresholdChanges
) -> Envelope[Threshold]:
    """What is not given stays. Disabled, its live alerts are resolved."""
    return Envelope(data=threshold_view(await wing.thresholds.change(caller, threshold_id, changes)))


@router.delete(THRESHOLD, status_code=204, summary="Remove a threshold")
async def delete_threshold(caller: Caller, wing: Wing, threshold_id: int) -> None:
    """Its live alerts are resolved, and stay as history."""
    await wing.thresholds.delete(caller, threshold_id)


@router.get(ALERTS, summary="Alerts, the newest first")
async def list_alerts(
    *,
    caller: Caller,
    wing: Wing,
    severity: Severity = "",
    status: Status = "",
    days: Annotated[int, Query(ge=1, le=365, description="Triggered in so many days.")] = USUAL_DAYS,
    data_source_id: int | None = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = MAX_LIMIT,
) -> Envelope[list[PerfAlert]]:
    """`all` and nothing mean every one. What changes is told in the channel `alerts`."""
    since = wing.clock.now() - timedelta(days=days)
    given = [None if each in ("", "all") else each for each in (severity, status)]
    wanted = AlertFilter(since, given[0], given[1], data_source_id)
    place = place_of(cursor)
    before = (place[0], int(place[1])) if place is not None else None
    rows = await wing.alerts.page(caller, wanted, before, limit + 1)
    more = cursor_of((rows[limit - 1].triggered_at, str(rows[limit - 1].id))) if len(rows) > limit else None
    return Envelope(data=[perf_alert(row) for row in rows[:limit]], next_cursor=more)


@router.get(ALERT, summary="An alert, and what became of it")
async def get_alert(caller: Caller, wing: Wing, alert_id: int) -> Envelope[AlertHistory]:
    row, entries = await wing.alerts.get(caller, alert_id)
    return Envelope(data=alert_history(row, entries))


@router.post(ALERT + "/acknowledge", summary="Take an alert on")
async def acknowledge_alert(
    caller: Caller, wing: Wing, alert_id: int, said: Acknowledge | None = None
) -> Envelope[PerfAlert]:
    """Nobody is called for it any more. 409 for one that is over; a repeat changes nothing."""
    comments = (said.comments if said is not None else None) or ""
    return Envelope(data=perf_alert(await wing.alerts.acknowledge(caller, alert_id, comments)))


@router.post(ALERT + "/resolve", summary="Say that an alert is over")
async def resolve_alert(caller: Caller, wing: Wing, alert_id: int, said: Resolve) -> Envelope[PerfAlert]:
    """`is_firing` says whether it still held; if it does for another interval, there is a new alert. A repeat changes
    nothing."""
    text = said.resolution if not said.comments else f"{said.resolution}\n{said.comments}"
    return Envelope(data=perf_alert(await wing.alerts.resolve(caller, alert_id, text)))


@router.post(ALERT + "/reopen", summary="Say that an alert is not over")
async def reopen_alert(
    caller: Caller, wing: Wing, alert_id: int, said: Acknowledge | None = None
) -> Envelope[PerfAlert]:
    """409 for one that is closed, and where a newer one of the same thing is live."""
    comments = (said.comments if said is not None else None) or ""
    return Envelope(data=perf_alert(await wing.alerts.reopen(caller, alert_id, comments)))


@router.post("/api/v2/alerts", summary="Alerts of a Prometheus, as an Alertmanager takes them")
async def post_alerts(
    caller: Caller, wing: Wing, alerts: Annotated[list[PostableAlert], Body(max_length=MOST_AT_ONCE)]
) -> dict[str, str]:
    """Name this server under `alerting.alertmanagers` of Prometheus, with a token under `authorization`. What is sent
    again is the same alert; what ends, or is not sent for five minutes, is resolved."""
    await wing.external.post(caller, alerts)
    return {}


@router.get(SILENCES, summary="Silences")
async def list_silences(
    caller: Caller,
    wing: Wing,
    over: Annotated[bool, Query(description="Those that are over, the last first.")] = False,
    limit: Limit = MAX_LIMIT,
) -> Envelope[list[Silence]]:
    """Those that last or are to come, the first to end first."""
    return Envelope(data=[silence_view(row) for row in await wing.silences.page(caller, over=over, limit=limit)])


@router.post(SILENCES, status_code=201, summary="Silence alerts")
async def create_silence(caller: Caller, wing: Wing, new: NewSilence) -> Envelope[Silence]:
    """While it lasts nobody is called for alerts that all `matchers` match (labels of the alert, and `severity`), or
    for the one of `alert_id`. They are listed all the same; what still holds when it is over is told then."""
    return Envelope(data=silence_view(await wing.silences.create(caller, new)))


@router.delete(SILENCE, summary="End a silence")
async def end_silence(caller: Caller, wing: Wing, silence_id: str) -> Envelope[Silence]:
    """A repeat changes nothing."""
    return Envelope(data=silence_view(await wing.silences.end(caller, silence_id)))
