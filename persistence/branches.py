"""Copies of documents that are kept apart: brought by a client that knew another incarnation of the document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import uuid4

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from persistence.database import Database
from persistence.events import Also, AlsoKnowing, nothing_else
from persistence.tables.documents import document_branches, document_heads
from persistence.tables.identity import users

__all__ = ["BranchRow", "BranchState", "BranchStore", "Decision", "Kept", "NewBranch", "NotOpen", "TooManyBranches"]

B, H = document_branches.c, document_heads.c
COLUMNS = (
    B.id,
    B.document_id,
    B.user_id,
    users.c.name.label("user_name"),
    B.incarnation,
    B.size,
    B.state,
    B.created_at,
    B.decided_at,
    B.decided_by,
)
MOST_LISTED = 1_000

Decision: TypeAlias = Literal["merged", "discarded"]
BranchState: TypeAlias = Literal["kept", "merged", "discarded"]


class TooManyBranches(Exception):
    """The user has as many copies of this document kept as he may."""


class NotOpen(Exception):
    """There is no such document, or it was deleted."""


@dataclass(frozen=True, slots=True)
class NewBranch:
    """A copy that is to be kept. `digest`: of `data`; `incarnation`: the one that the copy is of."""

    document_id: str
    user_id: str
    incarnation: str
    digest: str
    data: bytes


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A branch without its data. `size` in bytes; `decided_at` and `decided_by`: when and by whom it was merged or
    discarded, None while it is kept."""

    id: str
    document_id: str
    user_id: str
    user_name: str
    incarnation: str
    size: int
    state: BranchState
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """`is_new`: False when the same user has brought the same copy before, and it is still kept."""

    row: BranchRow
    is_new: bool


class BranchStore:
    """Whoever asks has looked up before whether the caller may see the document."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(
        self, new: NewBranch, now: datetime, *, most: int, also: AlsoKnowing[BranchRow] = nothing_else
    ) -> Kept:
        """Keep a copy once. `most`: how many of one document a user may have kept.

        Raises TooManyBranches, NotOpen.
        """

        def work(connection: Connection) -> Kept:
            # The head is locked: two nodes that are brought the same copy come one after the other.
            head = select(H.document_id).where(H.document_id == new.document_id, H.is_open).with_for_update()
            if connection.execute(head).one_or_none() is None:
                raise NotOpen
            mine = (B.document_id == new.document_id) & (B.user_id == new.user_id) & (B.state == "kept")
            known = connection.execute(_rows().where(mine, B.digest == new.digest).limit(1)).one_or_none()
            if known is not None:
                return Kept(BranchRow(*known), is_new=False)
            if connection.execute(select(func.count()).select_from(document_branches).where(mine)).scalar_one() >= most:
                raise TooManyBranches
            row = _insert(connection, new, now)
            also(connection, row)
            return Kept(row, is_new=True)

        return await self._database.write(work)

    async def lately(self, like: NewBranch, limit: int) -> list[str]:
        """The last copies that this user has kept of the same incarnation of the same document, newest first."""
        mine = (B.document_id == like.document_id) & (B.user_id == like.user_id) & (B.state == "kept")
        query = select(B.id).where(mine, B.incarnation == like.incarnation).order_by(B.created_at.desc(), B.id)
        return await self._database.read(lambda connection: list(connection.execute(query.limit(limit)).scalars()))

    async def grow(self, branch: str, new: NewBranch) -> bool:
        """Keep in a branch what holds all that it held, and more. False when it is not kept any more."""
        grown = update(document_branches).where(B.document_id == new.document_id, B.id == branch, B.state == "kept")
        values = {"digest": new.digest, "data": new.data, "size": len(new.data)}
        return await self._database.write(lambda connection: connection.execute(grown.values(values)).rowcount == 1)

    async def of(self, document: str, *, user: str | None = None) -> list[BranchRow]:
        """The branches of a document, oldest first; `user`: only those that he brought."""
        query = _rows().where(B.document_id == document).order_by(B.created_at, B.id).limit(MOST_LISTED)
        if user is not None:
            query = query.where(B.user_id == user)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [BranchRow(*row) for row in rows]

    async def get(self, document: str, branch: str) -> BranchRow | None:
        query = _rows().where(B.document_id == document, B.id == branch)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else BranchRow(*row)

    async def data(self, document: str, branch: str) -> bytes | None:
        """The copy as one update; None when there is none, or none any more."""
        query = select(B.data).where(B.document_id == document, B.id == branch)
        return await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def decide(
        self, document: str, branch: str, decision: Decision, *, by: str, now: datetime, also: Also = nothing_else
    ) -> bool:
        """It was merged, or is discarded, which drops its data. False when it is not kept (any more)."""
        values: dict[str, Any] = {"state": decision, "decided_at": now, "decided_by": by}
        if decision == "discarded":
            values["data"] = None
        query = update(document_branches).where(B.document_id == document, B.id == branch, B.state == "kept")

        def work(connection: Connection) -> bool:
            is_decided = connection.execute(query.values(**values)).rowcount == 1
            if is_decided:
                also(connection)
            return is_decided

        return await self._database.write(work)

    async def purge(self, decided_before: datetime) -> int:
        """Forget those that were merged or discarded before this moment; how many these were.

        One that is kept stays: its words may be nowhere else.
        """
        old = delete(document_branches).where(B.state != "kept", B.decided_at < decided_before)
        return await self._database.write(lambda connection: connection.execute(old).rowcount)


def _rows() -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).join(users, users.c.id == B.user_id)


def _insert(connection: Connection, new: NewBranch, now: datetime) -> BranchRow:
    branch = uuid4().hex
    connection.execute(
        insert(document_branches).values(
            id=branch,
            document_id=new.document_id,
            user_id=new.user_id,
            incarnation=new.incarnation,
            digest=new.digest,
            data=new.data,
            size=len(new.data),
            state="kept",
            created_at=now,
        )
    )
    row: Sequence[Any] = connection.execute(_rows().where(B.id == branch)).one()
    return BranchRow(*row)
