"""A running application whose webhooks reach this machine, and people who have some."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from persistence.tables.webhooks import webhook_deliveries, webhooks
from server.house import House
from tests.server.receiver import Receiver
from tests.server.support import Person, served

__all__ = ["Ground", "ground"]


class Ground:
    """Ada is the administrator and owns the workspace, Cyd is an editor in it, Ben is outside."""

    def __init__(self, house: House, ada: Person, ben: Person, cyd: Person, workspace: str) -> None:
        self.house = house
        self.ada, self.ben, self.cyd = ada, ben, cyd
        self.workspace = workspace

    async def hook(self, receiver: Receiver | None = None, by: Person | None = None, **fields: Any) -> dict[str, Any]:
        """A webhook of Ada's (or somebody else's) for the workspace; with its secret."""
        url = f"http://127.0.0.1:{receiver.port}/hook" if receiver is not None else "https://hook.example.org/"
        body = {"url": url, "workspace_id": self.workspace, **fields}
        response = await (by or self.ada).post("/webhooks", {k: v for k, v in body.items() if v is not None})
        assert response.status_code == 201, response.text
        made: dict[str, Any] = response.json()["data"]
        return made

    async def carried(self) -> None:
        """What has happened is sent, once."""
        await self.house.events.consumers.settled()
        courier = self.house.webhooks.courier
        while True:
            pause = await courier._round()
            if courier._tries:
                await asyncio.wait(courier._tries)
            elif pause > 0 and not await self._is_under_way():
                return

    async def _is_under_way(self) -> bool:
        """The courier's own task has taken something, or may take it at once."""
        now, row = datetime.now(UTC), webhook_deliveries.c
        joined = webhook_deliveries.join(webhooks, webhooks.c.id == row.webhook_id)
        taken = or_(row.leased_until > now, and_(row.lease.is_(None), row.due_at <= now))
        waits = and_(row.state == "pending", webhooks.c.disabled_at.is_(None), taken)
        query = select(func.count()).select_from(joined).where(waits)
        count: int = await self.house.database.read(lambda connection: connection.execute(query).scalar_one())
        return count > 0

    async def later(self, by: timedelta = timedelta(0)) -> None:
        """What waits for its next try is due now, and is tried."""
        now = datetime.now(UTC) - by
        due = update(webhook_deliveries).where(webhook_deliveries.c.state == "pending").values(due_at=now)
        await self.house.database.write(lambda connection: connection.execute(due))
        await self.carried()

    async def log(self, hook: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
        response = await self.ada.get(f"/webhooks/{hook['id']}/deliveries", params=query)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["data"]
        return found

    async def look(self, hook: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = (await self.ada.get(f"/webhooks/{hook['id']}")).json()["data"]
        return found


@asynccontextmanager
async def ground(folder: Path, **settings: Any) -> AsyncIterator[Ground]:
    async with served(folder, egress_allow="127.0.0.0/8", **settings) as place:
        ben, cyd = await place.colleague("ben@example.org"), await place.colleague("cyd@example.org")
        workspace = await place.admin.workspace()
        body = {"email": cyd.email, "role": "editor"}
        await place.admin.post(f"/collaboration/workspaces/{workspace}/members", body)
        yield Ground(place.house, place.admin, ben, cyd, workspace)
