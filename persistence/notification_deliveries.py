"""What leaves the house for people, as rows: due, taken under a lease, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from persistence.database import Database
from persistence.events import AlsoKnowing, nothing_else
from persistence.notification_rows import ITEM, ItemRow, item_of
from persistence.notifications import InboxChange, counts_in
from persistence.tables.notifications import notification_deliveries, notifications

__all__ = ["DueDelivery", "Ended", "NewDelivery", "NotificationDeliveryStore", "insert_deliveries"]

D, N = notification_deliveries.c, notifications.c
DIGESTS = "email"
"""The channel by which what waits for one person goes out together."""
MOST_TOGETHER = 50

State = Literal["pending", "sent", "refused", "dropped", "failed"]


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An activity that was folded into this item."""

    item_id: str
    organisation_id: str
    user_id: str
    event_id: str


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """A delivery in the hands of this process. `tries`: with this one."""

    id: str
    event_id: str
    channel: str
    tries: int
    created_at: datetime
    item: ItemRow


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a try.

    `not_before`: when a pending one is tried again. `counts` is False where nothing was tried.
    """

    state: State
    why: str | None = None
    not_before: datetime | None = None
    counts: bool = True


def insert_deliveries(
    connection: Connection, new: NewDelivery, due: Sequence[tuple[str, datetime]], now: datetime
) -> None:
    """One for each channel, not before its time."""
    for channel, at in due:
        connection.execute(
            insert(notification_deliveries).values(
                id=uuid4().hex,
                notification_id=new.item_id,
                organisation_id=new.organisation_id,
                user_id=new.user_id,
                event_id=new.event_id,
                channel=channel,
                state="pending",
                tries=0,
                not_before=at,
                created_at=now,
            )
        )


class NotificationDeliveryStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def next_due(self) -> datetime | None:
        """When something is to be sent next, or a lease runs out; None when nothing waits."""
        query = select(func.min(func.coalesce(D.leased_until, D.not_before))).where(D.state == "pending")
        found: datetime | None = await self._database.read(lambda connection: connection.execute(query).scalar())
        return found

    async def claim(self, now: datetime, until: datetime, limit: int) -> list[list[DueDelivery]]:
        """Take what is due, at most `limit` parcels: a delivery each, or all that waits for somebody's digest."""
        free = (D.state == "pending") & or_(D.leased_until.is_(None), D.leased_until <= now)
        first = select(D.id, D.organisation_id, D.user_id, D.channel).where(free, D.not_before <= now)
        # Two nodes that look at the same moment find different rows.
        first = first.order_by(D.not_before, D.id).limit(limit).with_for_update(skip_locked=True)
        lease = uuid4().hex
        leased = {"lease": lease, "leased_until": until, "tries": D.tries + 1}

        def work(connection: Connection) -> list[list[DueDelivery]]:
            parcels: list[list[DueDelivery]] = []
            taken: set[str] = set()
            for id_, organisation, user, channel in connection.execute(first).all():
                if id_ in taken:
                    continue
                ids = [id_]
                if channel == DIGESTS:
                    mine = (D.organisation_id == organisation) & (D.user_id == user) & (D.channel == channel)
                    more = select(D.id).where(free, mine).order_by(D.created_at, D.id).limit(MOST_TOGETHER)
                    ids = list(connection.execute(more.with_for_update(skip_locked=True)).scalars().all())
                taken.update(ids)
                connection.execute(update(notification_deliveries).where(D.id.in_(ids)).values(leased))
                parcels.append(_due(connection, ids))
            return parcels

        return await self._database.write(work)

    async def end(
        self,
        parcel: Sequence[DueDelivery],
        ended: Ended,
        now: datetime,
        also: AlsoKnowing[list[InboxChange]] = nothing_else,
    ) -> None:
        """Write down what became of it. `also` is told of the items that have left the house now."""
        ids = [each.id for each in parcel]
        values: dict[str, Any] = {
            "state": ended.state,
            "why": ended.why,
            "lease": None,
            "leased_until": None,
            "ended_at": None if ended.state == "pending" else now,
        }
        if ended.not_before is not None:
            values["not_before"] = ended.not_before
        if not ended.counts:
            values["tries"] = D.tries - 1

        def work(connection: Connection) -> None:
            connection.execute(update(notification_deliveries).where(D.id.in_(ids)).values(values))
            if ended.state == "sent":
                items = sorted({each.item.id for each in parcel})
                also(connection, [told for item in items if (told := _told(connection, item, now)) is not None])

        await self._database.write(work)

    async def purge(self, before: datetime, limit: int) -> int:
        """Forget deliveries that ended before this moment; how many they were, at most `limit`."""
        old = select(D.id).where(D.ended_at < before).limit(limit)
        gone = delete(notification_deliveries).where(D.id.in_(old))
        return await self._database.write(lambda connection: connection.execute(gone).rowcount)


def _told(connection: Connection, item: str, now: datetime) -> InboxChange | None:
    """It has left the house; None: he has removed it meanwhile."""
    if not connection.execute(update(notifications).where(N.id == item).values(notified_at=now)).rowcount:
        return None
    row = item_of(connection.execute(select(*ITEM).where(N.id == item)).one())
    return InboxChange(row, counts_in(connection, row.organisation_id, row.user_id))


def _due(connection: Connection, ids: Sequence[str]) -> list[DueDelivery]:
    joined = notification_deliveries.join(notifications, N.id == D.notification_id)
    query = select(*ITEM, D.id, D.event_id, D.channel, D.tries, D.created_at).select_from(joined)
    found = []
    for row in connection.execute(query.where(D.id.in_(ids)).order_by(D.created_at, D.id)):
        id_, event, channel, tries, created_at = row[len(ITEM) :]
        found.append(DueDelivery(id_, event, channel, tries, created_at, item_of(row)))
    return found
