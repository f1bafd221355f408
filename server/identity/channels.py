"""Who may listen to which channel, and which of its events he may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from persistence.workspaces import WorkspaceStore
from server.clock import Clock
from server.errors import Forbidden, NotFound
from server.events.catalogue import STREAM_PERMISSIONS, Row
from server.identity.principal import Principal
from server.identity.roles import Permission, WorkspaceRole
from server.identity.service import Doorkeeper
from server.realtime.door import Guest
from server.realtime.feed.channels import Channel, ChannelDoor, ChannelName, channel_name
from server.realtime.feed.publication import Publication

__all__ = ["CallersChannels", "ChannelDesk", "guest_of", "may_see"]


class ChannelDesk:
    def __init__(self, doorkeeper: Doorkeeper, workspaces: WorkspaceStore, clock: Clock) -> None:
        self._doorkeeper = doorkeeper
        self._workspaces = workspaces
        self._clock = clock

    async def open(self, caller: Principal, name: str) -> Channel:
        """For a caller who was just authenticated. Raises Invalid, NotFound, Forbidden, StoreUnavailable."""
        asked, opened_at = channel_name(name), self._clock.monotonic()
        permission = Permission(STREAM_PERMISSIONS[asked.kind])
        if caller.document is not None:
            raise Forbidden("The ticket is for a document.")
        if permission not in caller.permissions:
            raise Forbidden(f"You need the permission {permission}.")
        role = await self._role(caller, asked)
        return Channel(
            name=name,
            key=(caller.organisation_id, asked.stream),
            guest=guest_of(caller),
            sees=partial(_sees, caller.permissions, role),
            reopen=partial(self._reopen, caller, name),
            opened_at=opened_at,
        )

    async def names(self, caller: Principal) -> list[str]:
        """All channels that the caller may open now. Raises Unauthenticated, Forbidden, StoreUnavailable."""
        caller = await self._doorkeeper.renew(caller)
        if caller.document is not None:
            raise Forbidden("The ticket is for a document.")
        kinds = [kind for kind, needed in STREAM_PERMISSIONS.items() if Permission(needed) in caller.permissions]
        names: list[str] = []
        for kind in kinds:
            if kind == "user":
                names.append(f"user:{caller.user_id}")
            elif kind == "workspace":
                ids = await self._workspaces.ids_of_member(caller.organisation_id, caller.user_id)
                names += (f"workspace:{each}" for each in ids)
            else:
                names.append(kind)
        return names

    async def _reopen(self, caller: Principal, name: str) -> Channel:
        return await self.open(await self._doorkeeper.renew(caller), name)

    async def _role(self, caller: Principal, asked: ChannelName) -> WorkspaceRole | None:
        """The role in the workspace that the channel is of. Raises NotFound."""
        if asked.kind == "user" and asked.id != caller.user_id:
            raise NotFound
        if asked.kind != "workspace":
            return None
        role = await self._workspaces.role(caller.organisation_id, asked.id, caller.user_id)
        if role is None:
            raise NotFound
        return WorkspaceRole(role)


@dataclass(frozen=True, slots=True)
class CallersChannels:
    """The door of one caller."""

    desk: ChannelDesk
    caller: Principal

    async def open(self, name: str) -> Channel:
        return await self.desk.open(self.caller, name)

    async def names(self) -> Sequence[str]:
        return await self.desk.names(self.caller)


def may_see(permissions: frozenset[Permission], role: WorkspaceRole | None, row: Row) -> bool:
    """Both must allow it: the permission in the organisation, and in a workspace the role there."""
    if row.permission not in permissions:
        return False
    return row.stream != "workspace" or (role is not None and role.at_least(WorkspaceRole(row.role)))


def _sees(permissions: frozenset[Permission], role: WorkspaceRole | None, publication: Publication) -> bool:
    """Of a kind that only a later version knows, it is not known who may see it."""
    return publication.row is not None and may_see(permissions, role, publication.row)


def guest_of(caller: Principal) -> Guest:
    """The caller as connections know him."""
    return Guest(
        user_id=caller.user_id,
        name=caller.name,
        organisation_id=caller.organisation_id,
        credential_id=caller.credential_id,
        expires_at=caller.expires_at,
        stamped=caller.kind != "open",
    )


_keeps_the_promise: type[ChannelDoor] = CallersChannels
