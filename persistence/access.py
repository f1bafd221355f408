"""One question: what stands between a user, the credential that he came with, and a document, right now?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Select, and_, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from persistence.database import Database
from persistence.tables.documents import document_heads, documents
from persistence.tables.identity import organisation_members, personal_tokens, sessions, users
from persistence.tables.workspaces import workspace_members, workspaces

__all__ = ["AccessStore", "CredentialKind", "Standing"]

CredentialKind = Literal["session", "token", "jwt", "open"]

U, M, D, W, WM = users.c, organisation_members.c, documents.c, workspaces.c, workspace_members.c


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a user and a document of his organisation.

    credential_holds      the session or token is still there, unexpired, and its owner active
    organisation_role     None: no member of the organisation any more
    document_id           None: the organisation has no such document
    workspace_role        None: no member of the document's workspace
    deleted               the document or its workspace has a tombstone
    """

    credential_holds: bool
    organisation_role: str | None
    document_id: str | None
    external_name: str | None
    incarnation: str | None
    workspace_role: str | None
    deleted: bool


class AccessStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(
        self, kind: CredentialKind, credential: str, user: str, *, organisation: str, document: str, now: datetime
    ) -> Standing:
        """One query, whatever the answer. Credentials without a row (jwt, open) hold as far as the store can say."""
        query = _query(user, organisation, document).add_columns(_holds(kind, credential, user, now).label("holds"))

        def work(connection: Connection) -> Standing:
            row = connection.execute(query).one_or_none()
            if row is None:
                return Standing(
                    credential_holds=False,
                    organisation_role=None,
                    document_id=None,
                    external_name=None,
                    incarnation=None,
                    workspace_role=None,
                    deleted=False,
                )
            return Standing(
                credential_holds=bool(row.active and row.holds),
                organisation_role=row.organisation_role,
                document_id=row.document_id,
                external_name=row.external_name,
                incarnation=row.incarnation,
                workspace_role=row.workspace_role,
                deleted=row.document_deleted_at is not None or row.workspace_deleted_at is not None,
            )

        return await self._database.read(work)


def _query(user: str, organisation: str, document: str) -> Select[tuple[object, ...]]:
    columns = (
        U.active,
        M.role.label("organisation_role"),
        D.id.label("document_id"),
        D.external_name,
        D.deleted_at.label("document_deleted_at"),
        document_heads.c.incarnation,
        W.deleted_at.label("workspace_deleted_at"),
        WM.role.label("workspace_role"),
    )
    joined = (
        users.outerjoin(organisation_members, and_(M.user_id == U.id, M.organisation_id == organisation))
        .outerjoin(documents, and_(D.id == document, D.organisation_id == organisation))
        .outerjoin(document_heads, document_heads.c.document_id == D.id)
        .outerjoin(workspaces, W.id == D.workspace_id)
        .outerjoin(workspace_members, and_(WM.workspace_id == W.id, WM.user_id == U.id))
    )
    return select(*columns).select_from(joined).where(U.id == user)


def _holds(kind: CredentialKind, credential: str, user: str, now: datetime) -> ColumnElement[bool]:
    if kind == "session":
        s = sessions.c
        return select(s.id).where(s.id == credential, s.user_id == user, s.expires_at > now).exists()
    if kind == "token":
        t = personal_tokens.c
        lasts = or_(t.expires_at.is_(None), t.expires_at > now)
        return select(t.id).where(t.id == credential, t.user_id == user, lasts).exists()
    return true()
