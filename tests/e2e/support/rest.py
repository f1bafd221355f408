"""The REST interface, as the tests use it."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from tests.e2e.support.server import ADMIN_EMAIL, ADMIN_PASSWORD, CounterpointServer

__all__ = ["PASSWORD", "Account", "Api"]

PASSWORD = "a long enough password"


@dataclass(frozen=True, slots=True)
class Account:
    """A user and a session token of his."""

    id: str
    email: str
    token: str


class Api:
    """One signed-in caller."""

    def __init__(self, server: CounterpointServer) -> None:
        self.server = server
        self.token = ""
        self._client = httpx.AsyncClient(base_url=server.url, timeout=30, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ask(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        # The cookie of a sign-in must not stand beside the bearer token.
        self._client.cookies.clear()
        return await self._client.request(method, path, headers=headers | arguments.pop("headers", {}), **arguments)

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        """The reply's body, out of its envelope when it has one. AssertionError on any error status."""
        response = await self.ask(method, path, **arguments)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        body = response.json() if response.content else None
        return body["data"] if isinstance(body, dict) and "data" in body else body

    async def sign_in(self, email: str = ADMIN_EMAIL, password: str = ADMIN_PASSWORD) -> Account:
        body = await self.call("POST", "/auth/login", json={"email": email, "password": password})
        self.token = body["token"]
        return Account(body["user"]["id"], email, body["token"])

    async def workspace(self) -> str:
        body = {"name": f"Orchestra {uuid4().hex[:8]}", "description": "", "type": "data_analysis"}
        return str((await self.call("POST", "/collaboration/workspaces", json=body))["id"])

    async def document(self, workspace: str, title: str = "Score", **fields: Any) -> str:
        body = {"title": title, "type": "report", **fields}
        return str((await self.call("POST", f"/collaboration/workspaces/{workspace}/documents", json=body))["id"])

    async def colleague(
        self, workspace: str | None = None, *, role: str = "editor", organisation_role: str = "data_steward"
    ) -> Account:
        """Another user of the same organisation, signed in; a member of `workspace` when one is given."""
        email = f"colleague-{uuid4().hex[:8]}@example.org"
        body = {"email": email, "name": email.partition("@")[0], "password": PASSWORD, "role": organisation_role}
        await self.call("POST", "/auth/users", json=body)
        if workspace is not None:
            await self.call(
                "POST", f"/collaboration/workspaces/{workspace}/members", json={"email": email, "role": role}
            )
        async with Api(self.server) as other:
            return await other.sign_in(email, PASSWORD)

    async def set_role(self, workspace: str, user: str, role: str) -> None:
        await self.call("PUT", f"/collaboration/workspaces/{workspace}/members/{user}", json={"role": role})
