"""A connection for `/events`: server-sent events of some channels, which any EventSource resumes by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import uniform
from typing import Any

from persistence.events import StreamPosition
from server.clock import Clock
from server.errors import (
    AppError,
    Busy,
    Forbidden,
    NotFound,
    RateLimited,
    Stopping,
    StoreRefuses,
    Unauthenticated,
    told,
)
from server.realtime.connections.feed import FeedConnection
from server.realtime.door import Guest
from server.realtime.feed.channels import Channel, ChannelDoor
from server.realtime.feed.desk import FeedDesk
from server.realtime.feed.event_stream import (
    KEEP_ALIVE,
    EventStreamVoice,
    Piece,
    event,
    here,
    identified,
    met,
    position_id,
)
from server.realtime.feed.presence import PresenceChange, has_presence
from server.realtime.feed.publication import Publication
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from server.realtime.transport import Transport

__all__ = ["EventStreamConnection", "farewell"]

KEEP_ALIVE_SECONDS = 15.0
LATER_MS = 15_000
SOON_MS = (500, 2_000)
"""Who is cut off comes back within this time: clients that are cut off together do not come back together."""
SLOW_CODE = 3008
VOICE = EventStreamVoice()


class EventStreamConnection(FeedConnection):
    """Says `sync` first: where each channel begins, and whether everything since the client's position follows."""

    __slots__ = ("_channels", "_desk", "_early", "_guest", "_is_begun", "_names", "_positions")

    protocol = "server-sent events"

    def __init__(
        self, transport: Transport, clock: Clock, figures: Figures, address: str, meter: Meter, *, desk: FeedDesk
    ) -> None:
        super().__init__(transport, clock, figures, address, meter)
        self.kind = "events"
        self._desk = desk
        self._guest: Guest | None = None
        self._names: Sequence[str] = ()
        self._channels: dict[str, Channel] = {}
        self._positions: dict[str, StreamPosition] = {}
        self._early: list[Publication] = []
        self._is_begun = False

    async def begin(
        self,
        guest: Guest,
        opener: ChannelDoor,
        names: Sequence[str],
        since: Mapping[str, StreamPosition],
        *,
        presence: bool = False,
    ) -> None:
        """Listen to these channels, each from its position. What comes meanwhile follows `sync`.

        presence    tell also who is there, and who comes and goes

        Raises Unauthenticated, StoreUnavailable; Forbidden when there is no channel that the guest may listen to.
        """
        self._guest, self._names = guest, names
        channels: dict[str, dict[str, Any]] = {}
        missed: list[Publication] = []
        for name in names:
            try:
                channels[name] = await self._listen(await opener.open(name), since.get(name), missed)
            except (Forbidden, NotFound) as error:
                channels[name] = {"recovered": False, "error": told(error).code, "message": error.message}
            if self._closed:
                return
        if not self._channels:
            raise Forbidden("There is none of these channels that you may listen to.")
        self._say(event("sync", {"channels": channels}, id_=self._id, retry_ms=_soon()))
        self._is_begun = True
        for publication in [*missed, *self._early]:
            self.hear(publication)
        self._early.clear()
        for channel in tuple(self._channels.values()) if presence else ():
            if has_presence(channel.key):
                self._desk.presence.watch(channel.key, self)
                self._say(here(channel.name, self._desk.presence.here(channel.key)))

    async def _listen(
        self, channel: Channel, since: StreamPosition | None, missed: list[Publication]
    ) -> dict[str, Any]:
        subscription = await self._desk.subscribe(channel, self, since)
        # Nothing is heard before this is noted: there is no await from here on.
        if self._closed:
            self._desk.unsubscribe(channel.key, self)
            return {}
        recovered = since is not None and subscription.recovered
        offset = since.offset if since is not None and recovered else subscription.offset
        self._channels[channel.name] = channel
        if not subscription.epoch:
            return {"recovered": False}
        self._positions[channel.name] = StreamPosition(subscription.epoch, offset)
        missed += subscription.publications if recovered else ()
        return {"recovered": recovered, "epoch": subscription.epoch, "offset": offset}

    # For the transport.

    def _receive(self, data: bytes | str, now: float) -> float:
        """Nothing comes this way."""
        return 0.0

    def lost(self, *, clean: bool) -> None:
        super().lost(clean=clean)
        self._leave(clean=clean)

    # For the registry.

    def look_after(self, now: float, at: datetime) -> None:
        if self._guest is not None and self._guest.expires_at is not None and self._guest.expires_at <= at:
            self.close(Unauthenticated("Your sign-in has expired."))
        elif now - self.silent_since(now) >= KEEP_ALIVE_SECONDS:
            self._say(KEEP_ALIVE)

    def access_changed(self, change: dict[str, Any]) -> None:
        """The desk looks the rights up again, and tells what has ended."""

    def close(self, error: AppError) -> None:
        if not self._closed:
            self._write(farewell(error))
        super().close(error)
        self._leave(clean=isinstance(error, (Unauthenticated, Forbidden)))

    # For the desk.

    def hear(self, publication: Publication) -> None:
        if not self._is_begun:
            self._early.append(publication)
            return
        if publication.stream in self._channels and not publication.is_kept:
            self._say(publication.frame(VOICE))
        elif publication.stream in self._channels:
            self._positions[publication.stream] = StreamPosition(publication.epoch, publication.offset)
            self._say(identified(self._id, publication.frame(VOICE)))

    def insufficient(self, key: tuple[str, str]) -> None:
        """The client comes back with its position, and is told what it can recover."""
        if self._channels.pop(key[1], None) is not None:
            self._desk.unsubscribe(key, self, clean=False)
        self.close(Stopping("Events were lost on the way: come back."))

    def met(self, change: PresenceChange) -> None:
        self._say(change.frame(met))

    def ended(self, channel: Channel, error: AppError) -> None:
        if isinstance(error, Unauthenticated):
            self.close(error)
        elif not self._is_begun:
            self.close(Stopping())  # `sync` has not said yet what there is: he comes back, and it will say
        elif self._channels.pop(channel.name, None) is not None:
            self._positions.pop(channel.name, None)
            if self._channels:
                self._say(event("unsubscribed", {"channel": channel.name, "error": told(error).code}, id_=self._id))
            else:
                self.close(error)

    # Private.

    @property
    def guest(self) -> Guest | None:
        return self._guest

    @property
    def _id(self) -> str:
        return position_id(self._names, self._positions)

    def _too_slow(self) -> None:
        """What waits for the client ends with a whole event, from which it goes on when it comes back."""
        self._close(SLOW_CODE, "slow")
        self._leave(clean=False)

    def _leave(self, *, clean: bool) -> None:
        channels, self._channels = self._channels, {}
        self._early.clear()
        self._desk.leave([channel.key for channel in channels.values()], self, clean=clean)


def farewell(error: AppError) -> Piece:
    """The last event before the server ends the answer. An EventSource comes back by itself, and not too soon.

    Any status but 200 would stop it for ever; so it is told in the stream, as `error`, what only its page can mend.
    """
    row = told(error)
    if isinstance(error, Stopping):
        return event("bye", {"code": row.code}, retry_ms=_soon())
    name = "bye" if isinstance(error, (Busy, RateLimited, StoreRefuses)) else "error"
    return event(name, {"code": row.code, "message": error.message}, retry_ms=LATER_MS)


def _soon() -> int:
    return int(uniform(*SOON_MS))  # noqa: S311  nobody gains by guessing it
