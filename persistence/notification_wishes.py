"""Whom something concerns, and what each of them wants to be told of."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from persistence.database import Database
from persistence.tables.identity import organisation_members, users
from persistence.tables.notifications import document_subscriptions, notification_preferences
from persistence.tables.threads import comments
from persistence.tables.workspaces import workspace_members

__all__ = ["WishStore"]

D, P, M = document_subscriptions.c, notification_preferences.c, workspace_members.c


class WishStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    # What somebody wants.

    async def preferences(self, organisation: str, people: Collection[str]) -> dict[str, dict[str, Any]]:
        """Of those who have said any."""
        query = select(P.user_id, P.wishes).where(P.organisation_id == organisation, P.user_id.in_(people))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.user_id: row.wishes for row in rows}

    async def prefer(self, organisation: str, user: str, wishes: Mapping[str, Any], now: datetime) -> None:
        mine = (P.organisation_id == organisation) & (P.user_id == user)

        def work(connection: Connection) -> None:
            connection.execute(delete(notification_preferences).where(mine))
            values = {"organisation_id": organisation, "user_id": user, "wishes": dict(wishes), "updated_at": now}
            connection.execute(insert(notification_preferences).values(values))

        await self._database.write(work)

    async def level(self, document: str, user: str) -> str | None:
        """What he has chosen for this document."""
        return (await self.levels(document, [user])).get(user)

    async def subscribe(self, document: str, user: str, level: str, now: datetime) -> None:
        mine = (D.document_id == document) & (D.user_id == user)

        def work(connection: Connection) -> None:
            connection.execute(delete(document_subscriptions).where(mine))
            values = {"document_id": document, "user_id": user, "level": level, "updated_at": now}
            connection.execute(insert(document_subscriptions).values(values))

        await self._database.write(work)

    # Whom it concerns.

    async def levels(self, document: str, people: Collection[str]) -> dict[str, str]:
        """Of those of them who have chosen one for this document."""
        query = select(D.user_id, D.level).where(D.document_id == document, D.user_id.in_(people))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.user_id: row.level for row in rows}

    async def subscribers(self, document: str, level: str) -> list[str]:
        query = select(D.user_id).where(D.document_id == document, D.level == level).order_by(D.user_id)
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def authors(self, thread: str) -> list[str]:
        """Of the comments that stand in it."""
        query = select(comments.c.author_id).where(comments.c.thread_id == thread, comments.c.deleted_at.is_(None))
        return list(await self._database.read(lambda connection: connection.execute(query.distinct()).scalars().all()))

    async def members(self, workspace: str, people: Collection[str]) -> list[str]:
        """Those of them who are members of it, with an account that may be used."""
        query = select(M.user_id).join(users, users.c.id == M.user_id).where(users.c.active.is_(True))
        query = query.where(M.workspace_id == workspace, M.user_id.in_(people)).order_by(M.user_id)
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def people(self, organisation: str) -> list[tuple[str, str]]:
        """Everybody of the organisation who can sign in, with his role."""
        at = organisation_members.c
        query = select(at.user_id, at.role).join(users, users.c.id == at.user_id)
        query = query.where(at.organisation_id == organisation, users.c.active.is_(True)).order_by(at.user_id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [(user, role) for user, role in rows]

    async def is_active(self, user: str) -> bool:
        """He has an account, and it may be used."""
        query = select(users.c.id).where(users.c.id == user, users.c.active.is_(True))
        return await self._database.read(lambda connection: connection.execute(query).first()) is not None
