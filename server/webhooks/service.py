"""Webhooks for people: an administrator's for the organisation, a workspace admin's for his workspace."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from persistence.webhook_deliveries import (
    Attempt,
    DeliveryRow,
    DeliveryState,
    DeliveryStore,
    NewDelivery,
    insert_deliveries,
)
from persistence.webhooks import TooManyWebhooks, WebhookRow, WebhookStore
from persistence.workspaces import WorkspaceStore
from server.clock import Clock
from server.egress.egress import Egress, EgressRefused
from server.errors import Conflict, FieldIssue, Forbidden, Invalid, NotFound
from server.events.outbox import Outbox
from server.events.webhooks import WebhookAdded, WebhookChanged, WebhookRemoved, WebhookTested
from server.http.paging import Place
from server.identity.policy import check_workspace_role
from server.identity.principal import Principal
from server.identity.roles import Permission, WorkspaceRole
from server.identity.throttle import HourlyLimit
from server.webhooks.courier import Courier
from server.webhooks.model import NewWebhook, WebhookChanges
from server.webhooks.notices import about
from server.webhooks.secrets import Secrets
from server.webhooks.signing import new_secret

__all__ = ["MOST_WEBHOOKS", "WebhookService"]

MOST_WEBHOOKS = 100
"""In one organisation: each event is a row for each of them."""


class WebhookService:
    """Every call is made in somebody's name; who may not have a webhook does not see it (NotFound)."""

    def __init__(
        self,
        store: WebhookStore,
        deliveries: DeliveryStore,
        workspaces: WorkspaceStore,
        *,
        courier: Courier,
        egress: Egress,
        secrets: Secrets,
        outbox: Outbox,
        clock: Clock,
        limit: HourlyLimit,
    ) -> None:
        self._store = store
        self._deliveries = deliveries
        self._workspaces = workspaces
        self._courier = courier
        self._egress = egress
        self._secrets = secrets
        self._outbox = outbox
        self._clock = clock
        self._limit = limit

    async def all(self, caller: Principal, workspace: str | None) -> list[WebhookRow]:
        """The oldest first: an administrator's are all of the organisation, of others those of their workspaces."""
        everything = Permission.WEBHOOKS_MANAGE in caller.permissions
        by = None if everything else caller.user_id
        return await self._store.all(caller.organisation_id, workspace=workspace, administered_by=by)

    async def create(self, caller: Principal, new: NewWebhook) -> tuple[WebhookRow, str]:
        """The webhook, and its secret, which is told now and never again. Raises Invalid, Forbidden, Conflict."""
        await self._check_may_have(caller, new.workspace_id)
        self._check_url(new.url)
        now, id_, secret = self._clock.now(), uuid4().hex, new_secret()
        row = WebhookRow(
            id=id_,
            organisation_id=caller.organisation_id,
            workspace_id=new.workspace_id,
            owner_id=caller.user_id,
            url=new.url,
            description=new.description,
            types=new.types,
            secret=self._secrets.seal(secret, id_),
            former_secret=None,
            former_until=None,
            created_at=now,
            updated_at=now,
            delivered_at=None,
            disabled_at=None,
            disabled_why=None,
        )
        record = self._outbox.record(caller.actor, WebhookAdded(**about(row), types=row.types))
        try:
            await self._store.create(row, MOST_WEBHOOKS, record)
        except TooManyWebhooks:
            raise Conflict(f"The organisation has {MOST_WEBHOOKS} webhooks already; remove one first.") from None
        self._outbox.published(record)
        return row, secret

    async def get(self, caller: Principal, webhook: str) -> WebhookRow:
        """Raises NotFound."""
        row = await self._store.get(caller.organisation_id, webhook)
        if row is None:
            raise NotFound
        if Permission.WEBHOOKS_MANAGE not in caller.permissions:
            await self._check_visible(caller, row)
        return row

    async def change(self, caller: Principal, webhook: str, changes: WebhookChanges) -> WebhookRow:
        """From now on it rests on the caller's right. What waits is sent to the new address."""
        row = await self._mine(caller, webhook)
        given = changes.model_dump(exclude_none=True)
        if "url" in given:
            self._check_url(given["url"])
        enabled = given.pop("enabled", row.disabled_at is None)
        changed = sorted(name for name, value in given.items() if value != getattr(row, name))
        values: dict[str, Any] = {name: given[name] for name in changed}
        if enabled != (row.disabled_at is None):
            changed.append("enabled")
            values["disabled_at"] = None if enabled else self._clock.now()
            values["disabled_why"] = None if enabled else f"{caller.name} has disabled it"
        return await self._changed(caller, row, values, changed) if changed else row

    async def rotate(self, caller: Principal, webhook: str, overlap: timedelta) -> tuple[WebhookRow, str]:
        """A new secret; the one before signs too for as long as `overlap`. Never more than two are in force."""
        row = await self._mine(caller, webhook)
        secret = new_secret()
        values = {
            "secret": self._secrets.seal(secret, row.id),
            "former_secret": row.secret if overlap else None,
            "former_until": self._clock.now() + overlap if overlap else None,
        }
        return await self._changed(caller, row, values, ["secret"]), secret

    async def delete(self, caller: Principal, webhook: str) -> None:
        row = await self.get(caller, webhook)
        record = self._outbox.record(caller.actor, WebhookRemoved(**about(row)))
        if not await self._store.delete(caller.organisation_id, webhook, record):
            raise NotFound
        self._outbox.published(record)

    # Deliveries.

    async def test(self, caller: Principal, webhook: str) -> DeliveryRow:
        """Send an event that says only that. Raises Conflict for one that is disabled, RateLimited."""
        row = await self._enabled(caller, webhook)
        self._limit.take(caller.user_id)
        now = self._clock.now()
        record = self._outbox.record(caller.actor, WebhookTested(**about(row)))
        made: list[str] = []

        def also(connection: Connection, _: WebhookRow) -> None:
            record(connection)
            [event] = record.stored
            new = NewDelivery(row.organisation_id, event.stream, event.offset, event.id, event.type)
            made[:] = insert_deliveries(connection, new, [row.id], now)

        # The row is changed (to what it is) so that it is locked before the stream is.
        if await self._store.change(row.organisation_id, row.id, {"updated_at": row.updated_at}, also) is None:
            raise NotFound
        self._outbox.published(record)
        self._courier.wake()
        [delivery] = await self._deliveries.by_ids(made)
        return delivery

    async def log(
        self, caller: Principal, webhook: str, before: Place | None, limit: int, state: DeliveryState | None
    ) -> tuple[list[DeliveryRow], dict[str, list[Attempt]]]:
        """The newest first, `limit` and one more when there are more; and the tries of each."""
        row = await self._mine(caller, webhook)
        rows = await self._deliveries.page(row.id, before=before, limit=limit + 1, state=state)
        return rows, await self._deliveries.attempts([each.id for each in rows])

    async def replay(self, caller: Principal, webhook: str, delivery: str) -> DeliveryRow:
        """Send the event of a delivery once more, under the same id. Raises NotFound, Conflict, RateLimited."""
        row = await self._enabled(caller, webhook)
        made = await self._deliveries.replay(row.id, delivery, self._clock.now())
        if made is None:
            raise NotFound
        self._courier.wake()
        return made

    # Private.

    async def _mine(self, caller: Principal, webhook: str) -> WebhookRow:
        """One that may rest on the caller's own right. Raises NotFound, Forbidden."""
        row = await self.get(caller, webhook)
        await self._check_may_have(caller, row.workspace_id)
        return row

    async def _enabled(self, caller: Principal, webhook: str) -> WebhookRow:
        row = await self._mine(caller, webhook)
        if row.disabled_at is not None:
            raise Conflict("The webhook is disabled; enable it first.")
        return row

    async def _check_visible(self, caller: Principal, row: WebhookRow) -> None:
        role = await self._role(caller, row.workspace_id) if row.workspace_id is not None else None
        if role is None or not role.at_least(WorkspaceRole.ADMIN):
            raise NotFound

    async def _check_may_have(self, caller: Principal, workspace: str | None) -> None:
        if workspace is not None:
            check_workspace_role(await self._role(caller, workspace), WorkspaceRole.ADMIN)
        elif Permission.WEBHOOKS_MANAGE not in caller.permissions:
            raise Forbidden("Only an administrator may have a webhook for the whole organisation; name a workspace_id.")

    async def _role(self, caller: Principal, workspace: str) -> WorkspaceRole | None:
        role = await self._workspaces.role(caller.organisation_id, workspace, caller.user_id)
        return WorkspaceRole(role) if role is not None else None

    def _check_url(self, url: str) -> None:
        try:
            self._egress.check(url)
        except EgressRefused as refused:
            raise Invalid(details=[FieldIssue("url", f"is refused: {refused}")]) from None

    async def _changed(
        self, caller: Principal, row: WebhookRow, values: dict[str, Any], changed: Sequence[str]
    ) -> WebhookRow:
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, now: WebhookRow) -> None:
            told = WebhookChanged(**about(now), types=now.types, enabled=now.disabled_at is None, changed=list(changed))
            both = {now.owner_id: told, row.owner_id: told.model_copy(update={"user_id": row.owner_id})}
            record(connection, *both.values())

        values = {**values, "owner_id": caller.user_id, "updated_at": self._clock.now()}
        found = await self._store.change(caller.organisation_id, row.id, values, also)
        if found is None:
            raise NotFound
        self._outbox.published(record)
        self._courier.wake()
        return found
