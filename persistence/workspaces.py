"""Workspaces and their members, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from persistence.access_changes import note_access, organisation_of
from persistence.answers import Note, no_note
from persistence.database import Database
from persistence.events import Also, AlsoKnowing, nothing_else
from persistence.tables.identity import organisation_members, users
from persistence.tables.workspaces import workspace_members, workspaces

__all__ = ["LastOwner", "MemberRow", "NameTaken", "WorkspaceRow", "WorkspaceStore", "member_in", "workspace_in"]


class NameTaken(Exception):
    """The owner has a workspace of this name already."""


class LastOwner(Exception):
    """A workspace keeps at least one owner."""


@dataclass(frozen=True, slots=True)
class WorkspaceRow:
    id: str
    organisation_id: str
    owner_id: str
    name: str
    type: str
    description: str
    settings: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MemberRow:
    workspace_id: str
    user_id: str
    name: str
    email: str | None
    role: str
    joined_at: datetime
    last_seen_at: datetime | None


W, M = workspaces.c, workspace_members.c
WORKSPACE = (W.id, W.organisation_id, W.owner_id, W.name, W.type, W.description, W.settings, W.created_at, W.updated_at)
MEMBER = (M.workspace_id, M.user_id, users.c.name, users.c.email, M.role, M.joined_at, users.c.last_seen_at)


class WorkspaceStore:
    """Every question names the organisation; another organisation's workspace is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, row: WorkspaceRow, note: Note = no_note, also: Also = nothing_else) -> None:
        """Write the workspace and its owner's membership. Raises NameTaken."""

        def work(connection: Connection) -> None:
            try:
                connection.execute(
                    insert(workspaces).values({each.name: getattr(row, each.name) for each in WORKSPACE})
                )
            except IntegrityError:
                raise NameTaken from None
            _insert_member(connection, row.id, row.owner_id, "owner", row.created_at)
            note(connection, row.id)
            also(connection)

        await self._database.write(work)

    async def get(self, organisation: str, workspace: str, *, deleted: bool = False) -> WorkspaceRow | None:
        """The workspace, or with `deleted` one that was deleted."""
        query = select(*WORKSPACE).where(W.id == workspace, W.organisation_id == organisation)
        query = query.where(W.deleted_at.is_not(None) if deleted else W.deleted_at.is_(None))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return _workspace(rows[0]) if rows else None

    async def by_ids(self, organisation: str, workspace_ids: Sequence[str]) -> dict[str, WorkspaceRow]:
        """Those of these workspaces that were not deleted."""
        query = select(*WORKSPACE).where(W.organisation_id == organisation, W.id.in_(workspace_ids))
        query = query.where(W.deleted_at.is_(None))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.id: _workspace(row) for row in rows}

    async def page(
        self,
        organisation: str,
        *,
        member: str | None,
        kind: str | None,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> list[WorkspaceRow]:
        """The newest first: those of one member, or all for None; `before` is (created_at, id) of the last one seen."""
        query = select(*WORKSPACE).where(W.organisation_id == organisation, W.deleted_at.is_(None))
        if member is not None:
            query = query.join(workspace_members, M.workspace_id == W.id).where(M.user_id == member)
        if kind is not None:
            query = query.where(W.type == kind)
        if before is not None:
            at, last = before
            query = query.where(or_(W.created_at < at, (W.created_at == at) & (W.id < last)))
        query = query.order_by(W.created_at.desc(), W.id.desc()).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_workspace(row) for row in rows]

    async def ids_of_member(self, organisation: str, user: str) -> list[str]:
        """All workspaces that he is a member of, the newest first."""
        query = select(W.id).join(workspace_members, M.workspace_id == W.id)
        query = query.where(W.organisation_id == organisation, M.user_id == user, W.deleted_at.is_(None))
        query = query.order_by(W.created_at.desc(), W.id.desc())
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def update(
        self, workspace: str, changes: dict[str, Any], now: datetime, also: AlsoKnowing[WorkspaceRow] = nothing_else
    ) -> WorkspaceRow | None:
        """Change columns; the workspace as it is then, None when it was deleted. Raises NameTaken."""

        def work(connection: Connection) -> WorkspaceRow | None:
            if not _change(connection, workspace, W.deleted_at.is_(None), {**changes, "updated_at": now}):
                return None
            row = workspace_in(connection, workspace)
            also(connection, row)
            return row

        return await self._database.write(work)

    async def delete(self, workspace: str, now: datetime, also: Also = nothing_else) -> bool:
        """Leave a tombstone; documents and members stay behind it. Its name is free again. False when it was there."""

        def work(connection: Connection) -> bool:
            marked = {"deleted_at": now, "live": None, "updated_at": now}
            if was_alive := _change(connection, workspace, W.deleted_at.is_(None), marked):
                note_access(connection, organisation=organisation_of(workspace))
                also(connection)
            return was_alive

        return await self._database.write(work)

    async def restore(self, workspace: str, now: datetime, also: AlsoKnowing[list[MemberRow]] = nothing_else) -> bool:
        """Take the tombstone away; who gets it back are its members. False when there was none.

        Raises NameTaken when the owner has given the name to another.
        """

        def work(connection: Connection) -> bool:
            unmarked = {"deleted_at": None, "live": 1, "updated_at": now}
            if was_dead := _change(connection, workspace, W.deleted_at.is_not(None), unmarked):
                query = _members_query().where(M.workspace_id == workspace).order_by(M.joined_at, M.user_id)
                also(connection, [_member(row) for row in connection.execute(query)])
            return was_dead

        return await self._database.write(work)

    # Members.

    async def members(self, workspace_ids: Sequence[str]) -> dict[str, list[MemberRow]]:
        """The members of each workspace, in the order in which they joined."""
        query = _members_query().where(M.workspace_id.in_(workspace_ids)).order_by(M.joined_at, M.user_id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found: dict[str, list[MemberRow]] = {workspace: [] for workspace in workspace_ids}
        for row in rows:
            found[row.workspace_id].append(_member(row))
        return found

    async def member(self, workspace: str, user: str) -> MemberRow | None:
        query = _members_query().where(M.workspace_id == workspace, M.user_id == user)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return _member(rows[0]) if rows else None

    async def role(self, organisation: str, workspace: str, user: str) -> str | None:
        """The user's role in a workspace that was not deleted."""
        query = (
            select(M.role)
            .join(workspaces, W.id == M.workspace_id)
            .where(M.workspace_id == workspace, M.user_id == user)
            .where(W.organisation_id == organisation, W.deleted_at.is_(None))
        )
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def user_by_email(self, organisation: str, email: str) -> str | None:
        """The id of the organisation's user with this address."""
        here = (organisation_members.c.user_id == users.c.id) & (organisation_members.c.organisation_id == organisation)
        query = select(users.c.id).join(organisation_members, here).where(users.c.email == email.casefold())
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def add_member(
        self,
        workspace: str,
        user: str,
        role: str,
        now: datetime,
        *,
        note: Note = no_note,
        also: AlsoKnowing[MemberRow] = nothing_else,
    ) -> bool:
        """False when the user is a member already."""

        def work(connection: Connection) -> bool:
            if _role_of(connection, workspace, user) is not None:
                return False
            _insert_member(connection, workspace, user, role, now)
            note_access(connection, organisation=organisation_of(workspace), user=user)
            note(connection, user)
            also(connection, member_in(connection, workspace, user))
            return True

        return await self._database.write(work)

    async def set_role(
        self, workspace: str, user: str, role: str, also: AlsoKnowing[str | None] = nothing_else
    ) -> None:
        """`also` is told who is the workspace's owner from now on, if that is another one.

        Raises LastOwner, or NameTaken when the next owner has a workspace of this name already.
        """

        def work(connection: Connection) -> None:
            owner = _hand_over(connection, workspace, user) if role != "owner" else None
            other = (M.workspace_id == workspace) & (M.user_id == user) & (M.role != role)
            if connection.execute(update(workspace_members).where(other).values(role=role)).rowcount:
                note_access(connection, organisation=organisation_of(workspace), user=user)
                also(connection, owner)

        await self._database.write(work)

    async def remove_member(self, workspace: str, user: str, also: AlsoKnowing[str | None] = nothing_else) -> None:
        """`also` and the errors are those of `set_role`."""

        def work(connection: Connection) -> None:
            owner = _hand_over(connection, workspace, user)
            leaving = delete(workspace_members).where(M.workspace_id == workspace, M.user_id == user)
            if connection.execute(leaving).rowcount:
                note_access(connection, organisation=organisation_of(workspace), user=user)
                also(connection, owner)

        await self._database.write(work)


def member_in(connection: Connection, workspace: str, user: str) -> MemberRow:
    """A member, within a transaction."""
    query = _members_query().where(M.workspace_id == workspace, M.user_id == user)
    return _member(connection.execute(query).one())


def workspace_in(connection: Connection, workspace: str) -> WorkspaceRow:
    """A workspace, within a transaction."""
    return _workspace(connection.execute(select(*WORKSPACE).where(W.id == workspace)).one())


def _change(connection: Connection, workspace: str, state: ColumnElement[bool], values: dict[str, Any]) -> bool:
    """False when it is in another state. Raises NameTaken."""
    try:
        return bool(connection.execute(update(workspaces).where(W.id == workspace, state).values(values)).rowcount)
    except IntegrityError:
        raise NameTaken from None


def _members_query() -> Select[Any]:
    return select(*MEMBER).join(users, users.c.id == M.user_id)


def _insert_member(connection: Connection, workspace: str, user: str, role: str, now: datetime) -> None:
    values = {"workspace_id": workspace, "user_id": user, "role": role, "joined_at": now}
    connection.execute(insert(workspace_members).values(values))


def _role_of(connection: Connection, workspace: str, user: str) -> str | None:
    query = select(M.role).where(M.workspace_id == workspace, M.user_id == user)
    return connection.execute(query).scalar_one_or_none()


def _hand_over(connection: Connection, workspace: str, leaving: str) -> str | None:
    """Somebody stops being an owner: another one must be there, and becomes the one whom the workspace names.

    The answer is that one, None when the workspace names somebody else anyway.
    """
    # The rows are locked where the store can lock them: two owners who leave at once must not both succeed.
    query = select(M.user_id).where(M.workspace_id == workspace, M.role == "owner").order_by(M.joined_at)
    owners = connection.execute(query.with_for_update()).scalars().all()
    others = [owner for owner in owners if owner != leaving]
    if leaving in owners and not others:
        raise LastOwner
    if not others:
        return None
    statement = update(workspaces).where(W.id == workspace, W.owner_id == leaving).values(owner_id=others[0])
    try:
        return others[0] if connection.execute(statement).rowcount else None
    except IntegrityError:
        raise NameTaken from None


def _workspace(row: Row[*tuple[Any, ...]]) -> WorkspaceRow:
    return WorkspaceRow(**row._asdict())


def _member(row: Row[*tuple[Any, ...]]) -> MemberRow:
    return MemberRow(**row._asdict())
