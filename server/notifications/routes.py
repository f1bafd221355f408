"""/notifications: one's own inbox, and what one wants to be told of."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request

from server.events.notifications import CountsState, NotificationState
from server.http.paging import MAX_LIMIT, cursor_of, place_of
from server.http.reply import Envelope
from server.http.streams import StreamsOf
from server.identity.dependencies import Caller
from server.notifications.delivery import Channel
from server.notifications.desk import DeliveryDesk
from server.notifications.model import Inbox, Preferences, Subscription
from server.notifications.service import NotificationService
from server.notifications.views import counts_state, item_state

__all__ = ["router"]

ITEM = "/notifications/{notification_id}"
SUBSCRIPTION = "/collaboration/documents/{document_id}/subscription"

router = APIRouter(tags=["notifications"])


def _notifications(request: Request) -> NotificationService:
    service: NotificationService = request.app.state.house.notifications.service
    return service


Notifications = Annotated[NotificationService, Depends(_notifications)]


@router.get("/notifications", summary="Your inbox")
async def list_notifications(
    *,
    caller: Caller,
    notifications: Notifications,
    streams: StreamsOf,
    filter_: Annotated[Literal["all", "unread"], Query(alias="filter", description="Which ones.")] = "all",
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")] = 50,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
) -> Envelope[Inbox]:
    """The newest first. What happens to one subject is folded into one notification until you have read it."""
    before = place_of(cursor)
    place = await streams.place(caller.organisation_id, f"user:{caller.user_id}")
    rows, counts = await notifications.page(caller, unread=filter_ == "unread", before=before, limit=limit)
    page = rows[:limit]
    more = cursor_of((page[-1].updated_at, page[-1].id)) if len(rows) > limit else None
    inbox = Inbox(items=[item_state(row) for row in page], counts=counts_state(counts))
    return Envelope(data=inbox, next_cursor=more, stream=place)


@router.get("/notifications/counts", summary="How many are unread, and how many are new")
async def count_notifications(
    caller: Caller, notifications: Notifications, streams: StreamsOf
) -> Envelope[CountsState]:
    place = await streams.place(caller.organisation_id, f"user:{caller.user_id}")
    return Envelope(data=counts_state(await notifications.counts(caller)), stream=place)


@router.post("/notifications/seen", summary="You have looked at your inbox")
async def see_notifications(caller: Caller, notifications: Notifications) -> Envelope[CountsState]:
    """All that has come until now is seen; it stays unread."""
    return Envelope(data=counts_state(await notifications.mark_all(caller, "seen_at")))


@router.post("/notifications/read", summary="Mark all notifications as read")
async def read_notifications(caller: Caller, notifications: Notifications) -> Envelope[CountsState]:
    return Envelope(data=counts_state(await notifications.mark_all(caller, "read_at")))


@router.get("/notifications/channels", summary="By what this server can tell you")
async def list_channels(request: Request, caller: Caller) -> Envelope[list[Literal["in_app"] | Channel]]:
    """What is chosen for another channel is kept, and has no effect until the server has it."""
    desk: DeliveryDesk = request.app.state.house.notifications.desk
    return Envelope(data=["in_app", *desk.ways])


@router.get("/notifications/preferences", summary="What you are told of, how, and when not")
async def get_preferences(caller: Caller, notifications: Notifications) -> Envelope[Preferences]:
    return Envelope(data=await notifications.preferences(caller))


@router.put("/notifications/preferences", summary="Choose what you are told of, how, and when not")
async def put_preferences(
    caller: Caller, notifications: Notifications, preferences: Preferences
) -> Envelope[Preferences]:
    """All of it: kinds that are not named become what everybody has. What is critical is always told at once."""
    return Envelope(data=await notifications.prefer(caller, preferences))


@router.post(ITEM + "/read", summary="Mark a notification as read")
async def read_notification(
    caller: Caller, notifications: Notifications, notification_id: str
) -> Envelope[NotificationState]:
    return Envelope(data=item_state(await notifications.mark(caller, notification_id, read=True)))


@router.post(ITEM + "/unread", summary="Mark a notification as unread")
async def unread_notification(
    caller: Caller, notifications: Notifications, notification_id: str
) -> Envelope[NotificationState]:
    return Envelope(data=item_state(await notifications.mark(caller, notification_id, read=False)))


@router.delete(ITEM, status_code=204, summary="Remove a notification")
async def delete_notification(caller: Caller, notifications: Notifications, notification_id: str) -> None:
    await notifications.remove(caller, notification_id)


@router.get(SUBSCRIPTION, summary="Of what in a document you are told")
async def get_subscription(caller: Caller, notifications: Notifications, document_id: str) -> Envelope[Subscription]:
    return Envelope(data=Subscription(level=await notifications.level(caller, document_id)))


@router.put(SUBSCRIPTION, summary="Choose of what in a document you are told")
async def put_subscription(
    caller: Caller, notifications: Notifications, document_id: str, subscription: Subscription
) -> Envelope[Subscription]:
    """`all`: every comment; `mentions`: where you are mentioned, and answers where you take part; `none`: nothing."""
    await notifications.subscribe(caller, document_id, subscription.level)
    return Envelope(data=subscription)
