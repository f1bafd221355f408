"""Chat, put together."""

from dataclasses import dataclass

from persistence.chat import ChatStore
from persistence.database import Database
from server.clock import Clock
from server.identity.throttle import HourlyLimit
from server.notifications.chat.line import ChatLine, is_installed
from server.notifications.chat.sender import ChatSender
from server.notifications.chat.service import ChatService
from server.notifications.chat.services import ChatServices
from server.settings import Settings
from server.vault import Vault

__all__ = ["ChatParts", "chat_parts"]

TESTS_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class ChatParts:
    """`sender`, for the desk that delivers notifications, and `line`: None where Apprise is not installed."""

    service: ChatService
    sender: ChatSender | None
    line: ChatLine | None

    def close(self) -> None:
        if self.line is not None:
            self.line.close()


def chat_parts(settings: Settings, database: Database, vault: Vault, clock: Clock) -> ChatParts:
    store, home = ChatStore(database), settings.public_url
    line = ChatLine(ChatServices(settings.chat_allow), home) if is_installed() else None
    sender = ChatSender(store, line, vault, clock, home) if line is not None else None
    limit = HourlyLimit(clock, TESTS_PER_HOUR, "test messages")
    return ChatParts(ChatService(store, line, sender, vault=vault, clock=clock, limit=limit), sender, line)
