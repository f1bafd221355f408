"""A room at work: slow sockets, presence after a broken one, documents that go, compaction."""

import asyncio
from datetime import UTC, datetime

import pytest

from crdt.awareness import Entry, decode_awareness, encode_awareness
from crdt.messages import AwarenessUpdate, SyncStep1, SyncStep2, Update
from crdt.room import TurnLost
from server.realtime.host import PACED_BYTES, QUIET_SECONDS
from server.realtime.pacing import AT_ONCE
from tests.persistence.appender import NAME
from tests.server.realtime.stage import Stage, YPeer


def announce(peer: YPeer) -> None:
    peer.say(AwarenessUpdate(encode_awareness([Entry(peer.doc.client_id, 1, "{}")])))


def shown(peer: YPeer) -> dict[int, str | None]:
    """The last that this peer heard of each client id."""
    frames = [message for message in peer.heard() if isinstance(message, AwarenessUpdate)]
    return {entry.client_id: entry.state for frame in frames for entry in decode_awareness(frame.update)}


async def test_a_socket_that_stalls_is_passed_over_and_made_whole_when_it_drains(stage: Stage) -> None:
    document = await stage.document()
    ada, ben = await stage.sync(document), await stage.sync(document)
    for peer in (ada, ben):
        peer.say(SyncStep1(b"\x00"))
    ben.socket.stalled = True
    for letter in "abcdef":
        ada.say(Update(ada.edit(letter)))
        stage.keeper.find(document).flush()  # type: ignore[union-attr]
    assert len([message for message in ben.heard() if isinstance(message, Update)]) == 1
    ben.socket.stalled = False
    ben.connection.drained()
    for message in ben.heard():
        if isinstance(message, Update | SyncStep2):
            ben.doc.apply_update(message.update)
    assert str(ben.text) == "abcdef"


async def test_presence_outlives_a_broken_socket_for_a_grace_and_not_a_clean_leave(stage: Stage) -> None:
    document = await stage.document()
    ada, ben, cyd = [await stage.sync(document) for _ in range(3)]
    announce(ada)
    announce(ben)
    host = stage.keeper.find(document)
    assert host is not None
    host.flush()
    ada.connection.lost(clean=True)
    ben.connection.lost(clean=False)
    host.flush()
    assert shown(cyd)[ada.doc.client_id] is None
    assert shown(cyd)[ben.doc.client_id] is not None
    assert not host.is_idle


async def test_a_document_that_goes_under_its_writers_ends_their_seats(stage: Stage) -> None:
    document = await stage.document()
    ada = await stage.sync(document)
    await stage.documents.delete(NAME, document, datetime.now(UTC))
    ada.say(Update(ada.edit("x")))
    await ada.socket.until(lambda: ada.socket.closed is not None)
    assert ada.socket.closed is not None
    assert ada.socket.closed[0] == 4410


async def test_a_room_whose_document_was_brought_back_underneath_logs_nothing_and_is_opened_anew(stage: Stage) -> None:
    document = await stage.document()
    ada = await stage.sync(document)
    before = stage.keeper.find(document)
    incarnation = await stage.bring_back(document)
    ada.say(Update(ada.edit("x")))
    await ada.socket.until(lambda: ada.socket.closed is not None)
    assert ada.socket.closed is not None
    assert ada.socket.closed[0] == 4509
    assert await stage.log.heads([document]) == {document: 0}
    anew = await stage.keeper.enter(document)
    assert anew is not before
    assert anew.incarnation == incarnation


async def test_a_room_whose_edits_went_with_the_document_is_not_there_after_a_restore(stage: Stage) -> None:
    document = await stage.document()
    ada = await stage.sync(document)
    await stage.documents.delete(NAME, document, datetime.now(UTC))
    ada.say(Update(ada.edit("x")))
    await ada.socket.until(lambda: ada.socket.closed is not None)
    await stage.documents.restore(NAME, document, datetime.now(UTC))
    again = await stage.sync(document)
    again.say(SyncStep2(ada.doc.get_update()))
    assert await stage.keeper.flush(5)
    opened = await stage.log.open(document)
    assert opened is not None
    assert len(opened.rows) == 1, "known to the old room only, so it was never logged"


async def test_many_turns_are_folded_into_a_snapshot_and_nothing_is_lost(stage: Stage) -> None:
    document = await stage.document()
    ada = await stage.sync(document)
    ada.say(SyncStep1(b"\x00"))
    host = stage.keeper.find(document)
    assert host is not None
    for number in range(520):
        ada.say(Update(ada.edit(chr(97 + number % 26))))
        host.flush()
    assert await stage.keeper.flush(30)
    assert host.compaction.task is not None
    await host.compaction.task
    opened = await stage.log.open(document)
    assert opened is not None
    assert opened.snapshot is not None
    assert opened.snapshot.position + len(opened.rows) == opened.head == 520
    assert host.room.content.rows_since_snapshot == len(opened.rows)
    ben = await stage.sync(document)
    ben.say(SyncStep1(b"\x00"))
    (answer,) = [message for message in ben.heard() if isinstance(message, SyncStep2)]
    ben.doc.apply_update(answer.update)
    assert str(ben.text) == str(ada.text)
    assert stage.figures.compactions == 1


async def test_a_long_tail_of_few_turns_is_folded_when_nobody_types_any_more(stage: Stage) -> None:
    document = await stage.document()
    ada = await stage.sync(document)
    host = stage.keeper.find(document)
    assert host is not None
    for _ in range(40):
        ada.say(Update(ada.edit("a long line, typed at once " * 100)))
        host.flush()
    assert await stage.keeper.flush(5)
    stage.keeper.sweep()
    assert host.compaction.task is None, "somebody has just typed"
    stage.clock.ahead += QUIET_SECONDS
    stage.keeper.sweep()
    assert host.compaction.task is not None
    await host.compaction.task
    opened = await stage.log.open(document)
    assert opened is not None
    assert opened.snapshot is not None
    assert (opened.snapshot.position, opened.rows) == (40, [])
    stage.clock.ahead += QUIET_SECONDS
    stage.keeper.sweep()
    assert host.compaction.task is None, "there is nothing left to fold"
    ben = await stage.sync(document)
    ben.say(SyncStep1(b"\x00"))
    (answer,) = [message for message in ben.heard() if isinstance(message, SyncStep2)]
    ben.doc.apply_update(answer.update)
    assert str(ben.text) == str(ada.text)


async def test_a_first_sync_is_encoded_once_for_all_who_join(stage: Stage) -> None:
    document = await stage.document()
    ada = await stage.sync(document)
    ada.say(Update(ada.edit("x")))
    await stage.keeper.flush(5)
    joiners = [await stage.sync(document) for _ in range(3)]
    for peer in joiners:
        peer.say(SyncStep1(b"\x00"))
    frames = {id(peer.socket.frames[-1]) for peer in joiners}
    assert len(frames) == 1


async def test_a_room_that_loses_a_turn_is_opened_anew_and_its_peers_bring_what_it_lost(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await stage.document()
    ada, ben = await stage.sync(document), await stage.sync(document)
    ada.say(Update(ada.edit("kept ")))
    broken = stage.keeper.find(document)
    assert broken is not None
    broken.flush()

    def fails(_: object) -> bytes:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("crdt.room.turn.joined", fails)
        for peer in (ada, ben):
            peer.say(Update(peer.edit("lost ")))
        broken.flush()
    assert [peer.socket.closed[0] for peer in (ada, ben) if peer.socket.closed] == [4508, 4508]
    assert stage.keeper.find(document) is None
    again = await stage.sync(document)
    assert stage.keeper.find(document) is not broken
    for peer in (ada, ben):
        again.say(SyncStep2(peer.doc.get_update()))
    assert await stage.keeper.flush(5)
    opened = await stage.log.open(document)
    assert opened is not None
    reader = YPeer()
    for _, row in opened.rows:
        reader.doc.apply_update(row)
    assert sorted(str(reader.text).split()) == ["kept", "lost", "lost"]


async def test_a_turn_that_is_lost_in_the_middle_of_another_message_ends_the_room_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = await stage.document()
    ada, ben = await stage.sync(document), await stage.sync(document)
    for peer in (ada, ben):
        peer.say(SyncStep1(b"\x00"))
    paste = Update(ada.edit("p" * 40_000))
    ada.say(paste)
    await ben.socket.until(lambda: any(isinstance(message, Update) for message in ben.heard()))

    def fails(_: object) -> bytes:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("crdt.room.turn.joined", fails)
        ben.say(Update(ben.edit("lost")))
        with pytest.raises(TurnLost):
            ada.say(paste)  # it is known, and ends the turn: what is accepted until now comes before its answer
        await asyncio.sleep(0)
    assert [peer.socket.closed[0] for peer in (ada, ben) if peer.socket.closed] == [4508, 4508]
    assert stage.keeper.find(document) is None


async def test_who_takes_nothing_keeps_no_first_sync_from_others(stage: Stage) -> None:
    document = await stage.document()
    ada, ben = await stage.sync(document), await stage.sync(document)
    ben.say(SyncStep1(b"\x00"))
    ada.say(Update(ada.edit("p" * PACED_BYTES)))
    await ben.socket.until(lambda: any(isinstance(message, Update) for message in ben.heard()))
    host = stage.keeper.find(document)
    assert host is not None
    quick = [await stage.sync(document) for _ in range(AT_ONCE)]
    slow = [await stage.sync(document) for _ in range(AT_ONCE)]
    last = await stage.sync(document)
    for peer in (*quick, *slow):
        peer.say(SyncStep1(b"\x00"))
    for peer in slow:
        peer.socket.stalled = True
    announce(ada)
    host.flush()
    last.say(SyncStep1(b"\x00"))
    await last.socket.until(lambda: any(isinstance(message, SyncStep2) for message in last.heard()))


async def test_R17_a_question_that_waits_for_its_peers_own_update_keeps_no_first_sync_from_others(stage: Stage) -> None:
    document = await stage.document()
    ada, ben = await stage.sync(document), await stage.sync(document)
    ben.say(SyncStep1(b"\x00"))
    ada.say(Update(ada.edit("p" * PACED_BYTES)))
    await ben.socket.until(lambda: any(isinstance(message, Update) for message in ben.heard()))
    hostile = [await stage.sync(document) for _ in range(AT_ONCE)]
    for number, peer in enumerate(hostile):
        peer.say(Update(peer.edit(f"{number}" * PACED_BYTES)))  # looked at elsewhere, which takes as long as it takes
        peer.say(SyncStep1(b"\x00"))
    last = await stage.sync(document)
    last.say(SyncStep1(b"\x00"))
    assert any(isinstance(message, SyncStep2) for message in last.heard()), "at once"
