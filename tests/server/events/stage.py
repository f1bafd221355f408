"""A running application with people, a workspace and a document, and an ear for everything that is written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from persistence.database import Database
from persistence.events import StoredEvent
from persistence.tables.events import events, streams
from server.app import build
from server.events.catalogue import CATALOGUE
from server.events.envelope import Heard, hear
from server.events.model import Event
from server.events.notifications import NotificationChanged, NotificationRemoved
from server.house import House
from server.settings import Settings
from tests.server.support import ADDRESS, Person, Place

__all__ = ["Stage", "bare", "set_up", "written"]

INBOX = (NotificationChanged, NotificationRemoved)


async def written(database: Database) -> list[StoredEvent]:
    """Every event of the store: workspaces' before users', each stream in its order."""
    e, s = events.c, streams.c
    query = (
        select(e.organisation_id, e.stream, s.epoch, e.offset, e.id, e.type, e.actor_id, e.subject, e.time, e.body)
        .join(streams, (s.organisation_id == e.organisation_id) & (s.name == e.stream))
        .order_by(e.stream.desc(), e.offset)
    )
    rows = await database.read(lambda connection: connection.execute(query).all())
    return [StoredEvent(*row) for row in rows]


@dataclass
class Stage:
    """Ada is the administrator and owns the workspace; Ben is a colleague outside of it, Cyd an editor in it."""

    place: Place
    ada: Person
    ben: Person
    cyd: Person
    workspace: str
    document: str
    _known: frozenset[str] = frozenset()

    @property
    def at_workspace(self) -> str:
        return f"/collaboration/workspaces/{self.workspace}"

    @property
    def at_document(self) -> str:
        return f"/collaboration/documents/{self.document}"

    async def do(self, method: str, path: str, body: Any = None, **arguments: Any) -> httpx.Response:
        """Ada asks; what was written before is not counted."""
        await self.mark()
        response = await self.ada.ask(method, path, json=body, **arguments)
        assert response.is_success, response.text
        return response

    async def mark(self) -> None:
        await self.place.house.events.consumers.settled()
        self._known = frozenset(event.id for event in await written(self.place.house.database))

    async def heard(self) -> list[Heard]:
        """The events since the mark, without those that consumers have made of them: the system does that by itself."""
        fresh = [hear(event) for event in await written(self.place.house.database) if event.id not in self._known]
        return [heard for heard in fresh if not (isinstance(heard.event, INBOX) and heard.actor.kind == "system")]

    async def kinds(self) -> list[type[Event]]:
        kinds = {row.type: kind for kind, row in CATALOGUE.items()}
        return [kinds[heard.type] for heard in await self.heard()]


async def set_up(place: Place) -> Stage:
    ada, ben = place.admin, await place.colleague("ben@example.org")
    cyd = await place.colleague("cyd@example.org")
    workspace = await ada.workspace()
    added = await ada.post(
        f"/collaboration/workspaces/{workspace}/members", {"email": "cyd@example.org", "role": "editor"}
    )
    assert added.status_code == 201, added.text
    stage = Stage(place, ada, ben, cyd, workspace, await ada.document(workspace))
    await stage.mark()
    return stage


@asynccontextmanager
async def bare(folder: Path, *, open_mode: bool = False) -> AsyncIterator[tuple[House, httpx.AsyncClient]]:
    """An application in which nobody has an account."""
    app = build(Settings.model_validate({"data_dir": folder}), open_mode=open_mode)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as http,
    ):
        yield app.state.house, http
