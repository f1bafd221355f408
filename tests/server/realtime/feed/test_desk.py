"""Who loses the right to a channel stops hearing it, also on his way in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from persistence.errors import StoreUnavailable
from server.errors import AppError, Forbidden, NotFound
from server.realtime.access import ACCESS
from server.realtime.door import Guest
from server.realtime.feed.channels import Channel
from server.realtime.feed.desk import FeedDesk
from server.realtime.feed.presence import PresenceChange
from server.realtime.feed.publication import Publication
from tests.server.realtime.feed.band import CLOCK, Band, Ear, everything


@dataclass(eq=False)
class Connection(Ear):
    lost: list[tuple[str, AppError]] = field(default_factory=list)
    client: str = "client"

    def met(self, change: PresenceChange) -> None:
        """It watches nobody."""

    def ended(self, channel: Channel, error: AppError) -> None:
        self.lost.append((channel.name, error))


class Rights:
    """What a channel answers when it is opened again."""

    def __init__(self, band: Band, user: str = "ada") -> None:
        self.band = band
        self.user = user
        self.answer: Exception | None = None
        self.sees: Callable[[Publication], bool] = everything
        self.asked = 0

    def channel(self) -> Channel:
        guest = Guest(self.user, "Ada", self.band.organisation, "credential", None)
        return Channel("workspace:w", self.band.key, guest, self.sees, self.reopen, CLOCK.monotonic())

    async def reopen(self) -> Channel:
        self.asked += 1
        if self.answer is not None:
            raise self.answer
        return self.channel()


@pytest.fixture
async def desk(band: Band) -> AsyncIterator[FeedDesk]:
    desk = FeedDesk(band.hub, band.broker, CLOCK)
    desk.start()
    yield desk
    await desk.stop()


async def settled(desk: FeedDesk) -> None:
    while desk._rechecks:
        await asyncio.gather(*desk._rechecks, return_exceptions=True)


def change(band: Band, **about: str) -> None:
    ACCESS.publish(band.broker, about)


async def test_a_right_that_is_gone_ends_the_subscription_with_its_reason(band: Band, desk: FeedDesk) -> None:
    connection, rights = Connection(), Rights(band)
    await desk.subscribe(rights.channel(), connection)
    await band.write()
    rights.answer = NotFound()
    change(band, user="ada")
    await settled(desk)
    await band.write()
    assert connection.offsets == [1]
    assert [(name, type(error)) for name, error in connection.lost] == [("workspace:w", NotFound)]
    assert (desk.subscriptions, band.hub.listeners) == (0, 0)


async def test_only_those_are_asked_whom_a_change_concerns(band: Band, desk: FeedDesk) -> None:
    ada, ben = Rights(band), Rights(band, "ben")
    await desk.subscribe(ada.channel(), Connection())
    await desk.subscribe(ben.channel(), Connection())
    change(band, user="ben")
    change(band, organisation="another")
    change(band, document="d", user="ada")
    await settled(desk)
    assert (ada.asked, ben.asked) == (0, 1)
    change(band)
    await settled(desk)
    assert (ada.asked, ben.asked) == (1, 2)


async def test_a_smaller_right_hides_what_it_hides_from_then_on(
    band: Band, desk: FeedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Publication, "is_narrow", property(lambda _: True, lambda *_: None))
    connection, rights = Connection(), Rights(band)
    await desk.subscribe(rights.channel(), connection)
    await band.write()
    rights.sees = lambda _: False
    change(band, user="ada")
    await settled(desk)
    await band.write()
    assert connection.offsets == [1]
    assert connection.lost == []


async def test_who_was_on_his_way_in_when_his_right_ended_is_looked_at_again(band: Band, desk: FeedDesk) -> None:
    connection, rights = Connection(), Rights(band)
    channel = rights.channel()
    rights.answer = Forbidden()
    change(band, user="ada")
    await desk.subscribe(channel, connection)
    await settled(desk)
    assert [type(error) for _, error in connection.lost] == [Forbidden]


async def test_a_store_that_cannot_say_ends_nothing_and_a_defect_does(band: Band, desk: FeedDesk) -> None:
    connection, rights = Connection(), Rights(band)
    await desk.subscribe(rights.channel(), connection)
    rights.answer = StoreUnavailable("not now")
    change(band)
    await settled(desk)
    assert connection.lost == []
    rights.answer = ArithmeticError()
    await desk.recheck_all(0)
    await settled(desk)
    assert len(connection.lost) == 1


async def test_who_has_left_is_told_nothing(band: Band, desk: FeedDesk) -> None:
    connection, rights = Connection(), Rights(band)
    await desk.subscribe(rights.channel(), connection)
    rights.answer = NotFound()
    change(band)
    desk.leave([band.key], connection, clean=True)
    await settled(desk)
    await band.write()
    assert (connection.lost, connection.offsets) == ([], [])
