"""What goes in and out of the routes of chat."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from server.http.text import Line
from server.notifications.chat.services import LONGEST_ADDRESS

__all__ = ["Chat", "ChatAddress", "ChatService", "NewChatAddress"]


class NewChatAddress(BaseModel):
    """It is a secret: nobody is shown it again, not even its owner."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        min_length=1,
        max_length=LONGEST_ADDRESS,
        description="As Apprise has it (`tgram://...`), or as the service shows it (`https://hooks.slack.com/...`).",
    )
    label: Annotated[Line, Field(max_length=100, description="How you know it again in the list.")] = "Chat"


class ChatAddress(BaseModel):
    """`last_error`: what was wrong with the last message, when it was not taken."""

    id: str
    service: str
    label: str
    created_at: datetime
    last_sent_at: datetime | None
    last_error: str | None


class ChatService(BaseModel):
    """One that this server sends to, and how its addresses look."""

    name: str
    example: str


class Chat(BaseModel):
    """`why_not`: what the operator has to do, where this server sends nothing by chat."""

    installed: bool
    why_not: str | None
    services: list[ChatService]
    addresses: list[ChatAddress]
