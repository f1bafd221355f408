"""Threads of comments as rows: written, edited, deleted, reacted to, resolved, and read in pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, update

from persistence.answers import Note, no_note
from persistence.database import Database
from persistence.events import Also, nothing_else
from persistence.tables.identity import users
from persistence.tables.threads import comment_reactions, comments, thread_anchors, threads
from persistence.thread_rows import (
    AnchorRow,
    CommentRow,
    NewComment,
    NoThread,
    ReactionRow,
    TakenId,
    ThreadFull,
    ThreadLimits,
    ThreadRow,
    TooManyReactions,
    TooManyThreads,
    WholeThread,
)

__all__ = ["ThreadStore"]

T, C, R, A = threads.c, comments.c, comment_reactions.c, thread_anchors.c
THREAD = (
    T.id,
    T.document_id,
    T.created_at,
    T.updated_at,
    T.resolved_at,
    T.resolved_by,
    T.comments,
    T.characters,
)
ANCHOR = (
    A.state,
    A.reason,
    A.line,
    A.column,
    A.end_line,
    A.end_column,
    A.quote,
    A.clamped,
    A.position,
    A.start,
    A.end,
)
COMMENT = (
    C.id,
    C.thread_id,
    T.document_id,
    C.author_id,
    users.c.name.label("author_name"),
    C.content,
    C.created_at,
    C.updated_at,
    C.edited_at,
    C.deleted_at,
)


class ThreadStore:
    """Every question names the document; who may see that is asked before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Reading.

    async def page(
        self,
        document: str,
        *,
        after: tuple[datetime, str] | None = None,
        limit: int,
        characters: int,
        resolved: bool | None = None,
        since: datetime | None = None,
    ) -> tuple[list[WholeThread], bool]:
        """Threads, oldest first, and whether there are more: at most `limit`, and `characters` in their comments, but
        always one. `since`: only those in which anything has changed at that time or later.
        """
        query = _threads().where(T.document_id == document)
        if resolved is not None:
            query = query.where(T.resolved_at.is_not(None) if resolved else T.resolved_at.is_(None))
        if since is not None:
            query = query.where(T.updated_at >= since)
        if after is not None:
            moment, last = after
            query = query.where(or_(T.created_at > moment, and_(T.created_at == moment, T.id > last)))
        query = query.order_by(T.created_at, T.id).limit(limit + 1)

        def work(connection: Connection) -> tuple[list[WholeThread], bool]:
            found = [_thread(row) for row in connection.execute(query).all()]
            page = _fitting(found[:limit], characters)
            return _whole(connection, page), len(page) < len(found)

        return await self._database.read(work)

    async def thread(self, document: str, thread: str) -> WholeThread | None:
        query = _threads().where(T.document_id == document, T.id == thread)

        def work(connection: Connection) -> WholeThread | None:
            row = connection.execute(query).one_or_none()
            return None if row is None else _whole(connection, [_thread(row)])[0]

        return await self._database.read(work)

    async def comment(self, document: str, comment: str) -> tuple[CommentRow, list[ReactionRow]] | None:
        def work(connection: Connection) -> tuple[CommentRow, list[ReactionRow]] | None:
            row = _comment_in(connection, document, comment)
            return None if row is None else (row, _reactions(connection, C.id == comment).get(comment, []))

        return await self._database.read(work)

    # Changing. `also` is called only where something has changed.

    async def add(
        self, new: NewComment, limits: ThreadLimits, note: Note = no_note, also: Also = nothing_else
    ) -> CommentRow:
        """The comment, also when the same author has written it under this id before.

        Raises NoThread, TakenId, ThreadFull, TooManyThreads.
        """

        def work(connection: Connection) -> CommentRow:
            thread = new.thread_id or new.id
            _begin_or_lengthen(connection, new, limits)
            known = _known(connection, new)
            if known is None:
                connection.execute(
                    insert(comments).values(
                        id=new.id,
                        thread_id=thread,
                        author_id=new.author_id,
                        content=new.content,
                        created_at=new.created_at,
                        updated_at=new.created_at,
                    )
                )
            note(connection, new.id)
            row = known or _comment_in(connection, new.document_id, new.id)
            if row is None:
                raise NoThread
            if known is None:
                also(connection)
            return row

        return await self._database.write(work)

    async def edit(
        self,
        document: str,
        comment: str,
        content: str,
        now: datetime,
        limits: ThreadLimits,
        *,
        also: Also = nothing_else,
    ) -> bool:
        """False when there is no such comment, or no more. Raises ThreadFull."""

        def work(connection: Connection) -> bool:
            row = _locked(connection, document, comment)
            if row is None or row.deleted_at is not None:
                return False
            if row.content != content:
                more = len(content) - len(row.content)
                _count(connection, row.thread_id, more=0, characters=more, now=now, limits=limits)
                changes = {"content": content, "edited_at": now, "updated_at": now}
                connection.execute(update(comments).where(C.id == comment).values(changes))
                also(connection)
            return True

        return await self._database.write(work)

    async def delete(self, document: str, comment: str, by: str, now: datetime, also: Also = nothing_else) -> bool:
        """Leave a tombstone. False when there is nothing to delete."""

        def work(connection: Connection) -> bool:
            row = _locked(connection, document, comment)
            if row is None or row.deleted_at is not None:
                return False
            gone = {"content": "", "deleted_at": now, "deleted_by": by, "updated_at": now}
            connection.execute(update(comments).where(C.id == comment).values(gone))
            connection.execute(delete(comment_reactions).where(R.comment_id == comment))
            _count(connection, row.thread_id, more=0, characters=-len(row.content), now=now, limits=None)
            also(connection)
            return True

        return await self._database.write(work)

    async def react(
        self, document: str, reaction: ReactionRow, limits: ThreadLimits, also: Also = nothing_else
    ) -> bool:
        """False when there is no such comment, or no more. Raises TooManyReactions."""

        def work(connection: Connection) -> bool:
            row = _locked(connection, document, reaction.comment_id)
            if row is None or row.deleted_at is not None:
                return False
            known = _reactions(connection, C.id == reaction.comment_id).get(reaction.comment_id, [])
            if any((each.kind, each.user_id) == (reaction.kind, reaction.user_id) for each in known):
                return True
            kinds = {each.kind for each in known} | {reaction.kind}
            if len(kinds) > limits.reaction_kinds or len(known) >= limits.reactions:
                raise TooManyReactions
            values = {
                name: getattr(reaction, name) for name in ("comment_id", "kind", "user_id", "emoji", "created_at")
            }
            connection.execute(insert(comment_reactions).values(values))
            _touch(connection, row, reaction.created_at)
            also(connection)
            return True

        return await self._database.write(work)

    async def take_back(
        self, document: str, comment: str, kind: str, user: str, now: datetime, *, also: Also = nothing_else
    ) -> bool:
        """False when there is no such comment; a reaction that is not there needs no taking back."""

        def work(connection: Connection) -> bool:
            row = _locked(connection, document, comment)
            if row is None:
                return False
            own = and_(R.comment_id == comment, R.kind == kind, R.user_id == user)
            if connection.execute(delete(comment_reactions).where(own)).rowcount:
                _touch(connection, row, now)
                also(connection)
            return True

        return await self._database.write(work)

    async def settle(
        self, document: str, thread: str, by: str | None, now: datetime, also: Also = nothing_else
    ) -> bool:
        """Resolve it in somebody's name, or with None reopen it. False when there is no such thread."""

        def work(connection: Connection) -> bool:
            mine = (T.document_id == document) & (T.id == thread)
            is_other = T.resolved_at.is_(None) if by is not None else T.resolved_at.is_not(None)
            changes = {"resolved_at": now if by is not None else None, "resolved_by": by, "updated_at": now}
            if connection.execute(update(threads).where(mine, is_other).values(changes)).rowcount:
                also(connection)
                return True
            return connection.execute(select(T.id).where(mine)).one_or_none() is not None

        return await self._database.write(work)


# Private: reading.


def _threads() -> Select[Any]:
    return select(*THREAD, *ANCHOR).join(thread_anchors, A.thread_id == T.id, isouter=True)


def _thread(row: Any) -> ThreadRow:
    known = len(THREAD)
    anchor = AnchorRow(*row[known:]) if row.state is not None else None
    return ThreadRow(*row[:known], anchor)  # type: ignore[call-arg]  # mypy takes a slice of a row for endless


def _fitting(found: list[ThreadRow], characters: int) -> list[ThreadRow]:
    taken = 0
    for number, thread in enumerate(found):
        taken += thread.characters
        if taken > characters and number:
            return found[:number]
    return found


def _whole(connection: Connection, page: Sequence[ThreadRow]) -> list[WholeThread]:
    ids = [thread.id for thread in page]
    rows = connection.execute(_comments().where(C.thread_id.in_(ids)).order_by(C.created_at, C.id)).all() if ids else []
    reactions = _reactions(connection, C.thread_id.in_(ids)) if rows else {}
    said: dict[str, list[CommentRow]] = {id_: [] for id_ in ids}
    for row in rows:
        said[row.thread_id].append(CommentRow(*row))
    return [
        WholeThread(thread, said[thread.id], {each.id: reactions.get(each.id, []) for each in said[thread.id]})
        for thread in page
    ]


def _comments() -> Select[Any]:
    return select(*COMMENT).join(threads, T.id == C.thread_id).join(users, users.c.id == C.author_id)


def _comment_in(connection: Connection, document: str, comment: str) -> CommentRow | None:
    row = connection.execute(_comments().where(T.document_id == document, C.id == comment)).one_or_none()
    return None if row is None else CommentRow(*row)


def _reactions(connection: Connection, condition: Any) -> dict[str, list[ReactionRow]]:
    query = (
        select(R.comment_id, R.kind, R.user_id, users.c.name, R.emoji, R.created_at)
        .join(comments, C.id == R.comment_id)
        .join(users, users.c.id == R.user_id)
        .where(condition)
        .order_by(R.created_at, R.user_id)
    )
    found: dict[str, list[ReactionRow]] = {}
    for row in connection.execute(query).all():
        found.setdefault(row.comment_id, []).append(ReactionRow(*row))
    return found


# Private: changing.


def _begin_or_lengthen(connection: Connection, new: NewComment, limits: ThreadLimits) -> None:
    if _known(connection, new) is not None:
        return
    if new.thread_id is not None:
        mine = (T.document_id == new.document_id) & (T.id == new.thread_id)
        if connection.execute(select(T.id).where(mine).with_for_update()).one_or_none() is None:
            raise NoThread
        if _known(connection, new) is None:  # it came while we waited for the lock
            _count(
                connection,
                new.thread_id,
                more=1,
                characters=len(new.content),
                now=new.created_at,
                limits=limits,
            )
        return
    of_document = select(func.count()).select_from(threads).where(T.document_id == new.document_id)
    if connection.execute(of_document).scalar_one() >= limits.threads:
        raise TooManyThreads
    connection.execute(
        insert(threads).values(
            id=new.id,
            document_id=new.document_id,
            created_at=new.created_at,
            updated_at=new.created_at,
            comments=1,
            characters=len(new.content),
        )
    )
    if (anchor := new.anchor) is not None:
        columns = {name: getattr(anchor, name) for name in anchor.__slots__}
        connection.execute(insert(thread_anchors).values(thread_id=new.id, **columns))


def _known(connection: Connection, new: NewComment) -> CommentRow | None:
    """What was written under this id before. Raises TakenId when that was another one."""
    row = connection.execute(_comments().where(C.id == new.id)).one_or_none()
    if row is None:
        return None
    known = CommentRow(*row)
    is_same = (known.document_id, known.author_id, known.thread_id) == (
        new.document_id,
        new.author_id,
        new.thread_id or new.id,
    )
    if not is_same:
        raise TakenId
    return known


def _locked(connection: Connection, document: str, comment: str) -> CommentRow | None:
    """The comment; its thread stays as it is until the commit."""
    row = _comment_in(connection, document, comment)
    if row is None:
        return None
    connection.execute(select(T.id).where(T.id == row.thread_id).with_for_update())
    return _comment_in(connection, document, comment)


def _touch(connection: Connection, row: CommentRow, now: datetime) -> None:
    connection.execute(update(threads).where(T.id == row.thread_id).values(updated_at=now))


def _count(
    connection: Connection, thread: str, *, more: int, characters: int, now: datetime, limits: ThreadLimits | None
) -> None:
    """`limits`: None for what makes it smaller."""
    if limits is not None:
        sums = connection.execute(select(T.comments, T.characters).where(T.id == thread)).one()
        too_many = sums.comments + more > limits.comments
        if too_many or (characters > 0 and sums.characters + characters > limits.characters):
            raise ThreadFull
    changes = {"comments": T.comments + more, "characters": T.characters + characters, "updated_at": now}
    connection.execute(update(threads).where(T.id == thread).values(changes))
