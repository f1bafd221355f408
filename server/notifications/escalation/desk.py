"""Takes the steps of escalations when they are due."""

import asyncio
import logging
from contextlib import suppress

from sqlalchemy import Connection

from persistence.errors import StoreUnavailable
from persistence.escalation_rows import Fired
from persistence.escalations import EscalationStore
from server.clock import Clock
from server.events.escalations import EscalationEvent, EscalationExhausted, EscalationStepped
from server.events.model import system_actor
from server.events.outbox import Outbox
from server.notifications.escalation.figures import EscalationFigures
from server.notifications.escalation.timeline import advance
from server.notifications.escalation.views import escalation_state

__all__ = ["EscalationDesk"]

log = logging.getLogger("counterpoint.escalation")

AT_ONCE = 50
LOOK_AROUND_SECONDS = 15.0
"""How late a timer may be that another node has set, and died."""
PAUSE_SECONDS = 1.0


class EscalationDesk:
    """One task. Timers are rows: what a former process has left is due by itself, and nothing runs out twice.

    A step is an event; that people find it in their inboxes, and that it is sent to them, is the work of those who
    hear of it.
    """

    def __init__(self, store: EscalationStore, outbox: Outbox, clock: Clock, figures: EscalationFigures) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._figures = figures
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """A timer was set."""
        self._woken.set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="escalation desk")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def work(self) -> float:
        """Take the steps that are due; the answer is for how many seconds there is nothing more to do."""
        due_at, now = await self._store.next_due(), self._clock.now()
        if due_at is None:
            return LOOK_AROUND_SECONDS
        if due_at > now:
            return min(LOOK_AROUND_SECONDS, (due_at - now).total_seconds())
        record = self._outbox.record_of([])

        def also(connection: Connection, fired: list[Fired]) -> None:
            record.write(connection, [(system_actor(each.row.organisation_id), _event(each)) for each in fired])

        fired = await self._store.fire(now, AT_ONCE, lambda row: advance(row, now), also)
        self._outbox.published(record)
        for each in fired:
            self._figures.fired(each, now)
        return 0.0 if fired else PAUSE_SECONDS  # nothing: what is due is in the hands of another node

    async def _run(self) -> None:
        while True:
            try:
                pause = await self.work()
            except StoreUnavailable as error:
                log.warning("escalations wait for the store", extra={"why": str(error)})
                pause = PAUSE_SECONDS
            except Exception:  # nobody would be called any more: it is logged, and tried again
                log.exception("the desk of escalations has failed")
                pause = PAUSE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            self._woken.clear()


def _event(fired: Fired) -> EscalationEvent:
    state = escalation_state(fired.row)
    if fired.row.state == "exhausted":
        return EscalationExhausted(escalation=state)
    channels = list(fired.advance.channels)
    return EscalationStepped(escalation=state, call=fired.advance.position, people=len(fired.told), channels=channels)
