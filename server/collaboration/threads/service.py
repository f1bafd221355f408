"""Comments on documents: who may write, change and see them, and what everybody is told of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from persistence.answers import Note, no_note
from persistence.documents import DocumentRow, DocumentStore
from persistence.thread_rows import (
    CommentRow,
    NoThread,
    ReactionRow,
    TakenId,
    ThreadFull,
    ThreadLimits,
    TooManyReactions,
    TooManyThreads,
)
from persistence.thread_rows import NewComment as NewRow
from persistence.threads import ThreadStore
from persistence.workspaces import WorkspaceStore
from server.clock import Clock
from server.collaboration.documents import RightOf
from server.collaboration.threads.anchors import AnchorDesk
from server.collaboration.threads.emoji import kind_of
from server.collaboration.threads.mentions import MentionDesk
from server.collaboration.threads.model import Comment, NewComment
from server.collaboration.threads.views import comment_state, comment_view, thread_view
from server.errors import Conflict, Deleted, FieldIssue, Forbidden, Invalid, NotFound
from server.events.comments import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
    CommentReacted,
    ThreadReopened,
    ThreadResolved,
)
from server.events.outbox import Outbox, Record
from server.http.paging import Place
from server.identity.principal import Principal, Right
from server.identity.roles import WorkspaceRole

__all__ = ["LIMITS", "ThreadService"]

PAGE_CHARACTERS = 1_000_000
LIMITS = ThreadLimits(threads=10_000, comments=500, characters=1_000_000, reaction_kinds=20, reactions=1_000)
"""A thread is always answered whole: these keep such an answer small enough."""


class ThreadService:
    """Every call is made in somebody's name. To who has no right a document is not there (NotFound)."""

    def __init__(
        self,
        *,
        store: ThreadStore,
        documents: DocumentStore,
        workspaces: WorkspaceStore,
        mentions: MentionDesk,
        anchors: AnchorDesk,
        outbox: Outbox,
        clock: Clock,
        right_of: RightOf,
    ) -> None:
        self._store = store
        self._documents = documents
        self._workspaces = workspaces
        self._mentions = mentions
        self._anchors = anchors
        self._outbox = outbox
        self._clock = clock
        self._right_of = right_of

    # Reading.

    async def document(self, caller: Principal, document: str, least: Right = Right.READ) -> DocumentRow:
        """By id, or by the name under which clients open it. Raises NotFound, Forbidden."""
        found = await self._documents.resolve(caller.organisation_id, document)
        row = await self._documents.get(caller.organisation_id, found.id) if found is not None else None
        right = await self._right_of(caller, row.id) if row is not None else None
        if row is None or right is None:
            raise NotFound
        if right < least:
            raise Forbidden("You may read this document, and not comment on it.")
        return row

    async def page(
        self,
        caller: Principal,
        document: str,
        *,
        after: Place | None,
        limit: int,
        resolved: bool | None,
        since: datetime | None,
    ) -> tuple[list[Comment], Place | None]:
        """Threads, oldest first, and the place of the last one when there are more."""
        row = await self.document(caller, document)
        found, more = await self._store.page(
            row.id, after=after, limit=limit, characters=PAGE_CHARACTERS, resolved=resolved, since=since
        )
        views = [thread_view(each, caller.user_id) for each in found]
        return views, (found[-1].thread.created_at, found[-1].thread.id) if more else None

    async def thread(self, caller: Principal, document: str, thread: str) -> Comment:
        """Raises NotFound."""
        row = await self.document(caller, document)
        return await self._thread(caller, row, thread)

    async def comment(self, caller: Principal, document: str, comment: str) -> Comment:
        """Raises NotFound."""
        row = await self.document(caller, document)
        return await self._comment(caller, row, (await self._row(row, comment)).thread_id, comment)

    # Writing.

    async def add(self, caller: Principal, document: str, new: NewComment, note: Note = no_note) -> Comment:
        """Raises Invalid for a thread of another document and for mentions, Conflict for what is full or taken."""
        row = await self.document(caller, document, Right.COMMENT)
        mentioned = await self._mentions.mentioned(caller.organisation_id, row.workspace_id, new.content)
        now, id_ = self._clock.now(), new.id or uuid4().hex
        anchor = await self._anchors.make(row, new) if new.thread_id is None else None
        wanted = NewRow(id_, row.id, new.thread_id, caller.user_id, new.content, now, anchor)
        state = CommentRow(
            id_, new.thread_id or id_, row.id, caller.user_id, caller.name, new.content, now, now, None, None
        )
        event = CommentAdded(
            **_of_comment(row, state.thread_id, id_), comment=comment_state(state), mentioned=mentioned
        )
        record = self._outbox.record(caller.actor, event)
        try:
            known = await self._store.add(wanted, LIMITS, note, record)
        except NoThread:
            raise Invalid(details=[FieldIssue("thread_id", "is no thread of this document", new.thread_id)]) from None
        except TakenId:
            raise Conflict(details=[FieldIssue("id", "is that of another comment", id_)]) from None
        except TooManyThreads:
            raise Conflict(f"A document has at most {LIMITS.threads} threads.") from None
        except ThreadFull:
            raise _full() from None
        self._outbox.published(record)
        return await self._comment(caller, row, known.thread_id, known.id)

    async def edit(self, caller: Principal, document: str, comment: str, content: str) -> Comment:
        """Raises Forbidden for a comment of somebody else's, Deleted."""
        row = await self.document(caller, document, Right.COMMENT)
        known = await self._row(row, comment)
        if known.author_id != caller.user_id:
            raise Forbidden("You may edit your own comments only.")
        mentioned = await self._mentions.newly_mentioned(
            caller.organisation_id, row.workspace_id, content, known.content
        )
        now = self._clock.now()
        state = comment_state(replace(known, content=content, updated_at=now, edited_at=now))
        event = CommentEdited(**_of_comment(row, known.thread_id, comment), comment=state, mentioned=mentioned)
        record = self._outbox.record(caller.actor, event)
        try:
            await self._done(self._store.edit(row.id, comment, content, now, LIMITS, also=record), record)
        except ThreadFull:
            raise _full() from None
        return await self._comment(caller, row, known.thread_id, comment)

    async def delete(self, caller: Principal, document: str, comment: str) -> None:
        """Leaves a tombstone; what is deleted stays deleted. Raises Forbidden."""
        row = await self.document(caller, document, Right.COMMENT)
        known = await self._row(row, comment)
        if known.author_id != caller.user_id and not await self._arranges(caller, row):
            raise Forbidden("You may delete your own comments; those of others take an admin of the workspace.")
        now = self._clock.now()
        event = CommentDeleted(**_of_comment(row, known.thread_id, comment), author_id=known.author_id, deleted_at=now)
        record = self._outbox.record(caller.actor, event)
        await self._store.delete(row.id, comment, caller.user_id, now, record)
        self._outbox.published(record)

    async def react(self, caller: Principal, document: str, comment: str, emoji: str) -> Comment:
        """Once for each user and emoji. Raises Deleted, Conflict."""

        def change(row: DocumentRow, now: datetime, record: Record) -> Awaitable[bool]:
            reaction = ReactionRow(comment, kind_of(emoji), caller.user_id, caller.name, emoji, now)
            return self._store.react(row.id, reaction, LIMITS, record)

        try:
            return await self._react(caller, document, comment, emoji, change, added=True)
        except TooManyReactions:
            most = f"A comment has at most {LIMITS.reaction_kinds} kinds of reactions, and {LIMITS.reactions} in all."
            raise Conflict(most) from None

    async def take_back(self, caller: Principal, document: str, comment: str, emoji: str) -> Comment:
        """One's own reaction."""

        def change(row: DocumentRow, now: datetime, record: Record) -> Awaitable[bool]:
            return self._store.take_back(row.id, comment, kind_of(emoji), caller.user_id, now, also=record)

        return await self._react(caller, document, comment, emoji, change, added=False)

    async def resolve(self, caller: Principal, document: str, thread: str) -> Comment:
        """What is resolved stays so."""
        row, now = await self.document(caller, document, Right.COMMENT), self._clock.now()
        event = ThreadResolved(**_of_thread(row, thread), resolved_by=caller.user_id, resolved_at=now)
        record = self._outbox.record(caller.actor, event)
        await self._done(self._store.settle(row.id, thread, caller.user_id, now, record), record)
        return await self._thread(caller, row, thread)

    async def reopen(self, caller: Principal, document: str, thread: str) -> Comment:
        row, now = await self.document(caller, document, Right.COMMENT), self._clock.now()
        record = self._outbox.record(caller.actor, ThreadReopened(**_of_thread(row, thread), at=now))
        await self._done(self._store.settle(row.id, thread, None, now, record), record)
        self._anchors.ask(row.id)  # nobody has followed it while it was resolved
        return await self._thread(caller, row, thread)

    # Private.

    async def _row(self, document: DocumentRow, comment: str) -> CommentRow:
        found = await self._store.comment(document.id, comment)
        if found is None:
            raise NotFound
        return found[0]

    async def _thread(self, caller: Principal, document: DocumentRow, thread: str) -> Comment:
        whole = await self._store.thread(document.id, thread)
        if whole is None:
            raise NotFound
        return thread_view(whole, caller.user_id)

    async def _comment(self, caller: Principal, document: DocumentRow, thread: str, comment: str) -> Comment:
        whole = await self._store.thread(document.id, thread)
        view = comment_view(whole, comment, caller.user_id) if whole is not None else None
        if view is None:
            raise NotFound
        return view

    async def _react(
        self,
        caller: Principal,
        document: str,
        comment: str,
        emoji: str,
        change: Callable[[DocumentRow, datetime, Record], Awaitable[bool]],
        *,
        added: bool,
    ) -> Comment:
        row = await self.document(caller, document, Right.COMMENT)
        known, now = await self._row(row, comment), self._clock.now()
        event = CommentReacted(
            **_of_comment(row, known.thread_id, comment),
            author_id=known.author_id,
            user_id=caller.user_id,
            user_name=caller.name,
            emoji=emoji,
            added=added,
            at=now,
        )
        record = self._outbox.record(caller.actor, event)
        await self._done(change(row, now, record), record)
        return await self._comment(caller, row, known.thread_id, comment)

    async def _done(self, change: Awaitable[bool], record: Record) -> None:
        """Raises Deleted when what was to be changed is there no more."""
        if not await change:
            raise Deleted
        self._outbox.published(record)

    async def _arranges(self, caller: Principal, document: DocumentRow) -> bool:
        member = await self._workspaces.member(document.workspace_id, caller.user_id)
        return member is not None and WorkspaceRole(member.role).at_least(WorkspaceRole.ADMIN)


def _of_thread(document: DocumentRow, thread: str) -> dict[str, str]:
    return {
        "workspace_id": document.workspace_id,
        "document_id": document.id,
        "document_title": document.title,
        "thread_id": thread,
    }


def _of_comment(document: DocumentRow, thread: str, comment: str) -> dict[str, str]:
    return _of_thread(document, thread) | {"comment_id": comment}


def _full() -> Conflict:
    most = f"{LIMITS.comments} comments and {LIMITS.characters} characters"
    return Conflict(f"A thread holds at most {most}. Begin another one.")
