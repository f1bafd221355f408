"""Silences as rows: while one lasts, nobody is called for the alerts that it matches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, insert, or_, select, update

from persistence.alert_rows import ALERT, LIVE, AlertRow, alert_of
from persistence.database import Database
from persistence.events import AlsoKnowing, nothing_else
from persistence.tables.alerts import alerts, silences

__all__ = ["SilenceRow", "SilenceStore", "end_silences_of", "live_alerts_in", "silences_at"]

S, A = silences.c, alerts.c
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SilenceRow:
    """`matchers`: {name, value, is_regex, is_equal}. `alert_id`: it ends when that alert is resolved."""

    id: str
    organisation_id: str
    matchers: Sequence[Mapping[str, Any]]
    comment: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    alert_id: int | None
    created_by: str
    created_at: datetime


SILENCE = tuple(S[name] for name in SilenceRow.__dataclass_fields__)


class SilenceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, new: SilenceRow, also: AlsoKnowing[SilenceRow] = nothing_else) -> None:
        def work(connection: Connection) -> None:
            values = {name: getattr(new, name) for name in SilenceRow.__dataclass_fields__}
            connection.execute(insert(silences).values({**values, "matchers": [dict(each) for each in new.matchers]}))
            also(connection, new)

        await self._database.write(work)

    async def page(self, organisation: str, now: datetime, *, over: bool, limit: int) -> list[SilenceRow]:
        """Those that last or are to come, the first to end first; `over`: those that are over, the last first."""
        is_over = or_(S.ended_at.is_not(None), S.ends_at <= now)
        query = select(*SILENCE).where(S.organisation_id == organisation, is_over if over else ~is_over)
        query = query.order_by(S.ends_at.desc() if over else S.ends_at, S.id).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_silence(row) for row in rows]

    async def get(self, organisation: str, silence: str) -> SilenceRow | None:
        query = select(*SILENCE).where(S.organisation_id == organisation, S.id == silence)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return _silence(row) if row is not None else None

    async def end(
        self, organisation: str, silence: str, now: datetime, also: AlsoKnowing[SilenceRow] = nothing_else
    ) -> bool:
        """False: it is not there, or it is over."""

        def work(connection: Connection) -> bool:
            mine = (S.organisation_id == organisation) & (S.id == silence) & S.ended_at.is_(None) & (S.ends_at > now)
            if not connection.execute(update(silences).where(mine).values(ended_at=now)).rowcount:
                return False
            also(connection, _silence(connection.execute(select(*SILENCE).where(S.id == silence)).one()))
            return True

        return await self._database.write(work)

    async def over_and_muting(self, now: datetime, limit: int) -> list[AlertRow]:
        """Live alerts that are mute by a silence that is over."""
        is_over = or_(S.ended_at.is_not(None), S.ends_at <= now)
        query = select(*ALERT).join(silences, A.muted_by == S.id).where(A.status.in_(LIVE), is_over)
        rows = await self._database.read(lambda connection: connection.execute(query.order_by(A.id).limit(limit)).all())
        return [alert_of(row) for row in rows]

    async def transact(self, work: Callable[[Connection], T]) -> T:
        return await self._database.write(work)


def silences_at(connection: Connection, organisation: str, now: datetime) -> list[SilenceRow]:
    """Those that last at this moment."""
    lasts = (S.starts_at <= now) & (S.ends_at > now) & S.ended_at.is_(None)
    query = select(*SILENCE).where(S.organisation_id == organisation, lasts).order_by(S.ends_at.desc(), S.id)
    return [_silence(row) for row in connection.execute(query)]


def end_silences_of(connection: Connection, alert: int, now: datetime) -> None:
    """Those that were made for this alert are over with it."""
    connection.execute(update(silences).where(S.alert_id == alert, S.ended_at.is_(None)).values(ended_at=now))


def live_alerts_in(connection: Connection, organisation: str) -> list[AlertRow]:
    query = select(*ALERT).where(A.organisation_id == organisation, A.status.in_(LIVE)).order_by(A.id)
    return [alert_of(row) for row in connection.execute(query)]


def _silence(row: Row[Any]) -> SilenceRow:
    return SilenceRow(**row._mapping)  # noqa: SLF001 - public in spite of its name
