"""Workspaces and their members: who may see them, who may change them, and what everybody is told of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from uuid import uuid4

from sqlalchemy import Connection

from persistence.answers import Note, no_note
from persistence.workspaces import LastOwner, MemberRow, NameTaken, WorkspaceRow, WorkspaceStore
from server.clock import Clock
from server.collaboration.model import NewMember, NewWorkspace, WorkspaceChanges, WorkspaceSettings
from server.errors import Conflict, FieldIssue, Forbidden, Invalid, NotFound
from server.events.outbox import Outbox, Record
from server.events.states import (
    member_gone,
    member_joined,
    membership_began,
    role_changed,
    workspace_created,
    workspace_state,
)
from server.events.workspaces import OwnerChanged, WorkspaceDeleted, WorkspaceRestored, WorkspaceUpdated
from server.http.paging import Place
from server.identity.access import announce
from server.identity.policy import check_workspace_role
from server.identity.principal import Principal
from server.identity.roles import OrganisationRole, WorkspaceRole
from server.realtime.broker import Broker

__all__ = ["WorkspaceService"]


class WorkspaceService:
    """Every call is made in somebody's name. To who is no member a workspace is not there (NotFound)."""

    def __init__(self, store: WorkspaceStore, broker: Broker, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._broker = broker
        self._outbox = outbox
        self._clock = clock

    # Workspaces.

    async def page(
        self, caller: Principal, user_id: str | None, kind: str | None, before: Place | None, limit: int
    ) -> list[WorkspaceRow]:
        """The caller's workspaces, newest first; `limit` and one more, when there are more.

        An administrator may name another user, or "all" for the whole organisation. Raises Forbidden for others.
        """
        member: str | None = caller.user_id
        is_admin = caller.organisation_role is OrganisationRole.ADMIN
        if user_id == "all":
            member = None if is_admin else caller.user_id
        elif user_id and user_id != caller.user_id:
            if not is_admin:
                raise Forbidden("Only an administrator may list the workspaces of others.")
            member = user_id
        return await self._store.page(caller.organisation_id, member=member, kind=kind, before=before, limit=limit + 1)

    async def create(self, caller: Principal, new: NewWorkspace, note: Note = no_note) -> WorkspaceRow:
        """Raises Conflict when the caller has one of this name."""
        now = self._clock.now()
        row = WorkspaceRow(
            id=uuid4().hex,
            organisation_id=caller.organisation_id,
            owner_id=caller.user_id,
            name=new.name,
            type=new.type,
            description=new.description,
            settings=new.settings.model_dump(),
            created_at=now,
            updated_at=now,
        )
        owner = MemberRow(row.id, caller.user_id, caller.name, caller.email, WorkspaceRole.OWNER, now, None)
        record = self._outbox.record(caller.actor, *workspace_created(row, owner))
        try:
            await self._store.create(row, note, record)
        except NameTaken:
            raise _name_taken(new.name) from None
        self._outbox.published(record)
        return row

    async def get(
        self, caller: Principal, workspace: str, least: WorkspaceRole = WorkspaceRole.VIEWER, *, deleted: bool = False
    ) -> WorkspaceRow:
        """The workspace, if the caller has at least this role there. Raises NotFound, Forbidden."""
        row = await self._store.get(caller.organisation_id, workspace, deleted=deleted)
        if row is None:
            raise NotFound
        check_workspace_role(await self.role(caller, workspace), least)
        return row

    async def again(self, caller: Principal, rows: Sequence[WorkspaceRow]) -> list[WorkspaceRow]:
        """The same workspaces as they are now, in the same order; who may see them was asked before."""
        found = await self._store.by_ids(caller.organisation_id, [row.id for row in rows])
        return [found[row.id] for row in rows if row.id in found]

    async def role(self, caller: Principal, workspace: str) -> WorkspaceRole | None:
        member = await self._store.member(workspace, caller.user_id)
        return WorkspaceRole(member.role) if member is not None else None

    async def update(self, caller: Principal, workspace: str, changes: WorkspaceChanges) -> WorkspaceRow:
        row = await self.get(caller, workspace, WorkspaceRole.ADMIN)
        given = changes.model_dump(exclude_none=True)
        changed = {name: value for name, value in given.items() if value != getattr(row, name)}
        if not changed:
            return row
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, row: WorkspaceRow) -> None:
            event = WorkspaceUpdated(workspace_id=workspace, workspace=workspace_state(row), changed=sorted(changed))
            record(connection, event)

        try:
            updated = await self._store.update(workspace, changed, self._clock.now(), also)
        except NameTaken:
            raise _name_taken(changed["name"]) from None
        if updated is None:
            raise NotFound
        self._outbox.published(record)
        return updated

    async def delete(self, caller: Principal, workspace: str) -> None:
        """Leaves a tombstone: its documents can be opened by nobody until it is restored."""
        row = await self.get(caller, workspace, WorkspaceRole.OWNER)
        record = self._outbox.record(caller.actor, WorkspaceDeleted(workspace_id=workspace, name=row.name))
        await self._store.delete(workspace, self._clock.now(), record)
        self._outbox.published(record)  # before those who listen lose their right to it
        announce(self._broker, organisation=caller.organisation_id)

    async def restore(self, caller: Principal, workspace: str) -> WorkspaceRow:
        row = await self.get(caller, workspace, WorkspaceRole.OWNER, deleted=True)
        now = self._clock.now()
        restored = replace(row, updated_at=now)
        event = WorkspaceRestored(workspace_id=workspace, workspace=workspace_state(restored))
        record = self._outbox.record(caller.actor, event)

        def also(connection: Connection, members: list[MemberRow]) -> None:
            record(connection, *(membership_began(row.name, member) for member in members))

        try:
            await self._store.restore(workspace, now, also)
        except NameTaken:
            raise _name_taken(row.name) from None
        self._outbox.published(record)
        return restored

    # Members.

    async def members(self, workspaces: Sequence[str]) -> dict[str, list[MemberRow]]:
        """For callers who may see these workspaces: ask `get` or `page` first."""
        return await self._store.members(workspaces)

    async def member(self, caller: Principal, workspace: str, user: str) -> MemberRow:
        """Raises NotFound."""
        await self.get(caller, workspace)
        return await self._member(workspace, user)

    async def add_member(self, caller: Principal, workspace: str, new: NewMember, note: Note = no_note) -> MemberRow:
        """Raises Invalid when no such user is in the organisation, Conflict for a member."""
        row = await self.get(caller, workspace, WorkspaceRole.ADMIN)
        role = WorkspaceRole(new.role or WorkspaceSettings.model_validate(row.settings).default_role)
        await self._check_grants(caller, workspace, role)
        user = await self._store.user_by_email(caller.organisation_id, new.email)
        if user is None:
            raise Invalid(details=[FieldIssue("email", "is not the address of anybody in this organisation")])
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, member: MemberRow) -> None:
            record(connection, *member_joined(row.name, member))

        if not await self._store.add_member(workspace, user, role, self._clock.now(), note=note, also=also):
            raise Conflict("This person is a member already.")
        self._outbox.published(record)
        announce(self._broker, organisation=caller.organisation_id, user=user)
        return await self._member(workspace, user)

    async def set_role(self, caller: Principal, workspace: str, user: str, role: WorkspaceRole) -> MemberRow:
        """Raises Forbidden above the caller's own role, Conflict for the last owner."""
        row = await self.get(caller, workspace, WorkspaceRole.ADMIN)
        member = await self._member(workspace, user)
        await self._check_grants(caller, workspace, role, WorkspaceRole(member.role))
        record = self._outbox.record(caller.actor, *role_changed(row.name, member, role))
        also = partial(_also_new_owner, record, workspace)
        await self._unless_last_owner(lambda: self._store.set_role(workspace, user, role, also))
        self._outbox.published(record)
        announce(self._broker, organisation=caller.organisation_id, user=user)
        return replace(member, role=role)

    async def remove_member(self, caller: Principal, workspace: str, user: str) -> None:
        """Anybody may leave; to remove another takes an admin, and an owner to remove an owner."""
        leaving = user == caller.user_id
        row = await self.get(caller, workspace, WorkspaceRole.VIEWER if leaving else WorkspaceRole.ADMIN)
        member = await self._member(workspace, user)
        if not leaving:
            await self._check_grants(caller, workspace, WorkspaceRole(member.role))
        record = self._outbox.record(caller.actor, *member_gone(row.name, member, by_itself=leaving))
        also = partial(_also_new_owner, record, workspace)
        await self._unless_last_owner(lambda: self._store.remove_member(workspace, user, also))
        self._outbox.published(record)  # before the one who is gone loses the right to hear it
        announce(self._broker, organisation=caller.organisation_id, user=user)

    # Private.

    async def _member(self, workspace: str, user: str) -> MemberRow:
        member = await self._store.member(workspace, user)
        if member is None:
            raise NotFound
        return member

    async def _check_grants(self, caller: Principal, workspace: str, *roles: WorkspaceRole) -> None:
        """Nobody gives, or takes away, a role above the own one."""
        own = await self.role(caller, workspace)
        if own is None or not all(own.at_least(role) for role in roles):
            raise Forbidden("You cannot give or take away a role above your own.")

    async def _unless_last_owner(self, change: Callable[[], Awaitable[None]]) -> None:
        try:
            await change()
        except LastOwner:
            raise Conflict("A workspace keeps at least one owner; make somebody else an owner first.") from None
        except NameTaken:
            raise Conflict("The next owner has a workspace of this name already; rename one of them first.") from None


def _also_new_owner(record: Record, workspace: str, connection: Connection, owner: str | None) -> None:
    record(connection, *([] if owner is None else [OwnerChanged(workspace_id=workspace, owner_id=owner)]))


def _name_taken(name: str) -> Conflict:
    return Conflict("You have a workspace of this name already.", details=[FieldIssue("name", "is taken", name)])
