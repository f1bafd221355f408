"""The identity wing, put together; the composition root makes one and keeps it as `house.identity`."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from persistence.access import AccessStore
from persistence.access_changes import AccessChangeStore
from persistence.accounts import AccountStore
from persistence.credentials import CredentialStore
from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.groups import GroupStore
from persistence.named_documents import NamedDocuments
from server.clock import Clock
from server.events.outbox import Outbox
from server.identity.access_watch import AccessWatch
from server.identity.accounts import AccountService
from server.identity.cookies import SessionCookie
from server.identity.externals import ExternalAccounts
from server.identity.groups import GroupService
from server.identity.naming import DocumentNaming
from server.identity.origins import OriginRule
from server.identity.passwords import Passwords
from server.identity.service import Desks, Doorkeeper
from server.identity.sessions import SessionDesk
from server.identity.setup import SetUp
from server.identity.throttle import SignInThrottle
from server.identity.tickets import TicketDesk
from server.identity.tokens import TokenDesk
from server.realtime.access import ACCESS
from server.realtime.broker import Broker
from server.settings import Settings

if TYPE_CHECKING:
    from server.identity.jwt import AppTokens, KeySource

__all__ = ["IdentityWing", "identity_wing"]

log = logging.getLogger("counterpoint.identity")


@dataclass(frozen=True, slots=True)
class IdentityWing:
    """`start` after the migrations, `close` at the end."""

    doorkeeper: Doorkeeper
    accounts: AccountService
    setup: SetUp
    tokens: TokenDesk
    tickets: TicketDesk
    watch: AccessWatch
    groups: GroupService
    cookie: SessionCookie
    settings: Settings
    passwords: Passwords
    apps: "AppTokens | None"
    open_mode: bool

    async def start(self) -> None:
        """Make what a first start makes: the account that the settings name, or the user of --open."""
        if self.open_mode:
            self.doorkeeper.open_to(await self.setup.everybody())
            return
        await self.setup.organisation()
        email, password = self.settings.admin_email, self.settings.admin_password
        if email is not None and password is not None:
            made = await self.setup.first_admin(email, password.get_secret_value())
            if made is not None:
                log.info("made the first account", extra={"user": made.id})

    async def close(self) -> None:
        self.passwords.close()
        if self.apps is not None:
            await self.apps.close()


def identity_wing(
    settings: Settings,
    database: Database,
    broker: Broker,
    outbox: Outbox,
    clock: Clock,
    *,
    open_mode: bool = False,
) -> IdentityWing:
    """Put the wing together; nothing is read or connected before `start`."""
    accounts, passwords = AccountStore(database), Passwords()
    externals, desks = ExternalAccounts(accounts, outbox, clock), _desks(settings, database, broker, outbox, clock)
    service = AccountService(
        accounts,
        desks.sessions,
        passwords,
        throttle=SignInThrottle(clock),
        broker=broker,
        outbox=outbox,
        clock=clock,
    )
    life = timedelta(hours=settings.setup_hours)
    setup = SetUp(accounts, service, passwords, externals, outbox=outbox, clock=clock, link_life=life)
    origins = OriginRule(settings.public_url, settings.allowed_origins, open_mode=open_mode)
    documents = DocumentNaming(NamedDocuments(database, DocumentStore(database)), outbox)
    doorkeeper = Doorkeeper(
        desks,
        accounts,
        CredentialStore(database),
        AccessStore(database),
        documents=documents,
        externals=externals,
        origins=origins,
        clock=clock,
    )
    ACCESS.subscribe(broker, doorkeeper.rights_changed)
    return IdentityWing(
        doorkeeper=doorkeeper,
        accounts=service,
        setup=setup,
        tokens=desks.tokens,
        tickets=desks.tickets,
        watch=AccessWatch(AccessChangeStore(database), broker, clock),
        groups=GroupService(GroupStore(database), clock),
        cookie=SessionCookie.of(settings),
        settings=settings,
        passwords=passwords,
        apps=desks.apps,
        open_mode=open_mode,
    )


def _desks(settings: Settings, database: Database, broker: Broker, outbox: Outbox, clock: Clock) -> Desks:
    store = CredentialStore(database)
    idle, oldest = timedelta(hours=settings.session_hours), timedelta(hours=settings.session_max_hours)
    return Desks(
        sessions=SessionDesk(store, clock, idle, oldest),
        tokens=TokenDesk(store, clock, broker, outbox),
        tickets=TicketDesk(store, clock, timedelta(seconds=settings.ticket_seconds)),
        apps=_app_tokens(settings, clock),
    )


def _app_tokens(settings: Settings, clock: Clock) -> "AppTokens | None":
    if settings.jwt_secret is None and settings.jwks_url is None:
        return None
    # A third of a second and 15 MB of imports, for servers to whom an application sends its users.
    from server.identity.jwt import AppTokens, SecretKey  # noqa: PLC0415

    keys: KeySource
    if settings.jwt_secret is not None:
        keys = SecretKey(settings.jwt_secret.get_secret_value())
    else:
        from server.identity.jwks import JwksKeys  # noqa: PLC0415

        keys = JwksKeys(str(settings.jwks_url), clock)
    return AppTokens(keys, clock, settings.jwt_issuer, settings.jwt_audience)
