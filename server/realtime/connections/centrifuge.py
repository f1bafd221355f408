"""A connection in Centrifugo's client protocol: many channels on one socket, each resumable."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import uniform
from types import MappingProxyType
from typing import Any, Protocol

from persistence.errors import StoreUnavailable
from server.clock import Clock
from server.errors import AppError, CredentialExpired, Internal, Invalid, Unauthenticated
from server.realtime.connections.emulation import Session
from server.realtime.connections.feed import FeedConnection
from server.realtime.door import Guest
from server.realtime.feed.centrifuge import codes
from server.realtime.feed.centrifuge import commands as c
from server.realtime.feed.centrifuge.replies import (
    PING,
    CentrifugeVoice,
    answered,
    failed,
    here,
    how_many,
    met,
    subscribed,
    unsubscribed,
)
from server.realtime.feed.channels import Channel, ChannelDoor
from server.realtime.feed.desk import FeedDesk
from server.realtime.feed.presence import PresenceChange, has_presence
from server.realtime.feed.publication import Publication
from server.realtime.figures import Figures
from server.realtime.meter import Meter
from server.realtime.refusals import reason_of
from server.realtime.transport import Transport

__all__ = ["LARGEST_MESSAGE", "CentrifugeConnection", "FeedDoor"]

log = logging.getLogger(__name__)

LARGEST_MESSAGE = 64 << 10
MOST_CHANNELS = 128
MOST_WAITING = 2 * c.MOST_COMMANDS
"""Commands that wait for their turn; a client that is not read sends no more."""
WAITING_PAUSE = 0.1
SIGN_IN_SECONDS = 15.0
PING_SECONDS, PONG_SECONDS = 25.0, 8.0
GRACE = timedelta(seconds=25)
"""How long a connection lasts beyond its credential: a client may be late with a newer one."""
SPREAD_SECONDS = 2.0
"""Clients that are to subscribe again do it over this time."""
VOICE = CentrifugeVoice()


class FeedDoor(Protocol):
    """Stands behind one socket, and knows what its upgrade request brought."""

    async def sign_in(self, token: str | None) -> tuple[Guest, ChannelDoor]:
        """Who is there, by the token, else by what the upgrade brought. Raises Unauthenticated, RateLimited, Busy."""
        ...


class CentrifugeConnection(FeedConnection):
    """Its commands are done one after the other, in their order, by a task that exists only while some wait."""

    __slots__ = (
        "_channels",
        "_desk",
        "_door",
        "_guest",
        "_heard_at",
        "_opener",
        "_pinged_at",
        "_rests_until",
        "_session",
        "_version",
        "_waiting",
        "_worker",
    )

    protocol = "centrifuge"

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        figures: Figures,
        address: str,
        meter: Meter,
        *,
        door: FeedDoor,
        desk: FeedDesk,
        version: str,
        session: Session | None = None,
    ) -> None:
        """session: what its commands are known by when they come another way than this transport's."""
        super().__init__(transport, clock, figures, address, meter)
        self._door = door
        self._desk = desk
        self._version = version
        self._session = session or Session(self.client)
        self.kind = "feed" if session is None else "emulation"
        self._guest: Guest | None = None
        self._opener: ChannelDoor | None = None
        self._channels: dict[str, Channel] = {}
        self._waiting: deque[c.Command] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._heard_at = self._pinged_at = self._rests_until = self.opened_at
        transport.limit(LARGEST_MESSAGE)

    # For the transport.

    def _receive(self, data: bytes | str, now: float) -> float:
        self._count(data)
        self._heard_at = now
        if self._closed:
            return 0.0
        try:
            if isinstance(data, bytes) or len(data) > LARGEST_MESSAGE:
                raise Invalid(f"a message is text of at most {LARGEST_MESSAGE} bytes")
            said = c.decode(data)
        except Invalid as error:
            self._figures.refusals.note("frame", "malformed", self.address, detail=error.message, bytes=len(data))
            self._disconnect(codes.BAD_REQUEST)
            return 0.0
        self._waiting += (each for each in said if not isinstance(each, c.Pong | c.Send))
        if len(self._waiting) > MOST_WAITING:
            self._disconnect(codes.OVER_RATE)
            return 0.0
        self._work()
        pause = self._meter.take(len(data), now, len(said))
        if len(self._waiting) > c.MOST_COMMANDS:
            pause = max(pause, WAITING_PAUSE)
        self._rests_until = now + pause
        return pause

    def lost(self, *, clean: bool) -> None:
        super().lost(clean=clean)
        self._leave(clean=clean)

    # For the registry.

    def look_after(self, now: float, at: datetime) -> None:
        guest = self._guest
        if guest is None:
            if now - self.opened_at > SIGN_IN_SECONDS:
                self._disconnect(codes.STALE)
        elif guest.expires_at is not None and guest.expires_at + GRACE <= at:
            self._disconnect(codes.EXPIRED)
        elif self._pinged_at > self._heard_at and now - max(self._pinged_at, self._rests_until) > PONG_SECONDS:
            self._disconnect(codes.NO_PONG)
        elif now - self._pinged_at >= PING_SECONDS:
            self._pinged_at = now
            self._say(PING)

    def access_changed(self, change: dict[str, Any]) -> None:
        """The desk looks every subscription up again, and tells what has ended."""

    def close(self, error: AppError) -> None:
        self._disconnect(codes.disconnect_of(error))

    # For the desk.

    def hear(self, publication: Publication) -> None:
        self._say(publication.frame(VOICE))

    def insufficient(self, key: tuple[str, str]) -> None:
        channel = self._channels.pop(key[1], None)
        if channel is not None:
            self._desk.unsubscribe(key, self, clean=False)
            told = unsubscribed(channel.name, codes.INSUFFICIENT)
            later = uniform(0.0, SPREAD_SECONDS)  # noqa: S311  nobody gains by guessing it
            asyncio.get_running_loop().call_later(later, self._say, told)

    def met(self, change: PresenceChange) -> None:
        self._say(change.frame(met))

    def ended(self, channel: Channel, error: AppError) -> None:
        if isinstance(error, Unauthenticated):
            self._disconnect(codes.INVALID_TOKEN)
        elif self._channels.pop(channel.name, None) is not None:
            self._say(unsubscribed(channel.name, codes.PERMISSION_ENDED))

    # Commands.

    @property
    def guest(self) -> Guest | None:
        return self._guest

    def _work(self) -> None:
        if self._waiting and self._worker is None:
            self._worker = asyncio.create_task(self._do_all())

    async def _do_all(self) -> None:
        try:
            while self._waiting and not self._closed:
                await self._do(self._waiting.popleft())
        except asyncio.CancelledError:
            raise
        except Exception:  # a defect of ours is logged, and ends this socket only: its client comes back
            log.exception("a command could not be done")
            self.close(Internal())
        finally:
            self._worker = None

    async def _do(self, command: c.Command) -> None:
        if self._guest is None and not isinstance(command, c.Connect):
            self._disconnect(codes.BAD_REQUEST)
            return
        match command:
            case c.Connect():
                await self._sign_in(command)
            case c.Subscribe():
                await self._subscribe(command)
            case c.Unsubscribe():
                self._unsubscribe(command)
            case c.Presence() | c.PresenceStats():
                self._tell_presence(command)
            case c.Refresh():
                await self._refresh(command)
            case c.Publish():
                self._fail(command.id, codes.DENIED)
            case c.NotServed():
                self._fail(command.id, codes.NOT_AVAILABLE if command.known else codes.METHOD_NOT_FOUND)
            case c.Pong() | c.Send():
                pass

    async def _sign_in(self, command: c.Connect) -> None:
        if self._guest is not None:
            self._disconnect(codes.BAD_REQUEST)
            return
        guest = await self._enter(command)
        if guest is None or self._closed:
            return
        self._guest = guest
        self._heard_at = self._pinged_at = self._clock.monotonic()
        expiry = self._expiry(guest) if command.token is not None else {}
        self._say(
            answered(
                command.id,
                "connect",
                {
                    "client": self.client,
                    "version": self._version,
                    "ping": int(PING_SECONDS),
                    "pong": True,
                    "session": self._session.id,
                    "node": self._session.node,
                    **expiry,
                },
            )
        )

    async def _refresh(self, command: c.Refresh) -> None:
        before = self._guest
        guest = await self._enter(command)
        if guest is None or before is None or self._closed:
            return
        if (guest.organisation_id, guest.user_id) != (before.organisation_id, before.user_id):
            self._disconnect(codes.INVALID_TOKEN)
            return
        self._guest = guest
        told = {"client": self.client, "version": self._version, **self._expiry(guest)}
        self._say(answered(command.id, "refresh", told))

    async def _enter(self, command: c.Connect | c.Refresh) -> Guest | None:
        """Sign in; None when the socket is being closed instead, or the client asked for a newer token."""
        try:
            guest, self._opener = await self._door.sign_in(command.token)
        except StoreUnavailable:
            self._disconnect(codes.SERVER_ERROR)
        except CredentialExpired as error:
            self._figures.refusals.note("opening", reason_of(error), self.address)
            self._fail(command.id, codes.TOKEN_EXPIRED)
        except AppError as error:
            self._figures.refusals.note("opening", reason_of(error), self.address)
            self.close(error)
        else:
            return guest
        return None

    def _expiry(self, guest: Guest) -> Mapping[str, Any]:
        """Clients bring a newer token when the time is over."""
        if guest.expires_at is None:
            return MappingProxyType({})
        left = (guest.expires_at - self._clock.now()).total_seconds()
        return {"expires": True, "ttl": max(1, int(left))}

    async def _subscribe(self, command: c.Subscribe) -> None:
        if command.channel in self._channels:
            self._fail(command.id, codes.ALREADY_SUBSCRIBED)
        elif len(self._channels) >= MOST_CHANNELS:
            self._fail(command.id, codes.TOO_MANY_CHANNELS)
        else:
            try:
                await self._listen(command)
            except StoreUnavailable:
                self._fail(command.id, codes.INTERNAL)
            except Unauthenticated as error:
                self.close(error)
            except AppError as error:
                self._figures.refusals.note("opening", reason_of(error), self.address)
                self._fail(command.id, codes.fault_of(error))

    async def _listen(self, command: c.Subscribe) -> None:
        assert self._opener is not None
        channel = await self._opener.open(command.channel)
        if self._closed:
            return
        subscription = await self._desk.subscribe(channel, self, command.since)
        # Nothing is heard before this is said: there is no await from here on.
        if self._closed:
            self._desk.unsubscribe(channel.key, self)
        elif command.or_error and command.since is not None and not subscription.recovered:
            self._desk.unsubscribe(channel.key, self)
            self._fail(command.id, codes.UNRECOVERABLE)
        else:
            self._channels[channel.name] = channel
            self._say(subscribed(command.id, subscription, command.since))
            if command.join_leave:
                self._desk.presence.watch(channel.key, self)

    def _tell_presence(self, command: c.Presence | c.PresenceStats) -> None:
        """Only who listens to a channel may know who else does."""
        channel = self._channels.get(command.channel)
        if channel is None:
            self._fail(command.id, codes.DENIED)
        elif not has_presence(channel.key):
            self._fail(command.id, codes.NOT_AVAILABLE)
        else:
            say = here if isinstance(command, c.Presence) else how_many
            self._say(say(command.id, self._desk.presence.here(channel.key)))

    def _unsubscribe(self, command: c.Unsubscribe) -> None:
        channel = self._channels.pop(command.channel, None)
        if channel is not None:
            self._desk.unsubscribe(channel.key, self)
        self._say(answered(command.id, "unsubscribe", {}))

    # Saying and ending.

    def _fail(self, id_: int, fault: codes.Fault) -> None:
        self._say(failed(id_, fault))

    def _too_slow(self) -> None:
        self._disconnect(codes.SLOW)

    def _disconnect(self, why: codes.Disconnect) -> None:
        self._close(why.code, why.reason)
        self._leave(clean=not codes.comes_back(why.code))

    def _leave(self, *, clean: bool) -> None:
        channels, self._channels = self._channels, {}
        self._desk.leave([channel.key for channel in channels.values()], self, clean=clean)
        self._waiting.clear()
        if self._worker is not None and self._worker is not asyncio.current_task():
            self._worker.cancel()
