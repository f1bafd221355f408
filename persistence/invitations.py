"""Invitations into workspaces, known by the hash of a token that works once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from persistence.access_changes import note_access
from persistence.account_rows import AccountRow, NewAccount, insert_account
from persistence.database import Database
from persistence.events import AlsoKnowing, nothing_else
from persistence.tables.identity import organisation_members, users
from persistence.tables.invitations import invitations
from persistence.tables.workspaces import workspace_members, workspaces
from persistence.workspaces import MemberRow, member_in

__all__ = ["Accepted", "InvitationRow", "InvitationStore", "Offer", "Offered", "Place", "by_id", "by_token"]

Place: TypeAlias = tuple[datetime, str]
Key: TypeAlias = ColumnElement[bool]
Check: TypeAlias = Callable[["InvitationRow"], None]
"""Raises, in the transaction, what stands against the change: then nothing is changed."""


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation, its workspace, and what whoever has sent it is now.

    inviter_role       in the workspace; None for who is no member any more
    inviter_standing   the role in the organisation; None for who is in it no more, or whose account is not active
    workspace_deleted  the workspace has a tombstone
    """

    id: str
    organisation_id: str
    workspace_id: str
    workspace_name: str
    workspace_deleted: bool
    email: str
    role: str
    message: str
    invited_by: str
    inviter_name: str
    inviter_role: str | None
    inviter_standing: str | None
    created_at: datetime
    sent_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered, by whom. `email` is folded."""

    workspace_id: str
    email: str
    role: str
    message: str
    invited_by: str


@dataclass(frozen=True, slots=True)
class Offered:
    """An invitation that was sent. `user`: whose address it is, in the organisation; nobody is told that there is one.

    renewed: there was one for this address, which it has taken the place of.
    """

    invitation: InvitationRow
    user: str | None
    renewed: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """An invitation that was used up. `account`: made for it. `joined` is false for who was a member before."""

    invitation: InvitationRow
    member: MemberRow
    account: AccountRow | None
    joined: bool


I, W, M, O, U = invitations.c, workspaces.c, workspace_members.c, organisation_members.c, users.c  # noqa: E741
INVITATION = (
    I.id,
    W.organisation_id,
    I.workspace_id,
    W.name.label("workspace_name"),
    W.deleted_at.is_not(None).label("workspace_deleted"),
    I.email,
    I.role,
    I.message,
    I.invited_by,
    U.name.label("inviter_name"),
    M.role.label("inviter_role"),
    O.role.label("inviter_standing"),
    I.created_at,
    I.sent_at,
    I.expires_at,
    I.accepted_at,
    I.revoked_at,
)
IS_OPEN = I.open == 1


def by_token(token_hash: str) -> Key:
    return I.token_hash == token_hash


def by_id(invitation: str) -> Key:
    return I.id == invitation


class InvitationStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    # For those who invite.

    async def offer(
        self,
        offer: Offer,
        token_hash: str,
        now: datetime,
        expires_at: datetime,
        *,
        check: Check,
        also: AlsoKnowing[Offered] = nothing_else,
    ) -> Offered | None:
        """Send an invitation; an open one for the address is changed into it. None when the address is a member's.

        `check` is asked about the open one.
        """

        def work(connection: Connection) -> Offered | None:
            if _is_member(connection, offer):
                return None
            mine = (I.workspace_id == offer.workspace_id) & (I.email == offer.email) & IS_OPEN
            values = {
                "role": offer.role,
                "message": offer.message,
                "token_hash": token_hash,
                "invited_by": offer.invited_by,
                "sent_at": now,
                "expires_at": expires_at,
            }
            known = _found(connection, mine)
            if known is not None:
                check(known)
                connection.execute(update(invitations).where(I.id == known.id, IS_OPEN).values(values))
            else:
                place = {"id": uuid4().hex, "workspace_id": offer.workspace_id, "email": offer.email, "open": 1}
                connection.execute(insert(invitations).values(**place, **values, created_at=now))
            return _told(connection, mine, also, renewed=known is not None)

        try:
            return await self._database.write(work)
        except IntegrityError:  # it came twice at once, and the other one was faster
            return await self._database.write(work)

    async def renew(
        self,
        workspace: str,
        invitation: str,
        token_hash: str,
        *,
        by: str,
        now: datetime,
        expires_at: datetime,
        check: Check,
        also: AlsoKnowing[Offered] = nothing_else,
    ) -> Offered | None:
        """The same invitation under a new token, the only one that is good from now on. None when it is not open."""
        mine = (I.workspace_id == workspace) & (I.id == invitation) & IS_OPEN
        values = {"token_hash": token_hash, "invited_by": by, "sent_at": now, "expires_at": expires_at}

        def work(connection: Connection) -> Offered | None:
            known = _found(connection, mine)
            if known is None:
                return None
            check(known)
            if not connection.execute(update(invitations).where(mine).values(values)).rowcount:
                return None
            return _told(connection, mine, also, renewed=True)

        return await self._database.write(work)

    async def revoke(
        self,
        workspace: str,
        invitation: str,
        now: datetime,
        *,
        check: Check,
        also: AlsoKnowing[Offered] = nothing_else,
    ) -> bool:
        """False when it is not open."""
        mine = (I.workspace_id == workspace) & (I.id == invitation)

        def work(connection: Connection) -> bool:
            known = _found(connection, mine & IS_OPEN)
            if known is None:
                return False
            check(known)
            ended = update(invitations).where(mine, IS_OPEN).values(revoked_at=now, open=None)
            if not connection.execute(ended).rowcount:
                return False
            _told(connection, mine, also, renewed=False)
            return True

        return await self._database.write(work)

    async def page(self, workspace: str, before: Place | None, limit: int, *, only_open: bool) -> list[InvitationRow]:
        """The newest first; `before` is (created_at, id) of the last one seen."""
        query = _query().where(I.workspace_id == workspace)
        if only_open:
            query = query.where(IS_OPEN)
        if before is not None:
            at, last = before
            query = query.where(or_(I.created_at < at, (I.created_at == at) & (I.id < last)))
        query = query.order_by(I.created_at.desc(), I.id.desc()).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_row(row) for row in rows]

    # For those who are invited.

    async def get(self, key: Key) -> InvitationRow | None:
        return await self._database.read(lambda connection: _found(connection, key))

    async def open_for(self, organisation: str, email: str, now: datetime) -> list[InvitationRow]:
        """Those that this address has in the organisation and that have not expired, the newest first."""
        mine = (W.organisation_id == organisation) & (I.email == email) & IS_OPEN & (I.expires_at > now)
        query = _query().where(mine, W.deleted_at.is_(None)).order_by(I.sent_at.desc(), I.id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_row(row) for row in rows]

    async def accept(
        self, key: Key, user: str, now: datetime, *, check: Check, also: AlsoKnowing[Accepted] = nothing_else
    ) -> Accepted | None:
        """The user is a member from now on, and the invitation used up. None when it was not open."""

        def work(connection: Connection) -> Accepted | None:
            invitation = _used_up(connection, key, now, check)
            if invitation is None:
                return None
            accepted = _let_in(connection, invitation, user, now)
            also(connection, accepted)
            return accepted

        return await self._database.write(work)

    async def accept_new(
        self,
        key: Key,
        new: NewAccount,
        now: datetime,
        *,
        check: Check,
        also: AlsoKnowing[Accepted] = nothing_else,
    ) -> Accepted | None:
        """The same for somebody whose account is made with it: all or nothing. Raises EmailTaken."""

        def work(connection: Connection) -> Accepted | None:
            invitation = _used_up(connection, key, now, check)
            if invitation is None:
                return None
            account = insert_account(connection, invitation.organisation_id, new, now)
            accepted = replace(_let_in(connection, invitation, account.id, now), account=account)
            also(connection, accepted)
            return accepted

        return await self._database.write(work)


def _used_up(connection: Connection, key: Key, now: datetime, check: Check) -> InvitationRow | None:
    found = _found(connection, key & IS_OPEN)
    if found is None:
        return None
    check(found)
    # Of two who come at once one changes the row; the other waits for it, and finds nothing that is open.
    statement = update(invitations).where(key, IS_OPEN).values(accepted_at=now, open=None)
    return found if connection.execute(statement).rowcount else None


def _let_in(connection: Connection, invitation: InvitationRow, user: str, now: datetime) -> Accepted:
    connection.execute(update(invitations).where(I.id == invitation.id).values(accepted_by=user))
    note_access(connection, organisation=invitation.organisation_id, user=user)
    workspace = invitation.workspace_id
    membership = select(M.role).where(M.workspace_id == workspace, M.user_id == user)
    joined = connection.execute(membership).first() is None
    if joined:
        values = {"workspace_id": workspace, "user_id": user, "role": invitation.role, "joined_at": now}
        connection.execute(insert(workspace_members).values(values))
    return Accepted(invitation, member_in(connection, workspace, user), None, joined)


def _told(connection: Connection, mine: Key, also: AlsoKnowing[Offered], *, renewed: bool) -> Offered:
    row = _row(connection.execute(_query().where(mine)).one())
    offered = Offered(row, _user_of(connection, row), renewed)
    also(connection, offered)
    return offered


def _is_member(connection: Connection, offer: Offer) -> bool:
    query = select(U.id).join(workspace_members, M.user_id == U.id)
    query = query.where(M.workspace_id == offer.workspace_id, U.email == offer.email)
    return connection.execute(query).first() is not None


def _user_of(connection: Connection, row: InvitationRow) -> str | None:
    query = select(U.id).join(organisation_members, O.user_id == U.id)
    query = query.where(O.organisation_id == row.organisation_id, U.email == row.email)
    return connection.execute(query).scalar_one_or_none()


def _found(connection: Connection, key: Key) -> InvitationRow | None:
    found = connection.execute(_query().where(key)).first()
    return None if found is None else _row(found)


def _query() -> Select[Any]:
    """With the sender as he is now; who may not be there any more."""
    return (
        select(*INVITATION)
        .join(workspaces, W.id == I.workspace_id)
        .join(users, U.id == I.invited_by)
        .outerjoin(workspace_members, (M.workspace_id == I.workspace_id) & (M.user_id == I.invited_by))
        .outerjoin(
            organisation_members,
            (O.organisation_id == W.organisation_id) & (O.user_id == I.invited_by) & U.active,
        )
    )


def _row(row: Row[Any]) -> InvitationRow:
    return InvitationRow(**row._asdict())
