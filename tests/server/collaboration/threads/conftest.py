"""A document in a workspace, and people who talk about it."""

from dataclasses import dataclass
from typing import Any

import pytest

from persistence.events import EventStore
from server.events.envelope import Heard, hear
from tests.server.support import Person, Place

Json = dict[str, Any]


@dataclass
class Desk:
    """A document of Ada's; everything is said over HTTP."""

    place: Place
    workspace: str
    document: str

    @property
    def comments(self) -> str:
        return f"/collaboration/documents/{self.document}/comments"

    @property
    def threads(self) -> str:
        return f"/collaboration/documents/{self.document}/threads"

    async def say(self, person: Person, content: str = "Why?", **fields: Any) -> Json:
        response = await person.post(self.comments, {"content": content, **fields})
        assert response.status_code == 201, response.text
        said: Json = response.json()["data"]
        return said

    async def all(self, person: Person, **asked: Any) -> list[Json]:
        response = await person.get(self.comments, params=asked)
        assert response.status_code == 200, response.text
        found: list[Json] = response.json()["data"]
        return found

    async def events(self) -> list[Heard]:
        """Those of comments and threads, oldest first."""
        store = EventStore(self.place.house.database)
        tail = await store.after(await self._organisation(), f"workspace:{self.workspace}", 0, 1000)
        heard = [hear(each) for each in tail.events]
        return [each for each in heard if each.type.split(".")[1] in ("comment", "thread", "anchor")]

    async def kinds(self) -> list[str]:
        return [type(each.event).__name__ for each in await self.events()]

    async def member(self, email: str, role: str = "editor") -> Person:
        person = await self.place.colleague(email)
        body = {"email": email, "role": role}
        answer = await self.place.admin.post(f"/collaboration/workspaces/{self.workspace}/members", body)
        assert answer.status_code == 201, answer.text
        return person

    async def _organisation(self) -> str:
        return str((await self.place.admin.get("/auth/me")).json()["organisation"]["id"])


@pytest.fixture
async def desk(place: Place) -> Desk:
    workspace = await place.admin.workspace()
    return Desk(place, workspace, await place.admin.document(workspace, content="Grüße 😀 an alle\nzweite Zeile"))
