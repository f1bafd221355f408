"""A y-websocket connection: greeted, heard, kept alive, and ended with a code."""

from pycrdt import Doc

from crdt.awareness import Entry, decode_awareness, encode_awareness
from crdt.messages import AwarenessUpdate, SyncStep1, SyncStep2, Update
from crdt.protocols import y_websocket
from server.errors import Deleted
from server.realtime.connections.documents import NOBODY_MOVED
from tests.server.realtime.stage import Stage


async def test_the_server_speaks_first(stage: Stage) -> None:
    peer = await stage.sync(await stage.document())
    assert peer.heard() == [SyncStep1(b"\x00")]


async def test_two_peers_hear_each_other_and_the_log_has_it(stage: Stage) -> None:
    document = await stage.document()
    ada, ben = await stage.sync(document), await stage.sync(document)
    for peer in (ada, ben):
        peer.say(SyncStep1(b"\x00"))
    update = ada.edit("héllo 🙂")
    ada.say(Update(update))
    await ben.socket.until(lambda: Update(update) in ben.heard())
    assert Update(update) not in ada.heard()
    await stage.keeper.flush(5)
    assert [row.update for row in await stage.log.read(document, 0)] == [update]


async def test_a_room_opened_again_serves_what_was_said(stage: Stage) -> None:
    document = await stage.document()
    ada = await stage.sync(document)
    ada.say(Update(ada.edit("kept")))
    await stage.keeper.flush(5)
    ada.connection.lost(clean=True)
    stage.keeper.find(document).flush()  # type: ignore[union-attr]
    stage.clock.ahead += 31
    stage.keeper.sweep()
    assert stage.keeper.find(document) is None
    ben = await stage.sync(document)
    ben.say(SyncStep1(b"\x00"))
    (answer,) = [message for message in ben.heard() if isinstance(message, SyncStep2)]
    doc: Doc = Doc()
    doc.apply_update(answer.update)
    assert doc.get_state() == ada.doc.get_state()


async def test_a_broken_frame_ends_the_seat_with_4400(stage: Stage) -> None:
    for data in (b"", b"\x00\x02\x05a", "text"):
        peer = await stage.sync(await stage.document())
        peer.connection.receive(data)
        assert peer.socket.closed is not None
        assert peer.socket.closed[0] == 4400


async def test_an_update_that_is_none_ends_the_seat_with_4400(stage: Stage) -> None:
    peer = await stage.sync(await stage.document())
    peer.say(Update(b"\x01\x01"))
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 4400


async def test_a_message_that_nobody_knows_is_passed_over(stage: Stage) -> None:
    peer = await stage.sync(await stage.document())
    peer.connection.receive(b"\x66\x00")
    assert peer.socket.closed is None


async def test_keep_alive_is_an_awareness_frame_without_entries(stage: Stage) -> None:
    peer = await stage.sync(await stage.document())
    peer.connection.keep_alive()
    assert peer.heard()[-1] == NOBODY_MOVED == AwarenessUpdate(b"\x00")
    assert y_websocket.encode(NOBODY_MOVED) == b"\x01\x01\x00"


async def test_a_deleted_document_ends_its_seats_with_4410(stage: Stage) -> None:
    document = await stage.document()
    peer = await stage.sync(document)
    stage.keeper.end(document, Deleted())
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 4410
    assert peer.connection.places == ()


async def test_what_is_said_after_the_end_goes_nowhere(stage: Stage) -> None:
    document = await stage.document()
    peer = await stage.sync(document)
    stage.keeper.end(document, Deleted())
    peer.say(Update(peer.edit("late")))
    await stage.keeper.flush(5)
    assert await stage.log.read(document, 0) == []


async def test_presence_that_says_nothing_new_is_not_counted(stage: Stage) -> None:
    """Some clients send back every change that they hear: that must not use up what they may send themselves."""
    document = await stage.document()
    ada, ben = await stage.sync(document), await stage.sync(document)
    ada.say(AwarenessUpdate(encode_awareness([Entry(1, 1, "{}")])))
    for _ in range(20_000):
        ben.say(AwarenessUpdate(encode_awareness([Entry(2, 1, "{}")])))
    ben.say(AwarenessUpdate(encode_awareness([Entry(2, 2, '{"cursor":1}')])))
    host = stage.keeper.find(document)
    assert host is not None
    host.flush()
    told = [message for message in ada.heard() if isinstance(message, AwarenessUpdate)]
    assert decode_awareness(told[-1].update)[-1].clock == 2


async def test_presence_that_says_nothing_new_is_not_free(stage: Stage) -> None:
    ada = await stage.sync(await stage.document())
    said = AwarenessUpdate(encode_awareness([Entry(ada.doc.client_id, 1, "{}")]))
    for _ in range(20_000):
        ada.say(said)
    assert ada.connection.settle() == 0, "an echo of all that is heard in a busy room"
    for _ in range(8_000):
        ada.say(said)
    assert ada.connection.settle() > 1
    assert ada.connection.settle() == 0
