"""What has happened in a workspace (C9): read from the events themselves, as far as the caller may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from persistence.activity import ActivityAsked, ActivityCounts, ActivityStore
from persistence.events import StoredEvent, StreamPosition
from server.clock import Clock
from server.collaboration.service import WorkspaceService
from server.errors import FieldIssue, Invalid, NotFound
from server.events.catalogue import CATALOGUE
from server.events.envelope import hear, summary_of
from server.events.model import ActorKind
from server.identity.channels import may_see
from server.identity.principal import Principal

__all__ = ["Activity", "ActivityItem", "ActivityQuery", "ActivityService"]


class ActivityActor(BaseModel):
    """`id` is null where nobody in person has done it."""

    id: str | None
    kind: ActorKind
    name: str


class ActivityTarget(BaseModel):
    """What it is about, such as a `document` and its id."""

    type: str
    id: str


class ActivityItem(BaseModel):
    id: str
    type: str = Field(description="See docs/reference/events.md.")
    actor: ActivityActor
    at: datetime
    target: ActivityTarget
    summary: str = Field(description="A line of plain text.")
    seq: int = Field(description="The offset in the stream of the workspace.")


class DayCount(BaseModel):
    day: str = Field(description="In UTC.")
    count: int


class UserCount(BaseModel):
    user_id: str | None
    name: str | None
    count: int


class TypeCount(BaseModel):
    type: str
    count: int


class ActivityStats(BaseModel):
    """Of everything that was asked for, not only of the page."""

    by_day: list[DayCount]
    by_user: list[UserCount]
    by_type: list[TypeCount]


class Activity(BaseModel):
    """The newest first. `stats` come with the first page."""

    items: list[ActivityItem]
    stats: ActivityStats | None
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ActivityQuery:
    """`types` are CloudEvents types; none means all."""

    days: int
    types: Sequence[str] = ()
    user: str | None = None
    document: str | None = None
    before: int | None = None


class ActivityService:
    def __init__(self, store: ActivityStore, workspaces: WorkspaceService, clock: Clock) -> None:
        self._store = store
        self._workspaces = workspaces
        self._clock = clock

    async def read(
        self, caller: Principal, workspace: str, query: ActivityQuery, limit: int
    ) -> tuple[list[ActivityItem], bool, ActivityStats | None, StreamPosition]:
        """A page, whether there is more, the statistics, and where the stream was. Raises NotFound, Invalid."""
        await self._workspaces.get(caller, workspace)
        visible = await self._visible(caller, workspace)
        if unknown := set(query.types) - {row.type for row in CATALOGUE.values()}:
            raise Invalid(details=[FieldIssue("type", "is no type of an event", min(unknown))])
        asked = ActivityAsked(
            since=self._clock.now() - timedelta(days=query.days),
            types=sorted(visible & set(query.types) if query.types else visible),
            actor=query.user,
            document=query.document,
            before=query.before,
        )
        found = await self._store.read(caller.organisation_id, f"workspace:{workspace}", asked, limit + 1)
        items = [_item(event) for event in found.events[:limit]]
        stats = _stats(found.counts) if found.counts is not None else None
        return items, len(found.events) > limit, stats, found.position

    async def _visible(self, caller: Principal, workspace: str) -> set[str]:
        role = await self._workspaces.role(caller, workspace)
        if role is None:
            raise NotFound
        rows = (row for row in CATALOGUE.values() if row.stream == "workspace")
        return {row.type for row in rows if may_see(caller.permissions, role, row)}


def _item(event: StoredEvent) -> ActivityItem:
    heard = hear(event)
    kind, _, id_ = event.subject.partition("/")
    return ActivityItem(
        id=event.id,
        type=event.type,
        actor=ActivityActor(id=heard.actor.id, kind=heard.actor.kind, name=heard.actor.name),
        at=event.time,
        target=ActivityTarget(type=kind, id=id_),
        summary=summary_of(heard),
        seq=event.offset,
    )


def _stats(counts: ActivityCounts) -> ActivityStats:
    return ActivityStats(
        by_day=[DayCount(day=day, count=count) for day, count in counts.by_day],
        by_user=[UserCount(user_id=user, name=name, count=count) for user, name, count in counts.by_user],
        by_type=[TypeCount(type=type_, count=count) for type_, count in counts.by_type],
    )
