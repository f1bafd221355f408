"""What goes in and out of the routes of webhooks."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from persistence.webhook_deliveries import DeliveryState
from server.events.catalogue import EVENT_OF_TYPE
from server.http.text import Prose

__all__ = [
    "DeliveryAttempt",
    "NewWebhook",
    "Rotation",
    "Webhook",
    "WebhookChanges",
    "WebhookDelivery",
    "WebhookWithSecret",
    "matches",
]

MOST_TYPES = 50
LONGEST_URL = 2_000
MOST_STARS = 3
PATTERN = re.compile(r"[a-z0-9_.*]{1,100}")


def _is_a_type(value: str) -> str:
    if not PATTERN.fullmatch(value) or value.count("*") > MOST_STARS:
        raise ValueError(f"must be the type of an event, with at most {MOST_STARS} * for any part of it")
    if "*" not in value and value not in EVENT_OF_TYPE:
        raise ValueError("is no type of an event; the page of events lists them")
    return value


EventType = Annotated[str, AfterValidator(_is_a_type)]
Types = Annotated[
    list[EventType],
    Field(
        min_length=1,
        max_length=MOST_TYPES,
        description="Types of events, such as `counterpoint.comment.added.v1`; `*` stands for any part of one.",
    ),
]
Url = Annotated[str, Field(min_length=1, max_length=LONGEST_URL, description="Where to: https, in a public network.")]
Description = Annotated[Prose, Field(max_length=200, description="What it is for.")]


def matches(types: list[str], type_: str) -> bool:
    """Does one of these patterns mean this type?"""
    return any(re.fullmatch(re.escape(each).replace(r"\*", ".*"), type_) for each in types)


class NewWebhook(BaseModel):
    """`workspace_id`: only the events of this workspace; not given: all that you may see in the organisation."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    types: Types = ["*"]
    workspace_id: str | None = None
    description: Description = ""


class WebhookChanges(BaseModel):
    """What is not given stays."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    types: Types | None = None
    description: Description | None = None
    enabled: bool | None = None


class Rotation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    overlap_hours: float = Field(
        default=24, ge=0, le=168, description="For so long the former secret signs too; 0 when it has leaked."
    )


class Webhook(BaseModel):
    """`former_secret_until`: until then deliveries are signed with the former secret too."""

    id: str
    url: str
    description: str
    types: list[str]
    workspace_id: str | None
    owner_id: str
    enabled: bool
    disabled_at: datetime | None
    disabled_why: str | None
    former_secret_until: datetime | None
    delivered_at: datetime | None
    created_at: datetime
    updated_at: datetime


class WebhookWithSecret(Webhook):
    """The only answer that has the secret in it."""

    secret: str


class DeliveryAttempt(BaseModel):
    """`status` is null where no answer came."""

    number: int
    at: datetime
    seconds: float
    status: int | None
    why: str | None


class WebhookDelivery(BaseModel):
    """`withheld`: whom the webhook rests on may not see the event any more, so it is not sent."""

    id: str
    event_id: str
    event_type: str
    state: DeliveryState
    replay: int
    created_at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None
    attempts: list[DeliveryAttempt]
