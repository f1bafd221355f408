"""A Hocuspocus connection: opening, waiting, denying, many documents, acknowledgement after the commit."""

import asyncio

import pytest

from crdt.messages import (
    Authenticated,
    AuthToken,
    Detach,
    PermissionDenied,
    Stateless,
    SyncStatus,
    SyncStep1,
    SyncStep2,
    Update,
)
from crdt.protocols import hocuspocus
from crdt.room import Right
from server.errors import AppError, Deleted, Forbidden, NotFound, Unauthenticated
from server.realtime.connections.hocuspocus import DOCUMENTS, WAITING_BYTES, WAITING_MESSAGES
from tests.server.realtime.stage import OpenDoor, Stage


async def test_a_provider_that_sends_its_token_gets_in_and_is_synchronised(stage: Stage) -> None:
    document, door = await stage.document(), OpenDoor()
    peer = stage.hocuspocus(door)
    peer.say(document, AuthToken("tk", "4.8.0"))
    peer.say(document, SyncStep1(b"\x00"))
    await peer.until_heard(document, SyncStep2(b"\x00\x00"))
    assert peer.heard(document) == [Authenticated("read-write"), SyncStep1(b"\x00"), SyncStep2(b"\x00\x00")]
    assert door.asked == [(document, "tk")]


async def test_a_v2_provider_without_a_token_opens_by_its_first_message_when_the_caller_is_known(stage: Stage) -> None:
    document, door = await stage.document(), OpenDoor()
    peer = stage.hocuspocus(door)
    peer.say(document, SyncStep1(b"\x00"))
    await peer.until_heard(document, SyncStep2(b"\x00\x00"))
    assert door.asked == [(document, None)]


async def test_without_a_caller_messages_wait_for_the_token(stage: Stage) -> None:
    document, door = await stage.document(), OpenDoor(knows_the_caller=False)
    peer = stage.hocuspocus(door)
    peer.say(document, SyncStep1(b"\x00"))
    assert door.asked == []
    assert peer.connection.is_waiting
    peer.say(document, AuthToken("tk", None))
    await peer.until_heard(document, SyncStep2(b"\x00\x00"))


async def test_an_update_is_acknowledged_after_its_commit(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    await peer.synchronise(document)
    peer.types(document, "x")
    await peer.socket.until(lambda: peer.heard(document).count(SyncStatus(applied=True)) == 2)
    assert len(await stage.log.read(document, 0)) == 1


async def test_a_barrier_comes_back_after_the_commit(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    await peer.synchronise(document)
    peer.types(document, "x")
    peer.say(document, Stateless('{"barrier":1}'))
    await peer.until_heard(document, Stateless('{"barrier":1}'))
    assert len(await stage.log.read(document, 0)) == 1


async def test_one_socket_opens_many_documents_and_leaves_one(stage: Stage) -> None:
    first, second = await stage.document(), await stage.document()
    peer = stage.hocuspocus()
    for document in (first, second):
        peer.say(document, SyncStep1(b"\x00"))
        await peer.until_heard(document, SyncStep2(b"\x00\x00"))
    peer.say(first, Detach())
    assert [place.seat.admission.document for place in peer.connection.places] == [second]


async def test_the_address_of_a_reply_is_the_one_that_the_client_used(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    address = f"{document}\0session"
    peer.say(address, SyncStep1(b"\x00"))
    await peer.until_heard(address, SyncStep2(b"\x00\x00"))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Unauthenticated(), "permission-denied"),
        (Forbidden(), "permission-denied"),
        (NotFound(), "no-such-document"),
        (Deleted(), "document-deleted"),
    ],
)
async def test_a_denial_leaves_the_socket_open_for_another_try(stage: Stage, error: AppError, reason: str) -> None:
    document, door = await stage.document(), OpenDoor(refusal=error)
    peer = stage.hocuspocus(door)
    peer.say(document, AuthToken("bad", None))
    await peer.until_heard(document, PermissionDenied(reason))
    assert peer.socket.closed is None
    door.refusal = None
    peer.say(document, AuthToken("good", None))
    await peer.until_heard(document, Authenticated("read-write"))


async def test_a_document_that_is_not_in_the_log_is_denied(stage: Stage) -> None:
    peer = stage.hocuspocus()
    peer.say("nowhere", AuthToken("tk", None))
    await peer.until_heard("nowhere", PermissionDenied("no-such-document"))


async def test_a_refused_update_is_a_denial_on_that_address_only(stage: Stage) -> None:
    first, second = await stage.document(), await stage.document()
    peer = stage.hocuspocus()
    for document in (first, second):
        peer.say(document, SyncStep1(b"\x00"))
        await peer.until_heard(document, SyncStep2(b"\x00\x00"))
    peer.say(first, Update(b"\x01\x01"))
    await peer.until_heard(first, PermissionDenied("malformed"))
    assert len(peer.connection.places) == 1
    assert peer.socket.closed is None


async def test_a_new_token_renews_the_right_and_says_so(stage: Stage) -> None:
    document, door = await stage.document(), OpenDoor()
    peer = stage.hocuspocus(door)
    peer.say(document, AuthToken("one", None))
    await peer.until_heard(document, Authenticated("read-write"))
    door.right = Right.READ
    peer.say(document, AuthToken("two", None))
    await peer.until_heard(document, Authenticated("readonly"))
    peer.types(document, "no")
    await stage.keeper.flush(5)
    assert await stage.log.read(document, 0) == []


@pytest.mark.parametrize("data", [b"\x00", b"\x01 \x00\x00\x01\x00", "text", b"\x01d\x06\x01x"])
async def test_a_broken_frame_closes_the_socket(stage: Stage, data: bytes | str) -> None:
    peer = stage.hocuspocus()
    peer.connection.receive(data)
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 4400


async def test_pongs_and_unknown_kinds_are_passed_over(stage: Stage) -> None:
    peer = stage.hocuspocus()
    peer.connection.receive(b"\x0a")
    assert peer.socket.closed is None


async def test_who_sends_too_much_before_a_document_is_open_is_closed(stage: Stage) -> None:
    peer = stage.hocuspocus(OpenDoor(knows_the_caller=False))
    for _ in range(65):
        peer.say("d", SyncStep1(b"\x00"))
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 1013


async def test_a_socket_opens_a_bounded_number_of_documents(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    for number in range(DOCUMENTS):
        peer.connection._places[str(number)] = None
    peer.say(document, AuthToken("tk", None))
    await peer.until_heard(document, PermissionDenied("too-many-documents"))
    peer.connection._places.clear()


async def test_a_lost_socket_gives_up_what_it_was_opening(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    peer.say(document, AuthToken("tk", None))
    peer.connection.lost(clean=False)
    assert peer.connection.places == ()


async def test_a_document_that_is_closed_while_it_opens_and_opened_again_is_open(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    peer.say(document, AuthToken("tk", None))
    await asyncio.sleep(0)  # the first opening has begun; its end comes after the second one's beginning
    peer.say(document, Detach())
    peer.say(document, AuthToken("tk", None))
    peer.say(document, SyncStep1(b"\x00"))
    await peer.socket.until(lambda: bool(peer.socket.closed or peer.heard(document)))
    assert peer.socket.closed is None
    await peer.until_heard(document, SyncStep2(b"\x00\x00"))


async def test_documents_that_are_opened_all_at_once_are_as_many_as_one_after_the_other(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    names = [f"{document}\0{number}" for number in range(DOCUMENTS + 3)]
    for name in names:
        peer.say(name, AuthToken("tk", None))
    await peer.socket.until(lambda: all(peer.heard(name) for name in names))
    assert len(peer.connection.places) == DOCUMENTS


async def test_an_address_that_is_too_long_is_not_echoed(stage: Stage) -> None:
    peer = stage.hocuspocus()
    peer.say("x" * 601, AuthToken("tk", None))
    assert peer.socket.frames == []
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 4400


async def test_a_refused_document_opens_again_by_a_new_token_only(stage: Stage) -> None:
    document, door = await stage.document(), OpenDoor()
    peer = stage.hocuspocus(door)
    peer.say(document, AuthToken("tk", None))
    peer.say(document, SyncStep1(b"\x00"))
    await peer.until_heard(document, SyncStep2(b"\x00\x00"))
    peer.say(document, Update(b"\x01\x01"))
    await peer.until_heard(document, PermissionDenied("malformed"))
    peer.types(document, "tainted")
    await stage.keeper.flush(5)
    assert peer.connection.places == ()
    assert await stage.log.read(document, 0) == []
    peer.say(document, AuthToken("again", None))
    await peer.socket.until(lambda: peer.heard(document).count(Authenticated("read-write")) == 2)


async def test_who_is_denied_a_thousand_documents_is_closed(stage: Stage) -> None:
    peer = stage.hocuspocus(OpenDoor(refusal=NotFound()))
    for number in range(1_001):
        peer.say(f"d{number}", AuthToken("tk", None))
    await peer.socket.until(lambda: peer.socket.closed is not None)
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 1013


async def test_a_document_opened_on_a_socket_that_is_full_waits_with_its_first_sync(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    peer.socket.stalled = True
    peer.say(document, AuthToken("tk", None))
    await peer.until_heard(document, Authenticated("read-write"))
    peer.say(document, SyncStep1(b"\x00"))
    assert not any(isinstance(message, SyncStep2) for message in peer.heard(document))
    assert stage.figures.stalls == 1
    peer.socket.stalled = False
    peer.connection.drained()
    assert SyncStep2(b"\x00\x00") in peer.heard(document)


async def test_documents_beyond_the_bound_are_denied_without_asking_anybody(stage: Stage) -> None:
    door = OpenDoor()
    peer = stage.hocuspocus(door)
    for number in range(DOCUMENTS + 50):
        peer.say(f"nothing-{number}", AuthToken("tk", None))
    denied = [number for number in range(DOCUMENTS + 50) if peer.heard(f"nothing-{number}")]
    assert denied == list(range(DOCUMENTS, DOCUMENTS + 50))
    assert peer.heard(f"nothing-{DOCUMENTS}") == [PermissionDenied("too-many-documents")]
    assert stage.figures.refusals.counts["opening", "rate_limited"] == 50


async def test_no_long_message_is_read_before_a_document_is_open(stage: Stage) -> None:
    document = await stage.document()
    peer = stage.hocuspocus()
    assert peer.socket.max_size == WAITING_BYTES
    await peer.synchronise(document)
    assert peer.socket.max_size is None


async def test_while_much_waits_for_a_document_the_rest_waits_with_the_client(stage: Stage) -> None:
    peer = stage.hocuspocus()
    frame = hocuspocus.encode(await stage.document(), SyncStep1(b"\x00"))
    assert [peer.connection.receive(frame) for _ in range(WAITING_MESSAGES // 2)] == [0.0] * (WAITING_MESSAGES // 2)
    assert peer.connection.receive(frame) > 0
    assert peer.socket.closed is None
