"""The doorkeeper: who somebody is, and what he may do with a document now."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from persistence.access import AccessStore, Standing
from persistence.accounts import AccountStore
from persistence.credentials import CredentialStore
from persistence.errors import StoreUnavailable
from server.clock import Clock
from server.errors import CredentialExpired, Deleted, Forbidden, NotFound, Unauthenticated
from server.identity.externals import ExternalAccounts
from server.identity.grants import granted
from server.identity.minting import PERSONAL_TOKEN, SESSION
from server.identity.origins import OriginRule
from server.identity.principal import Credentials, DocumentAccess, Principal, Right
from server.identity.recent import Recent
from server.identity.roles import OrganisationRole, Permission, WorkspaceRole, document_right
from server.identity.sessions import SessionDesk
from server.identity.tickets import TicketDesk
from server.identity.tokens import TokenDesk

if TYPE_CHECKING:  # imported where a key is configured: it brings a library of cryptography
    from server.identity.jwt import AppTokens

__all__ = ["DEFAULT_ORGANISATION", "Desks", "DocumentNames", "Doorkeeper", "looks_like_a_jwt"]

log = logging.getLogger("counterpoint.identity")

DEFAULT_ORGANISATION = "Default"
"""The organisation of the first account, and of applications' tokens that name none."""
TOUCH_AFTER = timedelta(minutes=5)
"""How exactly it is known when a credential was used last: a write for every request would be too dear."""
MAX_NAME_CHARACTERS = 500


class DocumentNames(Protocol):
    """Makes documents that clients open by a name of their own."""

    async def create_named(self, caller: Principal, name: str, now: datetime) -> str:
        """The id of the document of this external name, made now if nobody was faster."""
        ...


@dataclass(frozen=True, slots=True)
class Desks:
    """Where each kind of credential is read. `apps`: None when no application's key is configured."""

    sessions: SessionDesk
    tokens: TokenDesk
    tickets: TicketDesk
    apps: "AppTokens | None"


class Doorkeeper:
    """Everything is looked up anew at each question, except where sockets come in: there a second is bridged."""

    def __init__(
        self,
        desks: Desks,
        accounts: AccountStore,
        credentials: CredentialStore,
        access: AccessStore,
        *,
        documents: DocumentNames,
        externals: ExternalAccounts,
        origins: OriginRule,
        clock: Clock,
    ) -> None:
        self._desks = desks
        self._accounts = accounts
        self._credentials = credentials
        self._access = access
        self._documents = documents
        self._externals = externals
        self._origins = origins
        self._clock = clock
        self._everybody: Principal | None = None
        self._admitted: Recent[tuple[Principal, str], DocumentAccess] = Recent(clock)
        self._rechecked: Recent[tuple[Principal, str], Right | None] = Recent(clock)

    def rights_changed(self, change: object = None) -> None:
        """Somebody's rights may be others now: nothing that was remembered counts any more."""
        self._admitted.forget()
        self._rechecked.forget()

    def open_to(self, everybody: Principal) -> None:
        """--open: from now on every caller is this one, whatever it brings."""
        self._everybody = everybody

    @property
    def is_open(self) -> bool:
        return self._everybody is not None

    def origin_allowed(self, origin: str | None, host: str) -> bool:
        """See OriginRule: an exact match; no origin at all is allowed, but then no cookie may count."""
        return self._origins.allows(origin, host)

    # Who is it?

    async def authenticate(self, credentials: Credentials) -> Principal:
        """By ticket (which is used up), else bearer token, else cookie. Raises Unauthenticated, Busy."""
        if self._everybody is not None:
            return self._everybody
        if credentials.ticket:
            return await self._by_ticket(credentials.ticket)
        if credentials.bearer:
            return await self._by_bearer(credentials.bearer)
        if credentials.cookie:
            return await self._by_session(credentials.cookie)
        raise Unauthenticated

    async def _by_ticket(self, ticket: str) -> Principal:
        return await self._as_of_now(await self._desks.tickets.take(ticket))

    async def _as_of_now(self, asked: Principal) -> Principal:
        if asked.kind == "session":
            return replace(await self._desks.sessions.read_by_id(asked.credential_id), document=asked.document)
        if asked.kind == "token":
            return replace(await self._desks.tokens.read_by_id(asked.credential_id), document=asked.document)
        self._check_expiry(asked)
        account = await self._accounts.account(asked.organisation_id, asked.user_id)
        if account is None or not account.active:
            raise Unauthenticated("This account is not active.")
        return replace(asked, organisation_role=OrganisationRole(account.role))

    async def renew(self, principal: Principal) -> Principal:
        """The same caller as he is now: role, scopes, and whether his credential counts. Raises Unauthenticated."""
        if principal.kind == "open":
            return principal
        return await self._as_of_now(principal)

    async def _by_bearer(self, token: str) -> Principal:
        if token.startswith(SESSION):
            return await self._by_session(token)
        if token.startswith(PERSONAL_TOKEN):
            principal, used_at = await self._desks.tokens.read(token)
            await self._touch(principal, used_at)
            return principal
        if self._desks.apps is not None and looks_like_a_jwt(token):
            return await self._by_app_token(self._desks.apps, token)
        raise Unauthenticated("The token is not one that this server knows.")

    async def _by_session(self, token: str) -> Principal:
        principal, used_at = await self._desks.sessions.read(token)
        await self._touch(principal, used_at)
        return principal

    async def _by_app_token(self, apps: "AppTokens", token: str) -> Principal:
        user = await apps.read(token)
        organisation = await self._accounts.organisation(user.organisation or DEFAULT_ORGANISATION)
        if organisation is None:
            raise Unauthenticated("The token's claim `org` names no organisation here.")
        account = await self._externals.account(organisation.id, user.subject, user.name, OrganisationRole.VIEWER)
        if not account.active:
            raise Unauthenticated("This account is not active.")
        principal = Principal(
            user_id=account.id,
            name=account.name,
            email=None,
            organisation_id=organisation.id,
            organisation_role=OrganisationRole(account.role),
            kind="jwt",
            credential_id=user.credential_id,
            grants=user.grants,
            expires_at=user.expires_at,
        )
        await self._touch(principal, account.last_seen_at)
        return principal

    async def _touch(self, principal: Principal, used_at: datetime | None) -> None:
        now = self._clock.now()
        if used_at is not None and now - used_at < TOUCH_AFTER:
            return
        try:
            await self._credentials.touch(principal.kind, principal.credential_id, principal.user_id, now)
        except StoreUnavailable:
            # A store that takes no writes must not keep people from reading.
            log.warning("when a credential was used last could not be noted")

    # What may he do?

    async def document_access(self, principal: Principal, name: str) -> DocumentAccess:
        """By id or external name. Raises NotFound (also without a right to it), Deleted, Forbidden, Unauthenticated.

        In --open mode, and where an application's token lets its user write, an unknown document is made.
        """
        if Permission.COLLABORATION_VIEW not in principal.permissions:
            raise Forbidden("This token's scopes do not include documents.")
        if not _is_a_name(name):
            raise NotFound
        standing = await self._standing(principal, name, by_name=True)
        if standing.document_id is None:
            standing = await self._standing(principal, await self._create(principal, name))
        if principal.document is not None and principal.document != standing.document_id:
            raise Forbidden("The ticket is for another document.")
        right = self._right(principal, standing)
        if right is None or standing.document_id is None:
            raise NotFound
        return DocumentAccess(standing.document_id, principal.organisation_id, right, standing.incarnation or "")

    async def admit(self, principal: Principal, name: str) -> DocumentAccess:
        """`document_access` for a socket: what the store said less than a second ago counts, unless rights changed."""
        self._check_expiry(principal)
        return await self._admitted.get((principal, name), self.document_access(principal, name))

    async def still_may(self, principal: Principal, document_id: str) -> Right | None:
        """`recheck` for sockets, of which a principal may have thousands: one question a second for each document."""
        return await self._rechecked.get((principal, document_id), self.recheck(principal, document_id))

    async def recheck(self, principal: Principal, document_id: str) -> Right | None:
        """The right as it is now, by one query; None: no access any more. Raises Unauthenticated, Deleted."""
        return self._right(principal, await self._standing(principal, document_id))

    async def _create(self, principal: Principal, name: str) -> str:
        """Only who may write it may bring it into being."""
        may_write = principal.kind == "open" or granted(principal.grants, None, name) is Right.WRITE
        if not may_write or principal.document is not None:
            raise NotFound
        return await self._documents.create_named(principal, name, self._clock.now())

    async def _standing(self, principal: Principal, document: str, *, by_name: bool = False) -> Standing:
        self._check_expiry(principal)
        kind, credential, user = principal.kind, principal.credential_id, principal.user_id
        organisation, now = principal.organisation_id, self._clock.now()
        if by_name:
            standing = await self._access.standing_by_name(
                kind, credential, user, organisation=organisation, name=document, now=now
            )
        else:
            standing = await self._access.standing(
                kind, credential, user, organisation=organisation, document=document, now=now
            )
        if not standing.credential_holds or standing.organisation_role is None:
            raise Unauthenticated("The sign-in has ended.")
        return standing

    def _right(self, principal: Principal, standing: Standing) -> Right | None:
        right = _right(principal, standing)
        if right is not None and standing.deleted:
            raise Deleted
        return right

    def _check_expiry(self, principal: Principal) -> None:
        if principal.expires_at is not None and principal.expires_at <= self._clock.now():
            raise CredentialExpired("The credential has expired.")


def _right(principal: Principal, standing: Standing) -> Right | None:
    if standing.document_id is None or standing.organisation_role is None:
        return None
    if principal.kind == "open":
        return Right.WRITE
    if principal.kind == "jwt":
        return granted(principal.grants, standing.document_id, standing.external_name)
    if standing.workspace_role is None:
        return None
    scopes = principal.scopes if principal.kind == "token" else None
    role = OrganisationRole(standing.organisation_role)
    return document_right(role, scopes, WorkspaceRole(standing.workspace_role))


def _is_a_name(name: str) -> bool:
    """Within what can be stored: PostgreSQL takes no NUL, and no store takes half a surrogate pair."""
    if not name.strip() or len(name) > MAX_NAME_CHARACTERS or "\0" in name:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in name)


def looks_like_a_jwt(token: str) -> bool:
    return token.count(".") == 2
