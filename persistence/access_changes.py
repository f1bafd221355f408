"""Written with every change of somebody's rights, in its transaction: a node that nobody tells finds it here."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, ScalarSelect, bindparam, delete, func, insert, select

from persistence.database import Database
from persistence.questions import Question
from persistence.tables.access import access_changes
from persistence.tables.workspaces import workspaces

__all__ = ["AccessChange", "AccessChangeStore", "note_access", "note_kick", "organisation_of"]

A = access_changes.c

AT_ONCE = 1000
AFTER = Question(select(access_changes).where(A.id > bindparam("behind")).order_by(A.id).limit(AT_ONCE))
KEPT = 10_000
"""Changes that stay: nodes look every few seconds."""


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Who matches all that is named; None stands for every one.

    reason: of connections that are to be closed, this one or all of the user's; None for a change of rights.
    """

    id: int
    organisation: str | None
    user: str | None
    credential: str | None
    document: str | None
    connection: str | None = None
    reason: str | None = None


def note_access(
    connection: Connection,
    *,
    organisation: str | ScalarSelect[Any] | None = None,
    user: str | None = None,
    credential: str | None = None,
    document: str | None = None,
) -> None:
    """In the transaction of the change."""
    values = {"organisation_id": organisation, "user_id": user, "credential_id": credential, "document_id": document}
    connection.execute(insert(access_changes).values(values))


def note_kick(connection: Connection, *, user: str | None, of_connection: str | None, reason: str) -> None:
    """In a transaction: every node is to close this connection, or all of the user's."""
    values = {"user_id": user, "connection_id": of_connection, "reason": reason}
    connection.execute(insert(access_changes).values(values))


def organisation_of(workspace: str) -> ScalarSelect[Any]:
    return select(workspaces.c.organisation_id).where(workspaces.c.id == workspace).scalar_subquery()


class AccessChangeStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self) -> int:
        """The greatest id; 0 when there is none. Raises StoreUnavailable."""
        query = select(func.coalesce(func.max(A.id), 0))
        return int(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    async def after(self, id_: int) -> list[AccessChange]:
        """All that are committed by now, by id. Raises StoreUnavailable."""
        found: list[AccessChange] = []
        while True:
            behind = found[-1].id if found else id_
            page = [AccessChange(*row) for row in await self._database.ask(AFTER, behind=behind)]
            found += page
            if len(page) < AT_ONCE:
                return found

    async def purge(self) -> int:
        """All but the last ten thousand. Raises StoreUnavailable."""
        behind = select(func.max(A.id) - KEPT).scalar_subquery()
        statement = delete(access_changes).where(A.id <= behind)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)
