"""Inviting people into a workspace by e-mail address, and letting them in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from sqlalchemy import Connection

from persistence.account_rows import EmailTaken, NewAccount, folded_email
from persistence.invitations import (
    Accepted,
    InvitationRow,
    InvitationStore,
    Offer,
    Offered,
    by_id,
    by_token,
)
from server.clock import Clock
from server.collaboration.people.model import AcceptInvitation, Invitation, NewInvitation, ReceivedInvitation, SignUp
from server.collaboration.people.standing import check_acceptable, invitation_view, received_view
from server.collaboration.service import WorkspaceService
from server.errors import Conflict, Forbidden, NotFound
from server.events.invitations import (
    InvitationAccepted,
    InvitationReceived,
    InvitationRevoked,
    InvitationState,
    InvitationWithdrawn,
    MemberInvited,
)
from server.events.model import Actor, Event
from server.events.outbox import Outbox, Record
from server.events.states import member_joined
from server.http.paging import Place
from server.identity.access import announce
from server.identity.account_events import created_event
from server.identity.accounts import AccountService, SignedIn
from server.identity.minting import INVITATION, digest, mint
from server.identity.passwords import Passwords, check_password
from server.identity.principal import Principal
from server.identity.roles import OrganisationRole, WorkspaceRole
from server.identity.throttle import HourlyLimit
from server.realtime.broker import Broker

__all__ = ["LIFE", "InvitationService", "Letter", "Post", "Sent"]

LIFE = timedelta(days=7)
UNKNOWN = "This link is no invitation, or a newer one was sent since."


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody who is invited gets by mail."""

    invitation: InvitationRow
    accept_url: str


Post: TypeAlias = Callable[[Letter], None]
"""Takes a letter to be sent; quick, and never raises. Who waits for one in vain is sent another."""


@dataclass(frozen=True, slots=True)
class Sent:
    """`accept_url`: None when it went by mail."""

    invitation: InvitationRow
    accept_url: str | None


class InvitationService:
    """`post`: None where no mail can be sent; then whoever invites is told the link, once."""

    def __init__(
        self,
        store: InvitationStore,
        workspaces: WorkspaceService,
        accounts: AccountService,
        passwords: Passwords,
        *,
        broker: Broker,
        outbox: Outbox,
        clock: Clock,
        limit: HourlyLimit,
        post: Post | None = None,
    ) -> None:
        self._store = store
        self._workspaces = workspaces
        self._accounts = accounts
        self._passwords = passwords
        self._broker = broker
        self._outbox = outbox
        self._clock = clock
        self._limit = limit
        self._post = post

    # For those who invite.

    async def invite(self, caller: Principal, workspace: str, new: NewInvitation, site: str) -> Sent:
        """An open invitation for the address is changed into this one. `site`: where the web app is.

        Raises Forbidden above the caller's own role, Conflict for a member, RateLimited.
        """
        check = await self._may_give(caller, workspace)
        check(new.role)
        self._limit.take(caller.user_id)
        token, now = mint(INVITATION), self._clock.now()
        offer = Offer(workspace, folded_email(new.email), new.role, new.message or "", caller.user_id)
        record = self._outbox.record(caller.actor)
        offered = await self._store.offer(
            offer,
            digest(token),
            now,
            now + LIFE,
            check=lambda row: check(row.role),
            also=lambda connection, offered: record(connection, *_invited(offered)),
        )
        if offered is None:
            raise Conflict("This person is a member already.")
        return self._sent(record, offered, token, site)

    async def resend(self, caller: Principal, workspace: str, invitation: str, site: str) -> Sent:
        """Under a new token, the only one that is good from now on, and by the right of the caller.

        Raises Forbidden above the caller's own role, NotFound, Conflict for one that is over, RateLimited.
        """
        check = await self._may_give(caller, workspace)
        self._limit.take(caller.user_id)
        token, now = mint(INVITATION), self._clock.now()
        record = self._outbox.record(caller.actor)
        offered = await self._store.renew(
            workspace,
            invitation,
            digest(token),
            by=caller.user_id,
            now=now,
            expires_at=now + LIFE,
            check=lambda row: check(row.role),
            also=lambda connection, offered: record(connection, *_invited(offered)),
        )
        if offered is None:
            await self._over(workspace, invitation)
            raise Conflict("This invitation is over. Invite the address again.")
        return self._sent(record, offered, token, site)

    async def revoke(self, caller: Principal, workspace: str, invitation: str) -> None:
        """Again is as once. Raises Forbidden above the caller's own role, NotFound, Conflict for an accepted one."""
        check = await self._may_give(caller, workspace)
        record = self._outbox.record(caller.actor)
        was_open = await self._store.revoke(
            workspace,
            invitation,
            self._clock.now(),
            check=lambda row: check(row.role),
            also=lambda connection, offered: record(connection, *_revoked(offered)),
        )
        if not was_open and (await self._over(workspace, invitation)).accepted_at is not None:
            raise Conflict("This invitation was accepted already; remove the member instead.")
        self._outbox.published(record)

    async def page(
        self, caller: Principal, workspace: str, before: Place | None, limit: int, *, only_open: bool
    ) -> list[InvitationRow]:
        """The newest first; `limit` and one more, when there are more."""
        await self._workspaces.get(caller, workspace, WorkspaceRole.ADMIN)
        return await self._store.page(workspace, before, limit + 1, only_open=only_open)

    def view(self, row: InvitationRow) -> Invitation:
        return invitation_view(row, self._clock.now())

    # For those who are invited.

    async def look(self, token: str) -> InvitationRow:
        """Whatever has become of it. Raises NotFound."""
        row = await self._store.get(by_token(digest(token)))
        if row is None:
            raise NotFound(UNKNOWN)
        return row

    def received_view(self, row: InvitationRow) -> ReceivedInvitation:
        return received_view(row, self._clock.now())

    async def received(self, caller: Principal) -> list[InvitationRow]:
        """Those that the caller can accept, or could if their senders still had the right."""
        if caller.email is None:
            return []
        return await self._store.open_for(caller.organisation_id, folded_email(caller.email), self._clock.now())

    async def accept(self, caller: Principal, which: AcceptInvitation) -> Accepted:
        """The caller is a member from now on. Raises NotFound, Forbidden for another's, Conflict for a bad one."""
        key = by_id(which.id) if which.id is not None else by_token(digest(which.token or ""))
        row = await self._store.get(key)
        if row is None or (which.id is not None and not _is_for(row, caller)):
            raise NotFound(UNKNOWN)
        if not _is_for(row, caller):
            raise Forbidden("This invitation is for another address, or another organisation, than your account's.")
        records: list[Record] = []
        accepted = await self._store.accept(
            key,
            caller.user_id,
            now := self._clock.now(),
            check=lambda found: check_acceptable(found, now),
            also=lambda connection, accepted: self._record(records, connection, caller.actor, accepted),
        )
        return await self._let_in(accepted, row, records)

    async def sign_up(self, who: SignUp) -> SignedIn:
        """Make an account for the address, let it into the workspace and sign it in: all or nothing.

        Raises NotFound or Conflict for a link that is no good, Conflict for an address that has an account, Invalid.
        """
        row, now = await self.look(who.token), self._clock.now()
        check_acceptable(row, now)  # before the costly hash: anybody may call this
        check_password(who.password, "password", row.email, who.name)
        new = NewAccount(row.email, who.name, _standing_for(row), await self._passwords.hash(who.password))
        records: list[Record] = []

        def also(connection: Connection, accepted: Accepted) -> None:
            member = accepted.member
            actor = Actor(row.organisation_id, "person", member.user_id, member.name)
            self._record(records, connection, actor, accepted)

        try:
            accepted = await self._store.accept_new(
                by_token(digest(who.token)), new, now, check=lambda found: check_acceptable(found, now), also=also
            )
        except EmailTaken:
            raise Conflict("There is an account with this address. Sign in with it, then accept.") from None
        member = (await self._let_in(accepted, row, records)).member
        return await self._accounts.signed_in(row.organisation_id, member.user_id)

    # Private.

    async def _may_give(self, caller: Principal, workspace: str) -> Callable[[str], None]:
        """A check of roles against the caller's own: nobody invites, or takes back, above it."""
        await self._workspaces.get(caller, workspace, WorkspaceRole.ADMIN)
        own = await self._workspaces.role(caller, workspace)

        def check(role: str) -> None:
            if own is None or not own.at_least(WorkspaceRole(role)):
                raise Forbidden("You cannot give or take away a role above your own.")

        return check

    async def _over(self, workspace: str, invitation: str) -> InvitationRow:
        row = await self._store.get(by_id(invitation))
        if row is None or row.workspace_id != workspace:
            raise NotFound
        return row

    def _sent(self, record: Record, offered: Offered, token: str, site: str) -> Sent:
        self._outbox.published(record)
        accept_url = f"{site}/invitation#{token}"  # a browser keeps what follows a # to itself
        if self._post is None:
            return Sent(offered.invitation, accept_url)
        self._post(Letter(offered.invitation, accept_url))
        return Sent(offered.invitation, None)

    def _record(self, records: list[Record], connection: Connection, actor: Actor, accepted: Accepted) -> None:
        """The store may run its transaction again: the last record counts."""
        record = self._outbox.record(actor, *_accepted(accepted))
        record(connection)
        records[:] = [record]

    async def _let_in(self, accepted: Accepted | None, row: InvitationRow, records: list[Record]) -> Accepted:
        if accepted is None:  # somebody was faster
            now_is = await self._store.get(by_id(row.id))
            check_acceptable(now_is or row, self._clock.now())
            raise NotFound(UNKNOWN)
        for record in records:
            self._outbox.published(record)
        announce(self._broker, organisation=row.organisation_id, user=accepted.member.user_id)
        return accepted


def _is_for(row: InvitationRow, caller: Principal) -> bool:
    mine = caller.email is not None and folded_email(caller.email) == row.email
    return mine and caller.organisation_id == row.organisation_id


def _standing_for(row: InvitationRow) -> OrganisationRole:
    """The least role in the organisation with which the one in the workspace is worth what it says."""
    is_reader = WorkspaceRole(row.role) is WorkspaceRole.VIEWER
    return OrganisationRole.VIEWER if is_reader else OrganisationRole.DATA_ANALYST


def _of_mine(row: InvitationRow, user: str) -> dict[str, str]:
    place = {"workspace_id": row.workspace_id, "workspace_name": row.workspace_name}
    return {"user_id": user, "invitation_id": row.id, **place}


def _invited(offered: Offered) -> list[Event]:
    row = offered.invitation
    told: list[Event] = [
        MemberInvited(
            workspace_id=row.workspace_id,
            invitation_id=row.id,
            email=row.email,
            invitation=InvitationState.model_validate(row),
            renewed=offered.renewed,
        )
    ]
    if offered.user is not None:
        more = {"role": row.role, "inviter_name": row.inviter_name, "message": row.message}
        told.append(
            InvitationReceived.model_validate({**_of_mine(row, offered.user), **more, "expires_at": row.expires_at})
        )
    return told


def _revoked(offered: Offered) -> list[Event]:
    row = offered.invitation
    told: list[Event] = [InvitationRevoked(workspace_id=row.workspace_id, invitation_id=row.id, email=row.email)]
    if offered.user is not None:
        told.append(InvitationWithdrawn.model_validate(_of_mine(row, offered.user)))
    return told


def _accepted(accepted: Accepted) -> list[Event]:
    row, member = accepted.invitation, accepted.member
    used_up = InvitationAccepted(
        workspace_id=row.workspace_id, invitation_id=row.id, email=row.email, member_id=member.user_id
    )
    made = [] if accepted.account is None else [created_event(accepted.account)]
    return [*made, used_up, *(member_joined(row.workspace_name, member) if accepted.joined else [])]
