"""Chat addresses as rows: of whom, for which service, sealed, and what became of the last message there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, inspect, select, update

from persistence.database import Database
from persistence.tables.chat import chat_addresses
from persistence.tables.identity import users

__all__ = ["ChatRow", "ChatStore", "TooManyChats", "sealed_chats"]


class TooManyChats(Exception):
    """The user has as many as he may have."""


@dataclass(frozen=True, slots=True)
class ChatRow:
    """`sealed`: the address. `label`: what its owner calls it."""

    id: str
    user_id: str
    service: str
    label: str
    sealed: str
    created_at: datetime
    last_sent_at: datetime | None = None
    last_error: str | None = None


C = chat_addresses.c
ROW = tuple(C[name] for name in ChatRow.__dataclass_fields__)


class ChatStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, row: ChatRow, most: int) -> None:
        """Raises TooManyChats when the user has `most` already."""
        values = {name: getattr(row, name) for name in ChatRow.__dataclass_fields__}

        def work(connection: Connection) -> None:
            count = select(func.count()).select_from(chat_addresses).where(C.user_id == row.user_id)
            if connection.execute(count).scalar_one() >= most:
                raise TooManyChats
            connection.execute(insert(chat_addresses).values(values))

        await self._database.write(work)

    async def all(self, user: str) -> list[ChatRow]:
        """The oldest first."""
        query = select(*ROW).where(C.user_id == user).order_by(C.created_at, C.id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [ChatRow(*row) for row in rows]

    async def can_reach(self, user: str) -> bool:
        """Nobody whose account is not active."""
        query = select(exists().where(C.user_id == user, users.c.id == C.user_id, users.c.active))
        return bool(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    async def tell(self, address: str, at: datetime, error: str | None) -> None:
        """What became of a message there; None: it was taken."""
        values = {"last_error": error, **({"last_sent_at": at} if error is None else {})}
        statement = update(chat_addresses).where(C.id == address).values(values)
        await self._database.write(lambda connection: connection.execute(statement))

    async def delete(self, user: str, address: str) -> bool:
        """False when the user has no such one."""
        statement = delete(chat_addresses).where(C.id == address, C.user_id == user)
        return bool(await self._database.write(lambda connection: connection.execute(statement).rowcount))


async def sealed_chats(database: Database) -> list[str]:
    """Every address as it is sealed, whosoever it is; none in a store that has not come to this version yet."""

    def work(connection: Connection) -> list[str]:
        if not inspect(connection).has_table(chat_addresses.name):
            return []
        return list(connection.execute(select(C.sealed)).scalars().all())

    return await database.read(work)
