"""A connection for `/ws/data-sources`: its client says nothing and hears all that it may see."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import uniform
from typing import Any, Protocol

from persistence.errors import StoreUnavailable
from persistence.events import StreamPosition
from server.clock import Clock
from server.errors import AppError, Forbidden, Internal, Invalid, NotFound, RateLimited, Unauthenticated
from server.events.catalogue import CATALOGUE
from server.events.workspaces import MembershipBegan
from server.realtime.connections.feed import FeedConnection
from server.realtime.door import Guest
from server.realtime.feed.centrifuge.codes import SLOW
from server.realtime.feed.channels import LONGEST_CHANNEL, Channel, ChannelDoor
from server.realtime.feed.data_sources import DataSourcesVoice, read, status
from server.realtime.feed.desk import FeedDesk
from server.realtime.feed.publication import Publication
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from server.realtime.refusals import reason_of
from server.realtime.transport import Transport

__all__ = ["LARGEST_MESSAGE", "CallersChannelDoor", "DataSourcesConnection", "DataSourcesDoor"]

log = logging.getLogger(__name__)

LARGEST_MESSAGE = 64 << 10
MOST_WAITING = 16
"""Wishes that wait for their turn."""
MOST_NAMED = 128
"""Channels in one `subscribe`."""
SIGN_IN_SECONDS = 15.0
GRACE = timedelta(seconds=25)
"""How long a connection lasts beyond its credential, in which its client may bring a newer one."""
SPREAD_SECONDS = 2.0
"""Feeds that have lost events begin anew over this time."""
VOICE = DataSourcesVoice()
MEMBERSHIP_BEGAN = CATALOGUE[MembershipBegan]

Wish = Callable[[], Awaitable[None]]
Since = Mapping[str, StreamPosition]


class CallersChannelDoor(ChannelDoor, Protocol):
    """Stands behind one caller, and knows which channels there are for him."""

    async def names(self) -> Sequence[str]:
        """All channels that he may listen to now. Raises Unauthenticated, StoreUnavailable."""
        ...


class DataSourcesDoor(Protocol):
    """Stands behind one socket, and knows what its upgrade request brought."""

    @property
    def knows_the_caller(self) -> bool:
        """Did the upgrade request bring a credential, or is none needed?"""
        ...

    async def sign_in(self, token: str | None) -> tuple[Guest, CallersChannelDoor]:
        """Who is there, by the token, else by what the upgrade brought. Raises Unauthenticated, RateLimited, Busy."""
        ...


class DataSourcesConnection(FeedConnection):
    """All channels of a caller, also those that he gets while he listens, unless he has named some."""

    __slots__ = ("_channels", "_desk", "_door", "_guest", "_is_looking", "_named", "_opener", "_wishes", "_worker")

    protocol = "data-governance-v1"

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        figures: Figures,
        address: str,
        meter: Meter,
        *,
        door: DataSourcesDoor,
        desk: FeedDesk,
    ) -> None:
        super().__init__(transport, clock, figures, address, meter)
        self._door = door
        self._desk = desk
        self._guest: Guest | None = None
        self._opener: CallersChannelDoor | None = None
        self._channels: dict[str, Channel] = {}
        self._named: tuple[str, ...] | None = None
        self._is_looking = False
        self._wishes: deque[Wish] = deque()
        self._worker: asyncio.Task[None] | None = None
        transport.limit(LARGEST_MESSAGE)

    async def enter(self) -> None:
        """Sign in by what the upgrade brought; who brought nothing is waited for. Raises what `sign_in` raises."""
        if self._door.knows_the_caller:
            await self._sign_in(None)

    # For the transport.

    def _receive(self, data: bytes | str, now: float) -> float:
        self._count(data)
        if self._closed:
            return 0.0
        try:
            if isinstance(data, bytes) or len(data) > LARGEST_MESSAGE:
                raise Invalid(f"a message is text of at most {LARGEST_MESSAGE} bytes")
            said, count = read(data), 1
            if said.type == "status_update" and said.payload.get("type") == "heartbeat":
                self._say_status(type="heartbeat")
            elif said.type == "auth":
                self._wish(partial(self._sign_in, _token_in(said.payload)))
            elif said.type == "subscribe":
                named, since = _wanted_in(said.payload)
                count += len(named or ())
                self._wish(partial(self._subscribe, named, since))
        except Invalid as error:
            self._figures.refusals.note("frame", "malformed", self.address, detail=error.message, bytes=len(data))
            self.close(error)
            return 0.0
        return self._meter.take(len(data), now, count)

    def lost(self, *, clean: bool) -> None:
        super().lost(clean=clean)
        self._leave(clean=clean)

    # For the registry.

    def look_after(self, now: float, at: datetime) -> None:
        guest = self._guest
        if guest is None:
            if now - self.opened_at > SIGN_IN_SECONDS:
                self.close(Unauthenticated())
        elif guest.expires_at is not None and guest.expires_at + GRACE <= at:
            self.close(Unauthenticated("Your sign-in has expired."))

    def access_changed(self, change: dict[str, Any]) -> None:
        """There may be a new channel. What has ended is told by the desk."""
        guest = self._guest
        if (
            guest is not None
            and change.get("document") is None
            and change.get("organisation") in (None, guest.organisation_id)
            and change.get("user") in (None, guest.user_id)
        ):
            self._look_for_channels()

    def close(self, error: AppError) -> None:
        super().close(error)
        self._leave(clean=isinstance(error, (Unauthenticated, Forbidden)))

    # For the desk.

    def hear(self, publication: Publication) -> None:
        self._say(publication.frame(VOICE))
        if publication.row is MEMBERSHIP_BEGAN:
            self._look_for_channels()

    def insufficient(self, key: tuple[str, str]) -> None:
        channel = self._channels.pop(key[1], None)
        if channel is not None:
            self._desk.unsubscribe(key, self, clean=False)
            self._say_status(type="reload", channel=channel.name, message="Events were lost: read the rows again.")
            later = uniform(0.0, SPREAD_SECONDS)  # noqa: S311  nobody gains by guessing it
            asyncio.get_running_loop().call_later(later, self._look_for_channels)

    def ended(self, channel: Channel, error: AppError) -> None:
        if isinstance(error, Unauthenticated):
            self.close(error)
        elif self._channels.pop(channel.name, None) is not None:
            self._say_status(type="unsubscribed", channel=channel.name)

    # Wishes.

    @property
    def guest(self) -> Guest | None:
        return self._guest

    def _wish(self, wish: Wish) -> None:
        if self._closed:
            return
        if len(self._wishes) >= MOST_WAITING:
            self.close(RateLimited("Too many messages wait for their answer."))
            return
        self._wishes.append(wish)
        if self._worker is None:
            self._worker = asyncio.create_task(self._do_all())

    async def _do_all(self) -> None:
        try:
            while self._wishes and not self._closed:
                await self._do(self._wishes.popleft())
        finally:
            self._worker = None

    async def _do(self, wish: Wish) -> None:
        try:
            await wish()
        except StoreUnavailable:
            log.warning("channels could not be looked up")  # they are looked for again twice a minute
        except AppError as error:
            self._figures.refusals.note("opening", reason_of(error), self.address)
            self.close(error)
        except Exception:  # a defect of ours is logged, and ends this socket only: its client comes back
            log.exception("a wish could not be met")
            self.close(Internal())

    async def _sign_in(self, token: str | None) -> None:
        before = self._guest
        guest, opener = await self._door.sign_in(token)
        if before is not None and (guest.organisation_id, guest.user_id) != (before.organisation_id, before.user_id):
            raise Unauthenticated("A newer token is of the same user.")
        self._guest, self._opener = guest, opener
        self._look_for_channels()

    def _look_for_channels(self) -> None:
        """Once, however many have asked for it meanwhile."""
        if not self._is_looking and not self._closed:
            self._is_looking = True
            self._wish(self._look)

    async def _look(self) -> None:
        self._is_looking = False
        await self._listen_to_all({})

    async def _subscribe(self, named: tuple[str, ...] | None, since: Since) -> None:
        """Begin anew with these channels, each from its position. What comes after the answer is in order."""
        if self._guest is None:
            raise Unauthenticated
        self._unsubscribe_all()
        self._named = named
        await self._listen_to_all(since)

    async def _listen_to_all(self, since: Since) -> None:
        opener = self._opener
        if opener is None:
            return
        names = self._named if self._named is not None else await opener.names()
        for name in names:
            if self._closed:
                return
            if name not in self._channels:
                await self._listen(opener, name, since.get(name))

    async def _listen(self, opener: CallersChannelDoor, name: str, since: StreamPosition | None) -> None:
        try:
            channel = await opener.open(name)
        except (Invalid, Forbidden, NotFound) as error:
            if self._named is not None:
                self._say_status(type="refused", channel=name, message=error.message)
            return  # else it was there when the names were looked up, and is no more
        if self._closed:
            return
        subscription = await self._desk.subscribe(channel, self, since)
        # Nothing is heard before this is said: there is no await from here on.
        if self._closed:
            self._desk.unsubscribe(channel.key, self)
            return
        self._channels[name] = channel
        recovers = since is not None and subscription.recovered
        offset = since.offset if since is not None and recovers else subscription.offset
        self._say_status(
            type="subscribed", channel=name, epoch=subscription.epoch, offset=str(offset), recovered=recovers
        )
        for publication in subscription.publications if recovers else ():
            self.hear(publication)

    # Saying and ending.

    def _say_status(self, **payload: Any) -> None:
        self._say(status(self._clock.now(), payload))

    def _too_slow(self) -> None:
        self._close(SLOW.code, SLOW.reason)
        self._leave(clean=False)

    def _unsubscribe_all(self, *, clean: bool = True) -> None:
        channels, self._channels = self._channels, {}
        self._desk.leave([channel.key for channel in channels.values()], self, clean=clean)

    def _leave(self, *, clean: bool) -> None:
        self._unsubscribe_all(clean=clean)
        self._wishes.clear()
        if self._worker is not None and self._worker is not asyncio.current_task():
            self._worker.cancel()


def _token_in(payload: Mapping[str, Any]) -> str:
    token = payload.get("token")
    if not isinstance(token, str) or not token:
        raise Invalid("auth has a payload with a token")
    return token


def _wanted_in(payload: Mapping[str, Any]) -> tuple[tuple[str, ...] | None, Since]:
    """The channels that are named (None: all), and from where they are to go on."""
    named, since = payload.get("channels"), payload.get("since", {})
    if named is not None:
        if not isinstance(named, list) or not all(map(_can_be_a_name, named)) or len(named) > MOST_NAMED:
            raise Invalid(f"channels are a list of at most {MOST_NAMED} names")
        named = tuple(dict.fromkeys(named))
    if not isinstance(since, dict):
        raise Invalid("since is an object: a position {epoch, offset} for each channel")
    return named, {str(name): _position(at) for name, at in since.items()}


def _can_be_a_name(value: Any) -> bool:
    """It is said back where it names no channel, so it must be text that can be sent."""
    return isinstance(value, str) and len(value) <= LONGEST_CHANNEL and value.isprintable()


def _position(at: Any) -> StreamPosition:
    """The offset may be a text, as it is in `metadata.headers`."""
    if isinstance(at, dict) and isinstance(at.get("epoch"), str):
        offset = at.get("offset")
        if isinstance(offset, str) and offset.isascii() and offset.isdigit() and len(offset) < 19:
            offset = int(offset)
        if isinstance(offset, int) and not isinstance(offset, bool) and 0 <= offset < 1 << 63:
            return StreamPosition(at["epoch"], offset)
    raise Invalid("since has a position {epoch, offset} for each channel")
