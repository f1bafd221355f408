"""Hundreds of subscribers in one process: bare sockets that speak just enough of Centrifugo's protocol, and measure."""

import asyncio
import json
import re
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Arrivals", "Subscriber", "subscribed"]

OFFSET = re.compile(rb'"offset":(\d+)')
GREETING = b'{"id":1,"connect":{"token":"%b"}}\n{"id":2,"subscribe":%b}'
SMALL_WINDOW, WIDE_WINDOW = 4096, 1 << 20
"""A reader that stops is to be felt by the server soon, and not by the kernel for long."""
AT_ONCE = 50


@dataclass
class Arrivals:
    """When the events came to all who read: how many have it, and when the last one had it (monotonic seconds)."""

    counts: Counter[int] = field(default_factory=Counter)
    last: dict[int, float] = field(default_factory=dict)

    def arrived(self, offset: int) -> None:
        self.counts[offset] += 1
        self.last[offset] = time.monotonic()


class Subscriber(asyncio.Protocol):
    """Follows one channel. AssertionError (in `ended`) when an event is missing, or comes twice."""

    def __init__(self, token: str, channel: str, arrivals: Arrivals, since: tuple[str, int] | None = None) -> None:
        self.offset = -1
        self.epoch = ""
        self.recovered = False
        self.close_code: int | None = None
        self.ready = asyncio.get_running_loop().create_future()
        self.ended = asyncio.get_running_loop().create_future()
        self._token = token
        self._channel = channel
        self._arrivals = arrivals
        self._since = since
        self._input = b""
        self._is_open = False
        self._transport: asyncio.Transport | None = None

    @property
    def transport(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(
            b"GET /connection/websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )

    def data_received(self, data: bytes) -> None:
        self._input += data
        if not self._is_open:
            head, end, rest = self._input.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._is_open, self._input = True, rest
            self._greet()
        try:
            self._read_frames()
        except AssertionError as error:
            self._end(error)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(None)

    def stop_reading(self) -> None:
        self.transport.pause_reading()

    def read_on(self) -> None:
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WIDE_WINDOW)
        self.transport.resume_reading()

    # Private.

    def _greet(self) -> None:
        asked: dict[str, Any] = {"channel": self._channel}
        if self._since is not None:
            asked |= {"recover": True, "epoch": self._since[0], "offset": self._since[1]}
        self._say(GREETING % (self._token.encode(), json.dumps(asked).encode()))

    def _end(self, error: Exception | None) -> None:
        for future in (self.ready, self.ended):
            if not future.done():
                if error is None and future is self.ended:
                    future.set_result(None)
                else:
                    future.set_exception(error or ConnectionError(f"closed with {self.close_code}"))
                    future.exception()  # who waits for it has it
        self.transport.abort()

    def _read_frames(self) -> None:
        at, view = 0, self._input
        while len(view) - at >= 2:
            size, head = view[at + 1], 2
            if size == 126:
                size, head = int.from_bytes(view[at + 2 : at + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(view[at + 2 : at + 10], "big"), 10
            if len(view) - at < head + size:
                break
            self._read_frame(view[at] & 15, view[at + head : at + head + size])
            at += head + size
        self._input = view[at:]

    def _read_frame(self, opcode: int, payload: bytes) -> None:
        if opcode == 8:
            self.close_code = int.from_bytes(payload[:2], "big")
        elif opcode == 9:
            self._frame(0x8A, payload)
        elif payload.startswith(b'{"push"'):
            self._hear(payload)
        elif payload == b"{}":
            self._say(b"{}")
        elif payload.startswith(b'{"id":2'):
            self._subscribed(json.loads(payload))

    def _subscribed(self, answer: Any) -> None:
        told = answer["subscribe"]
        self.epoch, self.offset, self.recovered = told["epoch"], told["offset"], told["recovered"]
        for each in told["publications"]:
            assert each["offset"] == self.offset + 1
            self.offset += 1
        self.ready.set_result(None)

    def _hear(self, payload: bytes) -> None:
        found = OFFSET.search(payload)
        assert found is not None, payload
        offset = int(found[1])
        assert offset == self.offset + 1, f"{offset} came after {self.offset}"
        self.offset = offset
        self._arrivals.arrived(offset)

    def _say(self, text: bytes) -> None:
        self._frame(0x81, text)

    def _frame(self, first: int, payload: bytes) -> None:
        size = len(payload)
        head = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2, "big")
        self.transport.write(head + bytes(4) + payload)  # a mask of zeros


@asynccontextmanager
async def subscribed(
    count: int,
    port: int,
    token: str,
    channel: str,
    arrivals: Arrivals,
    *,
    since: tuple[str, int] | None = None,
    small_window: bool = False,
) -> AsyncIterator[list[Subscriber]]:
    """So many subscribers, all of them ready, until the end of the context."""
    room, subscribers = asyncio.Semaphore(AT_ONCE), list[Subscriber]()

    async def one() -> None:
        async with room:
            client = socket.socket()
            if small_window:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
            client.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(client, ("127.0.0.1", port))
            subscriber = Subscriber(token, channel, arrivals, since)
            await loop.create_connection(lambda: subscriber, sock=client)
            subscribers.append(subscriber)
            await asyncio.wait_for(subscriber.ready, 30)

    try:
        await asyncio.gather(*(one() for _ in range(count)))
        yield subscribers
    finally:
        for each in subscribers:
            each.transport.abort()
        await asyncio.sleep(0)
