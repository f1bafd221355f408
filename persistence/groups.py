"""Groups of people, in the whole organisation: made, renamed, filled and deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.tables.identity import organisation_members, users
from persistence.tables.threads import group_members, groups

__all__ = ["GroupNameTaken", "GroupRow", "GroupStore"]

G, M = groups.c, group_members.c


class GroupNameTaken(Exception):
    """The organisation has a group of this name already."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """`members`: ids and names of its users, by name."""

    id: str
    organisation_id: str
    name: str
    created_at: datetime
    members: tuple[tuple[str, str], ...] = ()


class GroupStore:
    """Every question names the organisation; another organisation's group is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, organisation: str) -> list[GroupRow]:
        """By name."""
        return await self._database.read(lambda connection: _rows(connection, organisation))

    async def get(self, organisation: str, group: str) -> GroupRow | None:
        found = await self._database.read(lambda connection: _rows(connection, organisation, [group]))
        return found[0] if found else None

    async def members(self, organisation: str, wanted: Sequence[str]) -> dict[str, list[str]]:
        """The ids of the users in each of these groups that is there."""
        if not wanted:
            return {}
        found = await self._database.read(lambda connection: _rows(connection, organisation, wanted))
        return {row.id: [user for user, _ in row.members] for row in found}

    async def create(self, row: GroupRow) -> None:
        """Without members. Raises GroupNameTaken."""
        values = {name: getattr(row, name) for name in ("id", "organisation_id", "name", "created_at")}

        def work(connection: Connection) -> None:
            try:
                connection.execute(insert(groups).values(values))
            except IntegrityError:
                raise GroupNameTaken from None

        await self._database.write(work)

    async def rename(self, organisation: str, group: str, name: str) -> bool:
        """False when there is no such group. Raises GroupNameTaken."""
        statement = update(groups).where(G.organisation_id == organisation, G.id == group).values(name=name)

        def work(connection: Connection) -> bool:
            try:
                return connection.execute(statement).rowcount == 1
            except IntegrityError:
                raise GroupNameTaken from None

        return await self._database.write(work)

    async def delete(self, organisation: str, group: str) -> bool:
        statement = delete(groups).where(G.organisation_id == organisation, G.id == group)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount == 1)

    async def add_member(self, organisation: str, group: str, user: str, now: datetime) -> bool:
        """False when the organisation has no such group or no such user; a member stays one."""

        def work(connection: Connection) -> bool:
            here = organisation_members.c
            is_ours = select(here.user_id).where(here.organisation_id == organisation, here.user_id == user)
            known = _rows(connection, organisation, [group], lock=True)
            if not known or connection.execute(is_ours).one_or_none() is None:
                return False
            if user not in dict(known[0].members):
                connection.execute(insert(group_members).values(group_id=group, user_id=user, added_at=now))
            return True

        return await self._database.write(work)

    async def remove_member(self, organisation: str, group: str, user: str) -> bool:
        """False when there is no such group; who is no member needs no removing."""

        def work(connection: Connection) -> bool:
            if not _rows(connection, organisation, [group]):
                return False
            connection.execute(delete(group_members).where(M.group_id == group, M.user_id == user))
            return True

        return await self._database.write(work)


def _rows(
    connection: Connection, organisation: str, wanted: Sequence[str] | None = None, *, lock: bool = False
) -> list[GroupRow]:
    query = select(G.id, G.organisation_id, G.name, G.created_at).where(G.organisation_id == organisation)
    if wanted is not None:
        query = query.where(G.id.in_(wanted))
    if lock:
        query = query.with_for_update()
    found = connection.execute(query.order_by(G.name, G.id)).all()
    people = (
        select(M.group_id, M.user_id, users.c.name)
        .join(users, users.c.id == M.user_id)
        .where(M.group_id.in_([row.id for row in found]))
        .order_by(users.c.name, M.user_id)
    )
    members: dict[str, list[tuple[str, str]]] = {}
    for group, user, name in connection.execute(people).all() if found else ():
        members.setdefault(group, []).append((user, name))
    return [GroupRow(*row, members=tuple(members.get(row.id, ()))) for row in found]
