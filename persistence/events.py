"""Events as rows: appended in the transaction of the change that they tell of, read by their offsets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from secrets import token_urlsafe
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection, Integer, bindparam, insert, select, text, update

from persistence.database import Database
from persistence.questions import Question
from persistence.tables.events import events as events_table
from persistence.tables.events import streams

__all__ = [
    "NO_EPOCH",
    "Also",
    "AlsoKnowing",
    "Behind",
    "EventStore",
    "NewEvent",
    "StoredEvent",
    "StreamKey",
    "StreamPosition",
    "Tail",
    "append_events",
    "nothing_else",
]

T = TypeVar("T")

Also: TypeAlias = Callable[[Connection], None]
"""Called as the last thing in the transaction of a change, and only where there was a change: it writes the events."""
AlsoKnowing: TypeAlias = Callable[[Connection, T], None]
"""The same, told what only the transaction has found out."""

StreamKey: TypeAlias = tuple[str, str]
"""The id of the organisation and the name of the stream."""

NO_EPOCH = ""
"""The epoch of a stream that nobody has begun: its position is always 0, and all of its events are still to come."""

S, E = streams.c, events_table.c

# One statement for both stores. Whoever comes second waits for the first one's commit, so offsets have no gaps and
# are committed in their order.
UNDISPATCHED = Question(
    select(S.organisation_id, S.name, S.dispatched, S.head)
    .where(S.dispatched < S.head)
    .limit(bindparam("most", type_=Integer))
)
_TAKE_OFFSETS = text(
    "INSERT INTO streams (organisation_id, name, epoch, head, dispatched) VALUES (:organisation, :name, :epoch, :n, 0) "
    "ON CONFLICT (organisation_id, name) DO UPDATE SET head = streams.head + excluded.head RETURNING head, epoch"
)
_BEGIN = text(
    "INSERT INTO streams (organisation_id, name, epoch, head, dispatched) VALUES (:organisation, :name, :epoch, 0, 0) "
    "ON CONFLICT (organisation_id, name) DO NOTHING"
)
_INSERT = insert(events_table)
_MARK = (
    update(streams)
    .where(S.organisation_id == bindparam("organisation"), S.name == bindparam("stream"))
    .where(S.dispatched < bindparam("up_to"))
    .values(dispatched=bindparam("up_to"))
)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is to be. `body_of`: its JSON, when its offset is known. `subject` is such as `document/7`."""

    organisation_id: str
    stream: str
    id: str
    type: str
    actor_id: str | None
    subject: str
    time: datetime
    body_of: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class StreamPosition:
    """Where a stream is: the offset of its last event, which means something only within its epoch."""

    epoch: str
    offset: int


@dataclass(frozen=True, slots=True)
class StoredEvent:
    organisation_id: str
    stream: str
    epoch: str
    offset: int
    id: str
    type: str
    actor_id: str | None
    subject: str
    time: datetime
    body: str

    @property
    def key(self) -> StreamKey:
        return self.organisation_id, self.stream


@dataclass(frozen=True, slots=True)
class Tail:
    """A stream's position, and events of it in their order, all of one picture of the store."""

    position: StreamPosition
    events: tuple[StoredEvent, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """A stream of which it is not known that the nodes were told of all its events."""

    key: StreamKey
    dispatched: int
    head: int


def append_events(connection: Connection, events: Sequence[NewEvent]) -> tuple[StoredEvent, ...]:
    """Write the events at the ends of their streams; the answer has their offsets, in the order of the streams' names.

    Must be the LAST statements of a transaction: the streams are locked from here to the commit, in an order that is
    the same for everybody (decision 21). Events of one stream keep the order in which they are given.
    """
    stored: list[StoredEvent] = []
    for (organisation, stream), group in groupby(sorted(events, key=_key), _key):
        stored += _at_the_end(connection, organisation, stream, list(group))
    if stored:
        connection.execute(_INSERT, [_row(event) for event in stored])
    return tuple(stored)


class EventStore:
    """Streams belong to organisations; every question names one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def positions(self, organisation: str, names: Iterable[str]) -> dict[str, StreamPosition]:
        """Where each of these streams is; NO_EPOCH and 0 for one that nobody has begun.

        Who reads this first, then rows, and then the events from here on, misses nothing.
        """
        names = list(names)
        query = select(S.name, S.epoch, S.head).where(S.organisation_id == organisation, S.name.in_(names))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        found = {name: StreamPosition(epoch, head) for name, epoch, head in rows}
        return {name: found.get(name) or StreamPosition(NO_EPOCH, 0) for name in names}

    async def heads(self, keys: Sequence[StreamKey]) -> dict[StreamKey, StreamPosition]:
        """Positions of streams of many organisations: of those that somebody has begun."""
        wanted, names = set(keys), sorted({name for _, name in keys})
        organisations = sorted({organisation for organisation, _ in keys})
        query = select(S.organisation_id, S.name, S.epoch, S.head)
        query = query.where(S.organisation_id.in_(organisations), S.name.in_(names))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {
            (organisation, name): StreamPosition(epoch, head)
            for organisation, name, epoch, head in rows
            if (organisation, name) in wanted
        }

    async def begin(self, organisation: str, stream: str) -> None:
        """Give the stream its epoch, if nobody has done so yet."""
        given = {"organisation": organisation, "name": stream, "epoch": _new_epoch()}
        await self._database.write(lambda connection: connection.execute(_BEGIN, given))

    async def after(self, organisation: str, stream: str, offset: int, limit: int) -> Tail:
        """The stream's position, and its events behind this offset, the oldest first."""

        def work(connection: Connection) -> Tail:
            return tail_in(connection, organisation, stream, offset, limit)

        return await self._database.read(work)

    async def undispatched(self, limit: int) -> list[Behind]:
        rows = await self._database.ask(UNDISPATCHED, most=limit)
        return [Behind((organisation, name), dispatched, head) for organisation, name, dispatched, head in rows]

    async def dispatched(self, offsets: Mapping[StreamKey, int]) -> None:
        """The nodes were told of the events up to these offsets."""
        rows = [
            {"organisation": organisation, "stream": stream, "up_to": offset}
            for (organisation, stream), offset in sorted(offsets.items())
        ]
        if rows:
            await self._database.write(lambda connection: connection.execute(_MARK, rows))


def nothing_else(_connection: Connection, *_found: object) -> None:
    """For a change that nobody is told of."""


def tail_in(connection: Connection, organisation: str, stream: str, offset: int, limit: int) -> Tail:
    """As `EventStore.after`, within a transaction."""
    head = select(S.epoch, S.head).where(S.organisation_id == organisation, S.name == stream)
    found = connection.execute(head).one_or_none()
    position = StreamPosition(*found) if found is not None else StreamPosition(NO_EPOCH, 0)
    if position.offset <= offset:
        return Tail(position, ())
    query = (
        select(E.offset, E.id, E.type, E.actor_id, E.subject, E.time, E.body)
        .where(E.organisation_id == organisation, E.stream == stream, E.offset > offset)
        .order_by(E.offset)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return Tail(position, tuple(StoredEvent(organisation, stream, position.epoch, *row) for row in rows))


def _at_the_end(connection: Connection, organisation: str, stream: str, new: list[NewEvent]) -> list[StoredEvent]:
    given = {"organisation": organisation, "name": stream, "epoch": _new_epoch(), "n": len(new)}
    head, epoch = connection.execute(_TAKE_OFFSETS, given).one()
    return [
        StoredEvent(
            organisation,
            stream,
            epoch,
            offset,
            event.id,
            event.type,
            event.actor_id,
            event.subject,
            event.time,
            event.body_of(offset),
        )
        for offset, event in enumerate(new, head - len(new) + 1)
    ]


def _key(event: NewEvent) -> StreamKey:
    return event.organisation_id, event.stream


def _row(event: StoredEvent) -> dict[str, object]:
    return {
        "organisation_id": event.organisation_id,
        "stream": event.stream,
        "offset": event.offset,
        "id": event.id,
        "type": event.type,
        "actor_id": event.actor_id,
        "subject": event.subject,
        "time": event.time,
        "body": event.body,
    }


def _new_epoch() -> str:
    return token_urlsafe(6)
