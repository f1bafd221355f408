"""All connections of this node: how many there may be, who must be looked at again, and the end of all."""

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from persistence.errors import StoreUnavailable
from server.clock import Clock
from server.errors import AppError, Busy, Forbidden, RateLimited, Stopping
from server.realtime.access import ACCESS
from server.realtime.broker import Broker
from server.realtime.connections.base import Connection
from server.realtime.connections.documents import OPENING_SECONDS, DocumentConnection, Place
from server.realtime.door import Guest
from server.realtime.elsewhere import FactTable
from server.realtime.figures import Figures

__all__ = ["Arrival", "ConnectionLimits", "ConnectionRegistry"]

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Connections looked at in one go of the loop: under a millisecond."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many sockets there may be: on this node, on it from one address, and of one user on all nodes."""

    node: int
    address: int
    user: int


@dataclass(slots=True)
class Arrival:
    """A socket as it is counted, from its knock to its end: from this address, and for this user once he is known."""

    address: str
    user: str | None = None


class ConnectionRegistry:
    """Keeps the connections, and ends those that have lost their right."""

    def __init__(
        self,
        clock: Clock,
        broker: Broker,
        figures: Figures,
        limits: ConnectionLimits,
        elsewhere: FactTable | None = None,
    ) -> None:
        """`elsewhere`: by user, how many connections he has on each other node."""
        self.limits = limits
        self._elsewhere = elsewhere or FactTable()
        self._clock = clock
        self._broker = broker
        self._figures = figures
        self._connections: set[Connection] = set()
        self._sockets = 0
        self._addresses: Counter[str] = Counter()
        self._users: Counter[str] = Counter()
        self._peers = itertools.count(1)
        self._numbers = itertools.count(1)
        self._rechecks: set[asyncio.Task[None]] = set()
        self._recent: list[tuple[float, dict[str, Any]]] = []
        self._stopping = False
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._unsubscribe = ACCESS.subscribe(self._broker, self._access_changed)

    def next_peer(self) -> int:
        """A number that no other peer of this process has."""
        return next(self._peers)

    # Coming and going.

    @property
    def connections(self) -> tuple[Connection, ...]:
        return tuple(self._connections)

    def arrive(self, address: str) -> Arrival:
        """Count a socket that wants to come in from here, until it departs. Raises Stopping, Busy, RateLimited.

        A socket counts from its knock on: one that is kept waiting by a slow store costs as much as any other.
        """
        if self._stopping:
            raise Stopping
        if self._sockets >= self.limits.node:
            raise Busy("This node has as many connections as it may.")
        if self._addresses[address] >= self.limits.address:
            raise RateLimited("Too many connections from this address.")
        self._addresses[address] += 1
        self._sockets += 1
        return Arrival(address)

    def depart(self, arrival: Arrival) -> None:
        """The socket that arrived so is gone."""
        self._sockets -= 1
        _one_less(self._addresses, arrival.address)
        if arrival.user is not None:
            _one_less(self._users, arrival.user)
            self._elsewhere.put(arrival.user, self._users.get(arrival.user))

    def identify(self, arrival: Arrival, user_id: str) -> None:
        """Count the socket for the first user that it is let in as. Raises RateLimited."""
        if arrival.user is None:
            if self._users[user_id] + sum(self._elsewhere.elsewhere(user_id)) >= self.limits.user:
                raise RateLimited("You have too many connections open.")
            self._users[user_id] += 1
            self._elsewhere.put(user_id, self._users[user_id])
            arrival.user = user_id

    def add(self, connection: Connection) -> None:
        connection.number = next(self._numbers)
        self._connections.add(connection)
        self._figures.connections = len(self._connections)
        self._figures.connections_total += 1

    def lost(self, connection: Connection, *, clean: bool) -> None:
        """Its socket has ended; `clean`: the client closed it on purpose."""
        self._connections.discard(connection)
        self._figures.connections = len(self._connections)
        connection.lost(clean=clean)

    # Looking after them.

    def sweep(self) -> None:
        """Once a second or so: keep silent links alive, end what has waited or lasted too long."""
        self._look_at_newcomers(self._clock.monotonic())
        self._look_at(self.connections)

    async def sweep_in_parts(self) -> None:
        """The same, and the loop has its turns in between."""
        self._look_at_newcomers(self._clock.monotonic())
        connections = self.connections
        for start in range(0, len(connections), AT_ONCE):
            self._look_at(connections[start : start + AT_ONCE])
            await asyncio.sleep(0)

    def _look_at(self, connections: Iterable[Connection]) -> None:
        now, at = self._clock.monotonic(), self._clock.now()
        for connection in connections:
            connection.look_after(now, at)

    def _look_at_newcomers(self, now: float) -> None:
        """Who was on the way in when a right changed was let in by the old one: look at him again."""
        self._recent = [(at, change) for at, change in self._recent if now - at <= OPENING_SECONDS]
        seated = self._places if self._recent else []
        for at, change in self._recent:
            self.recheck(place for place in seated if place.since >= at and _concerns(change, place))

    def look_again(self, connection: Connection) -> None:
        """Look up all its rights, which another process may have changed."""
        if isinstance(connection, DocumentConnection):
            self.recheck(connection.places)
        else:
            connection.access_changed({})

    def recheck(self, places: Iterable[Place]) -> None:
        """Look up the right of each place again, and act on what has changed."""
        for place in places:
            task = asyncio.create_task(self._recheck(place))
            self._rechecks.add(task)
            task.add_done_callback(self._rechecks.discard)

    def let_nobody_in(self) -> None:
        """From now on new sockets are told to come back later."""
        self._stopping = True

    async def close(self, spread_seconds: float) -> None:
        """Tell all sockets to come back elsewhere or later, spread over this time. No new one is let in."""
        self.let_nobody_in()
        self._unsubscribe()
        connections = self.connections
        pause = spread_seconds / len(connections) if connections else 0.0
        for connection in connections:
            connection.close(Stopping())
            await asyncio.sleep(pause)

    # Private.

    @property
    def _places(self) -> list[Place]:
        documents = (each for each in self._connections if isinstance(each, DocumentConnection))
        return [place for connection in documents for place in connection.places]

    def _access_changed(self, change: dict[str, Any]) -> None:
        self._recent.append((self._clock.monotonic(), change))
        self.recheck(place for place in self._places if _concerns(change, place))
        for connection in self.connections:
            connection.access_changed(change)

    async def _recheck(self, place: Place) -> None:
        seat = place.seat
        try:
            right = await seat.admission.recheck()
        except StoreUnavailable:
            # The store cannot say. Rights are looked up again when it can; until then nothing is committed anyway.
            log.warning("a right could not be looked up")
            return
        except AppError as error:
            place.host.end(seat, error)
            return
        if right is None:
            place.host.end(seat, Forbidden("Your access to this document has ended."))
        else:
            place.host.change_right(seat, right)


def _one_less(counts: Counter[str], key: str) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


def _concerns(change: dict[str, Any], place: Place) -> bool:
    """A field that is absent or null concerns everybody."""
    guest: Guest = place.seat.admission.guest
    return (
        change.get("organisation") in (None, guest.organisation_id)
        and change.get("user") in (None, guest.user_id)
        and change.get("credential") in (None, guest.credential_id)
        and change.get("document") in (None, place.seat.admission.document)
    )
