"""What a socket does over ASGI messages, and the same over the TCP transport of our own server: one suite for both."""

import asyncio

import pytest
import uvicorn

from server.errors import Forbidden, Stopping
from server.realtime.frames import Frame, TextFrame
from server.realtime.sockets import fast
from server.realtime.transport import HIGH_WATER
from tests.server.realtime.sockets.hall import BINARY, CLOSE, PING, PONG, TEXT, Hall, Probe, frame

FIN = 0x80
CONT = 0x00


async def test_messages_of_every_length_arrive_whole_and_in_order(hall: Hall) -> None:
    client, probe = await hall.connect()
    messages = [bytes([n % 251]) * n for n in (0, 1, 125, 126, 127, 65535, 65536, 300_000)]
    client.send(b"".join(frame(BINARY, message) for message in messages))
    assert await probe.until_heard(len(messages)) == messages


async def test_text_is_sent_as_text_between_binary_messages(hall: Hall) -> None:
    client, probe = await hall.connect()
    shared = TextFrame('{"späť":1}')
    for frame_ in (Frame(b"1"), shared, Frame(b"2"), shared):
        probe.transport.write(frame_)
    text = '{"späť":1}'.encode()
    assert [await client.next() for _ in range(4)] == [(BINARY, b"1"), (TEXT, text), (BINARY, b"2"), (TEXT, text)]


async def test_a_thousand_messages_in_one_segment_arrive_in_order(hall: Hall) -> None:
    client, probe = await hall.connect()
    client.send(b"".join(frame(BINARY, b"%d" % n) for n in range(1000)))
    assert await probe.until_heard(1000) == [b"%d" % n for n in range(1000)]


async def test_a_frame_in_pieces_of_a_byte_arrives_whole(hall: Hall) -> None:
    client, probe = await hall.connect()
    for byte in frame(BINARY, b"slow") + frame(BINARY, b"x" * 200):
        client.send(bytes([byte]))
        await client.writer.drain()
    assert await probe.until_heard(2) == [b"slow", b"x" * 200]


async def test_fragments_are_one_message_and_a_ping_may_come_between(hall: Hall) -> None:
    client, probe = await hall.connect()
    client.send(frame(BINARY - FIN, b"one ") + frame(CONT, b"two ") + frame(PING, b"still there?"))
    assert await client.next() == (PONG, b"still there?")
    client.send(frame(FIN | CONT, b"three") + frame(BINARY, b"four"))
    assert await probe.until_heard(2) == [b"one two three", b"four"]


async def test_a_text_message_is_a_str(hall: Hall) -> None:
    client, probe = await hall.connect()
    client.send(frame(TEXT, "späť".encode()) + frame(TEXT - FIN, b"\xe4\xb8") + frame(FIN | CONT, b"\x96"))
    assert await probe.until_heard(2) == ["späť", "世"]


async def test_a_ping_is_answered_and_a_pong_ignored(hall: Hall) -> None:
    client, probe = await hall.connect()
    client.send(frame(PONG, b"unasked") + frame(PING) + frame(PING, b"x" * 125) + frame(BINARY, b"on"))
    assert await client.next() == (PONG, b"")
    assert await client.next() == (PONG, b"x" * 125)
    assert await probe.until_heard(1) == [b"on"]


async def test_what_is_said_arrives_in_frames_of_every_length(hall: Hall) -> None:
    client, probe = await hall.connect()
    payloads = [b"x" * n for n in (0, 1, 125, 126, 65535, 65536)]
    for payload in payloads:
        probe.say(payload)
    assert [await client.next() for _ in payloads] == [(BINARY, payload) for payload in payloads]


@pytest.mark.parametrize(
    ("payload", "clean"),
    [
        (b"\x03\xe8", True),
        (b"\x03\xe9bye", True),
        (b"", True),
        (b"\x03\xf3", False),
        (b"\x0f\xa0", False),
    ],
    ids=["1000", "1001", "no code", "1011", "4000"],
)
async def test_a_close_of_the_client_is_answered_and_is_clean_when_meant_so(
    hall: Hall, payload: bytes, clean: bool
) -> None:
    client, probe = await hall.connect()
    client.send(frame(BINARY, b"last words") + frame(CLOSE, payload) + frame(BINARY, b"after the end"))
    assert await client.next() == (CLOSE, payload)
    assert await client.reader.read() == b""
    assert await probe.until_lost() is clean
    assert probe.heard == [b"last words"]


async def test_a_link_that_breaks_is_no_clean_leave(hall: Hall) -> None:
    client, probe = await hall.connect()
    client.send(frame(BINARY, b"x"))
    await probe.until_heard(1)
    client.vanish()
    assert await probe.until_lost() is False
    assert hall.house.realtime.figures.connections == 0


async def test_a_half_closed_link_is_no_clean_leave(hall: Hall) -> None:
    client, probe = await hall.connect()
    client.writer.write_eof()
    assert await probe.until_lost() is False


async def test_a_close_of_ours_comes_last_with_code_and_reason(hall: Hall) -> None:
    client, probe = await hall.connect()
    probe.say(b"before")
    probe.close(Forbidden("Your access has ended."))
    probe.say(b"after")
    assert await client.next() == (BINARY, b"before")
    assert await client.until_closed() == (4403, "Your access has ended.")
    await probe.until_lost()


async def test_a_reason_is_cut_between_characters_to_what_a_close_frame_holds(hall: Hall) -> None:
    client, probe = await hall.connect()
    probe.close(Forbidden("x" + "世" * 60))
    assert await client.until_closed() == (4403, "x" + "世" * 40)


async def test_a_close_from_both_sides_at_once_ends_well(hall: Hall) -> None:
    client, probe = await hall.connect()
    client.send(frame(CLOSE, b"\x03\xe8"))
    probe.close(Stopping())
    first, _ = await client.next()
    assert first == CLOSE
    assert await client.reader.read() == b""
    await probe.until_lost()


WRONG = {
    "unmasked": (b"\x82\x01x", 1002),
    "reserved opcode": (frame(0x83, b"x"), 1002),
    "reserved control opcode": (frame(0x8B, b"x"), 1002),
    "reserved bit": (frame(0xC2, b"x"), 1002),
    "continuation of nothing": (frame(FIN | CONT, b"x"), 1002),
    "a message in a message": (frame(BINARY - FIN, b"x") + frame(BINARY, b"y"), 1002),
    "long ping": (frame(PING, b"x" * 126), 1002),
    "ping in pieces": (frame(PING - FIN, b"x"), 1002),
    "close of one byte": (frame(CLOSE, b"x"), 1002),
    "close with a code that is not for the wire": (frame(CLOSE, b"\x03\xed"), 1002),
    "close in a message": (frame(BINARY - FIN, b"x") + frame(CLOSE, b"\x03\xe8"), 1002),
    "text that is no UTF-8": (frame(TEXT, b"\xff"), 1007),
    "text cut in a character": (frame(TEXT - FIN, b"\xe4") + frame(FIN | CONT, b"x"), 1007),
    "reason that is no UTF-8": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "too long, by its header": (b"\x82\xff" + (1 << 40).to_bytes(8, "big"), 1009),
    "too long, in fragments": (frame(BINARY - FIN, b"x" * 600_000) + frame(FIN | CONT, b"x" * 600_000)[:10], 1009),
}


@pytest.mark.parametrize("what", WRONG)
async def test_what_breaks_the_protocol_ends_the_socket_with_its_code(
    hall: Hall, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast, "LINGER_SECONDS", 0.02)
    data, code = WRONG[what]
    client, probe = await hall.connect()
    client.send(frame(BINARY, b"fine"))
    await probe.until_heard(1)
    client.send(data)
    assert (await client.until_closed())[0] == code
    assert await probe.until_lost() is False
    assert probe.heard == [b"fine"]


# Between the handshake and the connection.


async def test_what_came_before_the_connection_was_ready_is_heard_in_order(hall: Hall) -> None:
    hall.gate.clear()
    client = await hall.knock()
    client.send(frame(BINARY, b"1") + frame(TEXT, b"2") + frame(BINARY - FIN, b"3") + frame(PING, b"?"))
    half = frame(BINARY, b"5" * 200)
    client.send(frame(FIN | CONT, b"4") + half[:7])
    await client.writer.drain()
    hall.gate.set()
    probe = await hall.probe()
    assert await probe.until_heard(3) == [b"1", "2", b"34"]
    client.send(half[7:] + frame(BINARY, b"6"))
    assert (await probe.until_heard(5))[3:] == [b"5" * 200, b"6"]
    assert await client.next() == (PONG, b"?")


async def test_a_client_that_has_closed_before_the_connection_was_ready_left_cleanly(hall: Hall) -> None:
    hall.gate.clear()
    client = await hall.knock()
    client.send(frame(BINARY, b"1") + frame(CLOSE, b"\x03\xe8"))
    await client.writer.drain()
    hall.gate.set()
    probe = await hall.probe()
    assert await probe.until_lost() is True
    assert probe.heard == [b"1"]
    assert (await client.next())[0] == CLOSE


async def test_a_client_that_was_lost_before_the_connection_was_ready_is_gone(hall: Hall) -> None:
    hall.gate.clear()
    client = await hall.knock()
    client.vanish()
    hall.gate.set()
    assert await (await hall.probe()).until_lost() is False
    assert hall.sockets.registry.connections == ()


async def test_a_refusal_after_the_handshake_is_told_by_a_code(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(visit: object) -> Probe:
        raise Forbidden("Not this one.")

    monkeypatch.setattr(hall, "begin", refuse)
    client = await hall.knock()
    client.send(frame(BINARY, b"a first word"))
    assert await client.until_closed() == (4403, "Not this one.")


# Back-pressure.


async def test_a_client_that_does_not_read_stalls_its_socket_and_drains_it_later(hall: Hall) -> None:
    client, probe = await hall.connect()
    said = 0
    while not probe.transport.stalled:
        probe.say(bytes(1 << 14))
        said += 1
        await asyncio.sleep(0)
    assert said * (1 << 14) > HIGH_WATER
    assert probe.drains == 0
    for _ in range(said):
        await client.next()
    await probe.until(lambda: probe.drains > 0)
    assert not probe.transport.stalled


async def test_a_pause_that_is_asked_for_is_kept_and_nothing_is_lost(hall: Hall) -> None:
    client, probe = await hall.connect()
    probe.pauses = [0.0, 0.2, 0.0]
    client.send(b"".join(frame(BINARY, b"%d" % n) for n in range(5)))
    assert await probe.until_heard(5) == [b"%d" % n for n in range(5)]
    waited = [later - earlier for earlier, later in zip(probe.heard_at, probe.heard_at[1:], strict=False)]
    assert waited[1] >= 0.19
    client.send(frame(BINARY, b"on"))
    assert (await probe.until_heard(6))[-1] == b"on"


async def test_a_close_in_a_pause_is_sent_at_once(hall: Hall) -> None:
    client, probe = await hall.connect()
    probe.pauses = [0.3]
    client.send(frame(BINARY, b"1") + frame(BINARY, b"2"))
    await probe.until_heard(1)
    probe.close(Stopping())
    assert (await client.until_closed())[0] == 1012
    await probe.until_lost()


async def test_while_the_log_is_full_nobody_is_read(hall: Hall) -> None:
    client, probe = await hall.connect()
    writer = hall.house.realtime.rooms.writer
    writer._room.clear()
    client.send(frame(BINARY, b"1"))
    await probe.until_heard(1)
    client.send(frame(PING) + frame(BINARY, b"2"))
    other, _ = await hall.connect()  # the loop has gone round
    assert probe.heard == [b"1"]
    writer._room.set()
    assert await probe.until_heard(2) == [b"1", b"2"]
    other.vanish()


# The end.


async def test_a_drain_tells_every_socket_to_come_back(hall: Hall) -> None:
    pairs = [await hall.connect() for _ in range(3)]
    for _, probe in pairs:
        probe.say(b"x" * 100_000)
    await hall.sockets.registry.close(0)
    for client, probe in pairs:
        assert await client.until_closed() == (1012, Stopping().message)
        await probe.until_lost()


async def test_a_server_that_stops_says_so_after_all_that_was_written(hall: Hall) -> None:
    client, probe = await hall.connect()
    probe.say(b"x" * 3_000_000)
    assert hall.server is not None
    stop = asyncio.create_task(uvicorn.Server.shutdown(hall.server))
    await asyncio.sleep(0)
    assert await client.next() == (BINARY, b"x" * 3_000_000)
    assert (await client.until_closed())[0] == 1012
    await probe.until_lost()
    await stop


async def test_every_socket_is_counted_till_its_end(hall: Hall) -> None:
    pairs = [await hall.connect() for _ in range(3)]
    assert hall.house.realtime.figures.connections == 3
    for client, probe in pairs:
        client.send(frame(CLOSE, b"\x03\xe8"))
        await client.next()
        assert await client.reader.read() == b""
        assert await probe.until_lost() is True
    assert hall.house.realtime.figures.connections == 0
    assert hall.sockets.registry.connections == ()
