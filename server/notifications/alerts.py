"""What alerts mean to people: who is told of one, and that it is dealt with.

Everybody who may see alerts finds it in his inbox, and is told outside of the house by his own wishes; where the
organisation has an escalation policy for its severity, that calls instead.
"""

from persistence.escalations import Which
from persistence.notification_rows import Activity, NewActivity
from persistence.notification_wishes import WishStore
from persistence.notifications import settle_in
from server.errors import Invalid
from server.events.alerts import (
    AlertAcknowledged,
    AlertEvent,
    AlertOpened,
    AlertRaised,
    AlertReopened,
    AlertResolved,
    AlertUnmuted,
)
from server.events.envelope import Heard
from server.events.model import Event
from server.identity.roles import ROLE_PERMISSIONS, OrganisationRole, Permission
from server.notifications.delivery import Severity
from server.notifications.escalation.escalations import Escalations
from server.notifications.model import Kind
from server.notifications.notices import Notice, Step

__all__ = ["ALERT_KINDS", "AlertNotices"]

CALLING = (AlertOpened, AlertRaised, AlertReopened, AlertUnmuted)
SETTLING = (AlertAcknowledged, AlertResolved)
ALERT_KINDS: frozenset[type[Event]] = frozenset({*CALLING, *SETTLING})
KIND: Kind = "alert"
SEVERITIES: dict[str, Severity] = {"info": "info", "warning": "warning", "error": "high", "critical": "critical"}


class AlertNotices:
    def __init__(self, wishes: WishStore, escalations: Escalations) -> None:
        self._wishes = wishes
        self._escalations = escalations

    async def of(self, heard: Heard) -> list[Notice]:
        """Nobody for what is silenced. Of several of one cause only the first, and what is worse, leaves the house."""
        event = heard.event
        if not isinstance(event, CALLING) or event.alert.muted_by is not None or event.alert.status != "open":
            return []
        is_called = await self._call(heard, event)
        outside = not is_called and not (isinstance(event, AlertOpened) and not event.is_first)
        people = await self._wishes.people(heard.organisation_id)
        notices = []
        for may_act in (True, False):
            to = [user for user, role in people if user != heard.actor.id and _may(role, may_act=may_act)]
            if to:
                notices.append(Notice(to, _activity_of(heard, event, may_act=may_act), outside=outside))
        return notices

    async def settling(self, heard: Heard) -> list[Step]:
        """Somebody has taken it on, or it is over: it asks nobody for anything any more."""
        event = heard.event
        if not isinstance(event, SETTLING):
            return []
        which: Which = ("subject", event.subject)
        if isinstance(event, AlertResolved):
            await self._escalations.end(heard.actor, which)
        else:
            await self._escalations.acknowledge(heard.actor, which)
        people = [user for user, _ in await self._wishes.people(heard.organisation_id)]
        said = _activity(heard, _settled(heard, event))
        return [lambda connection: settle_in(connection, heard.organisation_id, people, (KIND, event.subject), said)]

    async def _call(self, heard: Heard, event: AlertEvent) -> bool:
        """By the escalation policy for its severity, if there is one. A repeat changes nothing."""
        alert = event.alert
        try:
            await self._escalations.start(
                heard.actor,
                event.subject,
                SEVERITIES[alert.severity],
                title=alert.title,
                text=alert.description,
                path=f"/alerts/{alert.id}",
            )
        except Invalid:
            return False
        return True


def _may(role: str, *, may_act: bool) -> bool:
    """He may see alerts, and may or may not manage them."""
    permissions = ROLE_PERMISSIONS[OrganisationRole(role)]
    return Permission.ALERTS_VIEW in permissions and (Permission.ALERTS_MANAGE in permissions) == may_act


def _activity_of(heard: Heard, event: AlertEvent, *, may_act: bool) -> NewActivity:
    alert = event.alert
    return NewActivity(
        kind=KIND,
        subject=event.subject,
        severity=SEVERITIES[alert.severity],
        path=f"/alerts/{alert.id}",
        workspace_id=None,
        document_id=None,
        thread_id=None,
        activity=_activity(heard, alert.title, alert.description),
        at=heard.time,
        action={"name": "acknowledge", "path": f"/performance/alerts/{alert.id}/acknowledge"} if may_act else None,
    )


def _settled(heard: Heard, event: AlertEvent) -> str:
    if isinstance(event, AlertAcknowledged):
        return f"{heard.actor.name} acknowledged: {event.alert.title}"
    by = f" by {heard.actor.name}" if heard.actor.id is not None else ""
    return f"Resolved{by}: {event.alert.title}"


def _activity(heard: Heard, title: str, text: str = "") -> Activity:
    actor = heard.actor
    return Activity(heard.id, heard.type, actor.id, actor.name, title[:200], text, heard.time.isoformat(), None)
