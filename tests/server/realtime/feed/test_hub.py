"""Every event once and in order, or a clear word that some are lost."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import text

from persistence.events import NO_EPOCH, StreamPosition
from server.realtime.feed import hub as hub_module
from server.realtime.feed.hub import MOST_RECOVERED
from server.realtime.feed.publication import Publication
from server.realtime.feed.stream import RING_EVENTS
from tests.server.realtime.feed.band import Band, Ear, everything


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0)


async def position(band: Band) -> StreamPosition:
    return (await band.store.positions(band.organisation, ["workspace:w"]))["workspace:w"]


async def test_who_subscribes_hears_what_follows(band: Band) -> None:
    await band.write(2)
    ear = Ear()
    subscription = await band.hub.subscribe(band.key, ear, everything)
    assert (subscription.offset, subscription.recovered, subscription.publications) == (2, False, ())
    await band.write(2)
    assert ear.offsets == [3, 4]
    band.hub.unsubscribe(band.key, ear)
    await band.write()
    assert ear.offsets == [3, 4]


async def test_all_who_hear_share_one_publication(band: Band) -> None:
    ears = [Ear() for _ in range(3)]
    for ear in ears:
        await band.hub.subscribe(band.key, ear, everything)
    await band.write()
    assert len({id(ear.heard[0]) for ear in ears}) == 1


async def test_a_stream_that_nobody_had_begun_has_an_epoch_from_then_on(band: Band) -> None:
    before = await position(band)
    subscription = await band.hub.subscribe(band.key, Ear(), everything)
    await band.write()
    assert before.epoch == NO_EPOCH
    assert subscription.epoch == (await position(band)).epoch != NO_EPOCH


async def test_everything_missed_comes_from_the_ring_or_from_the_store(band: Band) -> None:
    start = await position(band)
    await band.write(3)
    first = await band.hub.subscribe(band.key, Ear(), everything, start)  # nothing is in the ring yet
    assert first.recovered
    assert [each.offset for each in first.publications] == [1, 2, 3]
    await band.write(2)
    second = await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(first.epoch, 4))
    assert [each.offset for each in second.publications] == [5]
    third = await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(first.epoch, 2))
    assert [each.offset for each in third.publications] == [3, 4, 5]
    assert (await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(first.epoch, 5))).recovered


async def test_recovery_is_all_or_nothing(band: Band, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "MOST_RECOVERED", 4)
    await band.write(6)
    epoch = (await position(band)).epoch
    enough = await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(epoch, 2))
    too_many = await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(epoch, 1))
    other_epoch = await band.hub.subscribe(band.key, Ear(), everything, StreamPosition("other", 5))
    from_the_future = await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(epoch, 9))
    assert enough.recovered
    for refused in (too_many, other_epoch, from_the_future):
        assert (refused.recovered, refused.publications, refused.offset) == (False, (), 6)


async def test_a_hole_in_the_store_is_never_skipped(band: Band) -> None:
    await band.write(5)
    await band.database.write(lambda connection: connection.execute(text('DELETE FROM events WHERE "offset" = 3')))
    epoch = (await position(band)).epoch
    assert not (await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(epoch, 1))).recovered
    assert (await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(epoch, 3))).recovered


async def test_what_happens_while_history_is_read_comes_once(band: Band, monkeypatch: pytest.MonkeyPatch) -> None:
    await band.write(5)
    first = await band.hub.subscribe(band.key, Ear(), everything)
    after = band.store.after

    async def slowly(*asked: object) -> object:
        tail = await after(*asked)  # type: ignore[arg-type]
        await band.write(2)  # live, after the store was read and before the answer is put together
        return tail

    monkeypatch.setattr(band.store, "after", slowly)
    ear = Ear()
    subscription = await band.hub.subscribe(band.key, ear, everything, StreamPosition(first.epoch, 1))
    assert subscription.recovered
    await band.write()
    assert [each.offset for each in subscription.publications] + ear.offsets == [2, 3, 4, 5, 6, 7, 8]


async def test_who_knows_more_than_this_node_is_not_sent_away(band: Band) -> None:
    first = await band.hub.subscribe(band.key, Ear(), everything)
    band.broker.lost |= {1, 2}
    await band.write(2)  # another node has written, and a list was read there
    ear = Ear()
    subscription = await band.hub.subscribe(band.key, ear, everything, StreamPosition(first.epoch, 2))
    assert (subscription.recovered, subscription.offset) == (True, 2)


async def test_a_lost_message_is_read_from_the_store_and_order_is_kept(band: Band) -> None:
    ear = Ear()
    await band.hub.subscribe(band.key, ear, everything)
    band.broker.lost |= {2, 3}
    await band.write(5)
    await until(lambda: len(ear.heard) == 5)
    assert ear.offsets == [1, 2, 3, 4, 5]
    assert ear.broken == []


async def test_messages_that_come_late_or_twice_change_nothing(band: Band) -> None:
    ear = Ear()
    await band.hub.subscribe(band.key, ear, everything)
    [first] = await band.write(1, tell=False)
    [second] = await band.write(1, tell=False)
    for event in (second, first, first, second):
        band.dispatcher.publish([event])
    assert ear.offsets == [1, 2]


async def test_silence_is_not_taken_for_quiet(band: Band) -> None:
    ear = Ear()
    await band.hub.subscribe(band.key, ear, everything)
    band.broker.lost |= {1, 2}
    await band.write(2)
    assert ear.offsets == []
    await band.hub.compare()
    await until(lambda: ear.offsets == [1, 2])


async def test_a_gap_of_the_broker_is_mended_at_once(band: Band) -> None:
    ear = Ear()
    await band.hub.subscribe(band.key, ear, everything)
    band.hub.start()
    try:
        band.broker.lost |= {1, 2}
        await band.write(2)
        assert ear.offsets == []
        for say in band.broker.gap_listeners:
            say()
        await until(lambda: ear.offsets == [1, 2])
    finally:
        await band.hub.stop()


async def test_who_listens_is_told_when_events_are_gone_for_good(band: Band) -> None:
    ear = Ear()
    await band.hub.subscribe(band.key, ear, everything)
    band.broker.lost |= {1, 2}
    await band.write(3)
    await band.database.write(lambda connection: connection.execute(text('DELETE FROM events WHERE "offset" = 1')))
    await until(lambda: bool(ear.broken))
    assert (ear.offsets, ear.broken) == ([], [band.key])
    again = await band.hub.subscribe(band.key, ear, everything)
    assert again.offset == 3


async def test_a_new_epoch_ends_all_that_was_known(band: Band) -> None:
    await band.write(3)
    ear = Ear()
    first = await band.hub.subscribe(band.key, ear, everything)
    for statement in ("DELETE FROM events", "UPDATE streams SET epoch = 'new', head = 1"):
        await band.database.write(lambda connection, said=statement: connection.execute(text(said)))
    await band.write(tell=True)
    await until(lambda: bool(ear.broken))
    again = await band.hub.subscribe(band.key, ear, everything, StreamPosition(first.epoch, 1))
    assert (again.epoch, again.recovered) == ("new", False)


async def test_what_one_may_not_see_is_kept_from_him_live_and_in_replay(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = await position(band)
    monkeypatch.setattr(Publication, "is_narrow", property(lambda self: self.offset % 2 == 0, lambda *_: None))
    ear = Ear()
    await band.hub.subscribe(band.key, ear, lambda _: False)
    await band.write(4)
    assert ear.offsets == [1, 3]
    replay = await band.hub.subscribe(band.key, ear, lambda each: each.offset == 2, start)
    assert replay.recovered
    assert [each.offset for each in replay.publications] == [1, 2, 3]
    band.hub.change_sight(band.key, ear, everything)
    await band.write(2)
    assert ear.offsets == [1, 3, 5, 6]


async def test_the_ring_is_bounded(band: Band) -> None:
    subscription = await band.hub.subscribe(band.key, Ear(), everything)
    await band.write(RING_EVENTS + 5)
    stream = band.hub._streams[band.key]
    assert len(stream.since(5) or ()) == RING_EVENTS
    assert stream.since(4) is None
    late = await band.hub.subscribe(band.key, Ear(), everything, StreamPosition(subscription.epoch, 5))
    assert len(late.publications) == MOST_RECOVERED


async def test_many_who_come_at_once_open_a_stream_once(band: Band, monkeypatch: pytest.MonkeyPatch) -> None:
    await band.write()
    asked = 0
    positions = band.store.positions

    async def counted(*given: object) -> object:
        nonlocal asked
        asked += 1
        return await positions(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(band.store, "positions", counted)
    ears = [Ear() for _ in range(20)]
    await asyncio.gather(*(band.hub.subscribe(band.key, ear, everything) for ear in ears))
    await band.write()
    assert asked == 1
    assert all(ear.offsets == [2] for ear in ears)


async def test_a_stream_without_listeners_is_not_served_for_ever(band: Band, monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear()
    await band.hub.subscribe(band.key, ear, everything)
    band.hub.unsubscribe(band.key, ear)
    await band.hub.compare()
    assert band.hub.served == 1
    monkeypatch.setattr(hub_module, "KEPT_SECONDS", -1.0)
    await band.hub.compare()
    assert band.hub.served == 0
