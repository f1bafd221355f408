"""All connections of a node: limits, silence, expiry, rights that change, and the end of all."""

from datetime import UTC, datetime, timedelta

import pytest

from crdt.messages import Authenticated, AuthToken, AwarenessUpdate, PermissionDenied, SyncStep1, SyncStep2
from crdt.room import Right
from server.errors import Busy, Forbidden, RateLimited, Stopping
from server.realtime.access import ACCESS
from server.realtime.connections.documents import KEEP_ALIVE_SECONDS, OPENING_SECONDS
from server.realtime.connections.registry import ConnectionLimits, ConnectionRegistry
from tests.server.realtime.linked import Linked
from tests.server.realtime.stage import OpenDoor, Stage

SILENCE = AwarenessUpdate(b"\x00")


async def test_an_address_has_a_limit_and_gives_its_places_back(stage: Stage) -> None:
    stage.registry.arrive("here")
    here = stage.registry.arrive("here")
    with pytest.raises(RateLimited):
        stage.registry.arrive("here")
    elsewhere = stage.registry.arrive("elsewhere")
    stage.registry.depart(here)
    stage.registry.depart(elsewhere)
    stage.registry.arrive("here")


async def test_the_node_has_a_limit(stage: Stage) -> None:
    for address in ("a", "b", "c"):
        stage.registry.arrive(address)
    with pytest.raises(Busy):
        stage.registry.arrive("d")


async def test_a_user_has_a_limit_of_sockets(stage: Stage) -> None:
    first, second, third = (stage.registry.arrive(address) for address in ("a", "b", "c"))
    stage.registry.identify(first, "ada")
    stage.registry.identify(first, "ada")  # the same socket opens another document
    with pytest.raises(RateLimited):
        stage.registry.identify(second, "ada")
    stage.registry.identify(third, "ben")
    stage.registry.depart(first)
    stage.registry.identify(second, "ada")


async def test_a_user_has_one_limit_on_all_nodes_together(stage: Stage) -> None:
    link = Linked(stage.clock, "one", "two")
    limits = ConnectionLimits(node=9, address=9, user=2)
    one, two = (
        ConnectionRegistry(stage.clock, stage.broker, stage.figures, limits, table) for table in link.tables("users")
    )
    first = one.arrive("a")
    one.identify(first, "ada")
    link.tell()
    two.identify(two.arrive("a"), "ada")
    link.tell()
    third = two.arrive("a")
    for registry in (one, two):
        with pytest.raises(RateLimited):
            registry.identify(third, "ada")
    one.depart(first)
    link.tell()
    two.identify(third, "ada")


async def test_a_link_that_heard_nothing_is_kept_alive_and_a_busy_one_left_alone(stage: Stage) -> None:
    document = await stage.document()
    peer = await stage.sync(document)
    stage.registry.add(peer.connection)
    stage.registry.sweep()
    assert SILENCE not in peer.heard()
    stage.clock.ahead += KEEP_ALIVE_SECONDS
    stage.registry.sweep()
    assert peer.heard()[-1] == SILENCE
    said = len(peer.heard())
    stage.registry.sweep()
    assert len(peer.heard()) == said


async def test_a_socket_that_opens_nothing_is_closed_with_4401(stage: Stage) -> None:
    peer = stage.hocuspocus(OpenDoor(knows_the_caller=False))
    stage.registry.add(peer.connection)
    stage.clock.ahead += OPENING_SECONDS + 1
    stage.registry.sweep()
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 4401


async def test_a_credential_that_expires_ends_its_seats(stage: Stage) -> None:
    door = OpenDoor(expires_at=datetime.now(UTC) - timedelta(seconds=5))
    peer = await stage.sync(await stage.document(), door)
    stage.registry.add(peer.connection)
    stage.registry.sweep()
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 4401


async def test_a_right_that_shrinks_reaches_the_live_peer(stage: Stage) -> None:
    document, door = await stage.document(), OpenDoor()
    peer = stage.hocuspocus(door)
    stage.registry.add(peer.connection)
    peer.say(document, AuthToken("tk", None))
    peer.say(document, SyncStep1(b"\x00"))
    await peer.until_heard(document, SyncStep2(b"\x00\x00"))
    door.right = Right.READ
    ACCESS.publish(stage.broker, {"organisation": "org", "user": "ada", "credential": None, "document": None})
    await peer.until_heard(document, Authenticated("readonly"))
    assert len(peer.connection.places) == 1


async def test_a_right_that_is_gone_ends_the_seat(stage: Stage) -> None:
    document, door = await stage.document(), OpenDoor()
    peer = stage.hocuspocus(door)
    stage.registry.add(peer.connection)
    peer.say(document, AuthToken("tk", None))
    await peer.until_heard(document, Authenticated("read-write"))
    door.refusal = Forbidden()
    ACCESS.publish(stage.broker, {"credential": "credential"})
    await peer.until_heard(document, PermissionDenied("permission-denied"))
    assert peer.connection.places == ()


async def test_who_was_on_the_way_in_when_a_right_changed_is_looked_at_again(stage: Stage) -> None:
    document, door = await stage.document(), OpenDoor()
    admission = await door.admit(document, None)
    door.refusal = Forbidden()
    ACCESS.publish(stage.broker, {"user": "ada"})
    door.refusal = None
    peer = await stage.sync(document, door)
    assert peer.connection.places[0].seat.admission.right == admission.right
    stage.registry.add(peer.connection)
    door.refusal = Forbidden()
    stage.registry.sweep()
    await peer.socket.until(lambda: peer.socket.closed is not None)
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 4403


@pytest.mark.parametrize(
    "change", [{"organisation": "other"}, {"user": "ben"}, {"credential": "other"}, {"document": "other"}]
)
async def test_a_change_that_concerns_others_looks_nothing_up(stage: Stage, change: dict[str, str]) -> None:
    document, door = await stage.document(), OpenDoor()
    peer = await stage.sync(document, door)
    stage.registry.add(peer.connection)
    door.refusal = Forbidden()
    ACCESS.publish(stage.broker, change)
    assert stage.registry._rechecks == set()


async def test_a_stop_tells_everybody_to_come_back_and_lets_nobody_in(stage: Stage) -> None:
    peer = await stage.sync(await stage.document())
    stage.registry.add(peer.connection)
    await stage.registry.close(0)
    assert peer.socket.closed is not None
    assert peer.socket.closed[0] == 1012
    with pytest.raises(Stopping):
        stage.registry.arrive("here")
