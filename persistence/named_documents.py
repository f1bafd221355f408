"""Documents that clients open by a name of their own, before any person has made them."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, exists, insert, select
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.documents import DocumentRow, DocumentStore, NewDocument
from persistence.events import AlsoKnowing, nothing_else
from persistence.tables.identity import organisation_members, users
from persistence.tables.workspaces import workspace_members, workspaces
from persistence.workspaces import MemberRow, WorkspaceRow, member_in, workspace_in

__all__ = ["MadeWorkspace", "NamedDocuments"]

WORKSPACE_NAME = "Documents by name"
DESCRIPTION = "Documents that applications and clients have opened by a name."
MAX_TITLE_CHARACTERS = 500

M, W = organisation_members.c, workspaces.c


@dataclass(frozen=True, slots=True)
class MadeWorkspace:
    """The workspace of an organisation's named documents, and who is in it, if anybody is."""

    row: WorkspaceRow
    owner: MemberRow | None


class NamedDocuments:
    """Each organisation has one workspace for them, made when it is first needed.

    The organisation's first administrator owns it, so that a person can see and share what is in it. Where there is
    no administrator it has no members.
    """

    def __init__(self, database: Database, documents: DocumentStore) -> None:
        self._database = database
        self._documents = documents

    async def create_named(
        self,
        organisation: str,
        name: str,
        author: str,
        now: datetime,
        *,
        author_owns: bool = False,
        also_workspace: AlsoKnowing[MadeWorkspace] = nothing_else,
        also_document: AlsoKnowing[DocumentRow] = nothing_else,
    ) -> str:
        """The id of the document of this external name, made now if nobody was faster.

        author_owns: without an administrator the author is the workspace's owner (the one user of --open).
        """
        workspace = await self._workspace(organisation, author, now, also_workspace, author_owns=author_owns)
        new = NewDocument(organisation, workspace, name[:MAX_TITLE_CHARACTERS], "report", author, external_name=name)
        return (await self._documents.create_named(new, now, also_document)).id

    async def _workspace(
        self,
        organisation: str,
        author: str,
        now: datetime,
        also: AlsoKnowing[MadeWorkspace],
        *,
        author_owns: bool,
    ) -> str:
        # The id follows from the organisation's, so that of many who make it at once only one can.
        workspace = sha256(f"named documents of {organisation}".encode()).hexdigest()[:32]
        known = select(exists().where(W.id == workspace))
        for name in (WORKSPACE_NAME, f"{WORKSPACE_NAME} {workspace[:8]}"):
            if await self._database.read(lambda connection: connection.execute(known).scalar_one()):
                return workspace
            try:
                await self._make(organisation, workspace, name, author, now, also=also, author_owns=author_owns)
            except IntegrityError:
                continue  # made by somebody else meanwhile, or its owner has a workspace of this name
        return workspace

    async def _make(
        self,
        organisation: str,
        workspace: str,
        name: str,
        author: str,
        now: datetime,
        *,
        also: AlsoKnowing[MadeWorkspace],
        author_owns: bool,
    ) -> None:
        def work(connection: Connection) -> None:
            admin = _first_admin(connection, organisation)
            values = {"id": workspace, "organisation_id": organisation, "owner_id": admin or author, "name": name}
            about = {"type": "data_analysis", "description": DESCRIPTION, "settings": {}}
            connection.execute(insert(workspaces).values(**values, **about, created_at=now, updated_at=now, live=1))
            if (owner := admin or (author if author_owns else None)) is not None:
                row = {"workspace_id": workspace, "user_id": owner, "role": "owner", "joined_at": now}
                connection.execute(insert(workspace_members).values(row))
            member = member_in(connection, workspace, owner) if owner is not None else None
            also(connection, MadeWorkspace(workspace_in(connection, workspace), member))

        await self._database.write(work)


def _first_admin(connection: Connection, organisation: str) -> str | None:
    query = (
        select(M.user_id)
        .join(users, users.c.id == M.user_id)
        .where(M.organisation_id == organisation, M.role == "admin", users.c.active)
        .order_by(M.joined_at, M.user_id)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()
