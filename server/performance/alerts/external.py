"""Alerts of others: what Prometheus sends to an Alertmanager (its API, version 2) is opened, kept and resolved here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from persistence.alert_rows import AlertRow, live_by_fingerprint, live_external
from persistence.alerts import AlertStore
from server.clock import Clock
from server.events.model import Actor, system_actor
from server.events.outbox import Outbox
from server.identity.principal import Principal
from server.performance.alerts.book import ORDER, AlertBook, Draft, fingerprint_of
from server.performance.alerts.model import LabelName

__all__ = ["MOST_AT_ONCE", "ExternalAlerts", "PostableAlert"]

MOST_AT_ONCE = 500
FORGOTTEN = timedelta(minutes=5)
"""Alertmanager's `resolve_timeout`: what is not sent again for so long is over."""
SEVERITIES = {
    "critical": "critical",
    "page": "critical",
    "error": "error",
    "high": "error",
    "info": "info",
    "none": "info",
}
Text = Annotated[str, Field(max_length=4_000)]


class PostableAlert(BaseModel):
    """As Prometheus sends it. `endsAt` in the past: it is over."""

    model_config = ConfigDict(extra="ignore")

    labels: Annotated[dict[LabelName, Annotated[str, Field(max_length=1_000)]], Field(min_length=1, max_length=64)]
    annotations: Annotated[dict[LabelName, Text], Field(max_length=64)] = {}
    startsAt: datetime | None = None  # noqa: N815 - the names are Alertmanager's
    endsAt: datetime | None = None  # noqa: N815
    generatorURL: Annotated[str, Field(max_length=2_000)] = ""  # noqa: N815


class ExternalAlerts:
    def __init__(self, store: AlertStore, *, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock

    async def post(self, caller: Principal, alerts: Sequence[PostableAlert]) -> None:
        """All in one transaction. What is sent again is the same alert; an end of one that is not there is nothing."""
        now, record = self._clock.now(), self._outbox.record_of(())
        drafts = [(_draft(caller.organisation_id, each), each) for each in alerts]

        def work(connection: Connection) -> None:
            known = live_by_fingerprint(connection, caller.organisation_id, [draft.fingerprint for draft, _ in drafts])
            book = AlertBook(connection, known)
            for draft, each in drafts:
                _take(book, caller.actor, draft, is_over=_has_ended(each, now), at=now)
            record.write(connection, book.told)

        await self._store.transact(work)
        self._outbox.published(record)

    async def forget(self) -> None:
        """What was not sent again is over."""
        now, record = self._clock.now(), self._outbox.record_of(())

        def work(connection: Connection) -> None:
            rows = live_external(connection, now - FORGOTTEN, MOST_AT_ONCE)
            book = AlertBook(connection, {row.fingerprint: row for row in rows})
            for row in rows:
                text = "It was not sent again for five minutes."
                book.resolve(system_actor(row.organisation_id), row, now, text, is_firing=False)
            record.write(connection, book.told)

        await self._store.transact(work)
        self._outbox.published(record)


def _take(book: AlertBook, actor: Actor, draft: Draft, *, is_over: bool, at: datetime) -> None:
    live: AlertRow | None = book.live.get(draft.fingerprint)
    if is_over:
        if live is not None:
            book.resolve(actor, live, at, "Its sender says that it is over.", is_firing=False)
    elif live is None:
        book.open(actor, draft, at)
    elif ORDER.index(draft.severity) > ORDER.index(live.severity):
        book.raised(actor, live, draft, at)
    else:
        book.seen(live, at)


def _draft(organisation: str, alert: PostableAlert) -> Draft:
    """Labels are what an alert is; its severity may change without making it another one."""
    labels = alert.labels
    name = labels.get("alertname", "Alert")
    told = {key: value for key, value in alert.annotations.items() if value}
    conditions: list[dict[str, Any]] = [{"generator": alert.generatorURL, "annotations": told}]
    identity = {key: value for key, value in labels.items() if key != "severity"}
    return Draft(
        organisation_id=organisation,
        fingerprint=fingerprint_of(organisation, kind="external", labels=sorted(identity.items())),
        alert_type="external",
        severity=SEVERITIES.get(labels.get("severity", "").lower(), "warning"),
        title=told.get("summary") or " ".join([name, labels.get("instance", "")]).strip(),
        description=told.get("description") or told.get("message") or name,
        labels={key: value[:200] for key, value in labels.items()},
        conditions=conditions,
    )


def _has_ended(alert: PostableAlert, now: datetime) -> bool:
    """Year 1 is how Go says that there is no time; one without a zone is ours, as for Alertmanager."""
    ends = alert.endsAt
    return ends is not None and ends.year > 1 and ends.astimezone() <= now
