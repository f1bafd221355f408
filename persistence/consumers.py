"""How far each durable consumer has read each stream; a cursor moves in the transaction of what it made of an event."""

from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, literal, select, text

from persistence.database import Database
from persistence.events import StreamKey
from persistence.tables.events import event_consumers, event_cursors, streams

__all__ = ["ConsumerStore", "move_cursor"]

S, C = streams.c, event_cursors.c

_FROM_THE_START = text(
    'INSERT INTO event_cursors (consumer, organisation_id, stream, "offset") '
    "VALUES (:consumer, :organisation, :stream, :to) ON CONFLICT (consumer, organisation_id, stream) DO NOTHING"
)
_MOVE = text(
    'UPDATE event_cursors SET "offset" = :to '
    'WHERE consumer = :consumer AND organisation_id = :organisation AND stream = :stream AND "offset" = :at'
)


def move_cursor(connection: Connection, consumer: str, key: StreamKey, at: int, to: int) -> bool:
    """False, and nothing is moved, when the cursor does not stand at `at` (any more): another node was faster.

    Must come first in its transaction: who moves the cursor keeps the other nodes waiting until the commit.
    """
    given = {"consumer": consumer, "organisation": key[0], "stream": key[1], "at": at, "to": to}
    if connection.execute(_MOVE, given).rowcount == 1:
        return True
    if at != 0:
        return False
    del given["at"]
    return connection.execute(_FROM_THE_START, given).rowcount == 1


class ConsumerStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(self, name: str, now: datetime) -> None:
        """A new consumer begins behind what there is; streams that begin later it reads from their beginning."""

        def work(connection: Connection) -> None:
            known = select(event_consumers.c.name).where(event_consumers.c.name == name)
            if connection.execute(known).first() is not None:
                return
            connection.execute(insert(event_consumers).values(name=name, created_at=now))
            heads = select(literal(name), S.organisation_id, S.name, S.head).where(S.head > 0)
            columns = ["consumer", "organisation_id", "stream", "offset"]
            connection.execute(insert(event_cursors).from_select(columns, heads))

        await self._database.write(work)

    async def cursor(self, consumer: str, key: StreamKey) -> int:
        """The offset of the last event that it has dealt with; 0 before the first."""
        query = select(C.offset).where(C.consumer == consumer, C.organisation_id == key[0], C.stream == key[1])
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none()) or 0

    async def behind(self, consumer: str) -> list[StreamKey]:
        """Streams that have events with which the consumer has not dealt."""
        joined = streams.outerjoin(
            event_cursors, and_(C.consumer == consumer, C.organisation_id == S.organisation_id, C.stream == S.name)
        )
        query = select(S.organisation_id, S.name).select_from(joined).where(S.head > func.coalesce(C.offset, 0))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [(organisation, stream) for organisation, stream in rows]
