"""A client that knows another incarnation is asked for its copy, is told where that is, and never enters the room."""

import pytest
from pycrdt import Doc

from crdt.messages import Authenticated, AuthToken, PermissionDenied, Stateless, SyncStep1, SyncStep2, Update
from crdt.room import Right
from persistence.errors import StoreUnavailable
from server.errors import Busy, Invalid, Refused
from server.realtime.connections.documents import KEEP_ALIVE_SECONDS, NOBODY_MOVED
from server.realtime.copies import COPY_SECONDS, KnownIncarnations
from tests.server.realtime.stage import HPeer, OpenDoor, Stage, YPeer

EVERYTHING = SyncStep1(b"\x00")


def closed(peer: YPeer | HPeer) -> tuple[int, str]:
    assert peer.socket.closed is not None
    return peer.socket.closed


async def until_closed(peer: YPeer | HPeer) -> tuple[int, str]:
    await peer.socket.until(lambda: peer.socket.closed is not None)
    return closed(peer)


def test_an_upgrade_request_says_what_its_client_knows() -> None:
    assert KnownIncarnations().of("plan") is None
    assert KnownIncarnations([""]).of("plan") == ""
    assert KnownIncarnations(["abc"]).of("plan") == "abc"
    some = KnownIncarnations(["plan:abc", "a:b:def", "none:"])
    assert [some.of(name) for name in ("plan", "a:b", "none", "other")] == ["abc", "def", "", None]
    with pytest.raises(Invalid):
        KnownIncarnations(["abc/def"])
    with pytest.raises(Invalid):
        KnownIncarnations(["a" * 33])


async def test_a_copy_is_taken_whole_and_the_socket_closed_with_the_branch(stage: Stage) -> None:
    document = await stage.document()
    peer = await stage.copy(document, "old")
    assert peer.heard() == [EVERYTHING]
    peer.say(EVERYTHING)
    peer.say(SyncStep2(peer.edit("mine")))
    code, reason = await until_closed(peer)
    assert code == 4409
    assert "b1" in reason
    assert stage.shelf.kept == [(document, "old", (peer.doc.get_update(),))]
    assert peer.heard() == [EVERYTHING], "it hears nothing of the document"
    host = stage.keeper.find(document)
    assert host is not None
    assert (host.room.peers, host.position, host.room.is_dirty) == ((), 0, False)


async def test_what_is_typed_while_a_copy_is_kept_is_kept_too(stage: Stage) -> None:
    peer = await stage.copy(await stage.document(), "old")
    peer.say(Update(peer.edit("early")))
    stage.shelf.may_answer.clear()
    first, second = peer.doc.get_update(), peer.edit("later")
    peer.say(SyncStep2(first))
    await stage.shelf_is_asked()
    peer.say(Update(second))
    stage.shelf.may_answer.set()
    assert (await until_closed(peer))[0] == 4409
    assert [copy for _, _, copy in stage.shelf.kept] == [(first,), (first, second)]
    doc: Doc = Doc()
    for update in stage.shelf.kept[-1][2]:
        doc.apply_update(update)
    assert doc.get_state() == peer.doc.get_state()


async def test_a_copy_without_anything_new_is_told_so(stage: Stage) -> None:
    stage.shelf.has_nothing_new = True
    peer = await stage.copy(await stage.document(), "old")
    peer.say(SyncStep2(b"\x00\x00"))
    code, reason = await until_closed(peer)
    assert code == 4409
    assert "branch" not in reason


async def test_who_may_only_read_is_not_asked(stage: Stage) -> None:
    peer = await stage.copy(await stage.document(), "old", OpenDoor(right=Right.COMMENT))
    assert closed(peer)[0] == 4409
    assert peer.heard() == []


async def test_who_sends_no_copy_in_time_has_to_come_again(stage: Stage) -> None:
    peer = await stage.copy(await stage.document(), "old")
    now = stage.clock.monotonic()
    peer.connection.look_after(now + COPY_SECONDS - 1, stage.clock.now())
    assert peer.socket.closed is None
    peer.connection.look_after(now + COPY_SECONDS + 1, stage.clock.now())
    assert closed(peer)[0] == 4508
    peer.say(SyncStep2(b"\x00\x00"))
    assert stage.shelf.kept == []


@pytest.mark.parametrize(
    ("refusal", "code"),
    [(Refused("no"), 4422), (Busy(), 1013), (StoreUnavailable("disk"), 4507), (ZeroDivisionError(), 1011)],
)
async def test_a_copy_that_cannot_be_kept_is_not_said_to_be(stage: Stage, refusal: Exception, code: int) -> None:
    stage.shelf.refusal = refusal
    peer = await stage.copy(await stage.document(), "old")
    peer.say(SyncStep2(b"\x00\x00"))
    assert (await until_closed(peer))[0] == code


async def test_a_client_that_sends_a_long_copy_is_kept_alive(stage: Stage) -> None:
    document = await stage.document()
    one, many = await stage.copy(document, "old"), stage.hocuspocus(None, "old")
    many.say(document, AuthToken("", None))
    await many.until_heard(document, EVERYTHING)
    for seconds in (1, KEEP_ALIVE_SECONDS + 2):
        for peer in (one, many):
            peer.connection.look_after(stage.clock.monotonic() + seconds, stage.clock.now())
    assert one.heard() == [EVERYTHING, NOBODY_MOVED]
    assert many.heard(document)[1:] == [EVERYTHING, NOBODY_MOVED]


async def test_a_copy_that_is_too_large_is_not_taken(stage: Stage) -> None:
    peer = await stage.copy(await stage.document(), "old")
    peer.say(SyncStep2(bytes(stage.shelf.most_bytes + 1)))
    assert closed(peer)[0] == 4413
    assert stage.shelf.kept == []


async def test_what_is_no_frame_ends_the_socket(stage: Stage) -> None:
    peer = await stage.copy(await stage.document(), "old")
    peer.connection.receive(b"\x00\x05")
    assert closed(peer)[0] == 4400


# Many documents on a socket.


async def test_hocuspocus_the_document_is_denied_with_the_branch_and_the_socket_stays(stage: Stage) -> None:
    document, other = await stage.document(), await stage.document()
    peer = stage.hocuspocus(None, f"{document}:old")
    for name, answer in ((document, EVERYTHING), (other, Authenticated("read-write"))):
        peer.say(name, AuthToken("", None))
        await peer.until_heard(name, answer)
    assert isinstance(peer.heard(document)[0], Stateless)
    assert peer.heard(document)[1:] == [EVERYTHING], "it is not let in"
    peer.say(document, SyncStep2(peer.edit("mine")))
    await peer.until_heard(document, PermissionDenied("kept-as-branch:b1"))
    assert stage.shelf.kept == [(document, "old", (peer.doc.get_update(),))]
    assert peer.socket.closed is None
    assert [place.seat.admission.document for place in peer.connection.places] == [other]


async def test_hocuspocus_a_client_that_asks_is_told_the_incarnation_and_let_in(stage: Stage) -> None:
    document = await stage.document()
    incarnation = (await stage.keeper.enter(document)).incarnation
    for known in ("", incarnation):
        peer = stage.hocuspocus(None, known)
        peer.say(document, AuthToken("", None))
        await peer.until_heard(document, Authenticated("read-write"))
        assert peer.heard(document)[0] == Stateless(f'{{"incarnation": "{incarnation}"}}')
        assert len(peer.connection.places) == 1


async def test_hocuspocus_why_nothing_is_kept_is_told(stage: Stage) -> None:
    document = await stage.document()
    stage.shelf.has_nothing_new = True
    editor, reader = stage.hocuspocus(None, "old"), stage.hocuspocus(OpenDoor(right=Right.READ), "old")
    for peer in (editor, reader):
        peer.say(document, AuthToken("", None))
    await editor.until_heard(document, EVERYTHING)
    editor.say(document, SyncStep2(b"\x00\x00"))
    await editor.until_heard(document, PermissionDenied("copy-outdated"))
    await reader.until_heard(document, PermissionDenied("copy-not-kept"))


async def test_hocuspocus_a_client_that_does_not_say_is_not_told(stage: Stage) -> None:
    peer, document = stage.hocuspocus(), await stage.document()
    peer.say(document, AuthToken("", None))
    await peer.until_heard(document, Authenticated("read-write"))
    assert not any(isinstance(message, Stateless) for message in peer.heard(document))


async def test_hocuspocus_a_copy_is_asked_for_once_and_not_waited_for_for_ever(stage: Stage) -> None:
    stage.shelf.has_nothing_new = True
    peer, document = stage.hocuspocus(None, "old"), await stage.document()
    peer.say(document, AuthToken("", None))
    await peer.until_heard(document, EVERYTHING)
    peer.connection.look_after(stage.clock.monotonic() + COPY_SECONDS - 1, stage.clock.now())
    assert peer.socket.closed is None, "it is being asked, so it has not come for nothing"
    peer.connection.look_after(stage.clock.monotonic() + COPY_SECONDS + 1, stage.clock.now())
    assert closed(peer)[0] == 4508


async def test_hocuspocus_who_leaves_takes_his_copy_along(stage: Stage) -> None:
    document = await stage.document()
    stage.shelf.may_answer.clear()
    peer = stage.hocuspocus(None, "old")
    peer.say(document, AuthToken("", None))
    await peer.until_heard(document, EVERYTHING)
    peer.say(document, SyncStep2(b"\x00\x00"))
    peer.connection.lost(clean=True)
    stage.shelf.may_answer.set()
    assert peer.connection.is_waiting
    assert not any(isinstance(message, PermissionDenied) for message in peer.heard(document))
