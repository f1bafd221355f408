"""A running application with people who comment on a document, and their inboxes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from server.house import House
from tests.server.support import Person, served

__all__ = ["Ground", "ground", "mention"]


def mention(person: Person) -> str:
    return f"@[{person.email.partition('@')[0]}](user:{person.id})"


class Ground:
    """Ada owns the workspace; Ben and Cyd are editors in it; Dan is outside."""

    def __init__(self, house: House, people: tuple[Person, Person, Person, Person], workspace: str) -> None:
        self.house = house
        self.ada, self.ben, self.cyd, self.dan = people
        self.workspace = workspace
        self.document = ""

    @property
    def at(self) -> str:
        return f"/collaboration/documents/{self.document}"

    async def settled(self) -> None:
        await self.house.events.consumers.settled()

    async def comment(self, by: Person, content: str, thread: str | None = None) -> dict[str, Any]:
        body = {"content": content, **({"thread_id": thread} if thread is not None else {})}
        response = await by.post(self.at + "/comments", body)
        assert response.status_code == 201, response.text
        await self.settled()
        made: dict[str, Any] = response.json()["data"]
        return made

    async def do(self, by: Person, method: str, path: str, body: Any = None) -> Any:
        response = await by.ask(method, path, json=body)
        assert response.is_success, response.text
        await self.settled()
        return response.json().get("data") if response.content else None

    async def inbox(self, of: Person, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await of.get("/notifications", params=query)).json()["data"]["items"]
        return found

    async def kinds(self, of: Person) -> list[str]:
        return [item["kind"] for item in await self.inbox(of)]

    async def counts(self, of: Person) -> tuple[int, int]:
        data = (await of.get("/notifications/counts")).json()["data"]
        return data["unread"], data["unseen"]


@asynccontextmanager
async def ground(folder: Path, **settings: Any) -> AsyncIterator[Ground]:
    async with served(folder, **settings) as place:
        ben, cyd, dan = [await place.colleague(f"{name}@example.org") for name in ("ben", "cyd", "dan")]
        workspace = await place.admin.workspace()
        made = Ground(place.house, (place.admin, ben, cyd, dan), workspace)
        for person in (ben, cyd):
            body = {"email": person.email, "role": "editor"}
            await made.do(place.admin, "POST", f"/collaboration/workspaces/{workspace}/members", body)
        made.document = await place.admin.document(workspace, "Score")
        for person in (ben, cyd):
            [began] = await made.inbox(person)
            await made.do(person, "DELETE", f"/notifications/{began['id']}")
        yield made
