"""The wing of notifications, put together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.notification_deliveries import NotificationDeliveryStore
from persistence.notification_wishes import WishStore
from persistence.notifications import NotificationStore
from server.clock import Clock
from server.egress.egress import Egress
from server.events.outbox import Outbox
from server.notifications.alerts import AlertNotices
from server.notifications.chat.house import ChatParts, chat_parts
from server.notifications.consumer import InboxWriter
from server.notifications.delivery import Sender
from server.notifications.desk import DeliveryDesk, IsActive
from server.notifications.escalation.house import EscalationParts, escalation_parts
from server.notifications.escalation.notices import EscalationNotices
from server.notifications.mail.house import MailParts, mail_parts
from server.notifications.push.house import PushParts, push_parts
from server.notifications.service import NotificationService, RightOf
from server.settings import Settings
from server.vault import Vault

__all__ = ["NotificationWing", "notification_wing"]

PURGED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class NotificationWing:
    """`consumer` is handed to the event plane; `start` comes after the migrations, `stop` before its own.

    `mail`: None where no mail server is set.
    """

    service: NotificationService
    consumer: InboxWriter
    desk: DeliveryDesk
    push: PushParts
    mail: MailParts | None
    chat: ChatParts
    escalation: EscalationParts
    store: NotificationStore
    deliveries: NotificationDeliveryStore
    clock: Clock

    def start(self) -> None:
        """Send what is due, and call whom escalations call."""
        self.desk.start()
        self.escalation.desk.start()

    async def stop(self) -> None:
        await self.escalation.desk.stop()
        await self.desk.stop()
        self.chat.close()
        if self.mail is not None:
            await self.mail.post.stop()

    async def purge(self, days: float) -> None:
        """Forget what was read, what was sent, and escalations that ended, longer ago than this."""
        before: datetime = self.clock.now() - timedelta(days=days)
        for purge in (self.store.purge, self.deliveries.purge, self.escalation.store.purge):
            while await purge(before, PURGED_AT_ONCE) == PURGED_AT_ONCE:
                continue


def notification_wing(
    settings: Settings,
    database: Database,
    outbox: Outbox,
    clock: Clock,
    *,
    egress: Egress,
    vault: Vault,
    right_of: RightOf,
    is_active: IsActive,
) -> NotificationWing:
    """Nothing is sent before `desk.start`."""
    store, wishes, deliveries = NotificationStore(database), WishStore(database), NotificationDeliveryStore(database)

    async def badge(organisation: str, user: str) -> int:
        return (await store.counts(organisation, user)).unread

    push = push_parts(settings, database, egress, vault, clock, badge=badge)
    mail = mail_parts(settings, database, vault, clock)
    chat = chat_parts(settings, database, vault, clock)
    maybe = (push.sender, mail.sender if mail is not None else None, chat.sender)
    senders: list[Sender] = [sender for sender in maybe if sender is not None]
    desk = DeliveryDesk(deliveries, wishes, senders, outbox=outbox, clock=clock, is_active=is_active)
    service = NotificationService(store, wishes, DocumentStore(database), right_of=right_of, outbox=outbox, clock=clock)
    escalation = escalation_parts(database, outbox, clock)
    consumer = InboxWriter(
        wishes, EscalationNotices(escalation.store), AlertNotices(wishes, escalation.escalations), desk, clock
    )
    return NotificationWing(service, consumer, desk, push, mail, chat, escalation, store, deliveries, clock)
