"""Sends what is due by the channels that lead out of the house, and writes down what became of it."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection

from persistence.errors import StoreUnavailable
from persistence.notification_deliveries import DueDelivery, Ended, NotificationDeliveryStore
from persistence.notification_rows import ItemRow
from persistence.notification_wishes import WishStore
from persistence.notifications import InboxChange
from server.clock import Clock
from server.events.model import system_actor
from server.events.outbox import Outbox
from server.notifications.delivery import Channel, Later, Note, Outcome, Refused, Sender, Sent, Severity
from server.notifications.figures import NotificationFigures
from server.notifications.model import Preferences
from server.notifications.schedule import again, first_due, free_at
from server.notifications.views import inbox_event

__all__ = ["DeliveryDesk", "IsActive"]

log = logging.getLogger("counterpoint.notifications")

IsActive = Callable[[str], bool]
"""Is this user at work in a document at this moment? Then he sees it in the app."""

LEASE_SECONDS = 120.0
"""Much longer than a try may take, so that nothing is sent twice at once, and short enough for a node's death."""
AT_ONCE = 16
LOOK_AROUND_SECONDS = 30.0
LOOK_AGAIN = timedelta(seconds=30)
"""Whoever is at work is looked at again; when he has gone, what he has not read is sent."""
TOO_OLD = timedelta(days=1)
PAUSE_SECONDS = 1.0


class DeliveryDesk:
    """One task that takes what is due, and a task for each parcel of it."""

    def __init__(
        self,
        deliveries: NotificationDeliveryStore,
        wishes: WishStore,
        senders: Sequence[Sender],
        *,
        outbox: Outbox,
        clock: Clock,
        is_active: IsActive,
    ) -> None:
        self.figures = NotificationFigures()
        self._deliveries = deliveries
        self._wishes = wishes
        self._senders = {sender.channel: sender for sender in senders}
        self._outbox = outbox
        self._clock = clock
        self._is_active = is_active
        self._woken = asyncio.Event()
        self._parcels: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def ways(self) -> list[Channel]:
        """The channels out of the house that this server has."""
        return list(self._senders)

    # For what writes the rows.

    def channels(self, preferences: Preferences, kind: str, severity: str) -> list[Channel]:
        """Those that there are, and that he wants for it; what is critical goes by all."""
        choice = preferences.choice(kind)
        return [each for each in self._senders if severity == "critical" or getattr(choice, each)]

    def due(self, channel: Channel, preferences: Preferences, severity: str, now: datetime) -> datetime:
        return first_due(channel, preferences, severity, now)

    def wake(self) -> None:
        """Something is due, or may be."""
        self._woken.set()

    def start(self) -> None:
        """What a former process has left is due by itself."""
        self._task = asyncio.create_task(self._run(), name="notification desk")

    async def stop(self) -> None:
        """What is under way is broken off: its lease runs out, and it is sent again."""
        tasks = [*self._parcels, *([self._task] if self._task is not None else [])]
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
                log.warning("notifications wait for the store", extra={"why": str(error)})
                pause = PAUSE_SECONDS
            except Exception:  # nothing would be sent any more: it is logged, and tried again
                log.exception("the desk of notifications has failed")
                pause = PAUSE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            self._woken.clear()

    async def _round(self) -> float:
        """Begin what is due; the answer is for how many seconds there is nothing more to do."""
        free = AT_ONCE - len(self._parcels)
        due_at, now = await self._deliveries.next_due(), self._clock.now()
        if free <= 0 or due_at is None or not self._senders:
            return LOOK_AROUND_SECONDS
        if due_at > now:
            return min(LOOK_AROUND_SECONDS, (due_at - now).total_seconds())
        parcels = await self._deliveries.claim(now, now + timedelta(seconds=LEASE_SECONDS), free)
        for parcel in parcels:
            task = asyncio.create_task(self._deal(parcel), name=f"notification {parcel[0].id}")
            self._parcels.add(task)
            task.add_done_callback(self._ended)
        return 0.0 if parcels else PAUSE_SECONDS

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._parcels.discard(task)
        self._woken.set()

    # Private: one parcel.

    async def _deal(self, parcel: Sequence[DueDelivery]) -> None:
        try:
            left = []
            for each in parcel:
                ended = await self._not_now(each)
                if ended is None:
                    left.append(each)
                else:
                    await self._end([each], ended)
            if left:
                await self._end(left, await self._sent(left))
        except StoreUnavailable as error:  # the lease runs out, and it is looked at again
            log.warning("what became of a notification could not be written down", extra={"why": str(error)})
        except Exception:  # a defect of ours: the others must be sent all the same, and this one after its lease
            log.exception("a notification could not be sent", extra={"delivery": parcel[0].id})

    async def _not_now(self, due: DueDelivery) -> Ended | None:
        """Read by now, not for his eyes any more, not wanted, or not at this hour. None: it may be sent."""
        item = due.item
        if item.read_at is not None:
            return Ended("dropped", "it was read before", counts=False)
        if not await self._may_see(item):
            return Ended("dropped", "he may not see it any more", counts=False)
        return await self._unwanted(due) if item.severity != "critical" else None

    async def _may_see(self, item: ItemRow) -> bool:
        if item.workspace_id is None:
            return await self._wishes.is_active(item.user_id)
        return bool(await self._wishes.members(item.workspace_id, [item.user_id]))

    async def _unwanted(self, due: DueDelivery) -> Ended | None:
        item, now = due.item, self._clock.now()
        said = (await self._wishes.preferences(item.organisation_id, [item.user_id])).get(item.user_id, {})
        preferences = Preferences.model_validate(said)
        if not getattr(preferences.choice(item.kind), due.channel):
            return Ended("dropped", "he does not want it any more", counts=False)
        if (at := free_at(preferences, item.severity, now)) > now:
            return Ended("pending", "it is quiet hours", not_before=at, counts=False)
        if not self._is_active(item.user_id):
            return None
        if now - due.created_at > TOO_OLD:
            return Ended("dropped", "he was there all the time", counts=False)
        return Ended("pending", "he is at work in a document", not_before=now + LOOK_AGAIN, counts=False)

    async def _sent(self, parcel: Sequence[DueDelivery]) -> Ended:
        first, now = parcel[0], self._clock.now()
        sender = self._senders.get(first.channel)  # type: ignore[call-overload]
        if sender is None:
            return Ended("dropped", f"this server sends nothing by {first.channel} any more")
        user = first.item.user_id
        if not await sender.can_reach(user):
            return Ended("dropped", f"there is no way to reach him by {first.channel}")
        outcome: Outcome = await sender.send(user, [_note(each) for each in parcel])
        match outcome:
            case Sent():
                return Ended("sent")
            case Refused(why):
                return Ended("refused", why)
            case Later():
                return again(outcome, max(each.tries for each in parcel), now)

    async def _end(self, parcel: Sequence[DueDelivery], ended: Ended) -> None:
        record = self._outbox.record(system_actor(parcel[0].item.organisation_id))

        def also(connection: Connection, changes: list[InboxChange]) -> None:
            record(connection, *(event for change in changes if (event := inbox_event(change)) is not None))

        await self._deliveries.end(parcel, ended, self._clock.now(), also)
        self._outbox.published(record)
        self.figures.count(parcel[0].channel, ended.state, len(parcel))


def _note(due: DueDelivery) -> Note:
    """What it says now, also when more has come meanwhile."""
    item = due.item
    severity: Severity = item.severity  # type: ignore[assignment]
    return Note(
        organisation_id=item.organisation_id,
        user_id=item.user_id,
        item_id=item.id,
        event_id=due.event_id,
        kind=item.kind,
        subject=item.subject,
        severity=severity,
        title=item.title,
        text=item.text,
        path=item.path,
        at=item.updated_at,
    )
