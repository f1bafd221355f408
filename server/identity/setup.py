"""How the first person comes in: by an account from the settings, or by a link that works once."""

from datetime import timedelta

from sqlalchemy import Connection

from persistence.accounts import AccountRow, AccountStore, EmailTaken, NewAccount, OrganisationRow, OrganisationTaken
from server.clock import Clock
from server.errors import Conflict, Unauthenticated
from server.events.model import system_actor
from server.events.outbox import Outbox
from server.identity.account_events import created_event
from server.identity.accounts import AccountService, SignedIn
from server.identity.externals import ExternalAccounts
from server.identity.minting import SETUP, digest, mint
from server.identity.passwords import Passwords, check_password
from server.identity.principal import Principal
from server.identity.roles import OrganisationRole
from server.identity.service import DEFAULT_ORGANISATION

__all__ = ["LOCAL_ORGANISATION", "SetUp"]

LOCAL_ORGANISATION = "local"
LOCAL_SUBJECT = "local"
LOCAL_NAME = "Somebody here"
LINK_IS_NO_GOOD = "This set-up link was used already, or is too old. A restart prints a new one."


class SetUp:
    def __init__(
        self,
        store: AccountStore,
        accounts: AccountService,
        passwords: Passwords,
        externals: ExternalAccounts,
        *,
        outbox: Outbox,
        clock: Clock,
        link_life: timedelta,
    ) -> None:
        self._store = store
        self._externals = externals
        self._outbox = outbox
        self._accounts = accounts
        self._passwords = passwords
        self._clock = clock
        self._link_life = link_life

    async def is_needed(self) -> bool:
        return not await self._store.has_passwords()

    async def runs_the_server(self, organisation: str) -> bool:
        """Is it the one whose administrators run the server? All others are guests of it."""
        return organisation == (await self.organisation()).id

    async def organisation(self, name: str = DEFAULT_ORGANISATION) -> OrganisationRow:
        """The organisation of this name, made now if there is none."""
        found = await self._store.organisation(name)
        if found is not None:
            return found
        try:
            return await self._store.add_organisation(name, self._clock.now())
        except OrganisationTaken:
            # Another node was faster, or the name is another one's short name.
            found = await self._store.organisation(name)
            if found is None:
                raise Conflict(f"An organisation has a name like {name}.") from None
            return found

    async def first_admin(self, email: str, password: str) -> AccountRow | None:
        """The account that the settings name, at the first start only: None when somebody can sign in already."""
        if not await self.is_needed():
            return None
        organisation = await self.organisation()
        name = email.partition("@")[0]
        try:
            return await self._accounts.create(
                system_actor(organisation.id), email=email, name=name, password=password, role=OrganisationRole.ADMIN
            )
        except Conflict:
            return None  # another node, started at the same time, has made it

    async def offer(self) -> str | None:
        """A new set-up token, the only one that is good from now on; None when somebody can sign in already."""
        if not await self.is_needed():
            return None
        token, now = mint(SETUP), self._clock.now()
        await self._store.offer_setup(digest(token), now, now + self._link_life)
        return token

    async def accept(self, token: str, *, email: str, name: str, password: str) -> SignedIn:
        """Make the first account and sign it in. Raises Unauthenticated for a link that is not good (any more)."""
        if not await self._store.setup_is_offered(digest(token), self._clock.now()):
            raise Unauthenticated(LINK_IS_NO_GOOD)  # before the costly hash: anybody may call this
        check_password(password, "password", email, name)
        organisation = await self.organisation()
        new = NewAccount(email, name, OrganisationRole.ADMIN, await self._passwords.hash(password))
        record = self._outbox.record(system_actor(organisation.id))

        def also(connection: Connection, made: AccountRow) -> None:
            record(connection, created_event(made))

        try:
            account = await self._store.set_up(digest(token), organisation.id, new, self._clock.now(), also=also)
        except EmailTaken:
            raise Conflict("There is an account with this e-mail address.") from None
        if account is None:
            raise Unauthenticated(LINK_IS_NO_GOOD)
        self._outbox.published(record)
        return await self._accounts.signed_in(organisation.id, account.id)

    async def everybody(self) -> Principal:
        """Who everybody is in --open mode: one fixed user of one fixed organisation."""
        organisation = await self.organisation(LOCAL_ORGANISATION)
        account = await self._externals.account(
            organisation.id, LOCAL_SUBJECT, LOCAL_NAME, OrganisationRole.DATA_STEWARD
        )
        return Principal(
            user_id=account.id,
            name=account.name,
            email=None,
            organisation_id=organisation.id,
            organisation_role=OrganisationRole.DATA_STEWARD,
            kind="open",
            credential_id="open",
        )
