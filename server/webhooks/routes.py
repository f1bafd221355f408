"""/webhooks: who gets which events, what became of each delivery, and once more, please."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from persistence.webhook_deliveries import Attempt, DeliveryRow, DeliveryState
from persistence.webhooks import WebhookRow
from server.http.paging import MAX_LIMIT, cursor_of, place_of
from server.http.reply import Envelope
from server.http.streams import StreamsOf
from server.identity.dependencies import Caller
from server.webhooks.model import (
    DeliveryAttempt,
    NewWebhook,
    Rotation,
    Webhook,
    WebhookChanges,
    WebhookDelivery,
    WebhookWithSecret,
)
from server.webhooks.service import WebhookService

__all__ = ["router"]

WEBHOOK = "/webhooks/{webhook_id}"

router = APIRouter(tags=["webhooks"])


def _webhooks(request: Request) -> WebhookService:
    service: WebhookService = request.app.state.house.webhooks.service
    return service


Webhooks = Annotated[WebhookService, Depends(_webhooks)]


@router.get("/webhooks", summary="The webhooks that you may manage")
async def list_webhooks(
    caller: Caller,
    webhooks: Webhooks,
    streams: StreamsOf,
    workspace_id: Annotated[str | None, Query(description="Only those of this workspace.")] = None,
) -> Envelope[list[Webhook]]:
    """An administrator's are all of the organisation; others see those of the workspaces that they administer."""
    place = await streams.place(caller.organisation_id, f"user:{caller.user_id}")
    return Envelope(data=[_view(row) for row in await webhooks.all(caller, workspace_id or None)], stream=place)


@router.post("/webhooks", status_code=201, summary="Have events sent to an address")
async def create_webhook(caller: Caller, webhooks: Webhooks, new: NewWebhook) -> Envelope[WebhookWithSecret]:
    """The answer has the secret that deliveries are signed with; it is shown this once. An `Idempotency-Key` is not
    read here, for the answer would have to be kept."""
    row, secret = await webhooks.create(caller, new)
    return Envelope(data=_with_secret(row, secret))


@router.get(WEBHOOK, summary="One webhook")
async def get_webhook(caller: Caller, webhooks: Webhooks, webhook_id: str) -> Envelope[Webhook]:
    return Envelope(data=_view(await webhooks.get(caller, webhook_id)))


@router.patch(WEBHOOK, summary="Change a webhook, disable it, or enable it again")
async def change_webhook(
    caller: Caller, webhooks: Webhooks, webhook_id: str, changes: WebhookChanges
) -> Envelope[Webhook]:
    """From then on it rests on your right. What was not delivered while it was disabled is sent when it is enabled;
    what happened meanwhile is not."""
    return Envelope(data=_view(await webhooks.change(caller, webhook_id, changes)))


@router.delete(WEBHOOK, status_code=204, summary="Remove a webhook with its log")
async def delete_webhook(caller: Caller, webhooks: Webhooks, webhook_id: str) -> None:
    await webhooks.delete(caller, webhook_id)


@router.post(WEBHOOK + "/test", status_code=202, summary="Send a test event")
async def test_webhook(caller: Caller, webhooks: Webhooks, webhook_id: str) -> Envelope[WebhookDelivery]:
    """An event of the type `counterpoint.webhook.tested.v1`, whatever types the webhook is for; the list of deliveries
    says what became of it."""
    return Envelope(data=_delivery(await webhooks.test(caller, webhook_id), []))


@router.post(WEBHOOK + "/rotate", summary="Give a webhook a new secret")
async def rotate_secret(
    caller: Caller, webhooks: Webhooks, webhook_id: str, rotation: Rotation | None = None
) -> Envelope[WebhookWithSecret]:
    """The former one signs too for a while, so that nothing is refused while you put the new one in place."""
    overlap = timedelta(hours=(rotation or Rotation()).overlap_hours)
    row, secret = await webhooks.rotate(caller, webhook_id, overlap)
    return Envelope(data=_with_secret(row, secret))


@router.get(WEBHOOK + "/deliveries", summary="What was sent to a webhook, and what became of it")
async def list_deliveries(
    *,
    caller: Caller,
    webhooks: Webhooks,
    webhook_id: str,
    state: Annotated[DeliveryState | None, Query(description="Only those in this state.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most rows of a page.")] = 50,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
) -> Envelope[list[WebhookDelivery]]:
    """The newest first, with every try."""
    rows, attempts = await webhooks.log(caller, webhook_id, place_of(cursor), limit, state)
    page = rows[:limit]
    more = cursor_of((page[-1].created_at, page[-1].id)) if len(rows) > limit else None
    return Envelope(data=[_delivery(row, attempts[row.id]) for row in page], next_cursor=more)


@router.post(WEBHOOK + "/deliveries/{delivery_id}/replay", status_code=202, summary="Deliver an event once more")
async def replay_delivery(
    caller: Caller, webhooks: Webhooks, webhook_id: str, delivery_id: str
) -> Envelope[WebhookDelivery]:
    """A delivery of its own with the same `webhook-id`: a receiver that has dealt with it passes it over."""
    return Envelope(data=_delivery(await webhooks.replay(caller, webhook_id, delivery_id), []))


def _view(row: WebhookRow) -> Webhook:
    return Webhook.model_validate(_shown(row))


def _with_secret(row: WebhookRow, secret: str) -> WebhookWithSecret:
    return WebhookWithSecret.model_validate({**_shown(row), "secret": secret})


def _shown(row: WebhookRow) -> dict[str, object]:
    same = ("id", "url", "description", "types", "workspace_id", "owner_id", "disabled_at", "disabled_why")
    times = ("delivered_at", "created_at", "updated_at")
    shown = {name: getattr(row, name) for name in (*same, *times)}
    return {**shown, "enabled": row.disabled_at is None, "former_secret_until": row.former_until}


def _delivery(row: DeliveryRow, attempts: list[Attempt]) -> WebhookDelivery:
    same = ("id", "event_id", "event_type", "state", "replay", "created_at", "ended_at")
    tries = [
        DeliveryAttempt(number=each.number, at=each.at, seconds=each.seconds, status=each.status, why=each.why)
        for each in attempts
    ]
    due_at = row.due_at if row.state == "pending" else None
    return WebhookDelivery.model_validate(
        {**{name: getattr(row, name) for name in same}, "next_try_at": due_at, "attempts": tries}
    )
