"""Sends what is due, a few at once, and writes down what became of it."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from datetime import timedelta

from persistence.errors import StoreUnavailable
from persistence.events import EventStore, StoredEvent
from persistence.webhook_deliveries import Attempt, DeliveryStore, Due, Ended
from server.clock import Clock
from server.egress.egress import Answer, Egress, EgressFailed, EgressRefused
from server.egress.retry_after import retry_after
from server.events.model import system_actor
from server.events.outbox import Outbox
from server.vault import Unsealable
from server.webhooks.figures import WebhookFigures
from server.webhooks.notices import disabled
from server.webhooks.reach import Reach
from server.webhooks.schedule import next_try
from server.webhooks.secrets import Secrets
from server.webhooks.signing import signed_headers

__all__ = ["Courier"]

log = logging.getLogger("counterpoint.webhooks")

TIMEOUT_SECONDS = 15.0
LEASE_SECONDS = 60.0
"""Much longer than a try may take, so that a row is never sent twice at once, and short enough for a node's death."""
AT_ONCE = 4
"""To one webhook: a receiver that hangs keeps nobody else waiting."""
IN_ALL = 32
LOOK_AROUND_SECONDS = 30.0
PAUSE_SECONDS = 1.0
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
GONE = 410
NO_RIGHT = "its owner may not have it any more"


class Courier:
    """One task that takes what is due, and a task for each try."""

    def __init__(
        self,
        deliveries: DeliveryStore,
        events: EventStore,
        reach: Reach,
        *,
        secrets: Secrets,
        egress: Egress,
        outbox: Outbox,
        clock: Clock,
        agent: str,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self.figures = WebhookFigures()
        self._deliveries = deliveries
        self._events = events
        self._reach = reach
        self._secrets = secrets
        self._egress = egress
        self._outbox = outbox
        self._clock = clock
        self._agent = agent
        self._timeout_seconds = timeout_seconds
        self._woken = asyncio.Event()
        self._busy: Counter[str] = Counter()
        self._tries: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """What a former process has left is due by itself."""
        self._task = asyncio.create_task(self._run(), name="webhook courier")

    def wake(self) -> None:
        """Something is due, or may be."""
        self._woken.set()

    async def stop(self) -> None:
        """Tries that are under way are broken off: their leases run out, and they are made again."""
        tasks = [*self._tries, *([self._task] if self._task is not None else [])]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    # Private: what is due.

    async def _run(self) -> None:
        while True:
            try:
                pause = await self._round()
            except StoreUnavailable as error:
                log.warning("webhooks wait for the store", extra={"why": str(error)})
                pause = PAUSE_SECONDS
            except Exception:  # nothing would be sent any more: it is logged, and tried again
                log.exception("the webhook courier has failed")
                pause = PAUSE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            self._woken.clear()

    async def _round(self) -> float:
        """Begin what is due; the answer is for how many seconds there is nothing more to do."""
        free = IN_ALL - len(self._tries)
        if free <= 0:
            return LOOK_AROUND_SECONDS
        due_at, now = await self._deliveries.next_due(), self._clock.now()
        if due_at is None:
            return LOOK_AROUND_SECONDS
        if due_at > now:
            return min(LOOK_AROUND_SECONDS, (due_at - now).total_seconds())
        until = now + timedelta(seconds=LEASE_SECONDS)
        taken = await self._deliveries.claim(now, until, busy=self._busy, at_once=AT_ONCE, limit=free)
        for due in taken:
            self._begin(due)
        # Nothing was taken: what is due is of webhooks that are busy here, or in the hands of another node.
        return 0.0 if taken else PAUSE_SECONDS

    def _begin(self, due: Due) -> None:
        self._busy[due.webhook.id] += 1
        task = asyncio.create_task(self._deal(due), name=f"webhook delivery {due.delivery.id}")
        self._tries.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tries.discard(task)
            self._busy[due.webhook.id] -= 1
            if self._busy[due.webhook.id] <= 0:
                del self._busy[due.webhook.id]
            self._woken.set()

        task.add_done_callback(ended)

    # Private: one try.

    async def _deal(self, due: Due) -> None:
        try:
            await self._end(due, await self._try(due))
        except StoreUnavailable as error:  # the lease runs out, and it is tried again: receivers know it by its id
            log.warning("a webhook's delivery could not be written down", extra={"why": str(error)})
        except Exception:  # a defect of ours: the others must be sent all the same, and this one after its lease
            log.exception("a webhook's delivery has failed", extra={"delivery": due.delivery.id})

    async def _try(self, due: Due) -> Ended:
        began, clock = self._clock.now(), self._clock.monotonic()

        def attempt(status: int | None, why: str | None) -> Attempt:
            return Attempt(due.delivery.tries, began, round(self._clock.monotonic() - clock, 3), status, why)

        if not await self._reach.may_have(due.webhook):
            return Ended("withheld", attempt(None, NO_RIGHT), disable=NO_RIGHT)
        if not await self._reach.may_be_sent(due.webhook, due.delivery.stream, due.delivery.event_type):
            return Ended("withheld", attempt(None, "the owner of the webhook may not see this event any more"))
        event = await self._event(due)
        if event is None:
            return Ended("failed", attempt(None, "the event is not kept any more"))
        try:
            answer = await self._send(due, event)
        except (EgressRefused, EgressFailed, Unsealable) as error:
            return self._again(due, attempt(None, str(error)), None)
        why = _wrong(answer)
        if why is None:
            return Ended("delivered", attempt(answer.status, None))
        tried = attempt(answer.status, why)
        if answer.status == GONE:
            return Ended("failed", tried, disable="it has answered 410: gone")
        return self._again(due, tried, retry_after(answer.headers, self._clock.now()))

    def _again(self, due: Due, tried: Attempt, asked: float | None) -> Ended:
        at = next_try(due.delivery.tries, self._clock.now(), asked)
        if at is not None:
            return Ended("pending", tried, due_at=at)
        why = f"nothing has arrived since {due.delivery.created_at:%Y-%m-%d %H:%M} UTC; the last try: {tried.why}"
        return Ended("failed", tried, disable=why, unless_delivered_since=due.delivery.created_at)

    async def _event(self, due: Due) -> StoredEvent | None:
        at = due.delivery
        found = (await self._events.after(at.organisation_id, at.stream, at.offset - 1, 1)).events
        return found[0] if found and found[0].id == at.event_id else None

    async def _send(self, due: Due, event: StoredEvent) -> Answer:
        body, now = event.body.encode(), self._clock.now()
        headers = {
            "Content-Type": CONTENT_TYPE,
            "User-Agent": self._agent,
            **signed_headers(event.id, int(now.timestamp()), body, self._secrets.of(due.webhook, now)),
        }
        return await self._egress.post(
            due.webhook.url, content=body, headers=headers, timeout_seconds=self._timeout_seconds
        )

    async def _end(self, due: Due, ended: Ended) -> None:
        actor = system_actor(due.webhook.organisation_id)
        record = self._outbox.record(actor, *([disabled(due.webhook, ended.disable)] if ended.disable else []))
        if await self._deliveries.end(due, ended, self._clock.now(), record):
            self._outbox.published(record)
            self.figures.count(ended)


def _wrong(answer: Answer) -> str | None:
    """None: it has arrived."""
    if 200 <= answer.status < 300:
        return None
    if 300 <= answer.status < 400:
        return f"it has answered {answer.status}; redirects are not followed"
    return f"it has answered {answer.status}"
