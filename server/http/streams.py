"""Where streams are, for answers that are read after it: what a client reads and then hears has no gap between."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Request

from persistence.events import EventStore
from server.http.reply import StreamPlace

__all__ = ["Streams", "StreamsOf"]


class Streams:
    """Ask before the rows are read. Channels are those of one organisation."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def place(self, organisation: str, channel: str) -> StreamPlace:
        return (await self.places(organisation, [channel]))[channel]

    async def places(self, organisation: str, channels: Iterable[str]) -> dict[str, StreamPlace]:
        found = await self._store.positions(organisation, channels)
        return {
            channel: StreamPlace(channel=channel, epoch=position.epoch, offset=position.offset)
            for channel, position in found.items()
        }


def _streams(request: Request) -> Streams:
    store: EventStore = request.app.state.house.events.store
    return Streams(store)


StreamsOf = Annotated[Streams, Depends(_streams)]
"""A parameter of a route."""
