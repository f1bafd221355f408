"""Silences for people: begun and ended; what they kept quiet is told when they are over and it is not."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from sqlalchemy import Connection

from persistence.alert_rows import AlertRow, EntryRow, add_entry, change_alert
from persistence.silences import SilenceRow, SilenceStore, live_alerts_in
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid, NotFound
from server.events.alerts import AlertUnmuted, SilenceEnded, SilenceStarted
from server.events.model import system_actor
from server.events.outbox import Outbox, Record, Told
from server.identity.principal import Principal
from server.performance.alerts.model import NewSilence
from server.performance.alerts.service import AlertService
from server.performance.alerts.silencing import is_silenced_by
from server.performance.alerts.views import alert_state, silence_state

__all__ = ["SilenceService"]

LONGEST = timedelta(days=366)
UNMUTED_AT_ONCE = 200


class SilenceService:
    def __init__(self, store: SilenceStore, alerts: AlertService, *, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._alerts = alerts
        self._outbox = outbox
        self._clock = clock

    async def page(self, caller: Principal, *, over: bool, limit: int) -> list[SilenceRow]:
        return await self._store.page(caller.organisation_id, self._clock.now(), over=over, limit=limit)

    async def create(self, caller: Principal, new: NewSilence) -> SilenceRow:
        """Live alerts that it matches are quiet from now on. Raises Invalid, NotFound (of its alert), Conflict."""
        row = self._draft(caller, new)
        if new.alert_id is not None:
            alert, _ = await self._alerts.get(caller, new.alert_id)
            if not alert.is_live:
                raise Conflict("The alert is over: there is nothing to silence.")
        record, now = self._outbox.record(caller.actor), self._clock.now()

        def also(connection: Connection, made: SilenceRow) -> None:
            if made.starts_at <= now:
                for alert in live_alerts_in(connection, made.organisation_id):
                    _mute(connection, caller, alert, made, now)
            record(connection, SilenceStarted(silence=silence_state(made)))

        await self._store.create(row, also)
        self._outbox.published(record)
        return row

    async def end(self, caller: Principal, silence: str) -> SilenceRow:
        """A repeat changes nothing. Raises NotFound."""
        record = self._outbox.record(caller.actor)

        def also(connection: Connection, ended: SilenceRow) -> None:
            record(connection, SilenceEnded(silence=silence_state(ended)))

        await self._store.end(caller.organisation_id, silence, self._clock.now(), also)
        self._outbox.published(record)
        row = await self._store.get(caller.organisation_id, silence)
        if row is None:
            raise NotFound
        await self.unmute()
        return row

    async def unmute(self) -> None:
        """What silences that are over have kept quiet, and is still live, is told now."""
        now = self._clock.now()
        while alerts := await self._store.over_and_muting(now, UNMUTED_AT_ONCE):
            record = self._outbox.record_of(())
            await self._store.transact(partial(_unmute, record, alerts, now))
            self._outbox.published(record)

    def _draft(self, caller: Principal, new: NewSilence) -> SilenceRow:
        now = self._clock.now()
        starts_at = new.starts_at or now
        for name, at in (("starts_at", starts_at), ("ends_at", new.ends_at)):
            if at.tzinfo is None:
                raise Invalid(details=[FieldIssue(name, "must have a time zone", at.isoformat())])
        if not max(now, starts_at) < new.ends_at <= starts_at + LONGEST:
            issue = "must be after starts_at and now, and at most a year later"
            raise Invalid(details=[FieldIssue("ends_at", issue, new.ends_at.isoformat())])
        if not new.matchers and new.alert_id is None:
            raise Invalid(details=[FieldIssue("matchers", "must not be empty without an alert_id")])
        return SilenceRow(
            id=uuid4().hex,
            organisation_id=caller.organisation_id,
            matchers=[each.model_dump() for each in new.matchers],
            comment=new.comment,
            starts_at=starts_at,
            ends_at=new.ends_at,
            ended_at=None,
            alert_id=new.alert_id,
            created_by=caller.user_id,
            created_at=now,
        )


def _mute(connection: Connection, caller: Principal, alert: AlertRow, silence: SilenceRow, now: datetime) -> None:
    labels = {**alert.labels, "severity": alert.severity}
    if alert.muted_by is None and is_silenced_by(labels, alert.id, silence):
        muted = change_alert(connection, alert, {"muted_by": silence.id})
        if muted is not None:
            entry = EntryRow(0, now, "muted", caller.user_id, caller.name, silence.comment, {"silence_id": silence.id})
            add_entry(connection, alert.id, entry)


def _unmute(record: Record, alerts: list[AlertRow], now: datetime, connection: Connection) -> None:
    told: list[Told] = []
    for alert in alerts:
        changed = change_alert(connection, alert, {"muted_by": None})
        if changed is not None:
            actor = system_actor(alert.organisation_id)
            add_entry(connection, alert.id, EntryRow(0, now, "unmuted", None, actor.name, "The silence is over.", {}))
            told.append((actor, AlertUnmuted(alert=alert_state(changed))))
    record.write(connection, told)
