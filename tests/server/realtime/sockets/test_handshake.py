"""The opening handshake: plain requests are answered by us, all others by uvicorn's library, and both are served."""

import asyncio

import pytest

from server.realtime.sockets.fast import FastSocket
from tests.server.realtime.sockets.hall import PATH, SECONDS, SPEAKING_PATH, TEXT, Hall, frame

KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, section 1.3
PLAIN = {
    "Host": "localhost",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
}


async def ask(
    hall: Hall, changes: dict[str, str] | None = None, *more: str, path: str = PATH
) -> tuple[str, asyncio.StreamReader, asyncio.StreamWriter]:
    """The head of the answer to a plain request with `changes`, and `more` lines."""
    reader, writer = await asyncio.open_connection("127.0.0.1", hall.port)
    headers = {**PLAIN, **(changes or {})}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items() if value), *more]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    async with asyncio.timeout(SECONDS):
        head = await reader.readuntil(b"\r\n\r\n")
    return head.decode().lower(), reader, writer


async def test_a_plain_request_is_answered_as_the_standard_says(fast_hall: Hall) -> None:
    head, _, writer = await ask(fast_hall)
    assert head.startswith("http/1.1 101 switching protocols\r\n")
    assert f"sec-websocket-accept: {ACCEPT.lower()}\r\n" in head
    assert {"upgrade: websocket", "connection: upgrade"} <= set(head.split("\r\n"))
    probe = await fast_hall.probe()
    assert isinstance(probe.transport, FastSocket)
    writer.write(frame(TEXT, b"hello"))
    assert await probe.until_heard(1) == ["hello"]
    writer.close()


async def test_an_unusual_request_is_served_all_the_same(fast_hall: Hall) -> None:
    head, _, writer = await ask(fast_hall, None, "X-Twice: a", "X-Twice: b")
    assert head.startswith("http/1.1 101 ")
    probe = await fast_hall.probe()
    assert not isinstance(probe.transport, FastSocket)
    writer.write(frame(TEXT, b"hello"))
    assert await probe.until_heard(1) == ["hello"]
    writer.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"Sec-WebSocket-Version": "8"},
        {"Sec-WebSocket-Version": ""},
        {"Sec-WebSocket-Key": ""},
        {"Sec-WebSocket-Key": "c2hvcnQ="},
        {"Sec-WebSocket-Key": "%" * 24},
    ],
)
async def test_what_is_no_good_handshake_is_refused_by_its_status(fast_hall: Hall, changes: dict[str, str]) -> None:
    head, reader, writer = await ask(fast_hall, changes)
    assert head.startswith("http/1.1 4")
    async with asyncio.timeout(SECONDS):
        await reader.read()  # until the server closes
    writer.close()


async def test_a_foreign_origin_is_told_before_the_upgrade_and_counts_nowhere(fast_hall: Hall) -> None:
    head, reader, writer = await ask(fast_hall, {"Origin": "https://evil.example"})
    assert head.startswith("http/1.1 403 ")
    async with asyncio.timeout(SECONDS):
        body = await reader.read()
    assert b'"code":"' in body
    assert f"content-length: {len(body)}\r\n" in head
    assert fast_hall.sockets.registry.connections == ()
    writer.close()


async def test_more_sockets_than_an_address_may_have_are_refused_before_the_upgrade(fast_hall: Hall) -> None:
    registry = fast_hall.sockets.registry
    arrivals = [registry.arrive("127.0.0.1") for _ in range(registry.limits.address)]
    head, _, writer = await ask(fast_hall)
    assert head.startswith("http/1.1 429 ")
    registry.depart(arrivals.pop())
    head, _, other = await ask(fast_hall)
    assert head.startswith("http/1.1 101 ")
    for each in (writer, other):
        each.close()


async def test_a_fault_before_the_answer_is_told_as_one(fast_hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: str) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(fast_hall.sockets.registry, "arrive", fails)
    head, reader, writer = await ask(fast_hall)
    assert head.startswith("http/1.1 500 ")
    async with asyncio.timeout(SECONDS):
        assert await reader.read() == b""
    writer.close()


async def test_the_subprotocol_of_a_door_is_echoed_where_it_is_offered(hall: Hall) -> None:
    for offered, path, echoed in (
        ("other, data-governance-v1", SPEAKING_PATH, True),
        ("other", SPEAKING_PATH, False),
        ("", SPEAKING_PATH, False),
        ("data-governance-v1", PATH, False),
    ):
        head, _, writer = await ask(hall, {"Sec-WebSocket-Protocol": offered}, path=path)
        assert head.startswith("http/1.1 101 ")
        assert ("sec-websocket-protocol: data-governance-v1\r\n" in head) == echoed
        writer.close()
