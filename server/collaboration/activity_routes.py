"""Activity over HTTP: C9 of the REST contract."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from server.collaboration.activity import Activity, ActivityQuery, ActivityService
from server.errors import FieldIssue, Invalid
from server.http.paging import MAX_LIMIT, cursor_of, place_of
from server.http.reply import Envelope, StreamPlace
from server.identity.dependencies import Caller

__all__ = ["router"]

LONGEST_DAYS = 365

router = APIRouter(tags=["collaboration"])


def _activity(request: Request) -> ActivityService:
    service: ActivityService = request.app.state.house.collaboration.activity
    return service


@router.get(
    "/collaboration/workspaces/{workspace_id}/activity", summary="C9: what has happened in a workspace, newest first"
)
async def list_activity(
    *,
    caller: Caller,
    activity: Annotated[ActivityService, Depends(_activity)],
    workspace_id: str,
    days: Annotated[int, Query(ge=1, le=LONGEST_DAYS, description="How far back.")] = 7,
    types: Annotated[
        list[str] | None, Query(alias="type", max_length=100, description="Only events of these types.")
    ] = None,
    user_id: Annotated[str | None, Query(max_length=64, description="Only what this user has done.")] = None,
    document_id: Annotated[str | None, Query(max_length=64, description="Only what is about this document.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")] = 50,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
) -> Envelope[Activity]:
    """Statistics come with the first page, and count everything that was asked for."""
    named = [each for each in types or () if each not in {"all", ""}]
    query = ActivityQuery(days, named, user_id or None, document_id or None, _before(cursor))
    items, more, stats, position = await activity.read(caller, workspace_id, query, limit)
    following = cursor_of((items[-1].at, str(items[-1].seq))) if more else None
    place = StreamPlace(channel=f"workspace:{workspace_id}", epoch=position.epoch, offset=position.offset)
    data = Activity(items=items, stats=stats, next_cursor=following)
    return Envelope(data=data, next_cursor=following, stream=place)


def _before(cursor: str | None) -> int | None:
    place = place_of(cursor)
    if place is None:
        return None
    if not place[1].isascii() or not place[1].isdigit():
        raise Invalid(details=[FieldIssue("cursor", "must be the next_cursor of an earlier answer")])
    return min(int(place[1]), 2**63 - 1)
