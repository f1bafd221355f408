"""How a change and the events that tell of it are written together, and how the rest of the house hears of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection

from persistence.events import NewEvent, StoredEvent, append_events
from server.clock import Clock
from server.events.catalogue import row_of
from server.events.envelope import body_without_offset, with_offset
from server.events.model import Actor, Event
from server.events.uuid7 import uuid7

__all__ = ["Outbox", "Publish", "Record", "Told"]

Publish: TypeAlias = Callable[[Sequence[StoredEvent]], None]
"""Told of committed events; quick, and never raises. What it misses is found by the sweep."""


Told: TypeAlias = tuple[Actor, Event]
"""An event, and who has caused it."""


class Record:
    """The events of one change: handed to the store, which calls it as the last thing in its transaction.

    Called again (the store tries again, or lost the transaction) it starts afresh. `stored` is what the last call
    has written, and true only once the transaction is committed.
    """

    __slots__ = ("_actor", "_clock", "_ready", "stored")

    def __init__(self, clock: Clock, told: Sequence[Told], actor: Actor | None = None) -> None:
        self.stored: tuple[StoredEvent, ...] = ()
        self._clock = clock
        self._actor = actor
        self._ready = _put(told, clock)

    def __call__(self, connection: Connection, *more: Event) -> None:
        """Write the events, and after them those of the same actor that only the transaction could know."""
        found = _put([(self._actor, event) for event in more], self._clock) if self._actor is not None else []
        self.stored = append_events(connection, [*self._ready, *found])

    def write(self, connection: Connection, told: Sequence[Told]) -> None:
        """The same, with events of any actors that only the transaction could know."""
        self.stored = append_events(connection, [*self._ready, *_put(told, self._clock)])


class Outbox:
    """For a service that changes rows:

        record = outbox.record(caller.actor, DocumentRenamed(...))
        await store.update(..., also=record)
        outbox.published(record)

    A process that dies between the last two lines is made up for by the sweep. One record is for one attempt.
    """

    def __init__(self, publish: Publish, clock: Clock) -> None:
        self._publish = publish
        self._clock = clock

    def record(self, actor: Actor, *events: Event) -> Record:
        return Record(self._clock, [(actor, event) for event in events], actor)

    def record_of(self, told: Sequence[Told]) -> Record:
        """For events that several actors have caused."""
        return Record(self._clock, told)

    def published(self, record: Record) -> None:
        """After the commit: whoever listens is told of what was written, which may be nothing."""
        if record.stored:
            self._publish(record.stored)


def _put(told: Sequence[Told], clock: Clock) -> list[NewEvent]:
    if not told:
        return []
    now = clock.now()
    return [_new(event, actor, uuid7(now), now) for actor, event in told]


def _new(event: Event, actor: Actor, id_: str, now: datetime) -> NewEvent:
    body = body_without_offset(event, actor, id_, now)
    return NewEvent(
        organisation_id=actor.organisation_id,
        stream=event.stream,
        id=id_,
        type=row_of(event).type,
        actor_id=actor.id,
        subject=event.subject,
        time=now,
        body_of=lambda offset: with_offset(body, offset),
    )
