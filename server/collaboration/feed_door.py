"""The door behind a socket for events: who the caller is, and the channels that he may open."""

from dataclasses import replace

from server.errors import Unauthenticated
from server.identity.channels import CallersChannels, ChannelDesk, guest_of
from server.identity.minting import TICKET
from server.identity.principal import Credentials
from server.identity.service import Doorkeeper
from server.realtime.connections.centrifuge import FeedDoor
from server.realtime.connections.data_sources import DataSourcesDoor
from server.realtime.connections.registry import Arrival, ConnectionRegistry
from server.realtime.door import Guest

__all__ = ["AddressFeedDoor", "SocketFeedDoor"]


class SocketFeedDoor:
    """By the token that the client sends, else by what its upgrade request brought."""

    __slots__ = ("_arrival", "_channels", "_credentials", "_doorkeeper", "_registry")

    def __init__(
        self,
        doorkeeper: Doorkeeper,
        channels: ChannelDesk,
        registry: ConnectionRegistry,
        arrival: Arrival,
        credentials: Credentials,
    ) -> None:
        self._doorkeeper = doorkeeper
        self._channels = channels
        self._registry = registry
        self._arrival = arrival
        self._credentials = credentials

    @property
    def knows_the_caller(self) -> bool:
        brought = self._credentials
        return bool(brought.cookie or brought.bearer or brought.ticket or self._doorkeeper.is_open)

    async def sign_in(self, token: str | None) -> tuple[Guest, CallersChannels]:
        brought = self._credentials
        if token is not None:
            is_ticket = token.startswith(TICKET)
            brought = replace(
                brought, cookie=None, ticket=token if is_ticket else None, bearer=None if is_ticket else token
            )
        caller = await self._doorkeeper.authenticate(brought)
        self._registry.identify(self._arrival, caller.user_id)
        return guest_of(caller), CallersChannels(self._channels, caller)


class AddressFeedDoor(SocketFeedDoor):
    """The first token stands in an address, where logs and histories keep it: it may only be a ticket, good once."""

    _is_in = False

    async def sign_in(self, token: str | None) -> tuple[Guest, CallersChannels]:
        if token is not None and not self._is_in and not token.startswith(TICKET) and not self._doorkeeper.is_open:
            raise Unauthenticated("A token that lasts must not stand in an address: connect with a ticket.")
        let_in = await super().sign_in(token)
        self._is_in = True
        return let_in


_keeps_the_promises: tuple[type[FeedDoor], type[DataSourcesDoor]] = (SocketFeedDoor, SocketFeedDoor)
