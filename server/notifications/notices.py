"""What each event means to people: whom it concerns, and in which words they are told.

Mentioned, answered where one has written, or everything of a document: whoever is told for several reasons is told
once, for the first of them. Nobody is told of what he did himself.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from persistence.notification_rows import Activity, NewActivity
from persistence.notification_wishes import WishStore
from persistence.notifications import InboxChange
from server.events.comments import (
    CommentAdded,
    CommentEdited,
    CommentReacted,
    CommentState,
    ThreadEvent,
    ThreadResolved,
)
from server.events.envelope import Heard, summary_of
from server.events.invitations import InvitationReceived
from server.events.model import UserEvent
from server.events.workspaces import MembershipBegan, MembershipChanged, MembershipEnded
from server.notifications.model import Kind

__all__ = ["Notice", "NoticeDesk", "Step", "excerpt"]

LONGEST_TEXT = 140
LONGEST_TITLE = 200
MENTION = re.compile(r"@\[([^\[\]\n]{1,100})\]\((?:user|group):[0-9a-f]{32}\)")
SPACE = re.compile(r"\s+")

Step = Callable[[Connection], list[InboxChange]]
"""What is written for an event, and what it changes in inboxes."""
Membership = MembershipBegan | MembershipChanged | MembershipEnded


@dataclass(frozen=True, slots=True)
class Notice:
    """These people are told this, outside of the house by no other `channels` than these, if any are named; by none
    where it stays inside."""

    to: Sequence[str]
    new: NewActivity
    channels: Sequence[str] = ()
    outside: bool = True


class NoticeDesk:
    def __init__(self, wishes: WishStore) -> None:
        self._wishes = wishes

    async def of(self, heard: Heard) -> list[Notice]:
        """Nobody is in two of them."""
        match heard.event:
            case CommentAdded() as event:
                return await self._added(heard, event)
            case CommentEdited() as event:
                words = f"{heard.actor.name} mentioned you in {event.document_title}"
                return await self._tell(heard, event, [("mention", words, event.mentioned)], event.comment)
            case CommentReacted(added=True) as event:
                words = f"{event.user_name} reacted with {event.emoji} to your comment on {event.document_title}"
                return await self._tell(heard, event, [("reaction", words, [event.author_id])])
            case ThreadResolved() as event:
                words = f"{heard.actor.name} resolved a thread on {event.document_title}"
                return await self._tell(
                    heard, event, [("resolved", words, await self._wishes.authors(event.thread_id))]
                )
            case InvitationReceived() as event:
                return [_own(heard, event, "invitation", text=event.message)]
            case MembershipBegan() | MembershipChanged() | MembershipEnded() as event:
                return _membership(heard, event)
            case _:
                return []

    async def _added(self, heard: Heard, event: CommentAdded) -> list[Notice]:
        who, title = heard.actor.name, event.document_title
        reasons: list[tuple[Kind, str, Collection[str]]] = [
            ("mention", f"{who} mentioned you in {title}", event.mentioned)
        ]
        if event.comment.thread_id is not None:
            reasons.append(("reply", f"{who} replied on {title}", await self._wishes.authors(event.thread_id)))
        everything = await self._wishes.subscribers(event.document_id, "all")
        reasons.append(("comment", f"{who} commented on {title}", everything))
        return await self._tell(heard, event, reasons, event.comment)

    async def _tell(
        self,
        heard: Heard,
        event: ThreadEvent,
        reasons: Sequence[tuple[Kind, str, Collection[str]]],
        comment: CommentState | None = None,
    ) -> list[Notice]:
        everybody = {user for _, _, people in reasons for user in people} - {heard.actor.id}
        members = set(await self._wishes.members(event.workspace_id, everybody)) if everybody else set()
        levels = await self._wishes.levels(event.document_id, members) if members else {}
        left = {user for user in members if levels.get(user) != "none"}
        notices = []
        for kind, words, people in reasons:
            to = sorted(left & set(people))
            left -= set(to)
            if to:
                notices.append(Notice(to, _about_thread(heard, event, kind, words, comment)))
        return notices


def excerpt(content: str) -> str:
    """The beginning of a comment as plain text on one line, mentions by their names."""
    plain = SPACE.sub(" ", MENTION.sub(r"@\1", content)).strip()
    return plain if len(plain) <= LONGEST_TEXT else plain[: LONGEST_TEXT - 1].rstrip() + "…"


def _membership(heard: Heard, event: Membership) -> list[Notice]:
    if heard.actor.id == event.user_id:
        return []  # he made it, accepted or left
    is_over = isinstance(event, MembershipEnded)
    return [_own(heard, event, "membership", workspace=None if is_over else event.workspace_id)]


def _own(heard: Heard, event: UserEvent, kind: Kind, *, text: str = "", workspace: str | None = None) -> Notice:
    activity = _activity(heard, summary_of(heard), excerpt(text), None)
    path = f"/workspaces/{workspace}" if workspace is not None else "/workspaces"
    new = NewActivity(kind, event.subject, "info", path, workspace, None, None, activity, heard.time)
    return Notice([event.user_id], new)


def _about_thread(
    heard: Heard, event: ThreadEvent, kind: Kind, words: str, comment: CommentState | None
) -> NewActivity:
    text, id_ = (excerpt(comment.content), comment.id) if comment is not None else ("", None)
    return NewActivity(
        kind=kind,
        subject=event.subject,
        severity="info",
        path=f"/documents/{event.document_id}?thread={event.thread_id}",
        workspace_id=event.workspace_id,
        document_id=event.document_id,
        thread_id=event.thread_id,
        activity=_activity(heard, words, text, id_),
        at=heard.time,
    )


def _activity(heard: Heard, title: str, text: str, comment: str | None) -> Activity:
    actor, at = heard.actor, heard.time.isoformat()
    return Activity(heard.id, heard.type, actor.id, actor.name, title[:LONGEST_TITLE], text, at, comment)
