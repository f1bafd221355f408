"""The part of the house that commands about people need: the store and identity, without rooms and sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import click

from persistence.accounts import AccountRow
from persistence.database import Database
from persistence.errors import StoreUnavailable
from server.clock import SystemClock
from server.commands.context import settings_or_exit
from server.errors import AppError
from server.events.model import Actor, system_actor
from server.events.outbox import Outbox
from server.identity.house import IdentityWing, identity_wing
from server.realtime.broker import MemoryBroker
from server.settings import Settings

__all__ = ["COMMAND_LINE", "SOON", "Desk", "at_the_desk"]

T = TypeVar("T")
COMMAND_LINE = "the command line"
SOON = "A server that is running acts on it at the next request; sockets that are open, within a minute."


@dataclass(frozen=True, slots=True)
class Desk:
    database: Database
    identity: IdentityWing
    organisation: str

    @property
    def actor(self) -> Actor:
        """Who sits at the command line is not known."""
        return system_actor(self.organisation, COMMAND_LINE)

    async def account(self, email: str) -> AccountRow:
        """Raises click.ClickException when nobody has this address."""
        for account in await self.identity.accounts.accounts(self.organisation):
            if account.email is not None and account.email == email.casefold():
                return account
        raise click.ClickException(f"nobody here has the address {email}; see `counterpoint user list`")


def at_the_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    """Run `work` on the store that the settings name; what goes wrong ends the command with one sentence."""
    settings = settings_or_exit()
    try:
        return asyncio.run(_run(settings, work))
    except AppError as error:
        faults = "".join(f"\n  {each.field} {each.issue}" for each in error.details)
        raise click.ClickException(error.message + faults) from None
    except StoreUnavailable as error:
        raise click.ClickException(f"the store does not answer: {error}") from None


async def _run(settings: Settings, work: Callable[[Desk], Awaitable[T]]) -> T:
    async with _open(settings) as desk:
        return await work(desk)


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Desk]:
    database = await Database.open(settings.store_url, busy_seconds=settings.store_busy_seconds)
    try:
        await database.migrate()
        clock = SystemClock()
        # Nobody listens in this process: a server that runs finds what was written, and tells it.
        outbox = Outbox(lambda _: None, clock)
        identity = identity_wing(settings, database, MemoryBroker(), outbox, clock)
        try:
            yield Desk(database, identity, (await identity.setup.organisation()).id)
        finally:
            await identity.close()
    finally:
        await database.close()
