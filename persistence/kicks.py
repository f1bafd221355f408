"""Connections that are to be closed, written where every node finds it."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlalchemy import Connection, select

from persistence.access_changes import note_kick
from persistence.database import Database
from persistence.tables.identity import organisation_members

__all__ = ["AlsoKicked", "KickStore"]

M = organisation_members.c

AlsoKicked: TypeAlias = Callable[[Connection, Sequence[str]], None]
"""Told of the user's organisations, in the transaction."""


class KickStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def connection(self, id_: str, user: str | None, reason: str, also: AlsoKicked) -> None:
        """Close one connection, of this user if he is known. Raises StoreUnavailable."""

        def work(connection: Connection) -> None:
            note_kick(connection, user=user, of_connection=id_, reason=reason)
            also(connection, _organisations(connection, user))

        await self._database.write(work)

    async def user(self, user: str, reason: str, also: AlsoKicked) -> bool:
        """Close all connections of a user; False: there is no such user. Raises StoreUnavailable."""

        def work(connection: Connection) -> bool:
            organisations = _organisations(connection, user)
            if organisations:
                note_kick(connection, user=user, of_connection=None, reason=reason)
                also(connection, organisations)
            return bool(organisations)

        return await self._database.write(work)


def _organisations(connection: Connection, user: str | None) -> list[str]:
    if user is None:
        return []
    query = select(M.organisation_id).where(M.user_id == user).order_by(M.organisation_id)
    return list(connection.execute(query).scalars())
