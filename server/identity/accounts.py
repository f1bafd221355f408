"""People: signing in and out, their passwords, and what an administrator does with accounts."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from persistence.accounts import (
    AccountRow,
    AccountStore,
    ChangedAccount,
    EmailTaken,
    LastAdmin,
    NewAccount,
    folded_email,
)
from server.clock import Clock
from server.errors import Busy, Conflict, FieldIssue, Forbidden, Invalid, NotFound, Unauthenticated
from server.events.accounts import PasswordChanged
from server.events.model import Actor, Event
from server.events.outbox import Outbox
from server.identity.access import announce
from server.identity.account_events import changed_events, created_event
from server.identity.passwords import Passwords, check_password
from server.identity.principal import Principal
from server.identity.roles import OrganisationRole
from server.identity.sessions import NewSession, SessionDesk
from server.identity.throttle import SignInThrottle
from server.realtime.broker import Broker

__all__ = ["AccountChanges", "AccountService", "SignedIn"]

WRONG = "The e-mail address or the password is wrong."
"""One sentence for both, so that nobody learns who has an account here."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    session: NewSession
    account: AccountRow


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """Only what is not None changes."""

    name: str | None = None
    role: OrganisationRole | None = None
    active: bool | None = None
    password: str | None = None


class AccountService:
    def __init__(
        self,
        store: AccountStore,
        sessions: SessionDesk,
        passwords: Passwords,
        *,
        throttle: SignInThrottle,
        broker: Broker,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._passwords = passwords
        self._throttle = throttle
        self._broker = broker
        self._outbox = outbox
        self._clock = clock

    # Signing in and out.

    async def sign_in(self, email: str, password: str, address: str) -> SignedIn:
        """Raises Unauthenticated (the same, as slowly, whatever was wrong), RateLimited, Busy."""
        account = folded_email(email)
        login = await self._store.login(account)
        stored = login.password_hash if login is not None and login.active else None
        if not await self._is_right(stored, password, account, address) or login is None or stored is None:
            raise Unauthenticated(WRONG)
        if self._passwords.is_outdated(stored):
            await self._store.replace_hash(login.user_id, stored, await self._passwords.hash(password))
        return await self.signed_in(login.organisation_id, login.user_id)

    async def signed_in(self, organisation: str, user: str) -> SignedIn:
        """A new session; to be called only for who has just proved who he is."""
        session = await self._sessions.open(user, organisation)
        account = await self._store.account(organisation, user)
        if account is None:
            raise Unauthenticated(WRONG)
        return SignedIn(session, account)

    async def sign_out(self, caller: Principal) -> None:
        """Ends the session, and its sockets. Other credentials than sessions are not ended by this."""
        if caller.kind == "session":
            await self._sessions.end(caller.credential_id)
            self._tell(caller.organisation_id, caller.user_id, caller.credential_id)

    async def change_password(self, caller: Principal, current: str, new: str, address: str) -> None:
        """Every other session of the caller ends. Raises Forbidden (a wrong `current`), Invalid, RateLimited, Busy."""
        stored = await self._store.password_hash(caller.user_id)
        if stored is None or caller.email is None:
            raise Forbidden("This account has no password here.")
        if not await self._is_right(stored, current, caller.email, address):
            raise Forbidden("The current password is wrong.", details=[FieldIssue("current", "is wrong")])
        check_password(new, "new", caller.email, caller.name)
        kept = caller.credential_id if caller.kind == "session" else None
        record = self._outbox.record(caller.actor, PasswordChanged(user_id=caller.user_id))
        await self._store.set_password(caller.user_id, await self._passwords.hash(new), kept, record)
        self._outbox.published(record)
        self._tell(None, caller.user_id)

    async def _is_right(self, stored: str | None, password: str, account: str, address: str) -> bool:
        """One guess at a password. Raises RateLimited, Busy."""
        self._throttle.attempt(account, address)
        try:
            is_right = await self._passwords.verify(stored, password)
        except Busy:
            self._throttle.withdraw(account, address)
            raise
        if is_right:
            self._throttle.succeeded(account, address)
        return is_right

    # What an administrator does.

    async def accounts(self, organisation: str) -> list[AccountRow]:
        return await self._store.accounts(organisation)

    async def account(self, organisation: str, user: str) -> AccountRow:
        """Raises NotFound, also for another organisation's user."""
        found = await self._store.account(organisation, user)
        if found is None:
            raise NotFound
        return found

    async def create(self, actor: Actor, *, email: str, name: str, password: str, role: OrganisationRole) -> AccountRow:
        """In the actor's organisation. Raises Invalid for a poor password, Conflict when the address has an account."""
        check_password(password, "password", email, name)
        new = NewAccount(email, name, role, await self._passwords.hash(password))
        record = self._outbox.record(actor)
        try:
            made = await self._store.add(
                actor.organisation_id,
                new,
                self._clock.now(),
                lambda connection, made: record(connection, created_event(made)),
            )
        except EmailTaken:
            raise Conflict(
                "There is an account with this e-mail address.", details=[FieldIssue("email", "is taken", email)]
            ) from None
        self._outbox.published(record)
        return made

    async def change(self, actor: Actor, user: str, changes: AccountChanges) -> AccountRow:
        """A new password or `active=False` ends all sessions of the user. Raises NotFound, Invalid, Conflict."""
        account = await self.account(actor.organisation_id, user)
        columns = _columns(changes)
        preset: list[Event] = []
        if changes.password is not None:
            columns["password_hash"] = await self._hash_for(account, changes.password)
            preset.append(PasswordChanged(user_id=user))
        record = self._outbox.record(actor, *preset)

        def also(connection: Connection, found: ChangedAccount) -> None:
            record(connection, *changed_events(found))

        try:
            changed = await self._store.change(actor.organisation_id, user, columns, also)
        except LastAdmin:
            raise Conflict("This is the last administrator. Make somebody else one first.") from None
        if changed is None:
            raise NotFound
        self._outbox.published(record)
        # Credentials of the user count for every organisation that he is in.
        self._tell(None, user)
        return changed

    async def _hash_for(self, account: AccountRow, password: str) -> str:
        if account.email is None:
            raise Invalid(details=[FieldIssue("password", "an application signs this user in")])
        check_password(password, "password", account.email, account.name)
        return await self._passwords.hash(password)

    def _tell(self, organisation: str | None, user: str, credential: str | None = None) -> None:
        announce(self._broker, organisation=organisation, user=user, credential=credential)


def _columns(changes: AccountChanges) -> dict[str, Any]:
    named = {"name": changes.name, "role": changes.role, "active": changes.active}
    return {column: value for column, value in named.items() if value is not None}
