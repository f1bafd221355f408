"""Durable consumers: parts of the house that deal with every event once, whatever happens to the process.

How to be one (an inbox, webhooks):

    class InboxWriter:
        name = "inbox"                                    # of its cursors in the store: never another one
        kinds = frozenset({CommentAdded, MembershipBegan})   # all others are passed over

        async def prepare(self, heard: Heard) -> Effect | None:
            recipients = await self._store.subscribers(heard.event.document_id)      # look around first ...
            def write(connection: Connection) -> None:                               # ... then say what to write
                insert_items(connection, heard, recipients)
            return Effect(write, events=[(heard.actor, InboxItemAdded(...))], after=self._sender.wake)

`house.py` hands it to `Consumers`. The promises:

1.  Every event of its kinds, of every stream of every organisation, in the order of its stream. Events of different
    streams come in any order. A consumer that is new to a store begins with what happens from then on.
2.  `write` runs in the transaction that moves the cursor past the event: what it writes is written exactly once, also
    over kill -9 and with several nodes. It makes no other calls, and may run again when the store takes the
    transaction back. `events` are appended in the same transaction and published after it.
3.  `prepare` may be called again for an event that was not finished (a crash, a store that refuses): it changes
    nothing. What must be done outside of the store (a push, a request) becomes a row in `write`, with a unique key made
    of `heard.id` and the recipient; a sender of the consumer's own works these rows off, and is woken by `after`.
4.  `after` is called after the commit; quick, never raising. A process that dies before it does not call it: a
    sender looks at its rows when it starts.
5.  An event that fails TRIES times (anything but a store that refuses) is logged and passed over, so that one defect
    does not end all that follows it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from persistence.consumers import ConsumerStore, move_cursor
from persistence.database import Database
from persistence.errors import StoreUnavailable
from persistence.events import EventStore, StoredEvent, StreamKey
from server.clock import Clock
from server.events.catalogue import EVENT_OF_TYPE
from server.events.envelope import Heard, hear
from server.events.model import Event
from server.events.outbox import Outbox, Told

__all__ = ["Consumer", "Consumers", "Effect"]

log = logging.getLogger("counterpoint.events")

AT_ONCE = 100
"""Events in one transaction."""
TRIES = 5
PAUSE_SECONDS = 1.0
LOOK_AROUND_SECONDS = 30.0
"""How often streams are looked for that nobody has woken us for: of a node that died, of the command line."""


def nothing_after() -> None:
    """For an effect that nobody waits for."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a consumer makes of an event: rows, events of its own, and whom to wake after the commit.

    Events that only the transaction can know are what `write` answers.
    """

    write: Callable[[Connection], Sequence[Told] | None]
    events: Sequence[Told] = field(default=())
    after: Callable[[], None] = nothing_after


class Consumer(Protocol):
    """See the docstring of this module."""

    @property
    def name(self) -> str: ...

    @property
    def kinds(self) -> frozenset[type[Event]]: ...

    async def prepare(self, heard: Heard) -> Effect | None:
        """What is to be done about the event; None: nothing."""
        ...


class Consumers:
    """Keeps a task for each consumer, which reads what it has been woken for."""

    def __init__(
        self, database: Database, outbox: Outbox, clock: Clock, *, pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        self._database = database
        self._store = ConsumerStore(database)
        self._outbox = outbox
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._readers: list[_Reader] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, consumers: Iterable[Consumer]) -> None:
        """Register them, and begin with what a former process has left undone."""
        for consumer in consumers:
            await self._store.register(consumer.name, self._clock.now())
            reader = _Reader(consumer, self._database, self._store, self._outbox, pause_seconds=self._pause_seconds)
            self._readers.append(reader)
            self._tasks.append(asyncio.create_task(reader.run(), name=f"consumer {consumer.name}"))

    def wake(self, events: Sequence[StoredEvent]) -> None:
        """These were committed; told by the dispatcher of the node that wrote or found them."""
        for reader in self._readers:
            reader.wake({event.key for event in events if reader.wants(event.type)})

    async def settled(self) -> None:
        """Wait until all that was woken has been dealt with (or has to wait for the store)."""
        for reader in self._readers:
            await reader.idle.wait()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task


class _Overtaken(Exception):
    """Another node has dealt with these events."""


class _Postponed(Exception):
    """It is tried again in a moment."""


class _Reader:
    """One consumer: the streams that it has to look at, one after the other."""

    def __init__(
        self,
        consumer: Consumer,
        database: Database,
        store: ConsumerStore,
        outbox: Outbox,
        *,
        pause_seconds: float,
    ) -> None:
        self._consumer = consumer
        self._types = frozenset(type_ for type_, kind in EVENT_OF_TYPE.items() if kind in consumer.kinds)
        self._database = database
        self._events = EventStore(database)
        self._store = store
        self._outbox = outbox
        self._pause_seconds = pause_seconds
        self._waiting: set[StreamKey] = set()
        self._woken = asyncio.Event()
        self._failures: dict[StreamKey, int] = {}
        self.idle = asyncio.Event()

    def wants(self, type_: str) -> bool:
        return type_ in self._types

    def wake(self, keys: set[StreamKey]) -> None:
        if keys:
            self._waiting |= keys
            self.idle.clear()
            self._woken.set()

    async def run(self) -> None:
        while True:
            try:
                self._waiting |= set(await self._store.behind(self._consumer.name))
                while self._waiting:
                    await self._read(self._waiting.pop())
            except StoreUnavailable as error:
                log.warning(
                    "a consumer waits for the store", extra={"consumer": self._consumer.name, "why": str(error)}
                )
                await asyncio.sleep(self._pause_seconds)
                continue
            except Exception:  # this consumer would deal with nothing any more: it is logged, and tried again
                log.exception("a consumer cannot read", extra={"consumer": self._consumer.name})
                await asyncio.sleep(self._pause_seconds)
                continue
            self.idle.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AROUND_SECONDS):  # not wait_for: that of 3.11 may lose a cancellation
                    await self._woken.wait()
            self._woken.clear()

    async def _read(self, key: StreamKey) -> None:
        """Deal with all that stands in the stream behind our cursor."""
        at = await self._store.cursor(self._consumer.name, key)
        while events := (await self._events.after(*key, at, AT_ONCE)).events:
            try:
                at = await self._deal(key, at, events)
            except _Overtaken:
                at = await self._store.cursor(self._consumer.name, key)
            except _Postponed:
                asyncio.get_running_loop().call_later(self._pause_seconds, self.wake, {key})
                return

    async def _deal(self, key: StreamKey, at: int, events: Sequence[StoredEvent]) -> int:
        """The new place of the cursor."""
        try:
            to = await self._commit(key, at, events)
        except (StoreUnavailable, _Overtaken):
            raise
        except Exception:  # a defect of the consumer's, or of one event: see promise 5
            if len(events) > 1:
                return await self._deal(key, at, events[:1])
            failures = self._failures[key] = self._failures.get(key, 0) + 1
            about = {"consumer": self._consumer.name, "event": events[0].id, "try": failures}
            if failures < TRIES:
                log.warning("a consumer has failed", extra=about, exc_info=True)
                raise _Postponed from None
            log.exception("a consumer has passed over an event", extra=about)
            to = await self._commit(key, at, events, passing_over=True)
        self._failures.pop(key, None)
        return to

    async def _commit(
        self, key: StreamKey, at: int, events: Sequence[StoredEvent], *, passing_over: bool = False
    ) -> int:
        """Write what the consumer makes of these events, and move its cursor past them, both or neither."""
        effects = [] if passing_over else [effect async for effect in self._prepared(events)]
        record = self._outbox.record_of([told for effect in effects for told in effect.events])
        to = events[-1].offset

        def work(connection: Connection) -> None:
            if not move_cursor(connection, self._consumer.name, key, at, to):
                raise _Overtaken
            late = [told for effect in effects for told in effect.write(connection) or ()]
            record.write(connection, late)

        await self._database.write(work)
        self._outbox.published(record)
        for effect in effects:
            effect.after()
        return to

    async def _prepared(self, events: Sequence[StoredEvent]) -> AsyncIterator[Effect]:
        for stored in events:
            if not self.wants(stored.type):
                continue
            heard = hear(stored)
            if heard.event is not None and (effect := await self._consumer.prepare(heard)) is not None:
                yield effect
