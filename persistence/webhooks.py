"""Webhooks as rows: where to, of which events, on whose right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, inspect, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from persistence.database import Database
from persistence.events import Also, AlsoKnowing, nothing_else
from persistence.tables.webhooks import webhooks
from persistence.tables.workspaces import workspace_members

__all__ = ["TooManyWebhooks", "WebhookRow", "WebhookStore", "sealed_secrets", "webhook_of"]


class TooManyWebhooks(Exception):
    """The organisation has as many as it may have."""


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """`secret` and `former_secret` are sealed. `delivered_at`: when something was last delivered."""

    id: str
    organisation_id: str
    workspace_id: str | None
    owner_id: str
    url: str
    description: str
    types: list[str]
    secret: str
    former_secret: str | None
    former_until: datetime | None
    created_at: datetime
    updated_at: datetime
    delivered_at: datetime | None
    disabled_at: datetime | None
    disabled_why: str | None


H, M = webhooks.c, workspace_members.c
WEBHOOK = tuple(webhooks.c)


class WebhookStore:
    """Every question names the organisation; another one's webhooks are not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, row: WebhookRow, most: int, also: Also = nothing_else) -> None:
        """Raises TooManyWebhooks when the organisation has `most` already."""

        def work(connection: Connection) -> None:
            count = select(func.count()).select_from(webhooks).where(H.organisation_id == row.organisation_id)
            if connection.execute(count).scalar_one() >= most:
                raise TooManyWebhooks
            connection.execute(insert(webhooks).values({each.name: getattr(row, each.name) for each in WEBHOOK}))
            also(connection)

        await self._database.write(work)

    async def get(self, organisation: str, webhook: str) -> WebhookRow | None:
        query = select(*WEBHOOK).where(H.organisation_id == organisation, H.id == webhook)
        found = await self._database.read(lambda connection: connection.execute(query).first())
        return webhook_of(found) if found is not None else None

    async def all(
        self, organisation: str, *, workspace: str | None = None, administered_by: str | None = None
    ) -> list[WebhookRow]:
        """The oldest first: those of a workspace, and those of all workspaces that somebody administers."""
        query = select(*WEBHOOK).where(H.organisation_id == organisation).order_by(H.created_at, H.id)
        if workspace is not None:
            query = query.where(H.workspace_id == workspace)
        if administered_by is not None:
            mine = select(M.workspace_id).where(M.user_id == administered_by, M.role.in_(("owner", "admin")))
            query = query.where(H.workspace_id.in_(mine))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [webhook_of(row) for row in rows]

    async def listening(self, organisation: str, workspace: str | None) -> list[WebhookRow]:
        """Those that are not disabled, for an event of this workspace, or of the whole organisation (None)."""
        here: ColumnElement[bool] = H.workspace_id.is_(None)
        if workspace is not None:
            here = or_(here, H.workspace_id == workspace)
        query = select(*WEBHOOK).where(H.organisation_id == organisation, H.disabled_at.is_(None), here)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [webhook_of(row) for row in rows]

    async def change(
        self, organisation: str, webhook: str, changes: Mapping[str, Any], also: AlsoKnowing[WebhookRow] = nothing_else
    ) -> WebhookRow | None:
        """The webhook as it is then; None when it is not there."""
        mine = (H.organisation_id == organisation) & (H.id == webhook)

        def work(connection: Connection) -> WebhookRow | None:
            if not connection.execute(update(webhooks).where(mine).values(**changes)).rowcount:
                return None
            row = webhook_of(connection.execute(select(*WEBHOOK).where(mine)).one())
            also(connection, row)
            return row

        return await self._database.write(work)

    async def delete(self, organisation: str, webhook: str, also: Also = nothing_else) -> bool:
        """With its deliveries, sent or not. False when it is not there."""

        def work(connection: Connection) -> bool:
            gone = delete(webhooks).where(H.organisation_id == organisation, H.id == webhook)
            if was_there := bool(connection.execute(gone).rowcount):
                also(connection)
            return was_there

        return await self._database.write(work)


async def sealed_secrets(database: Database) -> list[str]:
    """Every secret as it is sealed, whosoever it is; none in a store that has not come to this version yet."""

    def work(connection: Connection) -> list[str]:
        if not inspect(connection).has_table(webhooks.name):
            return []
        rows = connection.execute(select(H.secret, H.former_secret)).all()
        return [sealed for row in rows for sealed in row if sealed is not None]

    return await database.read(work)


def webhook_of(row: Row[Any]) -> WebhookRow:
    """Of a row that has the columns of the table, and maybe others."""
    found = row._mapping  # noqa: SLF001 - public in spite of its name
    return WebhookRow(**{each.name: found[each] for each in WEBHOOK})
