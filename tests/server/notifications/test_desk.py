"""What leaves the house: looked at again before it is sent, sent once, and written down."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from persistence.notification_deliveries import NotificationDeliveryStore
from persistence.notification_wishes import WishStore
from persistence.tables.notifications import notification_deliveries
from server.clock import SystemClock
from server.notifications.delivery import Channel, Later, Note, Outcome, Refused, Sent
from server.notifications.desk import DeliveryDesk
from tests.server.notifications.stage import Ground, mention


class Recorder:
    """A way out of the house that ends here."""

    def __init__(self, channel: Channel, *answers: Outcome, reaches: bool = True) -> None:
        self.channel = channel
        self.sent: list[list[Note]] = []
        self._answers = list(answers)
        self._reaches = reaches

    async def can_reach(self, user_id: str) -> bool:
        return self._reaches

    async def send(self, user_id: str, notes: Sequence[Note]) -> Outcome:
        self.sent.append(list(notes))
        return self._answers.pop(0) if self._answers else Sent()


class Desk:
    """The inbox writes for these channels, and the desk works when it is told to."""

    def __init__(self, inboxes: Ground, *ways: Recorder) -> None:
        self._inboxes = inboxes
        self.active: set[str] = set()
        house = inboxes.house
        self.desk = DeliveryDesk(
            NotificationDeliveryStore(house.database),
            WishStore(house.database),
            ways,
            outbox=house.events.outbox,
            clock=SystemClock(),
            is_active=lambda user: user in self.active,
        )

    async def work(self) -> None:
        while await self.desk._round() == 0.0:
            await asyncio.wait(self.desk._parcels)

    async def now(self) -> None:
        """What waits for its time is due."""
        due = update(notification_deliveries).where(notification_deliveries.c.state == "pending")
        past = due.values(not_before=SystemClock().now() - timedelta(seconds=1))
        await self._inboxes.house.database.write(lambda connection: connection.execute(past))
        await self.work()

    async def log(self) -> list[tuple[str, str, str | None]]:
        row = notification_deliveries.c
        query = select(row.channel, row.state, row.why).order_by(row.created_at, row.channel)
        rows = await self._inboxes.house.database.read(lambda connection: connection.execute(query).all())
        return [(channel, state, why) for channel, state, why in rows]


@asynccontextmanager
async def desk(inboxes: Ground, *ways: Recorder) -> AsyncIterator[Desk]:
    await inboxes.house.notifications.desk.stop()
    made = Desk(inboxes, *ways)
    inboxes.house.notifications.consumer._desk = made.desk
    yield made
    await made.desk.stop()


async def prefer(inboxes: Ground, **wishes: Any) -> None:
    await inboxes.do(inboxes.ben, "PUT", "/notifications/preferences", wishes)


async def test_a_mention_is_pushed_at_once_and_mailed_with_what_comes_next(inboxes: Ground) -> None:
    push, mail = Recorder("push"), Recorder("email")
    async with desk(inboxes, push, mail) as at:
        await inboxes.comment(inboxes.ada, f"{mention(inboxes.ben)} one")
        await inboxes.comment(inboxes.ada, f"{mention(inboxes.ben)} two")
        await at.work()
        assert sorted([note.text for note in notes] for notes in push.sent) == [["@ben one"], ["@ben two"]]
        assert mail.sent == []
        await at.now()
        [digest] = mail.sent
        assert sorted(note.text for note in digest) == ["@ben one", "@ben two"]
        assert all(note.path.startswith(f"/documents/{inboxes.document}?thread=") for note in digest)
        assert {state for _, state, _ in await at.log()} == {"sent"}
    assert all(item["notified_at"] is not None for item in await inboxes.inbox(inboxes.ben))


async def test_what_was_read_is_not_sent(inboxes: Ground) -> None:
    mail = Recorder("email")
    async with desk(inboxes, mail) as at:
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        await inboxes.do(inboxes.ben, "POST", "/notifications/read")
        await at.now()
        assert await at.log() == [("email", "dropped", "it was read before")]
    assert mail.sent == []


async def test_who_is_at_work_is_told_when_he_has_gone(inboxes: Ground) -> None:
    push = Recorder("push")
    async with desk(inboxes, push) as at:
        at.active.add(inboxes.ben.id)
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        await at.work()
        assert (push.sent, await at.log()) == ([], [("push", "pending", "he is at work in a document")])
        at.active.clear()
        await at.now()
        assert len(push.sent) == 1


async def test_preferences_are_asked_when_it_is_written_and_when_it_is_sent(inboxes: Ground) -> None:
    push = Recorder("push")
    async with desk(inboxes, push) as at:
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        await prefer(inboxes, kinds={"mention": {"push": False}})
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        await at.now()
        assert await at.log() == [("push", "dropped", "he does not want it any more")]
    assert push.sent == []


async def test_quiet_hours_that_begin_meanwhile_are_kept(inboxes: Ground) -> None:
    push = Recorder("push")
    async with desk(inboxes, push) as at:
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        hours = {"enabled": True, "start": "00:00", "end": "23:59", "time_zone": "UTC"}
        await prefer(inboxes, quiet_hours=hours)
        await at.work()
        [(_, state, why)] = await at.log()
    assert (push.sent, state, why) == ([], "pending", "it is quiet hours")


async def test_nobody_is_sent_what_he_may_not_see_any_more(inboxes: Ground) -> None:
    push = Recorder("push")
    async with desk(inboxes, push) as at:
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        await inboxes.do(inboxes.ada, "PATCH", f"/auth/users/{inboxes.ben.id}", {"active": False})
        await at.work()
        assert await at.log() == [("push", "dropped", "he may not see it any more")]
    assert push.sent == []


async def test_what_a_channel_answers_is_written_down(inboxes: Ground) -> None:
    push, mail = Recorder("push", Later("busy"), Sent()), Recorder("email", Refused("no such box"))
    async with desk(inboxes, push, mail) as at:
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        await at.work()
        assert ("push", "pending", "busy") in await at.log()
        await at.now()
        assert await at.log() == [("email", "refused", "no such box"), ("push", "sent", None)]
        assert at.desk.figures.deliveries == {("push", "pending"): 1, ("push", "sent"): 1, ("email", "refused"): 1}


async def test_who_cannot_be_reached_is_not_waited_for(inboxes: Ground) -> None:
    push = Recorder("push", reaches=False)
    async with desk(inboxes, push) as at:
        await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        await at.work()
        assert await at.log() == [("push", "dropped", "there is no way to reach him by push")]
    assert push.sent == []


async def test_two_desks_on_one_store_send_each_once(inboxes: Ground) -> None:
    push = Recorder("push")
    async with desk(inboxes, push) as at:
        for _ in range(6):
            await inboxes.comment(inboxes.ada, mention(inboxes.ben))
        other = Desk(inboxes, push)
        await asyncio.gather(at.work(), other.work())
    assert sorted(len(notes) for notes in push.sent) == [1] * 6
