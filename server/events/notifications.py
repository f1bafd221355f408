"""What happens to somebody's inbox."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from server.events.model import UserEvent

__all__ = [
    "ActionState",
    "ActivityState",
    "CountsState",
    "InboxEvent",
    "NotificationChanged",
    "NotificationRemoved",
    "NotificationState",
    "NotificationsRead",
    "NotificationsSeen",
    "PersonState",
]


class PersonState(BaseModel):
    """Somebody, by the name that he had then."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str


class ActivityState(BaseModel):
    """One of the things that a notification is about."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    event_id: str
    type: str
    actor: str | None
    text: str
    at: datetime


class ActionState(BaseModel):
    """What its owner can do about a notification: a POST to `path`. `name`: `acknowledge`."""

    model_config = ConfigDict(frozen=True)

    name: str
    path: str


class NotificationState(BaseModel):
    """A notification as its owner sees it.

    `activities` are the last fifty, the oldest first, of `count` since it was read. `path`: where it is read in the web
    app. `title` and `text` are those of the newest activity, in plain text.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    subject: str
    severity: Literal["info", "warning", "high", "critical"]
    title: str
    text: str
    path: str
    workspace_id: str | None
    document_id: str | None
    thread_id: str | None
    actor: PersonState | None
    count: int
    activities: list[ActivityState]
    action: ActionState | None = None
    created_at: datetime
    updated_at: datetime
    notified_at: datetime | None
    seen_at: datetime | None
    read_at: datetime | None


class CountsState(BaseModel):
    """How many were not read, and how many have come since the inbox was looked at."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    unread: int
    unseen: int


class InboxEvent(UserEvent):
    """It is about somebody's inbox; `counts` is what there is from then on."""

    counts: CountsState

    @property
    def subject(self) -> str:
        return f"inbox/{self.user_id}"


class NotificationChanged(InboxEvent):
    """A notification is new, or another one now."""

    item: NotificationState


class NotificationRemoved(InboxEvent):
    """A notification is not in the inbox any more."""

    item_id: str


class NotificationsRead(InboxEvent):
    """All that had come by then was read, and so seen."""

    at: datetime


class NotificationsSeen(InboxEvent):
    """All that had come by then was seen."""

    at: datetime
