"""Alerts for people: seen, taken on, resolved, opened again."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from persistence.alert_rows import AlertRow, EntryRow
from persistence.alerts import AlertFilter, AlertStore
from server.clock import Clock
from server.errors import Conflict, NotFound
from server.events.outbox import Outbox
from server.identity.principal import Principal
from server.performance.alerts.book import AlertBook

__all__ = ["AlertService"]


class AlertService:
    def __init__(self, store: AlertStore, *, outbox: Outbox, clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock

    async def page(
        self, caller: Principal, wanted: AlertFilter, before: tuple[datetime, int] | None, limit: int
    ) -> list[AlertRow]:
        """The newest first."""
        return await self._store.page(caller.organisation_id, wanted, before, limit)

    async def get(self, caller: Principal, alert: int) -> tuple[AlertRow, list[EntryRow]]:
        """With what became of it. Raises NotFound."""
        found = await self._store.get(caller.organisation_id, alert)
        if found is None:
            raise NotFound
        return found

    async def acknowledge(self, caller: Principal, alert: int, comments: str) -> AlertRow:
        """A repeat changes nothing. Raises NotFound, and Conflict for one that is over."""

        def work(book: AlertBook, row: AlertRow) -> AlertRow | None:
            if row.status == "acknowledged":
                return row
            if not row.is_live:
                raise Conflict(f"The alert is {row.status}: there is nothing to take on.")
            return book.acknowledge(caller.actor, row, self._clock.now(), comments)

        return await self._change(caller, alert, work)

    async def resolve(self, caller: Principal, alert: int, resolution: str) -> AlertRow:
        """A repeat changes nothing. Where it still holds, a new one comes after another interval. Raises NotFound."""

        def work(book: AlertBook, row: AlertRow) -> AlertRow | None:
            if not row.is_live:
                return row
            return book.resolve(caller.actor, row, self._clock.now(), resolution, is_firing=row.is_firing)

        return await self._change(caller, alert, work)

    async def reopen(self, caller: Principal, alert: int, comments: str) -> AlertRow:
        """A repeat changes nothing. Raises NotFound, and Conflict for a closed one, or where a newer one is live."""

        def work(book: AlertBook, row: AlertRow) -> AlertRow | None:
            if row.is_live:
                return row
            if row.status == "closed":
                raise Conflict("The alert is closed: it is history.")
            reopened = book.reopen(caller.actor, row, self._clock.now(), comments)
            if reopened is None:
                raise Conflict("A newer alert of the same thing is live.")
            return reopened

        return await self._change(caller, alert, work)

    async def _change(
        self, caller: Principal, alert: int, work: Callable[[AlertBook, AlertRow], AlertRow | None]
    ) -> AlertRow:
        record = self._outbox.record_of(())

        def locked(connection: Connection, row: AlertRow) -> AlertRow:
            book = AlertBook(connection, {row.fingerprint: row} if row.is_live else {})
            changed = work(book, row)
            if changed is None:
                raise Conflict
            record.write(connection, book.told)
            return changed

        found = await self._store.work_on(caller.organisation_id, alert, locked)
        if found is None:
            raise NotFound
        self._outbox.published(record)
        return found
