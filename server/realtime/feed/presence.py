"""Who listens to a workspace on this node, by live connections: told to those who ask for it, and kept nowhere."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from persistence.events import StreamKey
from server.clock import Clock
from server.realtime.door import Guest
from server.realtime.frames import Frame

__all__ = ["COALESCE_SECONDS", "GRACE_SECONDS", "ChannelPresence", "Later", "Person", "PresenceChange", "has_presence"]

COALESCE_SECONDS = 1.0
"""A channel tells of who comes and goes once in this time at the most: the first at once, the others together."""
GRACE_SECONDS = 3.0
"""Whoever was cut off is taken to be here for so long: most come back."""


class Handle(Protocol):
    def cancel(self) -> None: ...


Later: TypeAlias = Callable[[float, Callable[[], None]], Handle]
"""Call it in so many seconds, unless it is cancelled."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by one of his connections, `client`."""

    client: str
    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PresenceChange:
    """People, not connections: who opens a second one has not come again. Shared by all who are told."""

    key: StreamKey
    joined: tuple[Person, ...]
    left: tuple[Person, ...]
    _frames: dict[Callable[["PresenceChange"], Frame], Frame] = field(default_factory=dict, compare=False, repr=False)

    def frame(self, voice: Callable[["PresenceChange"], Frame]) -> Frame:
        """What `voice` says of it, made once."""
        found = self._frames.get(voice)
        if found is None:
            found = self._frames[voice] = voice(self)
        return found


class Visitor(Protocol):
    """A connection that listens."""

    @property
    def client(self) -> str:
        """The connection's own id."""
        ...

    def met(self, change: PresenceChange) -> None:
        """Who came and went, for a visitor that watches. Quick, and never raises."""
        ...


@dataclass(slots=True)
class _Room:
    """`told`: by user, whom everybody has been told to be here. `cut_off`: by user, when the wait for him ends."""

    visitors: dict[Visitor, Person] = field(default_factory=dict)
    watchers: set[Visitor] = field(default_factory=set)
    told: dict[str, Person] = field(default_factory=dict)
    cut_off: dict[str, float] = field(default_factory=dict)
    settled_at: float = float("-inf")
    due: float = float("inf")
    timer: Handle | None = None


class ChannelPresence:
    def __init__(self, clock: Clock, later: Later | None = None) -> None:
        self._clock = clock
        self._later = later or _on_the_loop
        self._rooms: dict[StreamKey, _Room] = {}

    def enter(self, key: StreamKey, visitor: Visitor, guest: Guest) -> None:
        room = self._rooms.setdefault(key, _Room())
        room.visitors[visitor] = Person(visitor.client, guest.user_id, guest.name)
        room.cut_off.pop(guest.user_id, None)
        self._look(key, room, self._clock.monotonic())

    def leave(self, key: StreamKey, visitor: Visitor, *, clean: bool) -> None:
        """`clean`: on purpose, so nobody waits for him to come back."""
        room = self._rooms.get(key)
        person = room.visitors.pop(visitor, None) if room is not None else None
        if room is None or person is None:
            return
        room.watchers.discard(visitor)
        now = self._clock.monotonic()
        is_last = all(each.user_id != person.user_id for each in room.visitors.values())
        if is_last and not clean and person.user_id in room.told:
            room.cut_off[person.user_id] = now + GRACE_SECONDS
        self._look(key, room, now)

    def watch(self, key: StreamKey, visitor: Visitor) -> None:
        """Tell him from now on, until he leaves; who is here by now, `here` says."""
        room = self._rooms.get(key)
        if room is not None and visitor in room.visitors:
            room.watchers.add(visitor)

    def here(self, key: StreamKey) -> tuple[Person, ...]:
        """All connections of those who are told to be here. What it does not say yet, a change is going to."""
        room = self._rooms.get(key)
        if room is None:
            return ()
        connected = [each for each in room.visitors.values() if each.user_id in room.told]
        users = {each.user_id for each in connected}
        return (*connected, *(each for user, each in room.told.items() if user not in users))

    # Private.

    def _look(self, key: StreamKey, room: _Room, at: float) -> None:
        """Tell what has changed at this time, or as soon after it as this channel may speak again."""
        at = max(at, room.settled_at + COALESCE_SECONDS)
        now = self._clock.monotonic()
        if at <= now:
            self._settle(key, room)
        elif at < room.due:
            if room.timer is not None:
                room.timer.cancel()
            room.due = at
            room.timer = self._later(at - now, lambda: self._settle(key, room))

    def _settle(self, key: StreamKey, room: _Room) -> None:
        if room.timer is not None:
            room.timer.cancel()
        now = self._clock.monotonic()
        room.timer, room.due = None, float("inf")
        room.cut_off = {user: until for user, until in room.cut_off.items() if until > now}
        present = {user: room.told[user] for user in room.cut_off}
        for each in room.visitors.values():
            present.setdefault(each.user_id, room.told.get(each.user_id, each))
        joined = tuple(each for user, each in present.items() if user not in room.told)
        left = tuple(each for user, each in room.told.items() if user not in present)
        room.told = present
        if joined or left:
            room.settled_at = now
            change = PresenceChange(key, joined, left)
            for watcher in tuple(room.watchers):
                watcher.met(change)
        if room.cut_off:
            self._look(key, room, min(room.cut_off.values()))
        elif not room.visitors and self._rooms.get(key) is room:
            del self._rooms[key]


def has_presence(key: StreamKey) -> bool:
    """Workspaces are where people meet."""
    return key[1].startswith("workspace:")


def _on_the_loop(seconds: float, call: Callable[[], None]) -> Handle:
    return asyncio.get_running_loop().call_later(seconds, call)
