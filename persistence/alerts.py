"""Alerts for people: lists, one with its history, and changes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection, func, select, tuple_, update

from persistence.alert_rows import ALERT, LIVE, AlertRow, EntryRow, alert_of
from persistence.database import Database
from persistence.tables.alerts import alert_entries, alerts

__all__ = ["AlertFilter", "AlertStore", "Work"]

A, E = alerts.c, alert_entries.c
ENTRY = tuple(E[name] for name in EntryRow.__dataclass_fields__)
T = TypeVar("T")
Work: TypeAlias = Callable[[Connection, AlertRow], T]


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """None: of every one. `since`: triggered then or later."""

    since: datetime
    severity: str | None = None
    status: str | None = None
    source: int | None = None


class AlertStore:
    """Every question of people names the organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, organisation: str, wanted: AlertFilter, before: tuple[datetime, int] | None, limit: int
    ) -> list[AlertRow]:
        """The newest first."""
        query = select(*ALERT).where(A.organisation_id == organisation, A.triggered_at >= wanted.since)
        for column, value in ((A.severity, wanted.severity), (A.status, wanted.status), (A.source_id, wanted.source)):
            if value is not None:
                query = query.where(column == value)
        if before is not None:
            query = query.where(tuple_(A.triggered_at, A.id) < before)
        query = query.order_by(A.triggered_at.desc(), A.id.desc()).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [alert_of(row) for row in rows]

    async def get(self, organisation: str, alert: int) -> tuple[AlertRow, list[EntryRow]] | None:
        """With what became of it, in order."""

        def work(connection: Connection) -> tuple[AlertRow, list[EntryRow]] | None:
            row = connection.execute(select(*ALERT).where(A.organisation_id == organisation, A.id == alert)).first()
            if row is None:
                return None
            entries = connection.execute(select(*ENTRY).where(E.alert_id == alert).order_by(E.number))
            return alert_of(row), [EntryRow(*entry) for entry in entries]

        return await self._database.read(work)

    async def live_of_source(self, source: int, limit: int) -> list[AlertRow]:
        """The newest first."""
        query = select(*ALERT).where(A.source_id == source, A.status.in_(LIVE)).order_by(A.id.desc()).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [alert_of(row) for row in rows]

    async def live(self, organisation: str) -> dict[str, int]:
        """How many are live, by severity."""
        query = select(A.severity, func.count()).where(A.organisation_id == organisation, A.status.in_(LIVE))
        rows = await self._database.read(lambda connection: connection.execute(query.group_by(A.severity)).all())
        return {row[0]: row[1] for row in rows}

    async def work_on(self, organisation: str, alert: int, work: Work[T]) -> T | None:
        """`work` in a transaction that has the row locked; None: it is not there."""

        def locked(connection: Connection) -> T | None:
            mine = select(*ALERT).where(A.organisation_id == organisation, A.id == alert).with_for_update()
            row = connection.execute(mine).first()
            return work(connection, alert_of(row)) if row is not None else None

        return await self._database.write(locked)

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """For what concerns several."""
        return await self._database.write(work)

    async def close_old(self, resolved_before: datetime) -> int:
        """What was resolved is closed after a while: it is not reopened any more. The answer is how many."""
        old = (A.status == "resolved") & (A.resolved_at < resolved_before)

        def work(connection: Connection) -> int:
            return connection.execute(update(alerts).where(old).values(status="closed", version=A.version + 1)).rowcount

        return await self._database.write(work)
