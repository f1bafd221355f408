"""The channel "chat": a message to every address of a person."""

import asyncio
from collections.abc import Sequence

from persistence.chat import ChatRow, ChatStore
from persistence.errors import StoreUnavailable
from server.clock import Clock
from server.notifications.chat.line import ChatLine
from server.notifications.chat.message import Message, message_of
from server.notifications.delivery import Channel, Later, Note, Outcome, Refused, Sender, Sent
from server.vault import Unsealable, Vault

__all__ = ["ChatSender", "about"]


def about(row_id: str) -> str:
    """What an address is sealed for."""
    return f"chat_addresses/{row_id}"


class ChatSender:
    def __init__(self, store: ChatStore, line: ChatLine, vault: Vault, clock: Clock, home: str | None) -> None:
        self._store = store
        self._line = line
        self._vault = vault
        self._clock = clock
        self._home = home

    @property
    def channel(self) -> Channel:
        return "chat"

    async def can_reach(self, user_id: str) -> bool:
        return await self._store.can_reach(user_id)

    async def send(self, user_id: str, notes: Sequence[Note]) -> Outcome:
        """Sent when one of his addresses has taken it: it is not sent there again for the sake of the others."""
        try:
            rows = await self._store.all(user_id)
            message = message_of(notes, self._home)
            told = await asyncio.gather(*(self.send_to(row, message) for row in rows))
        except StoreUnavailable as error:
            return Later(str(error))
        for kind in (Sent, Later, Refused):
            if found := next((each for each in told if isinstance(each, kind)), None):
                return found
        return Refused("there is no address to send to")

    async def send_to(self, row: ChatRow, message: Message) -> Outcome:
        """To this one, which remembers what became of it. Raises StoreUnavailable."""
        try:
            outcome = await self._line.send(self._vault.unseal(row.sealed, about(row.id)).decode(), message)
        except Unsealable as error:
            outcome = Later(f"the server cannot read the address: {error}")
        await self._store.tell(row.id, self._clock.now(), None if isinstance(outcome, Sent) else outcome.why)
        return outcome


_keeps_the_promise: type[Sender] = ChatSender
