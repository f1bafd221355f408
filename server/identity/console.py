"""What an operator does with accounts at the command line: by e-mail address, and without asking who he is."""

from collections.abc import Iterable
from datetime import timedelta

from persistence.accounts import AccountRow, AccountStore, LoginRow
from server.errors import NotFound
from server.identity.accounts import AccountChanges, AccountService
from server.identity.roles import OrganisationRole, Scope
from server.identity.service import DEFAULT_ORGANISATION
from server.identity.setup import SetUp
from server.identity.tokens import TokenDesk

__all__ = ["Console"]


class Console:
    """Whoever can run a command beside the store needs no permission: he could write to the store himself."""

    def __init__(self, store: AccountStore, accounts: AccountService, setup: SetUp, tokens: TokenDesk) -> None:
        self._store = store
        self._accounts = accounts
        self._setup = setup
        self._tokens = tokens

    async def create_user(
        self,
        email: str,
        name: str,
        password: str,
        *,
        role: OrganisationRole = OrganisationRole.DATA_ANALYST,
        organisation: str = DEFAULT_ORGANISATION,
    ) -> AccountRow:
        """The organisation is made when there is none of this name. Raises Invalid, Conflict."""
        home = await self._setup.organisation(organisation)
        return await self._accounts.create(home.id, email=email, name=name, password=password, role=role)

    async def set_password(self, email: str, password: str) -> None:
        """Every session of the user ends. Raises NotFound, Invalid."""
        user = await self._user(email)
        await self._accounts.change(user.organisation_id, user.user_id, AccountChanges(password=password))

    async def set_active(self, email: str, *, active: bool) -> None:
        """Let somebody in no more, or again. Raises NotFound, Conflict for the last administrator."""
        user = await self._user(email)
        await self._accounts.change(user.organisation_id, user.user_id, AccountChanges(active=active))

    async def list_users(self, organisation: str = DEFAULT_ORGANISATION) -> list[AccountRow]:
        """Raises NotFound when there is no such organisation."""
        home = await self._store.organisation(organisation)
        if home is None:
            raise NotFound(f"There is no organisation named {organisation}.")
        return await self._accounts.accounts(home.id)

    async def create_token(self, email: str, name: str, scopes: Iterable[Scope], lifetime: timedelta | None) -> str:
        """The token; it is told this once. Raises NotFound, Conflict."""
        user = await self._user(email)
        token, _ = await self._tokens.create(user.user_id, user.organisation_id, name, scopes, lifetime)
        return token

    async def _user(self, email: str) -> LoginRow:
        found = await self._store.login(email)
        if found is None:
            raise NotFound(f"Nobody has the e-mail address {email}.")
        return found
