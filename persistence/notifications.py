"""Inboxes as rows: what comes is folded into the row of its subject; read, seen, and removed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from persistence.database import Database
from persistence.events import AlsoKnowing, nothing_else
from persistence.notification_rows import ITEM, Activity, Counts, ItemRow, TheirActivity, item_of, json_of
from persistence.tables.notifications import notifications

__all__ = [
    "ACTIVITIES",
    "InboxChange",
    "NotificationStore",
    "counts_in",
    "forget_in",
    "put_in",
    "revise_in",
    "settle_in",
]

ACTIVITIES = 50
N = notifications.c
LISTED = N.in_app.is_(True)


@dataclass(frozen=True, slots=True)
class InboxChange:
    """What became of a row, and of its owner's counts. `gone`: it is there no more."""

    item: ItemRow
    counts: Counts
    gone: bool = False


class NotificationStore:
    """Every question names the organisation and the user whose inbox it is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, organisation: str, user: str, *, unread: bool, before: tuple[datetime, str] | None, limit: int
    ) -> list[ItemRow]:
        """The newest first."""
        query = select(*ITEM).where(_mine(organisation, user), LISTED).order_by(N.updated_at.desc(), N.id.desc())
        if unread:
            query = query.where(N.read_at.is_(None))
        if before is not None:
            at, id_ = before
            query = query.where(or_(N.updated_at < at, and_(N.updated_at == at, N.id < id_)))
        rows = await self._database.read(lambda connection: connection.execute(query.limit(limit)).all())
        return [item_of(row) for row in rows]

    async def counts(self, organisation: str, user: str) -> Counts:
        return await self._database.read(lambda connection: counts_in(connection, organisation, user))

    async def mark(
        self,
        organisation: str,
        user: str,
        item: str,
        read_at: datetime | None,
        also: AlsoKnowing[InboxChange] = nothing_else,
    ) -> ItemRow | None:
        """Read at that time, or unread (None). What is read is seen. None: there is no such item."""

        def work(connection: Connection) -> ItemRow | None:
            row = _locked(connection, _mine(organisation, user) & (N.id == item) & LISTED)
            if row is None or (row.read_at is None) == (read_at is None):
                return row
            seen = {"seen_at": read_at} if row.seen_at is None and read_at is not None else {}
            changed = _change(connection, row, {"read_at": read_at, **seen})
            also(connection, changed)
            return changed.item

        return await self._database.write(work)

    async def mark_all(
        self,
        organisation: str,
        user: str,
        what: Literal["read_at", "seen_at"],
        now: datetime,
        also: AlsoKnowing[Counts] = nothing_else,
    ) -> Counts:
        """All that has come until now. `also` is called only when that changes any."""

        def work(connection: Connection) -> Counts:
            mine = _mine(organisation, user) & (N.updated_at <= now)
            connection.execute(select(N.id).where(mine).order_by(N.id).with_for_update())
            open_ = {"seen_at": N.seen_at.is_(None), "read_at": N.read_at.is_(None)}
            marks: list[Literal["read_at", "seen_at"]] = ["seen_at"] if what == "seen_at" else ["read_at", "seen_at"]
            changed = 0
            for mark in marks:
                changed += connection.execute(
                    update(notifications).where(mine, open_[mark]).values({mark: now})
                ).rowcount
            counts = counts_in(connection, organisation, user)
            if changed:
                also(connection, counts)
            return counts

        return await self._database.write(work)

    async def remove(
        self, organisation: str, user: str, item: str, also: AlsoKnowing[InboxChange] = nothing_else
    ) -> bool:
        """False: there is no such item."""

        def work(connection: Connection) -> bool:
            row = _locked(connection, _mine(organisation, user) & (N.id == item) & LISTED)
            if row is None:
                return False
            also(connection, _remove(connection, row))
            return True

        return await self._database.write(work)

    async def purge(self, read_before: datetime, limit: int) -> int:
        """Forget what was read before this time; how many."""
        old = select(N.id).where(N.read_at < read_before).limit(limit)

        def work(connection: Connection) -> int:
            ids = connection.execute(old).scalars().all()
            return connection.execute(delete(notifications).where(N.id.in_(ids))).rowcount if ids else 0

        return await self._database.write(work)


# In somebody else's transaction.


def counts_in(connection: Connection, organisation: str, user: str) -> Counts:
    unread, unseen = (func.count().filter(column.is_(None)) for column in (N.read_at, N.seen_at))
    query = select(unread, unseen).where(_mine(organisation, user), LISTED)
    return Counts(*connection.execute(query).one())


def put_in(connection: Connection, their: TheirActivity) -> InboxChange:
    """Fold an activity into the item of its subject, which is unread and unseen then."""
    new, activity = their.new, their.new.activity
    mine = _mine(their.organisation_id, their.user_id) & (N.kind == new.kind) & (N.subject == new.subject)
    row = _locked(connection, mine)
    before = row.activities if row is not None and row.read_at is None else ()
    values: dict[str, Any] = {
        "severity": new.severity,
        "path": new.path,
        "count": (row.count if row is not None and row.read_at is None else 0) + 1,
        "in_app": their.in_app,
        "action": new.action,
        "updated_at": new.at,
        "seen_at": None,
        "read_at": None,
        **_told_by([*before, activity][-ACTIVITIES:]),
    }
    if row is not None:
        return _change(connection, row, values)
    id_ = uuid4().hex
    fresh = {
        "id": id_,
        "organisation_id": their.organisation_id,
        "user_id": their.user_id,
        "kind": new.kind,
        "subject": new.subject,
        "workspace_id": new.workspace_id,
        "document_id": new.document_id,
        "thread_id": new.thread_id,
        "created_at": new.at,
        "notified_at": None,
    }
    connection.execute(insert(notifications).values({**fresh, **values}))
    return _changed(connection, id_)


def revise_in(connection: Connection, thread: str, comment: str, text: str | None) -> list[InboxChange]:
    """A comment says something else now, or nothing any more (None): wherever it is quoted."""
    changes = []
    query = select(*ITEM).where(N.thread_id == thread).order_by(N.id).with_for_update()
    for row in [item_of(each) for each in connection.execute(query)]:
        left = [_revised(each, comment, text) for each in row.activities]
        kept = [each for each in left if each is not None]
        if kept == list(row.activities):
            continue
        if not kept:
            changes.append(_remove(connection, row))
        else:
            count = max(1, row.count - (len(row.activities) - len(kept)))
            changes.append(_change(connection, row, {"count": count, **_told_by(kept)}))
    return changes


def forget_in(
    connection: Connection, organisation: str, user: str, *, subject: str | None = None, workspace: str | None = None
) -> list[InboxChange]:
    """Remove what he has of this subject, or of this workspace."""
    mine = _mine(organisation, user)
    if subject is not None:
        mine &= N.subject == subject
    if workspace is not None:
        mine &= N.workspace_id == workspace
    query = select(*ITEM).where(mine).order_by(N.id).with_for_update()
    return [_remove(connection, item_of(row)) for row in connection.execute(query).all()]


def settle_in(
    connection: Connection, organisation: str, people: Sequence[str], about: tuple[str, str], activity: Activity
) -> list[InboxChange]:
    """It is dealt with: what these people have of it says so, is read, and asks for nothing any more.

    `about`: the kind and the subject of the notification.
    """
    at, (kind, subject) = datetime.fromisoformat(activity.at), about
    mine = and_(N.organisation_id == organisation, N.user_id.in_(people), N.kind == kind, N.subject == subject)
    query = select(*ITEM).where(mine).order_by(N.id).with_for_update()
    changes = []
    for row in [item_of(each) for each in connection.execute(query)]:
        told = _told_by([*row.activities, activity][-ACTIVITIES:])
        seen = {"seen_at": row.seen_at or at, "read_at": row.read_at or at}
        changes.append(
            _change(connection, row, {"action": None, "updated_at": at, "count": row.count + 1, **told, **seen})
        )
    return changes


# Private.


def _mine(organisation: str, user: str) -> ColumnElement[bool]:
    return and_(N.organisation_id == organisation, N.user_id == user)


def _locked(connection: Connection, which: ColumnElement[bool]) -> ItemRow | None:
    row = connection.execute(select(*ITEM).where(which).with_for_update()).one_or_none()
    return item_of(row) if row is not None else None


def _change(connection: Connection, row: ItemRow, values: dict[str, Any]) -> InboxChange:
    connection.execute(update(notifications).where(N.id == row.id).values(values))
    return _changed(connection, row.id)


def _changed(connection: Connection, item: str) -> InboxChange:
    row = item_of(connection.execute(select(*ITEM).where(N.id == item)).one())
    return InboxChange(row, counts_in(connection, row.organisation_id, row.user_id))


def _remove(connection: Connection, row: ItemRow) -> InboxChange:
    connection.execute(delete(notifications).where(N.id == row.id))
    return InboxChange(row, counts_in(connection, row.organisation_id, row.user_id), gone=True)


def _told_by(activities: Sequence[Activity]) -> dict[str, Any]:
    """What the newest one says stands for all."""
    last = activities[-1]
    return {
        "title": last.title,
        "text": last.text,
        "actor_id": last.actor_id,
        "actor_name": last.actor,
        "activities": json_of(activities),
    }


def _revised(activity: Activity, comment: str, text: str | None) -> Activity | None:
    if activity.comment_id != comment:
        return activity
    return replace(activity, text=text) if text is not None else None
