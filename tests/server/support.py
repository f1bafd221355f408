"""The real application on a store of its own, and people who talk to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from server.app import build
from server.house import House
from server.settings import Settings
from tests.stores import migrated_sqlite

__all__ = ["ADMIN", "PASSWORD", "Person", "Place", "served"]

ADMIN = "ada@example.org"
PASSWORD = "correct horse battery staple"
ADDRESS = "http://127.0.0.1:8000"


@dataclass
class Person:
    """Somebody with a bearer token."""

    http: httpx.AsyncClient
    token: str
    id: str
    email: str

    async def ask(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | arguments.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **arguments)

    async def get(self, path: str, **arguments: Any) -> httpx.Response:
        return await self.ask("GET", path, **arguments)

    async def post(self, path: str, json: Any = None, **arguments: Any) -> httpx.Response:
        return await self.ask("POST", path, json=json, **arguments)

    async def workspace(self, name: str = "Orchestra", **fields: Any) -> str:
        response = await self.post("/collaboration/workspaces", {"name": name, "type": "data_analysis", **fields})
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["id"])

    async def document(self, workspace: str, title: str = "Score", **fields: Any) -> str:
        body = {"title": title, "type": "report", **fields}
        response = await self.post(f"/collaboration/workspaces/{workspace}/documents", body)
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["id"])


@dataclass
class Place:
    """A running application."""

    app: FastAPI
    http: httpx.AsyncClient
    admin: Person

    @property
    def house(self) -> House:
        house: House = self.app.state.house
        return house

    async def colleague(self, email: str, role: str = "data_steward") -> Person:
        """Another user of the same organisation, signed in."""
        body = {"email": email, "name": email.partition("@")[0], "password": PASSWORD, "role": role}
        response = await self.admin.post("/auth/users", body)
        assert response.status_code == 201, response.text
        return await _signed_in(self.http, email)


@asynccontextmanager
async def served(folder: Path, **settings: Any) -> AsyncIterator[Place]:
    """The application, started and (at the end) stopped, with its first administrator signed in."""
    given = {"data_dir": folder, "admin_email": ADMIN, "admin_password": PASSWORD} | settings
    if not (store := folder / "counterpoint.sqlite3").exists() and "database_url" not in settings:
        folder.mkdir(exist_ok=True)
        store.write_bytes(migrated_sqlite())
    app = build(Settings.model_validate(given))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as http,
    ):
        yield Place(app, http, await _signed_in(http, ADMIN))


async def _signed_in(http: httpx.AsyncClient, email: str) -> Person:
    response = await http.post("/auth/login", json={"email": email, "password": PASSWORD})
    assert response.status_code == 200, response.text
    http.cookies.clear()
    body = response.json()
    return Person(http, body["token"], body["user"]["id"], email)
