"""Organisations, the people in them, and how the first one comes in."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.access_changes import note_access
from persistence.account_rows import (
    AccountRow,
    EmailTaken,
    NewAccount,
    account_in,
    account_of,
    accounts_query,
    folded_email,
    insert_account,
    insert_member,
)
from persistence.database import Database
from persistence.events import Also, AlsoKnowing, nothing_else
from persistence.push import end_of_sessions
from persistence.tables.identity import organisation_members, organisations, sessions, setup_links, users
from persistence.tables.workspaces import workspace_members, workspaces

__all__ = [
    "AccountRow",
    "AccountStore",
    "ChangedAccount",
    "EmailTaken",
    "LastAdmin",
    "LoginRow",
    "NewAccount",
    "OrganisationRow",
    "OrganisationTaken",
    "folded_email",
    "slug_of",
]


class OrganisationTaken(Exception):
    """Another organisation has this name."""


class LastAdmin(Exception):
    """An organisation keeps at least one active administrator."""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    id: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class ChangedAccount:
    """An account before and after a change. `workspaces`: those of its organisation in which it is a member."""

    before: AccountRow
    after: AccountRow
    workspaces: tuple[str, ...]

    @property
    def changed(self) -> list[str]:
        """The fields that are others now."""
        return [name for name in ("name", "role", "active") if getattr(self.before, name) != getattr(self.after, name)]


@dataclass(frozen=True, slots=True)
class LoginRow:
    """What a sign-in is checked against; the organisation is the one that the user joined first."""

    user_id: str
    organisation_id: str
    password_hash: str | None
    active: bool


G, U, M = organisations.c, users.c, organisation_members.c


class AccountStore:
    """Every question but those of signing in names the organisation; another one's users are not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Organisations.

    async def organisation(self, name: str) -> OrganisationRow | None:
        """By its slug, or by its name."""
        query = select(G.id, G.slug, G.name).where((G.slug == name) | (G.name == name)).order_by(G.slug != name)
        rows = await self._database.read(lambda connection: connection.execute(query.limit(1)).all())
        return OrganisationRow(*rows[0]) if rows else None

    async def add_organisation(self, name: str, now: datetime) -> OrganisationRow:
        """Raises OrganisationTaken, also when the name is another one's slug."""
        organisation = uuid4().hex
        row = OrganisationRow(organisation, slug_of(name) or organisation, name)

        def work(connection: Connection) -> None:
            try:
                connection.execute(insert(organisations).values(id=row.id, slug=row.slug, name=name, created_at=now))
            except IntegrityError:
                raise OrganisationTaken from None

        await self._database.write(work)
        return row

    # People.

    async def has_passwords(self) -> bool:
        """Can anybody sign in with a password? If not, the first account is yet to be made."""
        query = select(exists().where(U.password_hash.is_not(None)))
        return bool(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    async def add(
        self, organisation: str, new: NewAccount, now: datetime, also: AlsoKnowing[AccountRow] = nothing_else
    ) -> AccountRow:
        """Raises EmailTaken."""

        def work(connection: Connection) -> AccountRow:
            made = insert_account(connection, organisation, new, now)
            also(connection, made)
            return made

        return await self._database.write(work)

    async def accounts(self, organisation: str) -> list[AccountRow]:
        """Everybody of the organisation, by name."""
        query = accounts_query(organisation).order_by(func.lower(U.name), U.id)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [account_of(row) for row in rows]

    async def account(self, organisation: str, user: str) -> AccountRow | None:
        query = accounts_query(organisation).where(U.id == user)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return account_of(rows[0]) if rows else None

    async def address(self, user: str) -> str | None:
        """Where he gets mail; None for whoever has no address, or whose account may not be used."""
        query = select(U.email).where(U.id == user, U.active.is_(True))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def change(
        self,
        organisation: str,
        user: str,
        changes: dict[str, Any],
        also: AlsoKnowing[ChangedAccount] = nothing_else,
    ) -> AccountRow | None:
        """Change name, role, active or password_hash; None when there is no such user. Raises LastAdmin.

        Who is made inactive, or gets another password, is signed out everywhere.
        """

        def work(connection: Connection) -> AccountRow | None:
            found = connection.execute(accounts_query(organisation).where(U.id == user)).first()
            if found is None:
                return None
            if changes.get("role", "admin") != "admin" or changes.get("active") is False:
                _keep_an_admin(connection, organisation, user)
            of_user = {key: value for key, value in changes.items() if key in {"name", "active", "password_hash"}}
            if of_user:
                connection.execute(update(users).where(U.id == user).values(of_user))
            if "role" in changes:
                member = (M.organisation_id == organisation) & (M.user_id == user)
                connection.execute(update(organisation_members).where(member).values(role=changes["role"]))
            if changes.get("active") is False or "password_hash" in changes:
                connection.execute(delete(sessions).where(sessions.c.user_id == user))
                end_of_sessions(connection, user)
            note_access(connection, user=user)
            after = account_in(connection, organisation, user)
            also(connection, ChangedAccount(account_of(found), after, _workspaces_of(connection, organisation, user)))
            return after

        return await self._database.write(work)

    # Signing in.

    async def login(self, email: str) -> LoginRow | None:
        query = (
            select(U.id, M.organisation_id, U.password_hash, U.active)
            .join(organisation_members, M.user_id == U.id)
            .where(U.email == folded_email(email))
            .order_by(M.joined_at, M.organisation_id)
            .limit(1)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return LoginRow(*rows[0]) if rows else None

    async def password_hash(self, user: str) -> str | None:
        query = select(U.password_hash).where(U.id == user)
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def set_password(
        self, user: str, password_hash: str, keep_session: str | None, also: Also = nothing_else
    ) -> None:
        """Every session of the user but `keep_session` ends in the same transaction."""

        def work(connection: Connection) -> None:
            connection.execute(update(users).where(U.id == user).values(password_hash=password_hash))
            ended = delete(sessions).where(sessions.c.user_id == user)
            if keep_session is not None:
                ended = ended.where(sessions.c.id != keep_session)
            connection.execute(ended)
            end_of_sessions(connection, user, keep_session)
            note_access(connection, user=user)
            also(connection)

        await self._database.write(work)

    async def replace_hash(self, user: str, outdated: str, password_hash: str) -> None:
        """The same password, hashed with today's costs; nothing ends."""
        statement = update(users).where(U.id == user, U.password_hash == outdated).values(password_hash=password_hash)
        await self._database.write(lambda connection: connection.execute(statement))

    # People whom an application signs in, and the one person of --open.

    async def external(
        self,
        organisation: str,
        subject: str,
        name: str,
        role: str,
        now: datetime,
        *,
        also: AlsoKnowing[AccountRow | ChangedAccount] = nothing_else,
    ) -> AccountRow:
        """The user of this subject, made on first sight; its name is the application's to say.

        `also` is told of the account when it is made, and of the change when it is renamed.
        """
        query = accounts_query(organisation).where(
            U.external_organisation_id == organisation, U.external_subject == subject
        )
        known = await self._database.read(lambda connection: connection.execute(query).first())
        if known is not None and known.name == name:
            return account_of(known)

        def work(connection: Connection) -> AccountRow:
            found = connection.execute(query).first()
            if found is not None:
                connection.execute(update(users).where(U.id == found.id).values(name=name))
                after = account_in(connection, organisation, found.id)
                memberships = _workspaces_of(connection, organisation, found.id)
                also(connection, ChangedAccount(account_of(found), after, memberships))
                return after
            user, external = uuid4().hex, {"external_organisation_id": organisation, "external_subject": subject}
            connection.execute(insert(users).values(id=user, name=name, active=True, created_at=now, **external))
            insert_member(connection, organisation, user, role, now)
            made = account_in(connection, organisation, user)
            also(connection, made)
            return made

        try:
            return await self._database.write(work)
        except IntegrityError:  # it came twice at once, and the other one was faster
            return await self._database.write(work)

    # The first account.

    async def offer_setup(self, token_hash: str, now: datetime, expires_at: datetime) -> None:
        """The only set-up link from now on."""

        def work(connection: Connection) -> None:
            connection.execute(delete(setup_links))
            connection.execute(insert(setup_links).values(token_hash=token_hash, created_at=now, expires_at=expires_at))

        await self._database.write(work)

    async def setup_is_offered(self, token_hash: str, now: datetime) -> bool:
        link = setup_links.c
        query = select(exists().where(link.token_hash == token_hash, link.expires_at > now))
        return bool(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    async def set_up(
        self,
        token_hash: str,
        organisation: str,
        new: NewAccount,
        now: datetime,
        *,
        also: AlsoKnowing[AccountRow] = nothing_else,
    ) -> AccountRow | None:
        """Use the link up and make the first administrator, both or neither; None when the link is not good.

        Raises EmailTaken.
        """
        link = setup_links.c
        use_up = delete(setup_links).where(link.token_hash == token_hash, link.expires_at > now)

        def work(connection: Connection) -> AccountRow | None:
            was_good = connection.execute(use_up).rowcount == 1
            if not was_good or connection.execute(select(exists().where(U.password_hash.is_not(None)))).scalar_one():
                return None
            made = insert_account(connection, organisation, new, now)
            also(connection, made)
            return made

        return await self._database.write(work)


def slug_of(name: str) -> str:
    """A short name of ASCII letters, digits and dashes; empty when the name has none of these."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64]


def _workspaces_of(connection: Connection, organisation: str, user: str) -> tuple[str, ...]:
    w, m = workspaces.c, workspace_members.c
    query = select(w.id).join(workspace_members, m.workspace_id == w.id).where(m.user_id == user)
    return tuple(connection.execute(query.where(w.organisation_id == organisation).order_by(w.id)).scalars())


def _keep_an_admin(connection: Connection, organisation: str, leaving: str) -> None:
    # The rows are locked where the store can lock them: two admins who demote each other must not both succeed.
    query = (
        select(M.user_id)
        .join(users, U.id == M.user_id)
        .where(M.organisation_id == organisation, M.role == "admin", U.active)
        .order_by(M.user_id)
        .with_for_update()
    )
    admins = connection.execute(query).scalars().all()
    if leaving in admins and len(admins) == 1:
        raise LastAdmin
