"""Groups of people in an organisation: to be mentioned together."""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, StringConstraints

from persistence.groups import GroupNameTaken, GroupRow, GroupStore
from server.clock import Clock
from server.errors import Conflict, FieldIssue, NotFound
from server.http.text import Line
from server.identity.principal import Principal

__all__ = ["Group", "GroupInput", "GroupMember", "GroupService", "group_view"]


class GroupInput(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[Line, StringConstraints(max_length=100)]


class GroupMember(BaseModel):
    user_id: str
    name: str


class Group(BaseModel):
    id: str
    name: str
    created_at: datetime
    members: list[GroupMember]


class GroupService:
    """Of the caller's organisation; what the caller may do is asked before."""

    def __init__(self, store: GroupStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def all(self, caller: Principal) -> list[GroupRow]:
        """By name."""
        return await self._store.all(caller.organisation_id)

    async def get(self, caller: Principal, group: str) -> GroupRow:
        """Raises NotFound."""
        row = await self._store.get(caller.organisation_id, group)
        if row is None:
            raise NotFound
        return row

    async def create(self, caller: Principal, new: GroupInput) -> GroupRow:
        """Raises Conflict for a name that is taken."""
        row = GroupRow(uuid4().hex, caller.organisation_id, new.name, self._clock.now())
        try:
            await self._store.create(row)
        except GroupNameTaken:
            raise _taken(new.name) from None
        return row

    async def rename(self, caller: Principal, group: str, change: GroupInput) -> GroupRow:
        """Raises NotFound, Conflict."""
        try:
            await self._store.rename(caller.organisation_id, group, change.name)
        except GroupNameTaken:
            raise _taken(change.name) from None
        return await self.get(caller, group)

    async def delete(self, caller: Principal, group: str) -> None:
        """Mentions of it stay in the texts, and reach nobody any more. Raises NotFound."""
        if not await self._store.delete(caller.organisation_id, group):
            raise NotFound

    async def add_member(self, caller: Principal, group: str, user: str) -> GroupRow:
        """A member stays one. Raises NotFound, also for somebody of another organisation."""
        if not await self._store.add_member(caller.organisation_id, group, user, self._clock.now()):
            raise NotFound
        return await self.get(caller, group)

    async def remove_member(self, caller: Principal, group: str, user: str) -> GroupRow:
        """Raises NotFound."""
        await self._store.remove_member(caller.organisation_id, group, user)
        return await self.get(caller, group)


def group_view(row: GroupRow) -> Group:
    members = [GroupMember(user_id=user, name=name) for user, name in row.members]
    return Group(id=row.id, name=row.name, created_at=row.created_at, members=members)


def _taken(name: str) -> Conflict:
    return Conflict("There is a group of this name already.", details=[FieldIssue("name", "is taken", name)])
