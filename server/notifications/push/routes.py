"""/notifications/push: which of one's browsers get push messages, and a message to try them."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from persistence.push import PushRow, hash_of
from server.http.reply import Envelope
from server.identity.dependencies import Caller
from server.notifications.push.model import NewSubscription, Push, PushDevice
from server.notifications.push.service import PushService

__all__ = ["router"]

PUSH = "/notifications/push"
UNNAMED = "A browser"

router = APIRouter(tags=["notifications"])


def _push(request: Request) -> PushService:
    service: PushService = request.app.state.house.notifications.push.service
    return service


Pushes = Annotated[PushService, Depends(_push)]


@router.get(PUSH, summary="The server's key for push, and your devices")
async def get_push(caller: Caller, push: Pushes) -> Envelope[Push]:
    key = await push.public_key()
    return Envelope(data=Push(public_key=key, subscriptions=_views(await push.devices(caller))))


@router.post(PUSH + "/subscriptions", status_code=201, summary="Have push messages sent to a browser")
async def add_subscription(caller: Caller, push: Pushes, new: NewSubscription) -> Envelope[PushDevice]:
    """The same browser again is the same device; one that somebody else has used before is yours from now on. It ends
    when you sign out of the session that you have made it in, change your password elsewhere, or remove it."""
    return Envelope(data=_view(await push.subscribe(caller, new)))


@router.delete(PUSH + "/subscriptions/{subscription_id}", status_code=204, summary="No more push messages to a device")
async def remove_subscription(caller: Caller, push: Pushes, subscription_id: str) -> None:
    await push.remove(caller, subscription_id)


@router.post(PUSH + "/test", summary="Send a message to all your devices")
async def send_test(caller: Caller, push: Pushes) -> Envelope[list[PushDevice]]:
    """Answers when their push services have. A 409 says why no device could be reached; where one could, `last_error`
    of the others says why they could not."""
    return Envelope(data=_views(await push.test(caller)))


def _views(rows: Sequence[PushRow]) -> list[PushDevice]:
    return [_view(row) for row in rows]


def _view(row: PushRow) -> PushDevice:
    return PushDevice(
        id=row.id,
        device=row.device or UNNAMED,
        endpoint_hash=hash_of(row.endpoint),
        created_at=row.created_at,
        last_sent_at=row.last_sent_at,
        last_error=row.last_error,
    )
