"""The identity wing on a real store, behind a small application with its routes, under a clock that the test sets."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OctKey

from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.workspaces import WorkspaceRow, WorkspaceStore
from server.errors import Unauthenticated
from server.events.model import system_actor
from server.http.csrf import CsrfGuard
from server.http.errors import install_error_handlers
from server.identity.house import IdentityWing
from server.identity.principal import Credentials, Principal, Right
from server.identity.roles import OrganisationRole
from server.identity.routes import router

ADA = "ada@example.org"
PASSWORD = "correct horse battery staple"
SECRET = "an HS256 secret of more than 32 bytes"
ORIGIN = "https://pad.example.org"


class HandClock:
    """Stands still until it is moved. It stands in the future, so that a test's cookie jar keeps its cookies."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2090, 3, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def move(self, **period: float) -> None:
        self.seconds += timedelta(**period).total_seconds()


@dataclass
class Place:
    """A running identity wing, and hands to make what it needs."""

    wing: IdentityWing
    database: Database
    clock: HandClock
    app: FastAPI
    changes: list[dict[str, Any]] = field(default_factory=list)

    def client(self, **options: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=options.pop("address", ("203.0.113.5", 1)))
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", **options)

    async def organisation(self, name: str = "Default") -> str:
        return (await self.wing.setup.organisation(name)).id

    async def person(
        self,
        email: str = ADA,
        role: OrganisationRole = OrganisationRole.ADMIN,
        organisation: str = "Default",
    ) -> str:
        row = await self.wing.accounts.create(
            system_actor(await self.organisation(organisation)),
            email=email,
            name=email.split("@", maxsplit=1)[0],
            password=PASSWORD,
            role=role,
        )
        return row.id

    async def session(self, email: str = ADA) -> str:
        """A session's token."""
        return (await self.wing.accounts.sign_in(email, PASSWORD, "203.0.113.5")).session.token

    async def principal(self, bearer: str | None = None, **brought: str) -> Principal:
        return await self.wing.doorkeeper.authenticate(credentials(bearer=bearer, **brought))

    async def workspace(self, owner: str, organisation: str = "Default", **members: str) -> str:
        """A workspace with its owner and `members` (user id=role)."""
        now, store, workspace = self.clock.now(), WorkspaceStore(self.database), uuid4().hex
        row = WorkspaceRow(
            workspace, await self.organisation(organisation), owner, workspace, "security", "", {}, now, now
        )
        await store.create(row)
        for user, role in members.items():
            await store.add_member(workspace, user, role, now)
        return workspace

    async def document(
        self, workspace: str, author: str, name: str | None = None, organisation: str = "Default"
    ) -> str:
        new = NewDocument(await self.organisation(organisation), workspace, "Title", "report", author, name)
        return (await DocumentStore(self.database).create(new, self.clock.now())).id


def credentials(
    bearer: str | None = None, cookie: str | None = None, ticket: str | None = None, origin: str | None = None
) -> Credentials:
    return Credentials(cookie=cookie, bearer=bearer, ticket=ticket, origin=origin, address="203.0.113.5")


def application(wing: IdentityWing) -> FastAPI:
    app = FastAPI()
    install_error_handlers(app)
    app.include_router(router)
    app.state.house = SimpleNamespace(identity=wing)
    app.add_middleware(CsrfGuard, origin_allowed=wing.doorkeeper.origin_allowed, cookies=frozenset({wing.cookie.name}))
    return app


def app_token(place: Place, *docs: tuple[str, str], sub: str = "u-1", **claims: Any) -> str:
    said = {"sub": sub, "exp": int(place.clock.now().timestamp()) + 600, **claims}
    said["docs"] = [{"pattern": pattern, "right": right} for pattern, right in docs]
    return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(SECRET))


async def right_to(place: Place, caller: Principal, document: str) -> Right:
    access = await place.wing.doorkeeper.document_access(caller, document)
    assert await place.wing.doorkeeper.recheck(caller, access.document_id) is access.right
    return access.right


async def lets_in(place: Place, bearer: str) -> bool:
    try:
        await place.principal(bearer)
    except Unauthenticated:
        return False
    return True
