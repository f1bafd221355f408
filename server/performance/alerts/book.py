"""Alerts are opened, raised and resolved here, whoever does it: with its entry and its event, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import uuid4

from sqlalchemy import Connection

from persistence.alert_rows import (
    AlertRow,
    EntryRow,
    add_entry,
    change_alert,
    insert_alert,
    last_resolved,
)
from persistence.silences import SilenceRow, end_silences_of, silences_at
from server.events.alerts import AlertAcknowledged, AlertEvent, AlertOpened, AlertRaised, AlertReopened, AlertResolved
from server.events.model import Actor
from server.events.outbox import Told
from server.performance.alerts.silencing import silence_of
from server.performance.alerts.views import alert_state

__all__ = ["ORDER", "AlertBook", "Draft", "fingerprint_of"]

SAME_CAUSE = timedelta(minutes=5)
"""Alerts of one source that begin within this time are taken for one trouble."""
SEEN_EVERY = timedelta(minutes=1)
INHIBITED = "inhibited"
ORDER = ("info", "warning", "error", "critical")

Live: TypeAlias = dict[str, AlertRow]


def fingerprint_of(organisation: str, **about: object) -> str:
    """SHA-256 of what an alert is about: of one organisation and one thing only one alert is live."""
    text = "\n".join(f"{name}={about[name]}" for name in sorted(about))
    return sha256(f"{organisation}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """An alert to be."""

    organisation_id: str
    fingerprint: str
    alert_type: str
    severity: str
    title: str
    description: str
    labels: Mapping[str, str]
    conditions: Sequence[Mapping[str, Any]]
    source_id: int | None = None
    threshold_id: int | None = None


@dataclass(slots=True)
class AlertBook:
    """Of one transaction. `live`: what is live among what it is about, by fingerprint; kept up to date.

    told    events, in order, for the outbox
    """

    connection: Connection
    live: Live
    told: list[Told] = field(default_factory=list)
    _silences: dict[str, Sequence[SilenceRow]] = field(default_factory=dict)

    def open(self, actor: Actor, draft: Draft, at: datetime, wait: timedelta = timedelta(0)) -> AlertRow | None:
        """Unless it is live, or was resolved less than `wait` ago; then nothing is told, and the answer is None."""
        if draft.fingerprint in self.live:
            return None
        resolved = last_resolved(self.connection, draft.organisation_id, draft.fingerprint) if wait else None
        if resolved is not None and at - resolved < wait:
            return None
        sisters = [
            each
            for each in self.live.values()
            if each.source_id is not None and each.source_id == draft.source_id and at - each.triggered_at < SAME_CAUSE
        ]
        is_first = all(ORDER.index(each.severity) < ORDER.index(draft.severity) for each in sisters)
        correlation = sisters[0].correlation_id if sisters else uuid4().hex
        row = insert_alert(self.connection, _row(draft, at, correlation, self._muted_by(draft, at)))
        if row is None:
            return None
        self.live[row.fingerprint] = row
        self._note(row, actor, at, ("opened", draft.description, {"severity": row.severity}))
        self.told.append((actor, AlertOpened(alert=alert_state(row), is_first=is_first)))
        return row

    def seen(self, row: AlertRow, at: datetime) -> None:
        """It still holds. Written once a minute."""
        if at - row.last_seen_at >= SEEN_EVERY or not row.is_firing:
            self._changed(row, {"last_seen_at": at, "is_firing": True})

    def raised(self, actor: Actor, row: AlertRow, draft: Draft, at: datetime) -> None:
        """It is worse now, as the draft says it."""
        values: dict[str, Any] = {"severity": draft.severity, "title": draft.title, "description": draft.description}
        values |= {"labels": dict(draft.labels), "conditions": [dict(each) for each in draft.conditions]}
        changed = self._changed(row, values | {"last_seen_at": at, "is_firing": True})
        if changed is not None:
            self._note(changed, actor, at, ("raised", draft.description, {"from": row.severity, "to": draft.severity}))
            self.told.append((actor, AlertRaised(alert=alert_state(changed), former_severity=row.severity)))

    def resolve(self, actor: Actor, row: AlertRow, at: datetime, text: str, *, is_firing: bool) -> AlertRow | None:
        """`actor.id` None: it is over by itself. None: somebody was faster."""
        values = {
            "status": "resolved",
            "resolved_at": at,
            "resolved_by": actor.id,
            "resolved_by_name": actor.name if actor.id is not None else None,
            "resolution": text,
            "is_firing": is_firing,
        }
        changed = self._changed(row, values)
        if changed is None:
            return None
        self.live.pop(row.fingerprint, None)
        end_silences_of(self.connection, row.id, at)
        self._note(changed, actor, at, ("resolved", text, {"still_firing": is_firing}))
        self.told.append((actor, AlertResolved(alert=alert_state(changed))))
        return changed

    def acknowledge(self, actor: Actor, row: AlertRow, at: datetime, text: str) -> AlertRow | None:
        values = {"status": "acknowledged", "acknowledged_at": at, "acknowledged_by": actor.id}
        changed = self._changed(row, values | {"acknowledged_by_name": actor.name})
        return self._say(changed, actor, at, ("acknowledged", text, {}), AlertAcknowledged)

    def reopen(self, actor: Actor, row: AlertRow, at: datetime, text: str) -> AlertRow | None:
        """None: somebody was faster, or there is another live one of it."""
        gone = ("resolved_at", "resolved_by", "resolved_by_name", "resolution", "acknowledged_at", "acknowledged_by")
        values = {"status": "open", **dict.fromkeys((*gone, "acknowledged_by_name"))}
        return self._say(self._changed(row, values), actor, at, ("reopened", text, {}), AlertReopened)

    # Private.

    def _say(
        self,
        row: AlertRow | None,
        actor: Actor,
        at: datetime,
        said: tuple[str, str, Mapping[str, Any]],
        kind: type[AlertEvent],
    ) -> AlertRow | None:
        if row is not None:
            self._note(row, actor, at, said)
            self.told.append((actor, kind(alert=alert_state(row))))
        return row

    def _changed(self, row: AlertRow, values: Mapping[str, Any]) -> AlertRow | None:
        changed = change_alert(self.connection, row, values)
        if changed is not None and changed.is_live:
            self.live[row.fingerprint] = changed
        return changed

    def _note(self, row: AlertRow, actor: Actor, at: datetime, said: tuple[str, str, Mapping[str, Any]]) -> None:
        kind, text, data = said
        add_entry(self.connection, row.id, EntryRow(0, at, kind, actor.id, actor.name, text, data))

    def _muted_by(self, draft: Draft, at: datetime) -> str | None:
        """Of a source that cannot be reached, its other troubles say nothing new."""
        if draft.alert_type in ("threshold", "no_data") and any(
            each.alert_type == "unreachable" and each.source_id == draft.source_id for each in self.live.values()
        ):
            return INHIBITED
        organisation = draft.organisation_id
        if organisation not in self._silences:
            self._silences[organisation] = silences_at(self.connection, organisation, at)
        labels = {**draft.labels, "severity": draft.severity}
        found = silence_of(labels, None, self._silences[organisation])
        return found.id if found is not None else None


def _row(draft: Draft, at: datetime, correlation: str, muted_by: str | None) -> AlertRow:
    return AlertRow(
        id=0,
        organisation_id=draft.organisation_id,
        source_id=draft.source_id,
        threshold_id=draft.threshold_id,
        fingerprint=draft.fingerprint,
        alert_type=draft.alert_type,
        severity=draft.severity,
        title=draft.title[:300],
        description=draft.description,
        status="open",
        labels=draft.labels,
        conditions=draft.conditions,
        occurrences=1,
        triggered_at=at,
        last_seen_at=at,
        is_firing=True,
        acknowledged_at=None,
        acknowledged_by=None,
        acknowledged_by_name=None,
        resolved_at=None,
        resolved_by=None,
        resolved_by_name=None,
        resolution=None,
        muted_by=muted_by,
        correlation_id=correlation,
        escalation_level=0,
        told_at=None,
        version=1,
    )
