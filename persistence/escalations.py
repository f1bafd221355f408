"""Escalations as rows: begun once for a subject, moved on by their timers, acknowledged, ended."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, and_, delete, false, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from persistence.database import Database
from persistence.escalation_rows import (
    ESCALATION,
    STORED,
    Advance,
    EscalationRow,
    Fired,
    Targets,
    Telling,
    Who,
    escalation_of,
)
from persistence.events import AlsoKnowing, nothing_else
from persistence.tables.escalations import escalation_tellings, escalations
from persistence.tables.identity import organisation_members, users
from persistence.tables.threads import group_members

__all__ = ["AlreadyEscalated", "EscalationStore", "Which"]

E, T, M, U = escalations.c, escalation_tellings.c, organisation_members.c, users.c

Which: TypeAlias = tuple[Literal["id", "subject"], str]
"""By its id, or the one that is under way for a subject."""


class AlreadyEscalated(Exception):
    """Another one has begun an escalation of this subject at the same moment."""


class EscalationStore:
    """Every question names the organisation, but those of the timers, which are everybody's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(
        self, new: EscalationRow, also: AlsoKnowing[tuple[EscalationRow | None, EscalationRow]] = nothing_else
    ) -> tuple[EscalationRow, bool]:
        """The escalation, and whether it is this one; else it is the one that is under way for the subject.

        One that is exhausted calls nobody any more: it ends, and `also` is told of it, and of the new one.
        Raises AlreadyEscalated, and the answer to that is to ask again.
        """

        def work(connection: Connection) -> tuple[EscalationRow, bool]:
            found = _locked(connection, new.organisation_id, ("subject", new.subject))
            if found is not None and found.state != "exhausted":
                return found, False
            former = _ended(connection, found, new) if found is not None else None
            try:
                connection.execute(insert(escalations).values({name: getattr(new, name) for name in STORED}))
            except IntegrityError:
                raise AlreadyEscalated from None
            also(connection, (former, new))
            return new, True

        return await self._database.write(work)

    async def get(self, organisation: str, which: Which) -> EscalationRow | None:
        query = select(*ESCALATION).where(_one(organisation, which))
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return escalation_of(row) if row is not None else None

    async def page(
        self, organisation: str, states: Collection[str], before: tuple[datetime, str] | None, limit: int
    ) -> list[EscalationRow]:
        """The newest first; of any state when none is named."""
        query = select(*ESCALATION).where(E.organisation_id == organisation)
        if states:
            query = query.where(E.state.in_(states))
        if before is not None:
            at, id_ = before
            query = query.where(or_(E.started_at < at, and_(E.started_at == at, E.id < id_)))
        query = query.order_by(E.started_at.desc(), E.id.desc()).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [escalation_of(row) for row in rows]

    async def tellings(self, escalation: str) -> list[Telling]:
        """Who was told of it, in the order of its calls."""
        query = select(T.position, T.user_id, U.name, T.at).join(users, U.id == T.user_id)
        query = query.where(T.escalation_id == escalation).order_by(T.position, U.name, T.user_id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [Telling(*row) for row in rows]

    async def told(self, escalation: str, position: int | None = None) -> list[str]:
        """The users who were told, by one call of it or by any."""
        query = select(T.user_id).distinct().where(T.escalation_id == escalation).order_by(T.user_id)
        if position is not None:
            query = query.where(T.position == position)
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def acknowledge(
        self,
        organisation: str,
        which: Which,
        who: Who,
        now: datetime,
        also: AlsoKnowing[EscalationRow] = nothing_else,
    ) -> EscalationRow | None:
        """Its timer is stopped. As it is then: of one that was acknowledged or ended before nothing changes.
        None: there is none."""
        values = {"acknowledged_at": now, "acknowledged_by": who.id, "acknowledged_by_name": who.name}
        return await self._close(organisation, which, {"state": "acknowledged", **values}, also)

    async def end(
        self,
        organisation: str,
        which: Which,
        who: Who,
        now: datetime,
        also: AlsoKnowing[EscalationRow] = nothing_else,
    ) -> EscalationRow | None:
        """What it was about is over; of one that has ended nothing changes. None: there is none."""
        values = {"ended_at": now, "ended_by": who.id, "ended_by_name": who.name}
        return await self._close(organisation, which, {"state": "ended", **values}, also)

    async def _close(
        self, organisation: str, which: Which, values: Mapping[str, Any], also: AlsoKnowing[EscalationRow]
    ) -> EscalationRow | None:
        before = {"acknowledged": ("open", "exhausted"), "ended": ("open", "exhausted", "acknowledged")}

        def work(connection: Connection) -> EscalationRow | None:
            row = _locked(connection, organisation, which)
            if row is None or row.state not in before[values["state"]]:
                return row
            connection.execute(update(escalations).where(E.id == row.id).values(due_at=None, **values))
            changed = _read(connection, row.id)
            also(connection, changed)
            return changed

        return await self._database.write(work)

    # The timers.

    async def next_due(self) -> datetime | None:
        query = select(func.min(E.due_at))
        found: datetime | None = await self._database.read(lambda connection: connection.execute(query).scalar())
        return found

    async def fire(
        self,
        now: datetime,
        limit: int,
        advance: Callable[[EscalationRow], Advance],
        also: AlsoKnowing[list[Fired]] = nothing_else,
    ) -> list[Fired]:
        """Move on those whose timers have run out. A timer is looked at, put forward, and told of by `also` in one
        transaction, so it never runs out twice, whichever process it was that died."""
        due = select(*ESCALATION).where(E.due_at <= now).order_by(E.due_at, E.id).limit(limit)

        def work(connection: Connection) -> list[Fired]:
            # Two nodes that look at the same moment find different rows.
            rows = connection.execute(due.with_for_update(skip_locked=True, of=escalations)).all()
            fired = [_fired(connection, row, advance(row), now) for row in map(escalation_of, rows)]
            if fired:
                also(connection, fired)
            return fired

        return await self._database.write(work)

    async def purge(self, before: datetime, limit: int) -> int:
        """Forget those that ended before this moment; how many they were, at most `limit`."""
        old = select(E.id).where(E.ended_at < before).limit(limit)
        gone = delete(escalations).where(E.id.in_(old))
        return await self._database.write(lambda connection: connection.execute(gone).rowcount)


# Private.


def _fired(connection: Connection, row: EscalationRow, advance: Advance, now: datetime) -> Fired:
    told = _people(connection, row.organisation_id, advance.targets)
    if told:
        tellings = [
            {"escalation_id": row.id, "position": advance.position, "user_id": user, "at": now} for user in told
        ]
        connection.execute(insert(escalation_tellings), tellings)
    values = {name: getattr(advance, name) for name in ("state", "position", "level", "due_at")}
    connection.execute(update(escalations).where(E.id == row.id).values(values))
    assert row.due_at is not None
    return Fired(row.due_at, advance, _read(connection, row.id), told)


def _ended(connection: Connection, row: EscalationRow, new: EscalationRow) -> EscalationRow:
    """By whoever begins anew."""
    values = {"ended_at": new.started_at, "ended_by": new.started_by, "ended_by_name": new.started_by_name}
    connection.execute(update(escalations).where(E.id == row.id).values(state="ended", **values))
    return _read(connection, row.id)


def _people(connection: Connection, organisation: str, targets: Targets) -> list[str]:
    """Those whom it means now and who can be told: members of the organisation whose account may be used."""
    wanted: ColumnElement[bool] = false()
    if targets.users:
        wanted |= M.user_id.in_(targets.users)
    if targets.roles:
        wanted |= M.role.in_(targets.roles)
    if targets.groups:
        inside = select(group_members.c.user_id).where(group_members.c.group_id.in_(targets.groups))
        wanted |= M.user_id.in_(inside)
    query = select(M.user_id).join(users, U.id == M.user_id).where(M.organisation_id == organisation, wanted)
    return list(connection.execute(query.where(U.active.is_(True)).order_by(M.user_id)).scalars().all())


def _one(organisation: str, which: Which) -> ColumnElement[bool]:
    by, value = which
    here = E.organisation_id == organisation
    return here & (E.id == value) if by == "id" else here & (E.subject == value) & E.ended_at.is_(None)


def _locked(connection: Connection, organisation: str, which: Which) -> EscalationRow | None:
    query = select(*ESCALATION).where(_one(organisation, which)).with_for_update(of=escalations)
    row = connection.execute(query).one_or_none()
    return escalation_of(row) if row is not None else None


def _read(connection: Connection, escalation: str) -> EscalationRow:
    return escalation_of(connection.execute(select(*ESCALATION).where(E.id == escalation)).one())
