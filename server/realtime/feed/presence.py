"""Who listens to a workspace, by live connections on all nodes: told to those who ask for it, and kept nowhere."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from persistence.events import StreamKey
from server.clock import Clock
from server.realtime.door import Guest
from server.realtime.elsewhere import FactTable
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
    """`told`: by user, whom everybody has been told to be here. By user, when the wait for him ends: `cut_off` of those
    who were cut off from this node, `adrift` of those whose node is gone."""

    visitors: dict[Visitor, Person] = field(default_factory=dict)
    watchers: set[Visitor] = field(default_factory=set)
    told: dict[str, Person] = field(default_factory=dict)
    cut_off: dict[str, float] = field(default_factory=dict)
    adrift: dict[str, float] = field(default_factory=dict)
    settled_at: float = float("-inf")
    due: float = float("inf")
    timer: Handle | None = None


class ChannelPresence:
    """`elsewhere`: by channel, the people who are connected to each other node."""

    def __init__(self, clock: Clock, later: Later | None = None, elsewhere: FactTable | None = None) -> None:
        self._clock = clock
        self._later = later or _on_the_loop
        self._elsewhere = elsewhere or FactTable()
        self._elsewhere.on_change(self._others_changed)
        self._rooms: dict[StreamKey, _Room] = {}

    def enter(self, key: StreamKey, visitor: Visitor, guest: Guest) -> None:
        room = self._rooms.setdefault(key, _Room())
        room.visitors[visitor] = Person(visitor.client, guest.user_id, guest.name)
        room.cut_off.pop(guest.user_id, None)
        room.adrift.pop(guest.user_id, None)
        self._tell_others(key, room)
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
        self._tell_others(key, room)
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
        people = (*room.visitors.values(), *self._people_elsewhere(key))
        connected = [each for each in people if each.user_id in room.told]
        users = {each.user_id for each in connected}
        return (*connected, *(each for user, each in room.told.items() if user not in users))

    # Private: other nodes.

    def _people_elsewhere(self, key: StreamKey) -> list[Person]:
        return [Person(*each) for people in self._elsewhere.elsewhere("/".join(key)) for each in people]

    def _tell_others(self, key: StreamKey, room: _Room) -> None:
        """Who is connected here; and who was, while we wait for him: a leave is told by whoever has waited."""
        waited_for = [room.told[user] for user in room.cut_off]
        people = [[each.client, each.user_id, each.name] for each in (*room.visitors.values(), *waited_for)]
        self._elsewhere.put("/".join(key), people or None)

    def _others_changed(self, name: str, is_gone: bool) -> None:
        organisation, _, stream = name.partition("/")
        key = organisation, stream
        room = self._rooms.get(key)
        if room is None:
            return
        now = self._clock.monotonic()
        if is_gone:  # the node was restarted or died: its people are likely to come back by another one
            present = {each.user_id for each in (*room.visitors.values(), *self._people_elsewhere(key))}
            room.adrift |= dict.fromkeys(room.told.keys() - present - room.cut_off.keys(), now + GRACE_SECONDS)
        self._look(key, room, now)

    # Private: telling.

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
        was_cut_off = len(room.cut_off)
        room.cut_off = {user: until for user, until in room.cut_off.items() if until > now}
        room.adrift = {user: until for user, until in room.adrift.items() if until > now}
        if len(room.cut_off) != was_cut_off:
            self._tell_others(key, room)
        present = {user: room.told[user] for user in (*room.cut_off, *room.adrift) if user in room.told}
        for each in (*room.visitors.values(), *self._people_elsewhere(key)):
            present.setdefault(each.user_id, room.told.get(each.user_id, each))
        joined = tuple(each for user, each in present.items() if user not in room.told)
        left = tuple(each for user, each in room.told.items() if user not in present)
        room.told = present
        if joined or left:
            room.settled_at = now
            change = PresenceChange(key, joined, left)
            for watcher in tuple(room.watchers):
                watcher.met(change)
        if waits := (*room.cut_off.values(), *room.adrift.values()):
            self._look(key, room, min(waits))
        elif not room.visitors and self._rooms.get(key) is room:
            del self._rooms[key]


def has_presence(key: StreamKey) -> bool:
    """Workspaces are where people meet."""
    return key[1].startswith("workspace:")


def _on_the_loop(seconds: float, call: Callable[[], None]) -> Handle:
    return asyncio.get_running_loop().call_later(seconds, call)
