"""Alerts as rows: one live row for each thing that they are about, and what became of each in its entries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.counters import next_number
from persistence.tables.alerts import alert_entries, alerts
from persistence.tables.sources import data_sources

__all__ = [
    "ALERT",
    "LIVE",
    "AlertRow",
    "EntryRow",
    "add_entry",
    "alert_of",
    "change_alert",
    "insert_alert",
    "last_resolved",
    "live_alerts_of",
    "live_by_fingerprint",
    "live_external",
    "live_of_gone_sources",
    "live_of_threshold",
]

A, E = alerts.c, alert_entries.c
LIVE = ("open", "acknowledged")


@dataclass(frozen=True, slots=True)
class AlertRow:
    """See persistence.tables.alerts for what each column means."""

    id: int
    organisation_id: str
    source_id: int | None
    threshold_id: int | None
    fingerprint: str
    alert_type: str
    severity: str
    title: str
    description: str
    status: str
    labels: Mapping[str, str]
    conditions: Sequence[Mapping[str, Any]]
    occurrences: int
    triggered_at: datetime
    last_seen_at: datetime
    is_firing: bool
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_by_name: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    resolved_by_name: str | None
    resolution: str | None
    muted_by: str | None
    correlation_id: str
    escalation_level: int
    told_at: datetime | None
    version: int

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


@dataclass(frozen=True, slots=True)
class EntryRow:
    """`actor_id` None: a program."""

    number: int
    at: datetime
    kind: str
    actor_id: str | None
    actor_name: str
    text: str
    data: Mapping[str, Any]


ALERT = tuple(A[name] for name in AlertRow.__dataclass_fields__)


def alert_of(row: Row[Any]) -> AlertRow:
    return AlertRow(**row._mapping)  # noqa: SLF001 - public in spite of its name


def insert_alert(connection: Connection, new: AlertRow) -> AlertRow | None:
    """`new` with an id of its own; None: what it is about has a live one."""
    values = {name: getattr(new, name) for name in AlertRow.__dataclass_fields__}
    values |= {"id": next_number(connection, "alert"), "labels": dict(new.labels)}
    values["conditions"] = [dict(each) for each in new.conditions]
    try:
        with connection.begin_nested():
            connection.execute(insert(alerts).values(values))
    except IntegrityError:
        return None
    return AlertRow(**values)


def change_alert(connection: Connection, former: AlertRow, values: Mapping[str, Any]) -> AlertRow | None:
    """As it is then; None where somebody has changed it since `former` was read."""
    mine = (A.id == former.id) & (A.version == former.version)
    try:
        with connection.begin_nested():
            changed = connection.execute(update(alerts).where(mine).values({**values, "version": former.version + 1}))
    except IntegrityError:  # another one of what it is about is live by now
        return None
    if not changed.rowcount:
        return None
    return alert_of(connection.execute(select(*ALERT).where(A.id == former.id)).one())


def add_entry(connection: Connection, alert: int, entry: EntryRow) -> None:
    """Behind those that it has; `number` is given here."""
    last = select(func.coalesce(func.max(E.number), 0)).where(E.alert_id == alert)
    values = {name: getattr(entry, name) for name in EntryRow.__dataclass_fields__}
    values |= {"number": connection.execute(last).scalar_one() + 1, "alert_id": alert, "data": dict(entry.data)}
    connection.execute(insert(alert_entries).values(values))


def live_alerts_of(connection: Connection, sources: Collection[int]) -> dict[str, AlertRow]:
    """By their fingerprints."""
    query = select(*ALERT).where(A.source_id.in_(sources), A.status.in_(LIVE)).order_by(A.id)
    return {row.fingerprint: alert_of(row) for row in connection.execute(query)}


def live_by_fingerprint(
    connection: Connection, organisation: str, fingerprints: Collection[str]
) -> dict[str, AlertRow]:
    mine = (A.organisation_id == organisation) & A.fingerprint.in_(fingerprints) & A.status.in_(LIVE)
    return {row.fingerprint: alert_of(row) for row in connection.execute(select(*ALERT).where(mine))}


def live_external(connection: Connection, seen_before: datetime, limit: int) -> list[AlertRow]:
    """Of others, that were not heard of since."""
    old = (A.alert_type == "external") & A.status.in_(LIVE) & (A.last_seen_at < seen_before)
    return [alert_of(row) for row in connection.execute(select(*ALERT).where(old).order_by(A.id).limit(limit))]


def live_of_threshold(connection: Connection, threshold: int) -> list[AlertRow]:
    query = select(*ALERT).where(A.threshold_id == threshold, A.status.in_(LIVE)).order_by(A.id)
    return [alert_of(row) for row in connection.execute(query.with_for_update())]


def live_of_gone_sources(connection: Connection, limit: int) -> list[AlertRow]:
    """Of sources that were removed."""
    gone = data_sources.c.deleted_at.is_not(None)
    query = select(*ALERT).join(data_sources, data_sources.c.id == A.source_id).where(gone, A.status.in_(LIVE))
    return [alert_of(row) for row in connection.execute(query.order_by(A.id).limit(limit))]


def last_resolved(connection: Connection, organisation: str, fingerprint: str) -> datetime | None:
    """When the last one of it was resolved."""
    mine = and_(A.organisation_id == organisation, A.fingerprint == fingerprint)
    found: datetime | None = connection.execute(select(func.max(A.resolved_at)).where(mine)).scalar_one()
    return found
