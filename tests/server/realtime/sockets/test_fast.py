"""What only the socket on the TCP transport does: pings, limits of what waits, and uvicorn as it was read."""

import asyncio
from importlib.metadata import version

import pytest

from server.errors import Stopping
from server.realtime.sockets.fast import AT_ONCE, EXCESS_BYTES, FastSocket
from server.realtime.sockets.handshake import UVICORN
from tests.server.realtime.sockets.hall import BINARY, PING, PONG, Hall, frame


def test_uvicorn_is_the_one_that_the_handshake_was_written_against() -> None:
    """Before another version is let in: read its WebSocketsSansIOProtocol, run these tests, then change UVICORN."""
    assert version("uvicorn") == UVICORN


async def test_our_server_hands_its_sockets_over_and_keeps_no_task_for_them(hall: Hall, way: str) -> None:
    before = asyncio.all_tasks()
    _, probe = await hall.connect()
    kept = {task for task in asyncio.all_tasks() - before if "run_asgi" in str(task.get_coro())}
    assert isinstance(probe.transport, FastSocket) is (way == "fast")
    assert len(kept) == (0 if way == "fast" else 1)


async def test_a_silent_client_is_pinged_and_stays_when_it_answers(fast_hall: Hall) -> None:
    client, probe = await fast_hall.connect()
    socket = probe.transport
    assert isinstance(socket, FastSocket)
    for _ in range(3):
        socket.look()  # what it has heard so far is taken note of
        socket.look()
        assert await client.next() == (PING, b"")
        client.send(frame(PONG) + frame(BINARY, b"x"))
        probe.heard.clear()
        await probe.until_heard(1)
    assert probe.ended is None


async def test_a_client_that_answers_no_ping_is_lost(fast_hall: Hall) -> None:
    client, probe = await fast_hall.connect()
    socket = probe.transport
    assert isinstance(socket, FastSocket)
    for _ in range(3):
        socket.look()
    assert (await client.until_closed())[0] == 1011
    assert await probe.until_lost() is False


async def test_a_socket_that_closes_is_not_pinged(fast_hall: Hall) -> None:
    client, probe = await fast_hall.connect()
    socket = probe.transport
    assert isinstance(socket, FastSocket)
    probe.close(Stopping())
    for _ in range(4):
        socket.look()
    assert (await client.until_closed())[0] == 1012
    await probe.until_lost()
    socket.look()


async def test_a_slow_link_that_takes_its_first_sync_is_not_lost(fast_hall: Hall) -> None:
    """The ping waits behind the sync, so there is no answer; that bytes leave is a sign of life."""
    client, probe = await fast_hall.connect()
    socket = probe.transport
    assert isinstance(socket, FastSocket)
    size = 24 << 20
    probe.say(bytes(size))
    socket.look()
    taken = 0
    for _ in range(6):
        socket.look()
        async with asyncio.timeout(20):
            taken += len(await client.reader.readexactly(2 << 20))
    assert probe.ended is None
    while taken < size:
        taken += len(await client.reader.read(1 << 20))
    assert probe.ended is None


async def test_a_client_that_takes_nothing_of_its_first_sync_is_cut_off(fast_hall: Hall) -> None:
    _, probe = await fast_hall.connect()
    socket = probe.transport
    assert isinstance(socket, FastSocket)
    probe.say(bytes(24 << 20))
    for _ in range(4):
        socket.look()
    assert await probe.until_lost() is False


async def test_a_client_that_is_not_read_is_not_missed(fast_hall: Hall) -> None:
    client, probe = await fast_hall.connect()
    socket = probe.transport
    assert isinstance(socket, FastSocket)
    probe.pauses = [0.1]
    client.send(frame(BINARY, b"1") + frame(BINARY, b"2"))
    await probe.until_heard(1)
    for _ in range(5):
        socket.look()
    await probe.until_heard(2)
    assert probe.ended is None


async def test_what_is_written_to_a_stalled_socket_has_a_bound(fast_hall: Hall) -> None:
    _, probe = await fast_hall.connect()
    probe.say(bytes(16 << 20))
    assert probe.transport.stalled
    said = 0
    while probe.ended is None and said <= 2 * EXCESS_BYTES:
        probe.say(bytes(1 << 16))
        said += 1 << 16
        await asyncio.sleep(0)
    assert said <= EXCESS_BYTES + (2 << 16)
    assert await probe.until_lost() is False


async def test_pings_without_end_of_a_client_that_reads_nothing_cut_it_off(fast_hall: Hall) -> None:
    client, probe = await fast_hall.connect()
    probe.say(bytes(16 << 20))
    pings = frame(PING, bytes(125)) * 1000
    for _ in range(2 * EXCESS_BYTES // 125_000 + 8):
        client.send(pings)
    assert await probe.until_lost() is False


async def test_a_burst_of_one_client_lets_others_have_their_turn(fast_hall: Hall) -> None:
    one, loud = await fast_hall.connect()
    other, quiet = await fast_hall.connect()
    one.send(frame(BINARY, b"x") * (8 * AT_ONCE))
    other.send(frame(BINARY, b"y"))
    await quiet.until_heard(1)
    await loud.until_heard(8 * AT_ONCE)
    assert quiet.heard_at[0] < loud.heard_at[-1]


async def test_a_fault_of_ours_ends_one_socket_with_a_code_to_come_back(
    fast_hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    client, probe = await fast_hall.connect()
    probe.fault = RuntimeError("a fault")
    client.send(frame(BINARY, b"x") + frame(BINARY, b"y"))
    code, _ = await client.until_closed()
    assert code in {1011, *range(4500, 4600)}
    await probe.until_lost()
    assert [record.message for record in caplog.records].count("a message could not be taken") == 1


async def test_what_a_client_still_sends_does_not_hide_the_close_that_says_why(fast_hall: Hall) -> None:
    client, probe = await fast_hall.connect()
    client.send(b"\x82\xff" + (3 << 20).to_bytes(8, "big") + bytes(4) + bytes(3 << 20))
    assert (await client.next())[1][:2] == (1009).to_bytes(2, "big")
    await probe.until_lost()


@pytest.mark.parametrize("first", [PING, PONG])
async def test_a_flood_of_pings_or_pongs_is_read_slowly(fast_hall: Hall, first: int) -> None:
    client, probe = await fast_hall.connect()
    figures = fast_hall.sockets.figures
    while not figures.pauses:
        client.send(frame(first) * 500 + frame(BINARY, b"x"))
        await probe.until_heard(len(probe.heard) + 1)
    assert len(probe.heard) > 500 * 4 * 5 / 501, "many are free"
