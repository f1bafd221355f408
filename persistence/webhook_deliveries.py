"""Deliveries as rows: an event is one before it is sent, and stays one until it has arrived or is given up.

Who sends takes a lease first; while it lasts nobody else takes the row, and when its taker dies it runs out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import uuid4

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from persistence.database import Database
from persistence.events import Also, nothing_else
from persistence.tables.webhooks import webhook_attempts, webhook_deliveries, webhooks
from persistence.webhooks import WebhookRow, webhook_of

__all__ = [
    "Attempt",
    "DeliveryRow",
    "DeliveryState",
    "DeliveryStore",
    "Due",
    "Ended",
    "NewDelivery",
    "insert_deliveries",
]

DeliveryState: TypeAlias = Literal["pending", "delivered", "failed", "withheld"]
Place: TypeAlias = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An event, and where it stands."""

    organisation_id: str
    stream: str
    offset: int
    event_id: str
    event_type: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """`tries`: begun ones. `due_at`: when it is or was to be sent next."""

    id: str
    webhook_id: str
    organisation_id: str
    stream: str
    offset: int
    event_id: str
    event_type: str
    replay: int
    state: DeliveryState
    tries: int
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is ours to send as long as the lease lasts."""

    delivery: DeliveryRow
    webhook: WebhookRow
    lease: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `status`: of the answer, if there was one; `why`: what was wrong, if anything was."""

    number: int
    at: datetime
    seconds: float
    status: int | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a try. `due_at`: when to try again; `disable`: why the webhook is to be disabled.

    unless_delivered_since: it is not disabled after all if something was delivered since then
    """

    state: DeliveryState
    attempt: Attempt
    due_at: datetime | None = None
    disable: str | None = None
    unless_delivered_since: datetime | None = None


D, H, A = webhook_deliveries.c, webhooks.c, webhook_attempts.c
DELIVERY = tuple(each for each in webhook_deliveries.c if each.name not in {"lease", "leased_until"})
WAITS = and_(D.state == "pending", H.disabled_at.is_(None))


def insert_deliveries(
    connection: Connection, new: NewDelivery, to: Sequence[str], now: datetime, *, replay: int = 0
) -> list[str]:
    """One for each of these webhooks that is still there; their ids."""
    there = select(H.id).where(H.id.in_(to)).order_by(H.id)
    # Kept until the commit, so that it is not deleted under us; the event's stream is locked after it, as everywhere.
    found = connection.execute(there.with_for_update(read=True, key_share=True)).scalars().all()
    rows = [
        {
            "id": uuid4().hex,
            "webhook_id": webhook,
            "organisation_id": new.organisation_id,
            "stream": new.stream,
            "offset": new.offset,
            "event_id": new.event_id,
            "event_type": new.event_type,
            "replay": replay,
            "state": "pending",
            "tries": 0,
            "due_at": now,
            "created_at": now,
        }
        for webhook in found
    ]
    if rows:
        connection.execute(insert(webhook_deliveries), rows)
    return [str(row["id"]) for row in rows]


class DeliveryStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    # For the courier.

    async def next_due(self) -> datetime | None:
        """When something is to be sent next, or a lease runs out; None when nothing waits."""
        joined = webhook_deliveries.join(webhooks, H.id == D.webhook_id)
        query = select(func.min(func.coalesce(D.leased_until, D.due_at))).select_from(joined).where(WAITS)
        found: datetime | None = await self._database.read(lambda connection: connection.execute(query).scalar())
        return found

    async def claim(
        self, now: datetime, until: datetime, *, busy: Mapping[str, int], at_once: int, limit: int
    ) -> list[Due]:
        """Take what is due: `limit` in all, and for each webhook `at_once` less those that are under way already."""
        due = and_(WAITS, D.due_at <= now, or_(D.leased_until.is_(None), D.leased_until <= now))
        joined = webhook_deliveries.join(webhooks, H.id == D.webhook_id)
        full = [webhook for webhook, count in busy.items() if count >= at_once]
        ready = select(D.webhook_id).select_from(joined).where(due, D.webhook_id.not_in(full))
        ready = ready.group_by(D.webhook_id).order_by(func.min(D.due_at)).limit(limit)
        lease = uuid4().hex

        def work(connection: Connection) -> list[Due]:
            taken: list[str] = []
            for webhook in connection.execute(ready).scalars().all():
                free = min(at_once - busy.get(webhook, 0), limit - len(taken))
                mine = select(D.id).select_from(joined).where(due, D.webhook_id == webhook)
                mine = mine.order_by(D.due_at, D.id).limit(max(0, free))
                # Two nodes that look at the same moment find different rows.
                mine = mine.with_for_update(skip_locked=True, of=webhook_deliveries)
                taken += connection.execute(mine).scalars().all()
            if not taken:
                return []
            leased = {"lease": lease, "leased_until": until, "tries": D.tries + 1}
            connection.execute(update(webhook_deliveries).where(D.id.in_(taken)).values(leased))
            query = select(*DELIVERY, *webhooks.c).select_from(joined).where(D.id.in_(taken), D.lease == lease)
            query = query.order_by(D.due_at, D.id)
            return [Due(_delivery(row), webhook_of(row), lease) for row in connection.execute(query)]

        return await self._database.write(work)

    async def end(self, due: Due, ended: Ended, now: datetime, also: Also = nothing_else) -> bool:
        """Write down what became of a try. `also` is called when the webhook is disabled by it.

        False, and nothing is written, when the lease is somebody else's by now.
        """
        over = ended.state != "pending"
        values = {
            "state": ended.state,
            "lease": None,
            "leased_until": None,
            "ended_at": now if over else None,
            "due_at": ended.due_at or due.delivery.due_at,
        }
        mine = (D.id == due.delivery.id) & (D.lease == due.lease)
        attempt = ended.attempt

        def work(connection: Connection) -> bool:
            if not connection.execute(update(webhook_deliveries).where(mine).values(values)).rowcount:
                return False
            tried = {
                "number": attempt.number,
                "at": attempt.at,
                "seconds": attempt.seconds,
                "status": attempt.status,
                "why": attempt.why,
            }
            connection.execute(insert(webhook_attempts).values(delivery_id=due.delivery.id, **tried))
            if ended.state == "delivered":
                connection.execute(update(webhooks).where(H.id == due.webhook.id).values(delivered_at=now))
            if ended.disable is not None and _disable(connection, due.webhook.id, ended, now):
                also(connection)
            return True

        return await self._database.write(work)

    async def purge(self, before: datetime, limit: int) -> int:
        """Forget deliveries that ended before this moment; how many they were, at most `limit`."""
        old = select(D.id).where(D.ended_at < before).limit(limit)
        gone = delete(webhook_deliveries).where(D.id.in_(old))
        return await self._database.write(lambda connection: connection.execute(gone).rowcount)

    # For the log.

    async def page(
        self, webhook: str, *, before: Place | None, limit: int, state: DeliveryState | None
    ) -> list[DeliveryRow]:
        """The newest first; `before` is (created_at, id) of the last one seen."""
        query = select(*DELIVERY).where(D.webhook_id == webhook)
        if state is not None:
            query = query.where(D.state == state)
        if before is not None:
            at, last = before
            query = query.where(or_(D.created_at < at, (D.created_at == at) & (D.id < last)))
        query = query.order_by(D.created_at.desc(), D.id.desc()).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_delivery(row) for row in rows]

    async def by_ids(self, deliveries: Sequence[str]) -> list[DeliveryRow]:
        query = select(*DELIVERY).where(D.id.in_(deliveries)).order_by(D.created_at, D.id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_delivery(row) for row in rows]

    async def attempts(self, deliveries: Sequence[str]) -> dict[str, list[Attempt]]:
        """The tries of each, the first one first."""
        query = select(A.delivery_id, A.number, A.at, A.seconds, A.status, A.why)
        query = query.where(A.delivery_id.in_(deliveries)).order_by(A.number)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found: dict[str, list[Attempt]] = {delivery: [] for delivery in deliveries}
        for delivery, *attempt in rows:
            found[delivery].append(Attempt(*attempt))
        return found

    async def replay(self, webhook: str, delivery: str, now: datetime) -> DeliveryRow | None:
        """A new delivery of the same event, due now. None when there is no such delivery of this webhook."""

        def work(connection: Connection) -> DeliveryRow | None:
            # Who comes second waits here, and counts on from the first one's.
            connection.execute(select(H.id).where(H.id == webhook).with_for_update())
            one = connection.execute(select(*DELIVERY).where(D.id == delivery, D.webhook_id == webhook)).first()
            if one is None:
                return None
            same = (D.webhook_id == webhook) & (D.event_id == one.event_id)
            last = connection.execute(select(func.max(D.replay)).where(same)).scalar_one()
            new = NewDelivery(one.organisation_id, one.stream, one.offset, one.event_id, one.event_type)
            [made] = insert_deliveries(connection, new, [webhook], now, replay=last + 1)
            return _delivery(connection.execute(select(*DELIVERY).where(D.id == made)).one())

        return await self._database.write(work)


def _disable(connection: Connection, webhook: str, ended: Ended, now: datetime) -> bool:
    """False when it is disabled already, or has something delivered since."""
    on = (H.id == webhook) & H.disabled_at.is_(None)
    if ended.unless_delivered_since is not None:
        on &= or_(H.delivered_at.is_(None), H.delivered_at < ended.unless_delivered_since)
    off = update(webhooks).where(on).values(disabled_at=now, disabled_why=ended.disable)
    return bool(connection.execute(off).rowcount)


def _delivery(row: Row[Any]) -> DeliveryRow:
    found = row._mapping  # noqa: SLF001 - public in spite of its name
    return DeliveryRow(**{each.name: found[each] for each in DELIVERY})
