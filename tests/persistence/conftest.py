"""People and places that rows belong to."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert

from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.log import SqlDocumentLog
from persistence.tables.identity import organisations, users
from persistence.tables.workspaces import workspaces

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """An organisation with one user and one workspace."""

    organisation: str
    user: str
    workspace: str

    def document(self, **changes: object) -> NewDocument:
        given: dict[str, object] = {
            "organisation_id": self.organisation,
            "workspace_id": self.workspace,
            "title": "Plan",
            "type": "report",
            "author_id": self.user,
        }
        return NewDocument(**{**given, **changes})  # type: ignore[arg-type]


async def place_in(database: Database) -> Place:
    place = Place(uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex)

    def work(connection: Connection) -> None:
        name = place.organisation[:12]
        connection.execute(insert(organisations).values(id=place.organisation, slug=name, name=name, created_at=NOW))
        connection.execute(
            insert(users).values(
                id=place.user, email=f"{place.user}@example.org", name="Ada", active=True, created_at=NOW
            )
        )
        connection.execute(
            insert(workspaces).values(
                id=place.workspace,
                organisation_id=place.organisation,
                owner_id=place.user,
                name="Team",
                type="security",
                settings={},
                created_at=NOW,
                updated_at=NOW,
            )
        )

    await database.write(work)
    return place


@pytest.fixture
def make_place(database: Database) -> Callable[[], Awaitable[Place]]:
    return lambda: place_in(database)


@pytest.fixture
async def place(make_place: Callable[[], Awaitable[Place]]) -> Place:
    return await make_place()


@pytest.fixture
def documents(database: Database) -> DocumentStore:
    return DocumentStore(database)


@pytest.fixture
def log(database: Database) -> SqlDocumentLog:
    return SqlDocumentLog(database)


@pytest.fixture
async def document(documents: DocumentStore, place: Place) -> str:
    return (await documents.create(place.document(), NOW)).id
