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

__all__ = ["Outbox", "Publish", "Record"]

Publish: TypeAlias = Callable[[Sequence[StoredEvent]], None]
"""Told of committed events; quick, and never raises. What it misses is found by the sweep."""


class Record:
    """The events of one change: handed to the store, which calls it as the last thing in its transaction.

    Called again (the store tries again, or lost the transaction) it starts afresh. `stored` is what the last call
    has written, and true only once the transaction is committed.
    """

    __slots__ = ("_actor", "_clock", "_ready", "stored")

    def __init__(self, actor: Actor, clock: Clock, events: Sequence[Event]) -> None:
        self.stored: tuple[StoredEvent, ...] = ()
        self._actor = actor
        self._clock = clock
        self._ready = self._put(events)

    def __call__(self, connection: Connection, *more: Event) -> None:
        """Write the events, and after them those that only the transaction could know."""
        self.stored = append_events(connection, [*self._ready, *self._put(more)])

    def _put(self, events: Sequence[Event]) -> list[NewEvent]:
        now = self._clock.now()
        return [_new(event, self._actor, uuid7(now), now) for event in events] if events else []


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
        return Record(actor, self._clock, events)

    def published(self, record: Record) -> None:
        """After the commit: whoever listens is told of what was written, which may be nothing."""
        if record.stored:
            self._publish(record.stored)


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
