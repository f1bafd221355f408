"""How an account is read and written within a transaction; persistence.accounts says when."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, insert, select
from sqlalchemy.exc import IntegrityError

from persistence.tables.identity import organisation_members, organisations, users

__all__ = [
    "AccountRow",
    "EmailTaken",
    "NewAccount",
    "account_in",
    "account_of",
    "accounts_query",
    "folded_email",
    "insert_account",
    "insert_member",
]


class EmailTaken(Exception):
    """Another account has this e-mail address."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A user as one organisation knows it. `external_subject`: its id in the application that signs it in."""

    id: str
    email: str | None
    name: str
    role: str
    active: bool
    external_subject: str | None
    created_at: datetime
    last_seen_at: datetime | None
    organisation_id: str
    organisation_name: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    email: str
    name: str
    role: str
    password_hash: str | None


G, U, M = organisations.c, users.c, organisation_members.c
ACCOUNT = (
    U.id,
    U.email,
    U.name,
    M.role,
    U.active,
    U.external_subject,
    U.created_at,
    U.last_seen_at,
    G.id.label("organisation_id"),
    G.name.label("organisation_name"),
)


def folded_email(email: str) -> str:
    """The address as it is kept and compared."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def accounts_query(organisation: str) -> Select[Any]:
    return (
        select(*ACCOUNT)
        .join(organisation_members, M.user_id == U.id)
        .join(organisations, G.id == M.organisation_id)
        .where(M.organisation_id == organisation)
    )


def account_in(connection: Connection, organisation: str, user: str) -> AccountRow:
    return account_of(connection.execute(accounts_query(organisation).where(U.id == user)).one())


def account_of(row: Row[Any]) -> AccountRow:
    return AccountRow(**row._asdict())


def insert_account(connection: Connection, organisation: str, new: NewAccount, now: datetime) -> AccountRow:
    user = uuid4().hex
    values = {"id": user, "email": folded_email(new.email), "name": new.name, "password_hash": new.password_hash}
    try:
        connection.execute(insert(users).values(**values, active=True, created_at=now))
    except IntegrityError:
        raise EmailTaken from None
    insert_member(connection, organisation, user, new.role, now)
    return account_in(connection, organisation, user)


def insert_member(connection: Connection, organisation: str, user: str, role: str, now: datetime) -> None:
    values = {"organisation_id": organisation, "user_id": user, "role": role, "joined_at": now}
    connection.execute(insert(organisation_members).values(values))
