"""Rows of an inbox as their owner sees them, and as he is told of them."""

from persistence.notification_rows import Counts, ItemRow
from persistence.notifications import InboxChange
from server.events.model import Event
from server.events.notifications import (
    ActionState,
    ActivityState,
    CountsState,
    NotificationChanged,
    NotificationRemoved,
    NotificationState,
    PersonState,
)

__all__ = ["counts_state", "inbox_event", "item_state"]

SAME = ("id", "kind", "subject", "severity", "title", "text", "path", "workspace_id", "document_id", "thread_id")
TIMES = ("created_at", "updated_at", "notified_at", "seen_at", "read_at")


def item_state(row: ItemRow) -> NotificationState:
    shown = {name: getattr(row, name) for name in (*SAME, "count", *TIMES)}
    actor = PersonState(id=row.actor_id, name=row.actor_name or "") if row.actor_id is not None else None
    activities = [ActivityState.model_validate(each) for each in row.activities]
    action = ActionState.model_validate(row.action) if row.action is not None else None
    return NotificationState(**shown, actor=actor, activities=activities, action=action)


def counts_state(counts: Counts) -> CountsState:
    return CountsState.model_validate(counts)


def inbox_event(change: InboxChange) -> Event | None:
    """None: it is of a row that is not listed."""
    item, counts = change.item, counts_state(change.counts)
    if not item.in_app:
        return None
    if change.gone:
        return NotificationRemoved(user_id=item.user_id, item_id=item.id, counts=counts)
    return NotificationChanged(user_id=item.user_id, item=item_state(item), counts=counts)
