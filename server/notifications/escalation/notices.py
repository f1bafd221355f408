"""What escalations mean to inboxes: whoever is called finds it there, and that it is dealt with."""

from sqlalchemy import Connection

from persistence.escalations import EscalationStore
from persistence.notification_rows import Activity, NewActivity
from persistence.notifications import InboxChange, settle_in
from server.events.envelope import Heard
from server.events.escalations import EscalationAcknowledged, EscalationEnded, EscalationEvent, EscalationStepped
from server.events.model import Event
from server.notifications.model import Kind
from server.notifications.notices import Notice, Step, excerpt

__all__ = ["ESCALATION_KINDS", "EscalationNotices"]

ESCALATION_KINDS: frozenset[type[Event]] = frozenset({EscalationStepped, EscalationAcknowledged, EscalationEnded})
KIND: Kind = "escalation"
LIVE = ("open", "exhausted")


class EscalationNotices:
    def __init__(self, store: EscalationStore) -> None:
        self._store = store

    async def of(self, heard: Heard) -> list[Notice]:
        """Those whom this call has told; nobody when somebody was faster."""
        event = heard.event
        if not isinstance(event, EscalationStepped):
            return []
        row = await self._store.get(heard.organisation_id, ("id", event.escalation.id))
        if row is None or row.state not in LIVE:
            return []
        words = event.escalation.title if event.call == 1 else f"Not acknowledged yet: {event.escalation.title}"
        new = NewActivity(
            kind=KIND,
            subject=event.subject,
            severity=event.escalation.severity,
            path=event.escalation.path,
            workspace_id=None,
            document_id=None,
            thread_id=None,
            activity=_activity(heard, words, excerpt(event.escalation.text)),
            at=heard.time,
            action={"name": "acknowledge", "path": f"/escalations/{row.id}/acknowledge"},
        )
        return [Notice(await self._store.told(row.id, event.call), new, tuple(event.channels))]

    async def settling(self, heard: Heard) -> list[Step]:
        """Somebody has taken it on, or it is over: it is read by all whom it has called, and asks for nothing."""
        event = heard.event
        if not isinstance(event, EscalationAcknowledged | EscalationEnded):
            return []
        told = await self._store.told(event.escalation.id)
        word = "acknowledged" if isinstance(event, EscalationAcknowledged) else "ended"
        said = _activity(heard, f"{heard.actor.name} {word} it: {event.escalation.title}", "")

        def step(connection: Connection) -> list[InboxChange]:
            return settle_in(connection, heard.organisation_id, told, (KIND, event.subject), said)

        return [step] if told else []


def _activity(heard: Heard, title: str, text: str) -> Activity:
    assert isinstance(heard.event, EscalationEvent)
    actor = heard.actor
    return Activity(heard.id, heard.type, actor.id, actor.name, title, text, heard.time.isoformat(), None)
