"""What happens in the threads of comments on documents."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from server.events.documents import DocumentEvent

__all__ = [
    "AnchorOrphaned",
    "CommentAdded",
    "CommentDeleted",
    "CommentEdited",
    "CommentEvent",
    "CommentReacted",
    "CommentState",
    "ThreadEvent",
    "ThreadReopened",
    "ThreadResolved",
]


class CommentState(BaseModel):
    """A comment as it is from now on, without its reactions. `thread_id`: null for the one that began the thread."""

    model_config = ConfigDict(frozen=True)

    id: str
    document_id: str
    thread_id: str | None
    author_id: str
    author_name: str
    content: str
    created_at: datetime
    updated_at: datetime
    edited_at: datetime | None


class ThreadEvent(DocumentEvent):
    """It is about one thread of a document."""

    document_title: str
    thread_id: str

    @property
    def subject(self) -> str:
        return f"thread/{self.thread_id}"


class CommentEvent(ThreadEvent):
    """It is about one comment. The thread has the id of the comment that began it."""

    comment_id: str


class CommentAdded(CommentEvent):
    """Somebody has commented on a document, or replied. `mentioned` are the users, also those of mentioned groups."""

    comment: CommentState
    mentioned: list[str]


class CommentEdited(CommentEvent):
    """A comment says something else now. `mentioned` are the users that it did not mention before."""

    comment: CommentState
    mentioned: list[str]


class CommentDeleted(CommentEvent):
    """A comment was deleted: its text and reactions are gone, its place in the thread stays."""

    author_id: str
    deleted_at: datetime


class CommentReacted(CommentEvent):
    """Somebody has put an emoji under a comment, or taken it back (`added` is false)."""

    author_id: str
    user_id: str
    user_name: str
    emoji: str
    added: bool
    at: datetime


class ThreadResolved(ThreadEvent):
    """A thread is dealt with."""

    resolved_by: str
    resolved_at: datetime


class ThreadReopened(ThreadEvent):
    """A thread that was resolved is open again."""

    at: datetime


class AnchorOrphaned(ThreadEvent):
    """The text at which a thread stood was deleted. `quote` is what it was."""

    quote: str | None
    reason: str
