"""The channel "push": a notification for every device of a person."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from persistence.errors import StoreUnavailable
from persistence.push import PushStore
from server.notifications.delivery import Channel, Later, Note, Outcome, Refused, Sender, Sent
from server.notifications.push.message import message_of
from server.notifications.push.post import Post, Told
from server.vault import Unsealable

__all__ = ["Badge", "PushSender"]

Badge: TypeAlias = Callable[[str, str], Awaitable[int]]
"""How many unread notifications somebody (the second) has in an organisation (the first)."""

FURTHER_TRIES = 3
"""For the devices that have not taken it, when another one has: a phone that is switched on again gets it too."""
MOST_UNDER_WAY = 10_000

_Key: TypeAlias = tuple[str, frozenset[str]]


@dataclass(slots=True)
class _UnderWay:
    """`settled`: the devices that it is not sent to again, because they have it or never will. `arrived`: one has it.
    `tries`: made since then."""

    settled: set[str] = field(default_factory=set)
    arrived: bool = False
    tries: int = 0


class PushSender:
    """Which devices have taken a message that is tried again is remembered by this process alone. After a restart it
    may be sent to them once more, and shows once: with the same topic it takes the place of the former one."""

    def __init__(self, store: PushStore, post: Post, badge: Badge | None = None) -> None:
        self._store = store
        self._post = post
        self._badge = badge
        self._under_way: OrderedDict[_Key, _UnderWay] = OrderedDict()

    @property
    def channel(self) -> Channel:
        return "push"

    async def can_reach(self, user_id: str) -> bool:
        return await self._store.can_reach(user_id)

    async def send(self, user_id: str, notes: Sequence[Note]) -> Outcome:
        """Sent when a device has taken it and none is worth another try; Later while one is."""
        try:
            return await self._send(user_id, notes)
        except Unsealable as error:
            return Later(f"the server cannot read its key for push: {error}")
        except StoreUnavailable as error:
            return Later(str(error))

    async def _send(self, user: str, notes: Sequence[Note]) -> Outcome:
        key = (user, frozenset(note.event_id for note in notes))
        here = self._under_way.pop(key, None) or _UnderWay()
        to = [row for row in await self._store.reachable(user) if row.id not in here.settled]
        badge = await self._badge(notes[0].organisation_id, user) if self._badge is not None else None
        told = await self._post.send(message_of(notes), to, badge)
        here.settled |= {id_ for id_, each in told.items() if each.result != "later"}
        here.arrived |= any(each.result == "taken" for each in told.values())
        again = [each for each in told.values() if each.result == "later"]
        if again and here.tries < FURTHER_TRIES:
            here.tries += 1 if here.arrived else 0
            self._remember(key, here)
            return _later(again)
        return Sent() if here.arrived else _refused(told)

    def _remember(self, key: _Key, here: _UnderWay) -> None:
        self._under_way[key] = here
        while len(self._under_way) > MOST_UNDER_WAY:
            self._under_way.popitem(last=False)


def _later(again: Sequence[Told]) -> Later:
    """When the first of them may be tried, if all have said."""
    times = [each.at for each in again if each.at is not None]
    return Later(again[0].why, min(times) if len(times) == len(again) else None)


def _refused(told: Mapping[str, Told]) -> Refused:
    return Refused(next((each.why for each in told.values()), "there is no device to send to"))


_keeps_the_promise: type[Sender] = PushSender
