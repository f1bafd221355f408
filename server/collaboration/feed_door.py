"""The door behind a socket for events: who the caller is, and the channels that he may open."""

from dataclasses import replace

from server.identity.channels import CallersChannels, ChannelDesk, guest_of
from server.identity.principal import Credentials
from server.identity.service import Doorkeeper
from server.realtime.connections.centrifuge import FeedDoor
from server.realtime.connections.data_sources import DataSourcesDoor
from server.realtime.connections.registry import Arrival, ConnectionRegistry
from server.realtime.door import Guest

__all__ = ["SocketFeedDoor"]


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
            brought = replace(brought, cookie=None, ticket=None, bearer=token)
        caller = await self._doorkeeper.authenticate(brought)
        self._registry.identify(self._arrival, caller.user_id)
        return guest_of(caller), CallersChannels(self._channels, caller)


_keeps_the_promises: tuple[type[FeedDoor], type[DataSourcesDoor]] = (SocketFeedDoor, SocketFeedDoor)
