"""Which of many documents are in the workspaces of one member, and how those of an organisation are called."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from persistence.database import Database
from persistence.tables.documents import documents
from persistence.tables.workspaces import workspace_members, workspaces

__all__ = ["Whereabouts"]

AT_ONCE = 1_000
"""Ids in one statement: both stores have a limit, and a longer one is not faster."""


class Whereabouts:
    """Of many documents at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def titles_in(self, organisation: str, document_ids: Sequence[str]) -> dict[str, str]:
        """The title of each document that is of this organisation, deleted or not."""
        d = documents.c
        query = select(d.id, d.title).where(d.organisation_id == organisation)

        def work(connection: Connection) -> dict[str, str]:
            found: dict[str, str] = {}
            for start in range(0, len(document_ids), AT_ONCE):
                some = query.where(d.id.in_(document_ids[start : start + AT_ONCE]))
                found |= {row.id: row.title for row in connection.execute(some)}
            return found

        return await self._database.read(work)

    async def seen_by(
        self, organisation: str, user: str, document_ids: Sequence[str], workspace: str | None = None
    ) -> dict[str, str]:
        """The workspace of each document that is in one of the user's; with `workspace`, in that one only."""
        d, w, m = documents.c, workspaces.c, workspace_members.c
        query = (
            select(d.id, d.workspace_id)
            .join(workspaces, w.id == d.workspace_id)
            .join(workspace_members, m.workspace_id == w.id)
            .where(m.user_id == user, w.organisation_id == organisation)
            .where(w.deleted_at.is_(None), d.deleted_at.is_(None))
        )
        if workspace is not None:
            query = query.where(w.id == workspace)

        def work(connection: Connection) -> dict[str, str]:
            found: dict[str, str] = {}
            for start in range(0, len(document_ids), AT_ONCE):
                some = query.where(d.id.in_(document_ids[start : start + AT_ONCE]))
                found |= {row.id: row.workspace_id for row in connection.execute(some)}
            return found

        return await self._database.read(work)
