"""/scan/data-sources: what is watched. Bodies have no envelope here: the clients of these calls read none
(the data-sources contract, 1.5)."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from persistence.answers import Note
from server.errors import Unsupported
from server.http.idempotency import DESCRIBED, IdempotentAnswers
from server.http.paging import MAX_LIMIT
from server.identity.dependencies import Caller
from server.sources.house import SourceWing
from server.sources.model import (
    Capabilities,
    ConnectionTest,
    DataSource,
    DataSourceChanges,
    NewDataSource,
    SourceHealth,
    SourceStats,
)
from server.sources.views import UNKNOWN, capabilities_of, data_source_view

__all__ = ["router"]

SOURCES = "/scan/data-sources"
SOURCE = SOURCES + "/{data_source_id}"
STATS_HOURS = 24
FILTERS = ("source_type", "status", "environment", "criticality", "data_classification", "owner", "team")

router = APIRouter(tags=["data sources"])


def _wing(request: Request) -> SourceWing:
    wing: SourceWing = request.app.state.house.sources
    return wing


def _answers(request: Request) -> IdempotentAnswers:
    answers: IdempotentAnswers = request.app.state.house.answers
    return answers


Sources = Annotated[SourceWing, Depends(_wing)]
Answers = Annotated[IdempotentAnswers, Depends(_answers)]
Filter = Annotated[str | None, Query(max_length=200)]


@router.get(SOURCES, summary="Data sources, by their ids")
async def list_data_sources(
    *,
    caller: Caller,
    sources: Sources,
    response: Response,
    source_type: Filter = None,
    status: Filter = None,
    environment: Filter = None,
    criticality: Filter = None,
    data_classification: Filter = None,
    owner: Filter = None,
    team: Filter = None,
    search: Annotated[str | None, Query(max_length=200, description="A part of the name.")] = None,
    after: Annotated[int, Query(ge=0, description="Only those behind this id.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")] = MAX_LIMIT,
) -> list[DataSource]:
    """`all` and nothing mean no filter. Where there are more, the header `Link` has the address of the next page."""
    given = (source_type, status, environment, criticality, data_classification, owner, team)
    filters = {name: value for name, value in zip(FILTERS, given, strict=True) if value and value != "all"}
    rows = await sources.service.page(caller, filters, after, limit + 1, search)
    if len(rows) > limit:
        response.headers["Link"] = f'<{SOURCES}?after={rows[limit - 1].id}&limit={limit}>; rel="next"'
    return [data_source_view(row) for row in rows[:limit]]


@router.post(SOURCES, status_code=201, summary="Add a data source", response_model=DataSource, openapi_extra=DESCRIBED)
async def create_data_source(
    request: Request, caller: Caller, sources: Sources, answers: Answers, new: NewDataSource
) -> Response:
    """Nothing is connected by this: test the connection, then start monitoring. The password is sealed at once, and no
    answer, event or log has it."""

    async def make(note: Note) -> DataSource:
        return data_source_view(await sources.service.create(caller, new, note))

    async def again(made: str) -> DataSource:
        return data_source_view(await sources.service.get(caller, int(made)))

    return await answers.once_made(request, caller.user_id, 201, make, again)


@router.post(SOURCES + "/test-connection", summary="Try a connection that is not saved")
async def test_new_connection(caller: Caller, sources: Sources, new: NewDataSource) -> ConnectionTest:
    """As it would be after it was added. 200 also when it does not work: `success` and `message` say."""
    draft = sources.service.draft(caller, new)
    await sources.service.check(draft)
    password = new.password_secret.get_secret_value() if new.password_secret is not None else None
    return await sources.trying.try_it(caller.user_id, draft, password)


@router.get(SOURCE, summary="One data source")
async def get_data_source(caller: Caller, sources: Sources, data_source_id: int) -> DataSource:
    return data_source_view(await sources.service.get(caller, data_source_id))


@router.put(SOURCE, summary="Change a data source")
@router.patch(SOURCE, summary="Change a data source")
async def change_data_source(
    caller: Caller, sources: Sources, data_source_id: int, changes: DataSourceChanges
) -> DataSource:
    """What is not given stays, by either method. `version`: the one you have seen; 409 when there is a newer one."""
    return data_source_view(await sources.service.change(caller, data_source_id, changes))


@router.delete(SOURCE, status_code=204, summary="Remove a data source")
async def delete_data_source(caller: Caller, sources: Sources, data_source_id: int) -> None:
    """It is not watched any more, and its password is forgotten."""
    await sources.service.delete(caller, data_source_id)


@router.post(SOURCE + "/test-connection", summary="Try the connection of a data source")
async def test_connection(caller: Caller, sources: Sources, data_source_id: int) -> ConnectionTest:
    """Connects now, asks for its figures once, and says what worked, what did not, and why. 200 also when it does not
    work."""
    return await sources.trying.try_it(caller.user_id, await sources.service.get(caller, data_source_id))


@router.get(SOURCE + "/capabilities", summary="What a data source can deliver, and how to let us in")
async def get_capabilities(caller: Caller, sources: Sources, data_source_id: int) -> Capabilities:
    return capabilities_of(await sources.service.get(caller, data_source_id))


@router.get(SOURCE + "/health", summary="The state that sampling has found last")
async def get_source_health(caller: Caller, sources: Sources, data_source_id: int) -> SourceHealth:
    row = await sources.service.get(caller, data_source_id)
    same = {name: getattr(row, name) for name in ("id", "status", "status_reason", "status_at")}
    return SourceHealth.model_validate({**same, "unknown": {"health_score": UNKNOWN["health_score"]}})


@router.get(SOURCE + "/stats", summary="How a data source has answered in the last 24 hours")
async def get_source_stats(caller: Caller, sources: Sources, data_source_id: int) -> SourceStats:
    row = await sources.service.get(caller, data_source_id)
    window = await sources.windows.since(row.id, sources.clock.now() - timedelta(hours=STATS_HOURS))
    count, total, most = window.response
    unknown = {}
    if not window.samples:
        unknown["uptime_percentage"] = "There is no whole hour of samples in this time."
    if not count:
        unknown["avg_response_time"] = unknown["max_response_time"] = "No response time was measured in a whole hour."
    return SourceStats(
        id=row.id,
        window_hours=STATS_HOURS,
        samples=window.samples,
        uptime_percentage=round(100 * window.up / window.samples, 3) if window.samples else None,
        avg_response_time=round(total / count, 3) if count else None,
        max_response_time=round(most, 3) if count else None,
        unknown=unknown,
    )


@router.get(SOURCE + "/connection-pool-stats", summary="Not measured", status_code=501)
@router.get(SOURCE + "/catalog", summary="Not kept", status_code=501)
@router.get(SOURCE + "/access-control", summary="Not kept", status_code=501)
@router.get(SOURCE + "/version-history", summary="Not kept", status_code=501)
async def not_served(caller: Caller, sources: Sources, data_source_id: int) -> None:
    """Calls of the contract's clients that this server has no truth for: it opens one connection to a source, keeps no
    catalogue of its tables and no older versions of its settings, and gives rights by roles, not by source."""
    await sources.service.get(caller, data_source_id)
    raise Unsupported
