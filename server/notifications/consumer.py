"""Each event becomes what people find in their inboxes, in the transaction that is done with the event."""

from collections.abc import Sequence
from itertools import chain

from sqlalchemy import Connection

from persistence.notification_deliveries import NewDelivery, insert_deliveries
from persistence.notification_rows import TheirActivity
from persistence.notification_wishes import WishStore
from persistence.notifications import InboxChange, forget_in, put_in, revise_in
from server.clock import Clock
from server.events.comments import CommentAdded, CommentDeleted, CommentEdited, CommentReacted, ThreadResolved
from server.events.consumers import Consumer, Effect
from server.events.envelope import Heard
from server.events.invitations import InvitationAccepted, InvitationReceived, InvitationWithdrawn
from server.events.model import Event, system_actor
from server.events.outbox import Told
from server.events.workspaces import MembershipBegan, MembershipChanged, MembershipEnded
from server.notifications.alerts import ALERT_KINDS, AlertNotices
from server.notifications.desk import DeliveryDesk
from server.notifications.escalation.notices import ESCALATION_KINDS, EscalationNotices
from server.notifications.model import Preferences
from server.notifications.notices import Notice, NoticeDesk, Step, excerpt
from server.notifications.views import inbox_event

__all__ = ["InboxWriter"]

KINDS: frozenset[type[Event]] = frozenset(
    {
        CommentAdded,
        CommentEdited,
        CommentDeleted,
        CommentReacted,
        ThreadResolved,
        InvitationReceived,
        InvitationWithdrawn,
        InvitationAccepted,
        MembershipBegan,
        MembershipChanged,
        MembershipEnded,
        *ESCALATION_KINDS,
        *ALERT_KINDS,
    }
)


class InboxWriter:
    """`desk`: what leaves the house is written down for it, and it is woken."""

    name = "inbox"
    kinds = KINDS

    def __init__(
        self,
        wishes: WishStore,
        escalations: EscalationNotices,
        alerts: AlertNotices,
        desk: DeliveryDesk,
        clock: Clock,
    ) -> None:
        self._wishes = wishes
        self._alerts = alerts
        self._notices = NoticeDesk(wishes)
        self._escalations = escalations
        self._desk = desk
        self._clock = clock

    async def prepare(self, heard: Heard) -> Effect | None:
        settling = [*await self._escalations.settling(heard), *await self._alerts.settling(heard)]
        steps = [*_cleaning(heard), *settling]
        told = (await self._notices.of(heard), await self._escalations.of(heard), await self._alerts.of(heard))
        for notice in chain.from_iterable(told):
            steps += await self._telling(heard, notice)
        if not steps:
            return None

        def write(connection: Connection) -> Sequence[Told]:
            changes = [change for step in steps for change in step(connection)]
            told = [event for change in changes if (event := inbox_event(change)) is not None]
            return [(system_actor(heard.organisation_id), event) for event in told]

        return Effect(write, after=self._desk.wake)

    async def _telling(self, heard: Heard, notice: Notice) -> list[Step]:
        said = await self._wishes.preferences(heard.organisation_id, notice.to)
        steps = []
        for user in notice.to:
            preferences = Preferences.model_validate(said.get(user, {}))
            if (step := self._for(heard, user, preferences, notice)) is not None:
                steps.append(step)
        return steps

    def _for(self, heard: Heard, user: str, preferences: Preferences, notice: Notice) -> Step | None:
        new = notice.new
        ways = self._desk.channels(preferences, new.kind, new.severity) if notice.outside else []
        out = [each for each in ways if not notice.channels or each in notice.channels]
        in_app = preferences.choice(new.kind).in_app or new.severity == "critical"
        if not in_app and not out:
            return None
        now = self._clock.now()
        due = [(channel, self._desk.due(channel, preferences, new.severity, now)) for channel in out]

        def write(connection: Connection) -> list[InboxChange]:
            change = put_in(connection, TheirActivity(heard.organisation_id, user, new, in_app))
            delivery = NewDelivery(change.item.id, heard.organisation_id, user, heard.id)
            insert_deliveries(connection, delivery, due, now)
            return [change]

        return write


def _cleaning(heard: Heard) -> list[Step]:
    """What nobody shall read any more."""
    at = heard.organisation_id
    match heard.event:
        case CommentDeleted() as event:
            return [lambda connection: revise_in(connection, event.thread_id, event.comment_id, None)]
        case CommentEdited() as event:
            text = excerpt(event.comment.content)
            return [lambda connection: revise_in(connection, event.thread_id, event.comment_id, text)]
        case InvitationWithdrawn() as event:
            return [lambda connection: forget_in(connection, at, event.user_id, subject=event.subject)]
        case InvitationAccepted() as event:
            return [lambda connection: forget_in(connection, at, event.member_id, subject=event.subject)]
        case MembershipEnded() as event:
            return [lambda connection: forget_in(connection, at, event.user_id, workspace=event.workspace_id)]
        case _:
            return []


_keeps_the_promise: type[Consumer] = InboxWriter
