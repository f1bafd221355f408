"""What goes in and out of the routes of push."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from server.http.text import Line

__all__ = ["NewSubscription", "Push", "PushDevice", "SubscriptionKeys"]

LONGEST_ENDPOINT = 1_000

Endpoint = Annotated[
    str,
    Field(
        max_length=LONGEST_ENDPOINT,
        pattern=r"^[\x21-\x7e]+$",
        description="Where the browser's push service takes messages for it; its host must be a known push service.",
    ),
]


class SubscriptionKeys(BaseModel):
    """Both in base64url; other keys are passed over."""

    p256dh: str = Field(max_length=100, description="The browser's public key: 65 bytes, a point of P-256.")
    auth: str = Field(max_length=30, description="The secret that it shares with this server: 16 bytes.")


class NewSubscription(BaseModel):
    """What `PushSubscription.toJSON()` gives in a browser, and what the device is called."""

    model_config = ConfigDict(extra="forbid")

    endpoint: Endpoint
    keys: SubscriptionKeys
    expiration_time: float | None = Field(
        default=None, alias="expirationTime", description="Not kept: the push service says when it is over."
    )
    device: Annotated[
        Line | None, Field(max_length=100, description="How you know it again in the list; not given, it stays.")
    ] = None
    replaces: Endpoint | None = Field(
        default=None, description="The endpoint that the same browser had before; its row becomes this one."
    )


class PushDevice(BaseModel):
    """`last_error`: what was wrong with the last message, when the push service did not take it. `endpoint_hash`: hex
    digits of the SHA-256 of its endpoint, by which a browser knows itself in the list."""

    id: str
    device: str
    endpoint_hash: str
    created_at: datetime
    last_sent_at: datetime | None
    last_error: str | None


class Push(BaseModel):
    """`public_key`: the server's, in base64url, as `PushManager.subscribe` takes it for `applicationServerKey`."""

    public_key: str
    subscriptions: list[PushDevice]
