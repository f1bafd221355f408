"""The body of an answer as a connection's way out: in order, with a sense of who does not read, and with an end."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from server.realtime.feed.event_stream import Piece
from server.realtime.sockets import response
from server.realtime.sockets.response import ResponseTransport
from server.realtime.transport import HIGH_WATER


class Client:
    """Takes what is sent while `reads` is set; `leave` is the end of its connection."""

    def __init__(self) -> None:
        self.transport = ResponseTransport()
        self.reads = asyncio.Event()
        self.reads.set()
        self.sent: list[Message] = []
        self.heard = asyncio.Event()
        self.drained = 0
        self._gone = asyncio.Event()
        self.served = asyncio.create_task(self.transport.attend(self._drained, self._receive, self._send))

    @property
    def body(self) -> bytes:
        return b"".join(each["body"] for each in self.sent)

    def leave(self) -> None:
        self._gone.set()

    async def until(self, body: bytes) -> None:
        async with asyncio.timeout(5):
            while self.body != body:
                self.heard.clear()
                await self.heard.wait()

    def _drained(self) -> None:
        self.drained += 1

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        await self.reads.wait()
        self.sent.append(message)
        self.heard.set()


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    client = Client()
    yield client
    client.leave()
    async with asyncio.timeout(5):
        await client.served


async def test_what_is_written_is_sent_in_order(client: Client) -> None:
    client.transport.write(Piece(b"1"))
    client.transport.write(Piece(b"2"))
    await client.until(b"12")
    client.transport.write(Piece(b"3"))
    await client.until(b"123")
    assert all(each["more_body"] for each in client.sent)
    assert client.transport.spoke


async def test_a_close_ends_the_answer_behind_what_waits(client: Client) -> None:
    client.transport.write(Piece(b"last"))
    client.transport.close(1000, "")
    client.transport.write(Piece(b"too late"))
    assert await client.served is True
    assert client.body == b"last"
    assert client.sent[-1]["more_body"] is False


async def test_a_client_that_goes_ends_it_too(client: Client) -> None:
    client.transport.write(Piece(b"1"))
    await client.until(b"1")
    client.leave()
    assert await client.served is False
    client.transport.write(Piece(b"2"))
    assert client.body == b"1"


async def test_who_does_not_read_is_known_and_so_is_that_he_reads_again(client: Client) -> None:
    client.reads.clear()
    big = b"x" * HIGH_WATER
    client.transport.write(Piece(b"1"))
    assert not client.transport.stalled
    client.transport.write(Piece(big))
    assert client.transport.stalled
    assert client.drained == 0
    client.reads.set()
    await client.until(b"1" + big)
    client.transport.write(Piece(b"2"))
    await client.until(b"1" + big + b"2")
    assert client.drained == 1
    assert not client.transport.stalled


async def test_who_takes_nothing_is_not_waited_for_when_it_ends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response, "CLOSE_SECONDS", 0.01)
    client.reads.clear()
    client.transport.write(Piece(b"1"))
    client.transport.close(1000, "")
    async with asyncio.timeout(5):
        assert await client.served is False
    assert client.body == b""
