"""One question: what stands between a user, the credential that he came with, and a document, right now?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, get_args

from sqlalchemy import Select, String, Table, and_, bindparam, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from persistence.database import Database
from persistence.tables.base import UtcTime
from persistence.tables.documents import document_heads, documents
from persistence.tables.identity import organisation_members, personal_tokens, sessions, users
from persistence.tables.workspaces import workspace_members, workspaces

__all__ = ["AccessStore", "CredentialKind", "Standing"]

CredentialKind = Literal["session", "token", "jwt", "open"]

U, M, D, W, WM = users.c, organisation_members.c, documents.c, workspaces.c, workspace_members.c
USER, ORGANISATION, DOCUMENT, CREDENTIAL = (
    bindparam(name, type_=String) for name in ("user", "organisation", "document", "credential")
)
NOW = bindparam("now", type_=UtcTime)
_KINDS = get_args(CredentialKind)
_TABLES: Mapping[str, Table] = MappingProxyType({"session": sessions, "token": personal_tokens})


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


NOBODY = Standing(
    credential_holds=False,
    organisation_role=None,
    document_id=None,
    external_name=None,
    incarnation=None,
    workspace_role=None,
    deleted=False,
)
"""There is no such user."""


class AccessStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        # Made once: to build such a query costs five times as much as to ask it.
        self._by_id = {kind: _query(D.id == DOCUMENT, kind) for kind in _KINDS}
        named = or_(D.id == DOCUMENT, D.external_name == DOCUMENT)
        self._by_name = {kind: _query(named, kind).order_by((D.id == DOCUMENT).desc()).limit(1) for kind in _KINDS}

    async def standing(
        self, kind: CredentialKind, credential: str, user: str, *, organisation: str, document: str, now: datetime
    ) -> Standing:
        """One query, whatever the answer. Credentials without a row (jwt, open) hold as far as the store can say."""
        asked = {"user": user, "organisation": organisation, "document": document}
        return await self._ask(self._by_id[kind], {**asked, **_shown(kind, credential, now)})

    async def standing_by_name(
        self, kind: CredentialKind, credential: str, user: str, *, organisation: str, name: str, now: datetime
    ) -> Standing:
        """The same for the document of this id, else of this external name."""
        asked = {"user": user, "organisation": organisation, "document": name}
        return await self._ask(self._by_name[kind], {**asked, **_shown(kind, credential, now)})

    async def _ask(self, query: Select[Any], asked: dict[str, object]) -> Standing:
        row = await self._database.read(lambda connection: connection.execute(query, asked).one_or_none())
        if row is None:
            return NOBODY
        return Standing(
            credential_holds=bool(row.active and row.holds),
            organisation_role=row.organisation_role,
            document_id=row.document_id,
            external_name=row.external_name,
            incarnation=row.incarnation,
            workspace_role=row.workspace_role,
            deleted=row.document_deleted_at is not None or row.workspace_deleted_at is not None,
        )


def _shown(kind: CredentialKind, credential: str, now: datetime) -> dict[str, object]:
    return {"credential": credential, "now": now} if kind in _TABLES else {}


def _query(named: ColumnElement[bool], kind: CredentialKind) -> Select[Any]:
    columns = (
        U.active,
        M.role.label("organisation_role"),
        D.id.label("document_id"),
        D.external_name,
        D.deleted_at.label("document_deleted_at"),
        document_heads.c.incarnation,
        W.deleted_at.label("workspace_deleted_at"),
        WM.role.label("workspace_role"),
        _holds(kind).label("holds"),
    )
    joined = (
        users.outerjoin(organisation_members, and_(M.user_id == U.id, M.organisation_id == ORGANISATION))
        .outerjoin(documents, and_(D.organisation_id == ORGANISATION, named))
        .outerjoin(document_heads, document_heads.c.document_id == D.id)
        .outerjoin(workspaces, W.id == D.workspace_id)
        .outerjoin(workspace_members, and_(WM.workspace_id == W.id, WM.user_id == U.id))
    )
    return select(*columns).select_from(joined).where(U.id == USER)


def _holds(kind: CredentialKind) -> ColumnElement[bool]:
    table = _TABLES.get(kind)
    if table is None:
        return true()
    c = table.c
    lasts = or_(c.expires_at.is_(None), c.expires_at > NOW)
    return select(c.id).where(c.id == CREDENTIAL, c.user_id == USER, lasts).exists()
