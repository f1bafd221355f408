"""What is committed is told, also when the process that wrote it could not."""

import asyncio
import signal
import sys

import pytest

from persistence.database import Database
from persistence.errors import StoreUnavailable
from persistence.events import StreamPosition
from server.events.consumers import Consumers, Effect
from server.events.documents import DocumentDeleted
from server.events.envelope import Heard
from server.events.model import Event
from tests.architecture.house import ROOT
from tests.server.realtime.feed.band import CLOCK, Band, Ear, everything


async def rounds(band: Band, count: int) -> None:
    for _ in range(count):
        await band.dispatcher.sweep()


async def test_what_was_told_is_noted_and_not_told_again(band: Band) -> None:
    await band.write(3)
    await rounds(band, 4)
    assert band.broker.published == [1, 2, 3]
    assert await band.store.undispatched(10) == []


async def test_what_nobody_has_told_is_told_after_a_whole_round(band: Band) -> None:
    await band.write(2, tell=False)
    await rounds(band, 1)
    assert band.broker.published == []  # its own node may be about to
    await rounds(band, 1)
    assert band.broker.published == [1, 2]
    assert await band.store.undispatched(10) == []


async def test_a_hole_before_what_was_told_is_found(band: Band) -> None:
    await band.write(1)
    await band.write(1, tell=False)
    await band.write(1)
    await rounds(band, 3)
    assert sorted(set(band.broker.published)) == [1, 2, 3]
    assert await band.store.undispatched(10) == []


async def test_two_nodes_that_tell_in_turns_tell_nothing_twice(band: Band, database: Database) -> None:
    other = Band(database, band.organisation, band.broker)
    for node in (band, other, band, other):
        await node.write()
    for node in (other, band, other, band):
        await node.dispatcher.sweep()
    assert band.broker.published == [1, 2, 3, 4]


async def test_more_than_one_question_holds_is_told_in_the_end(band: Band) -> None:
    await band.write(1100, tell=False)
    await rounds(band, 8)
    assert band.broker.published == list(range(1, 1101))
    assert await band.store.undispatched(10) == []


async def test_a_store_that_refuses_loses_no_note(band: Band, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_: object) -> None:
        raise StoreUnavailable("not now")

    await band.write(2)
    with monkeypatch.context() as patch:
        patch.setattr(band.store, "dispatched", refuse)
        with pytest.raises(StoreUnavailable):
            await band.dispatcher.sweep()
    await rounds(band, 2)
    assert band.broker.published == [1, 2]
    assert await band.store.undispatched(10) == []


async def test_whoever_must_see_every_event_is_woken(band: Band) -> None:
    woken: list[int] = []
    band.dispatcher.on_events(lambda events: woken.extend(event.offset for event in events))
    await band.write(1)
    await band.write(1, tell=False)
    await rounds(band, 2)
    assert woken == [1, 2]


async def killed_after_the_commit(band: Band) -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.server.realtime.feed.killed", band.database.url, band.organisation), cwd=ROOT
    )
    assert await child.wait() == -signal.SIGKILL


async def test_kill_between_commit_and_telling_loses_nothing_and_tells_once(band: Band) -> None:
    ear, late = Ear(), Ear()
    before = await band.hub.subscribe(band.key, ear, everything)
    await killed_after_the_commit(band)
    assert ear.offsets == []
    await rounds(band, 2)
    assert ear.offsets == [1]
    await rounds(band, 3)
    await band.write()
    back = await band.hub.subscribe(band.key, late, everything, StreamPosition(before.epoch, 0))
    assert [each.offset for each in back.publications] == ear.offsets == [1, 2]
    assert band.broker.published == [1, 2]


async def test_kill_between_commit_and_telling_reaches_whoever_must_see_every_event_once(band: Band) -> None:
    seen: list[str] = []

    class Counter:
        name = "counter"
        kinds: frozenset[type[Event]] = frozenset({DocumentDeleted})

        async def prepare(self, heard: Heard) -> Effect | None:
            return Effect(lambda _: None, after=lambda: seen.append(heard.id))

    consumers = Consumers(band.database, band.outbox, CLOCK)
    band.dispatcher.on_events(consumers.wake)
    await consumers.start([Counter()])
    await consumers.settled()
    await killed_after_the_commit(band)
    await rounds(band, 4)
    await consumers.settled()
    await consumers.stop()
    assert len(seen) == 1
