"""The door behind one socket: who the caller is, by the token of the moment or by what the upgrade request brought."""

from dataclasses import replace

from crdt.room import Right
from server.identity.principal import Credentials, Principal
from server.identity.service import Doorkeeper
from server.realtime.connections.registry import ConnectionRegistry
from server.realtime.door import Admission, Door, Guest

__all__ = ["SocketDoor"]


class SocketDoor:
    """Admits to documents. The upgrade's credential is looked at once: a ticket is good for one use."""

    def __init__(self, doorkeeper: Doorkeeper, registry: ConnectionRegistry, credentials: Credentials) -> None:
        self._doorkeeper = doorkeeper
        self._registry = registry
        self._credentials = credentials
        self._caller: Principal | None = None
        self._was_counted = False

    @property
    def knows_the_caller(self) -> bool:
        brought = self._credentials
        return bool(brought.cookie or brought.bearer or brought.ticket or self._doorkeeper.is_open)

    async def admit(self, name: str, token: str | None) -> Admission:
        principal = await self._principal(token)
        if not self._was_counted:
            self._registry.check_room_for_user(principal.user_id)
            self._was_counted = True
        access = await self._doorkeeper.document_access(principal, name)
        document = access.document_id

        async def recheck() -> Right | None:
            return await self._doorkeeper.recheck(principal, document)

        return Admission(_guest(principal), document, access.right, recheck)

    async def _principal(self, token: str | None) -> Principal:
        if token is not None:
            brought = replace(self._credentials, cookie=None, ticket=None, bearer=token)
            return await self._doorkeeper.authenticate(brought)
        if self._caller is None:
            self._caller = await self._doorkeeper.authenticate(self._credentials)
        return self._caller


def _guest(principal: Principal) -> Guest:
    return Guest(
        user_id=principal.user_id,
        name=principal.name,
        organisation_id=principal.organisation_id,
        credential_id=principal.credential_id,
        expires_at=principal.expires_at,
        stamped=principal.kind != "open",
    )


_keeps_the_promise: type[Door] = SocketDoor
