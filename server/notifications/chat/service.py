"""Where people are told by chat: everybody manages his own addresses."""

from uuid import uuid4

from persistence.chat import ChatRow, ChatStore, TooManyChats
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid, NotFound, Unsupported
from server.identity.principal import Principal
from server.identity.throttle import HourlyLimit
from server.notifications.chat.line import HOW_TO_INSTALL, ChatLine
from server.notifications.chat.message import trial
from server.notifications.chat.model import NewChatAddress
from server.notifications.chat.sender import ChatSender, about
from server.notifications.chat.services import ChatRefused
from server.notifications.delivery import Sent
from server.vault import Vault

__all__ = ["MOST_CHATS", "NOT_INSTALLED", "ChatService"]

MOST_CHATS = 5
"""Of one person: each notification is a message to each of them."""
NOT_INSTALLED = f"Chat is not installed on this server; its operator can: {HOW_TO_INSTALL}"


class ChatService:
    """`line`, `sender`: None where Apprise is not installed."""

    def __init__(
        self,
        store: ChatStore,
        line: ChatLine | None,
        sender: ChatSender | None,
        *,
        vault: Vault,
        clock: Clock,
        limit: HourlyLimit,
    ) -> None:
        self._store = store
        self._line = line
        self._sender = sender
        self._vault = vault
        self._clock = clock
        self._limit = limit

    @property
    def installed(self) -> bool:
        return self._line is not None

    async def all(self, caller: Principal) -> list[ChatRow]:
        """The oldest first."""
        return await self._store.all(caller.user_id)

    async def add(self, caller: Principal, new: NewChatAddress) -> ChatRow:
        """Raises Unsupported, Invalid, and Conflict when the caller has MOST_CHATS."""
        if self._line is None:
            raise Unsupported(NOT_INSTALLED)
        try:
            service = await self._line.check(new.url)
        except ChatRefused as refused:
            raise Invalid(details=[FieldIssue("url", f"is refused: {refused}")]) from None
        id_ = uuid4().hex
        sealed = self._vault.seal(new.url.encode(), about(id_))
        row = ChatRow(id_, caller.user_id, service, new.label, sealed, self._clock.now())
        try:
            await self._store.add(row, MOST_CHATS)
        except TooManyChats:
            raise Conflict(f"You have {MOST_CHATS} chats already; remove one first.") from None
        return row

    async def remove(self, caller: Principal, address: str) -> None:
        """Raises NotFound, also for somebody else's."""
        if not await self._store.delete(caller.user_id, address):
            raise NotFound

    async def test(self, caller: Principal, address: str) -> ChatRow:
        """Send a message there, and answer with what is known of it then.

        Raises Unsupported, NotFound, RateLimited, and Conflict when it is not taken.
        """
        if self._sender is None:
            raise Unsupported(NOT_INSTALLED)
        row = await self._mine(caller, address)
        self._limit.take(caller.user_id)
        outcome = await self._sender.send_to(row, trial())
        if not isinstance(outcome, Sent):
            raise Conflict(f"The message was not taken: {outcome.why}.")
        return await self._mine(caller, address)

    async def _mine(self, caller: Principal, address: str) -> ChatRow:
        row = next((each for each in await self._store.all(caller.user_id) if each.id == address), None)
        if row is None:
            raise NotFound
        return row
