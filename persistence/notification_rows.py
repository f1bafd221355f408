"""Notifications as they stand in the store, and as they come into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from persistence.tables.notifications import notifications

__all__ = [
    "ITEM",
    "Activity",
    "Counts",
    "ItemRow",
    "NewActivity",
    "TheirActivity",
    "activities_of",
    "item_of",
    "json_of",
]


@dataclass(frozen=True, slots=True)
class Activity:
    """One of the things that an item is about. `comment_id`: of the comment whose text it quotes."""

    event_id: str
    type: str
    actor_id: str | None
    actor: str | None
    title: str
    text: str
    at: str
    comment_id: str | None


@dataclass(frozen=True, slots=True)
class NewActivity:
    """It becomes the newest of the item of this kind and subject, for each of those whom it concerns.

    `action`: what can be done about it now, other than to read it: its `name`, and the `path` of its POST.
    """

    kind: str
    subject: str
    severity: str
    path: str
    workspace_id: str | None
    document_id: str | None
    thread_id: str | None
    activity: Activity
    at: datetime
    action: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class TheirActivity:
    """`in_app`: he wants it in his inbox; else it only stands there for the channels that lead out of the house."""

    organisation_id: str
    user_id: str
    new: NewActivity
    in_app: bool = True


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A row of somebody's inbox. `activities`: the last of them, the oldest first; `count`: all since it was read."""

    id: str
    organisation_id: str
    user_id: str
    kind: str
    subject: str
    severity: str
    title: str
    text: str
    path: str
    workspace_id: str | None
    document_id: str | None
    thread_id: str | None
    actor_id: str | None
    actor_name: str | None
    count: int
    activities: Sequence[Activity]
    action: Mapping[str, str] | None
    in_app: bool
    created_at: datetime
    updated_at: datetime
    notified_at: datetime | None
    seen_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Of what is listed: what was not read, and what has come since he looked."""

    unread: int
    unseen: int


ITEM = tuple(notifications.c[each.name] for each in fields(ItemRow))


def item_of(row: Row[*tuple[Any, ...]]) -> ItemRow:
    """Of a row that begins with the columns of ITEM."""
    values = dict(zip([each.name for each in ITEM], row, strict=False))
    return ItemRow(**{**values, "activities": activities_of(values["activities"])})


def activities_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Activity, ...]:
    return tuple(Activity(**each) for each in stored)


def json_of(activities: Sequence[Activity]) -> list[dict[str, Any]]:
    return [{each.name: getattr(activity, each.name) for each in fields(Activity)} for activity in activities]
