"""Secrets of the server itself, sealed: one row each, the same on every node."""

from datetime import datetime

from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.tables.push import server_secrets

__all__ = ["ServerSecretStore", "sealed_server_secrets"]

S = server_secrets.c


class ServerSecretStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """As it is sealed; None when nobody has made it yet."""
        query = select(S.sealed).where(S.name == name)
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def keep(self, name: str, sealed: str, now: datetime) -> bool:
        """False, and nothing is changed, when there is one already: a secret that is in use is never replaced."""
        statement = insert(server_secrets).values(name=name, sealed=sealed, created_at=now)
        try:
            await self._database.write(lambda connection: connection.execute(statement))
        except IntegrityError:  # another node was faster
            return False
        return True


async def sealed_server_secrets(database: Database) -> list[str]:
    """Every one as it is sealed; none in a store that has not come to this version yet."""

    def work(connection: Connection) -> list[str]:
        if not inspect(connection).has_table(server_secrets.name):
            return []
        return list(connection.execute(select(S.sealed)).scalars())

    return await database.read(work)
