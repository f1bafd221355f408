"""The channel "email": a letter for one notification, or for those of a digest."""

from collections.abc import Sequence

from persistence.accounts import AccountStore
from persistence.errors import StoreUnavailable
from server.notifications.delivery import Channel, Later, Note, Outcome, Refused, Sender
from server.notifications.mail.letters import Desk, notes_letter
from server.notifications.mail.smtp import SmtpLine
from server.notifications.mail.unsubscribing import Unsubscribing
from server.vault import Unsealable

__all__ = ["MailSender"]


class MailSender:
    def __init__(self, accounts: AccountStore, line: SmtpLine, desk: Desk, unsubscribing: Unsubscribing) -> None:
        self._accounts = accounts
        self._line = line
        self._desk = desk
        self._unsubscribing = unsubscribing

    @property
    def channel(self) -> Channel:
        return "email"

    async def can_reach(self, user_id: str) -> bool:
        return await self._accounts.address(user_id) is not None

    async def send(self, user_id: str, notes: Sequence[Note]) -> Outcome:
        try:
            address = await self._accounts.address(user_id)
            if address is None:
                return Refused("he has no e-mail address")
            link = self._unsubscribing.link(notes[0].organisation_id, user_id)
        except (StoreUnavailable, Unsealable) as error:
            return Later(str(error))
        return await self._line.send(notes_letter(self._desk, address, notes, link))


_keeps_the_promise: type[Sender] = MailSender
