"""What has happened in a stream, for people: pages from the newest on, and counts, all of one picture of the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from persistence.database import Database
from persistence.dialect import utc_day
from persistence.events import StoredEvent, StreamPosition, tail_in
from persistence.tables.events import events
from persistence.tables.identity import users

__all__ = ["Activity", "ActivityAsked", "ActivityCounts", "ActivityStore"]

E, U = events.c, users.c

MOST_GROUPS = 1000
"""People, or days, that are counted one by one."""


@dataclass(frozen=True, slots=True)
class ActivityAsked:
    """Of events since a moment: those of these types, and if given those of an actor and about a document.

    before      only events with a smaller offset: the next page
    """

    since: datetime
    types: Sequence[str]
    actor: str | None = None
    document: str | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class ActivityCounts:
    """Of everything that was asked for, whatever the page. Days are those of UTC; a user is an id and a name."""

    by_day: list[tuple[str, int]]
    by_user: list[tuple[str | None, str | None, int]]
    by_type: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Activity:
    """The newest first. `counts`: only with the first page."""

    position: StreamPosition
    events: tuple[StoredEvent, ...]
    counts: ActivityCounts | None


class ActivityStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, organisation: str, stream: str, asked: ActivityAsked, limit: int) -> Activity:
        """`limit` events at most."""

        def work(connection: Connection) -> Activity:
            position = tail_in(connection, organisation, stream, 0, 0).position
            wanted = _wanted(organisation, stream, asked)
            rows = _page(connection, wanted, asked, limit)
            page = tuple(StoredEvent(organisation, stream, position.epoch, *row) for row in rows)
            return Activity(position, page, _counts(connection, wanted) if asked.before is None else None)

        return await self._database.read(work)


def _wanted(organisation: str, stream: str, asked: ActivityAsked) -> list[ColumnElement[bool]]:
    wanted = [E.organisation_id == organisation, E.stream == stream, E.time >= asked.since, E.type.in_(asked.types)]
    if asked.actor is not None:
        wanted.append(E.actor_id == asked.actor)
    if asked.document is not None:
        # Every event of a document has its id in its data, whatever its subject is.
        wanted.append(E.body.contains(f'"document_id":"{asked.document}"', autoescape=True))
    return wanted


def _page(connection: Connection, wanted: list[ColumnElement[bool]], asked: ActivityAsked, limit: int) -> Sequence[Any]:
    # Where the period begins: else a quiet workspace would be read back to its first event for each page.
    begin = connection.execute(select(E.offset).where(*wanted).order_by(E.time, E.offset).limit(1)).scalar_one_or_none()
    if begin is None:
        return ()
    query = select(E.offset, E.id, E.type, E.actor_id, E.subject, E.time, E.body).where(*wanted, E.offset >= begin)
    if asked.before is not None:
        query = query.where(E.offset < asked.before)
    return connection.execute(query.order_by(E.offset.desc()).limit(limit)).all()


def _counts(connection: Connection, wanted: list[ColumnElement[bool]]) -> ActivityCounts:
    day = utc_day(E.time)
    counted = func.count()

    def ask(query: Any) -> list[Any]:
        return [tuple(row) for row in connection.execute(query.limit(MOST_GROUPS))]

    by_user = select(E.actor_id, U.name, counted).join_from(events, users, U.id == E.actor_id, isouter=True)
    return ActivityCounts(
        by_day=ask(select(day, counted).where(*wanted).group_by(day).order_by(day)),
        by_user=ask(by_user.where(*wanted).group_by(E.actor_id, U.name).order_by(counted.desc(), E.actor_id)),
        by_type=ask(select(E.type, counted).where(*wanted).group_by(E.type).order_by(counted.desc(), E.type)),
    )
