"""Escalation policies as rows: steps under a name, and which severities follow them by default."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.escalation_rows import Targets
from persistence.tables.escalations import escalation_policies, escalation_severities
from persistence.tables.identity import organisation_members
from persistence.tables.threads import groups

__all__ = ["PolicyNameTaken", "PolicyRow", "PolicyStore", "SeverityTaken", "TooManyPolicies"]

P, S = escalation_policies.c, escalation_severities.c
STORED = ("id", "organisation_id", "name", "steps", "created_at", "updated_at")


class PolicyNameTaken(Exception):
    """The organisation has a policy of this name already."""


class SeverityTaken(Exception):
    """Another policy is the one for this severity."""


class TooManyPolicies(Exception):
    """The organisation has as many as it may have."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """`severities`: escalations of these follow it that name no policy."""

    id: str
    organisation_id: str
    name: str
    steps: Sequence[Mapping[str, Any]]
    created_at: datetime
    updated_at: datetime
    severities: tuple[str, ...] = ()


class PolicyStore:
    """Every question names the organisation; another one's policies are not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, organisation: str) -> list[PolicyRow]:
        """By name."""
        return await self._database.read(lambda connection: _rows(connection, organisation))

    async def get(self, organisation: str, policy: str) -> PolicyRow | None:
        found = await self._database.read(lambda connection: _rows(connection, organisation, policy))
        return found[0] if found else None

    async def of_severity(self, organisation: str, severity: str) -> PolicyRow | None:
        query = select(S.policy_id).where(S.organisation_id == organisation, S.severity == severity)

        def work(connection: Connection) -> PolicyRow | None:
            policy = connection.execute(query).scalar_one_or_none()
            return _rows(connection, organisation, policy)[0] if policy is not None else None

        return await self._database.read(work)

    async def create(self, row: PolicyRow, most: int) -> None:
        """Raises PolicyNameTaken, SeverityTaken, and TooManyPolicies when the organisation has `most` already."""

        def work(connection: Connection) -> None:
            count = (
                select(func.count()).select_from(escalation_policies).where(P.organisation_id == row.organisation_id)
            )
            if connection.execute(count).scalar_one() >= most:
                raise TooManyPolicies
            try:
                connection.execute(insert(escalation_policies).values({name: getattr(row, name) for name in STORED}))
            except IntegrityError:
                raise PolicyNameTaken from None
            _put_severities(connection, row)

        await self._database.write(work)

    async def change(self, row: PolicyRow) -> bool:
        """All of it. False when there is no such policy. Raises PolicyNameTaken, SeverityTaken."""
        mine = (P.organisation_id == row.organisation_id) & (P.id == row.id)
        values = {name: getattr(row, name) for name in ("name", "steps", "updated_at")}

        def work(connection: Connection) -> bool:
            try:
                if not connection.execute(update(escalation_policies).where(mine).values(values)).rowcount:
                    return False
            except IntegrityError:
                raise PolicyNameTaken from None
            connection.execute(delete(escalation_severities).where(S.policy_id == row.id))
            _put_severities(connection, row)
            return True

        return await self._database.write(work)

    async def delete(self, organisation: str, policy: str) -> bool:
        """Escalations that follow it go on. False when there is none."""
        gone = delete(escalation_policies).where(P.organisation_id == organisation, P.id == policy)
        return await self._database.write(lambda connection: connection.execute(gone).rowcount == 1)

    async def unknown(self, organisation: str, targets: Targets) -> tuple[set[str], set[str]]:
        """Those of its users and of its groups that the organisation does not have."""
        member, group = organisation_members.c, groups.c
        people = select(member.user_id).where(member.organisation_id == organisation, member.user_id.in_(targets.users))
        teams = select(group.id).where(group.organisation_id == organisation, group.id.in_(targets.groups))

        def work(connection: Connection) -> tuple[set[str], set[str]]:
            found = [set(connection.execute(query).scalars().all()) for query in (people, teams)]
            return set(targets.users) - found[0], set(targets.groups) - found[1]

        return await self._database.read(work)


def _put_severities(connection: Connection, row: PolicyRow) -> None:
    for severity in row.severities:
        values = {"organisation_id": row.organisation_id, "severity": severity, "policy_id": row.id}
        try:
            connection.execute(insert(escalation_severities).values(values))
        except IntegrityError:
            raise SeverityTaken(severity) from None


def _rows(connection: Connection, organisation: str, policy: str | None = None) -> list[PolicyRow]:
    query = select(*(P[name] for name in STORED)).where(P.organisation_id == organisation).order_by(P.name, P.id)
    if policy is not None:
        query = query.where(P.id == policy)
    of: dict[str, list[str]] = {}
    severities = select(S.policy_id, S.severity).where(S.organisation_id == organisation).order_by(S.severity)
    for id_, severity in connection.execute(severities):
        of.setdefault(id_, []).append(severity)
    return [PolicyRow(**row, severities=tuple(of.get(row["id"], ()))) for row in connection.execute(query).mappings()]
