"""Sources whose monitoring is on, and of which there are no samples: nobody else would notice."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from persistence.alert_rows import live_alerts_of, live_of_gone_sources
from persistence.monitors import MonitorStore
from persistence.threshold_states import watched_of
from server.clock import Clock
from server.events.model import system_actor
from server.events.outbox import Outbox, Record
from server.performance.alerts.book import AlertBook
from server.performance.alerts.drafts import silent_draft

__all__ = ["SilentSources"]

LEAST, INTERVALS = timedelta(minutes=2), 3
"""Another node takes over well within this time, and a source that is too slow rests for no more than a minute."""
AT_ONCE = 200


class SilentSources:
    """Looked for by one node. The first sample that comes resolves the alert (server.performance.alerts.judge)."""

    def __init__(self, monitors: MonitorStore, *, outbox: Outbox, clock: Clock) -> None:
        self._monitors = monitors
        self._outbox = outbox
        self._clock = clock

    async def look(self) -> None:
        """Also alerts of sources that were removed are over."""
        now = self._clock.now()
        silent = dict(await self._monitors.silent(now, LEAST, INTERVALS, AT_ONCE))
        record = self._outbox.record_of(())
        await self._monitors.transact(lambda connection: _write(connection, silent, now, record))
        self._outbox.published(record)


def _write(connection: Connection, silent: dict[int, datetime | None], now: datetime, record: Record) -> None:
    book = AlertBook(connection, live_alerts_of(connection, list(silent)))
    for source in watched_of(connection, list(silent)).values():
        book.open(system_actor(source.organisation_id), silent_draft(source, silent[source.id]), now)
    for row in live_of_gone_sources(connection, AT_ONCE):
        book.resolve(system_actor(row.organisation_id), row, now, "The data source was removed.", is_firing=False)
    record.write(connection, book.told)
