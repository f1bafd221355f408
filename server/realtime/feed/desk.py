"""Where connections subscribe to channels; who loses the right to one stops hearing it, on every node."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from persistence.errors import StoreUnavailable
from persistence.events import StreamKey, StreamPosition
from server.clock import Clock
from server.errors import AppError, Internal
from server.realtime.access import ACCESS
from server.realtime.broker import Broker
from server.realtime.elsewhere import FactTable
from server.realtime.feed.channels import Channel
from server.realtime.feed.fleeting import Fleeting, is_fleeting
from server.realtime.feed.hub import Hub, Subscription
from server.realtime.feed.presence import ChannelPresence, PresenceChange, has_presence
from server.realtime.feed.publication import Publication

__all__ = ["FeedDesk", "FeedListener"]

log = logging.getLogger("counterpoint.feed")

RECENT_SECONDS = 10.0
"""How long a change of rights is remembered for those who were on their way in when it came."""


class FeedListener(Protocol):
    """A connection. All are quick and never raise; a subscription that has ended is not heard of again."""

    @property
    def client(self) -> str:
        """The connection's own id."""
        ...

    def met(self, change: PresenceChange) -> None:
        """Who came to a channel and who went, if it watches the presence there."""
        ...

    def hear(self, publication: Publication) -> None:
        """The next event of a stream that it is subscribed to."""
        ...

    def insufficient(self, key: StreamKey) -> None:
        """Events of the stream are lost to this node: subscribe again, and recover or reload (2500)."""
        ...

    def ended(self, channel: Channel, error: AppError) -> None:
        """The right to the channel is gone. Unauthenticated: so is the whole connection's."""
        ...


@dataclass(slots=True)
class _Seat:
    channel: Channel
    listener: FeedListener


class FeedDesk:
    def __init__(self, hub: Hub, broker: Broker, clock: Clock, elsewhere: FactTable | None = None) -> None:
        self._hub = hub
        self._broker = broker
        self._clock = clock
        self.fleeting = Fleeting(broker, clock)
        self.presence = ChannelPresence(clock, elsewhere=elsewhere)
        self._seats: dict[tuple[StreamKey, FeedListener], _Seat] = {}
        self._recent: list[tuple[float, dict[str, Any]]] = []
        self._rechecks: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._unsubscribe = ACCESS.subscribe(self._broker, self._access_changed)
        self.fleeting.start()

    async def stop(self) -> None:
        self._unsubscribe()
        self.fleeting.stop()
        for task in self._rechecks:
            task.cancel()
        await asyncio.gather(*self._rechecks, return_exceptions=True)

    @property
    def subscriptions(self) -> int:
        return len(self._seats)

    async def subscribe(
        self, channel: Channel, listener: FeedListener, since: StreamPosition | None = None
    ) -> Subscription:
        """Listen to a channel that was just opened. Await it directly (see Hub.subscribe). Raises StoreUnavailable."""
        if is_fleeting(channel.key):
            subscription = self.fleeting.subscribe(channel.key, listener, channel.sees)
        else:
            subscription = await self._hub.subscribe(channel.key, listener, channel.sees, since)
        seat = self._seats[channel.key, listener] = _Seat(channel, listener)
        if any(at >= channel.opened_at and _concerns(change, channel) for at, change in self._recent):
            self._recheck([seat])
        if has_presence(channel.key):
            self.presence.enter(channel.key, listener, channel.guest)
        return subscription

    def unsubscribe(self, key: StreamKey, listener: FeedListener, *, clean: bool = True) -> None:
        """`clean`: on purpose; else he is likely to come back at once."""
        if self._seats.pop((key, listener), None) is not None:
            (self.fleeting if is_fleeting(key) else self._hub).unsubscribe(key, listener)
            if has_presence(key):
                self.presence.leave(key, listener, clean=clean)

    def leave(self, keys: Iterable[StreamKey], listener: FeedListener, *, clean: bool) -> None:
        """The connection is gone."""
        for key in keys:
            self.unsubscribe(key, listener, clean=clean)

    async def recheck_all(self, pause_seconds: float) -> None:
        """Rights that another process has changed without a word (the command line), one after the other."""
        for seat in list(self._seats.values()):
            self._recheck([seat])
            await asyncio.sleep(pause_seconds)

    # Private.

    def _access_changed(self, change: dict[str, Any]) -> None:
        now = self._clock.monotonic()
        self._recent = [(at, each) for at, each in self._recent if now - at <= RECENT_SECONDS]
        self._recent.append((now, change))
        self._recheck(seat for seat in list(self._seats.values()) if _concerns(change, seat.channel))

    def _recheck(self, seats: Iterable[_Seat]) -> None:
        for seat in seats:
            task = asyncio.create_task(self._look_again(seat))
            self._rechecks.add(task)
            task.add_done_callback(self._rechecks.discard)

    async def _look_again(self, seat: _Seat) -> None:
        try:
            channel = await seat.channel.reopen()
        except StoreUnavailable:
            log.warning("the right to a channel could not be looked up")  # the next round asks again
        except AppError as error:
            self._end(seat, error)
        except Exception:  # a right that cannot be looked up for a defect is no right
            log.exception("the right to a channel could not be looked up")
            self._end(seat, Internal())
        else:
            if self._is_seated(seat):
                seat.channel = channel
                where = self.fleeting if is_fleeting(channel.key) else self._hub
                where.change_sight(channel.key, seat.listener, channel.sees)

    def _end(self, seat: _Seat, error: AppError) -> None:
        if self._is_seated(seat):
            self.unsubscribe(seat.channel.key, seat.listener)
            seat.listener.ended(seat.channel, error)

    def _is_seated(self, seat: _Seat) -> bool:
        return self._seats.get((seat.channel.key, seat.listener)) is seat


def _concerns(change: dict[str, Any], channel: Channel) -> bool:
    """A field that is absent or null concerns everybody; a document's right is not a channel's."""
    guest = channel.guest
    return (
        change.get("document") is None
        and change.get("organisation") in (None, guest.organisation_id)
        and change.get("user") in (None, guest.user_id)
        and change.get("credential") in (None, guest.credential_id)
    )
