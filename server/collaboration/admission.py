"""The door behind one socket: who the caller is, by the token of the moment or by what the upgrade request brought."""

from dataclasses import replace
from functools import partial

from server.identity.principal import Credentials, Principal
from server.identity.service import Doorkeeper
from server.realtime.connections.registry import Arrival, ConnectionRegistry
from server.realtime.door import Admission, Door, Guest

__all__ = ["SocketDoor"]


class SocketDoor:
    """Admits to documents. The upgrade's credential is looked at once: a ticket is good for one use."""

    __slots__ = ("_arrival", "_caller", "_credentials", "_doorkeeper", "_registry")

    def __init__(
        self, doorkeeper: Doorkeeper, registry: ConnectionRegistry, arrival: Arrival, credentials: Credentials
    ) -> None:
        self._doorkeeper = doorkeeper
        self._registry = registry
        self._arrival = arrival
        self._credentials = credentials
        self._caller: Principal | None = None

    @property
    def knows_the_caller(self) -> bool:
        brought = self._credentials
        return bool(brought.cookie or brought.bearer or brought.ticket or self._doorkeeper.is_open)

    async def admit(self, name: str, token: str | None) -> Admission:
        principal = await self._principal(token)
        self._registry.identify(self._arrival, principal.user_id)
        access = await self._doorkeeper.admit(principal, name)
        recheck = partial(self._doorkeeper.still_may, principal, access.document_id)
        return Admission(_guest(principal), access.document_id, access.right, recheck)

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
        kind="token" if principal.kind == "token" else "person",
    )


_keeps_the_promise: type[Door] = SocketDoor
