"""Accounts of people whom an application signs in, and the one of --open: made on first sight, and told."""

from sqlalchemy import Connection

from persistence.accounts import AccountRow, AccountStore, ChangedAccount
from server.clock import Clock
from server.events.model import system_actor
from server.events.outbox import Outbox
from server.identity.account_events import changed_events, created_event
from server.identity.roles import OrganisationRole

__all__ = ["ExternalAccounts"]


class ExternalAccounts:
    def __init__(self, store: AccountStore, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock

    async def account(self, organisation: str, subject: str, name: str, role: OrganisationRole) -> AccountRow:
        """The account of this subject, with this name from now on; a new one has this role."""
        record = self._outbox.record(system_actor(organisation))

        def also(connection: Connection, found: AccountRow | ChangedAccount) -> None:
            told = changed_events(found) if isinstance(found, ChangedAccount) else [created_event(found)]
            record(connection, *told)

        account = await self._store.external(organisation, subject, name, role, self._clock.now(), also=also)
        self._outbox.published(record)
        return account
