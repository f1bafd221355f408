"""A WebSocket client that keeps no rule: it sends the bytes that it is given, and reads only when it is told to."""

import asyncio
import base64
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.e2e.support.server import CounterpointServer

__all__ = ["BINARY", "CLOSE", "CONTINUATION", "HOSTILE_ADDRESS", "PING", "TEXT", "Wire", "frame", "opened"]

CONTINUATION, TEXT, BINARY, CLOSE, PING = 0x0, 0x1, 0x2, 0x8, 0x9
HOSTILE_ADDRESS = "127.0.0.2"
"""Hostile clients come from another address than honest ones: limits are per address."""


def frame(
    opcode: int, payload: bytes, *, fin: bool = True, masked: bool = True, length: int | None = None, reserved: int = 0
) -> bytes:
    """One frame, its mask all zeros. `length` may lie."""
    size = len(payload) if length is None else length
    head = bytearray((opcode | (0x80 if fin else 0) | reserved << 4,))
    mask = 0x80 if masked else 0
    if size < 126:
        head.append(mask | size)
    elif size < 1 << 16:
        head += bytes((mask | 126,)) + size.to_bytes(2, "big")
    else:
        head += bytes((mask | 127,)) + size.to_bytes(8, "big")
    return bytes(head) + (b"\x00\x00\x00\x00" if masked else b"") + payload


@dataclass(slots=True)
class Wire:
    """One TCP connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> bool:
        """Write; False when the server has had enough of it."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except (ConnectionError, OSError):
            return False
        return True

    def push(self, data: bytes) -> None:
        """Write without waiting for the server to take it."""
        with suppress(ConnectionError, OSError, RuntimeError):
            self.writer.write(data)

    async def hear(self) -> tuple[int, bytes]:
        """The server's next frame: its opcode and payload. IncompleteReadError at the end of the connection."""
        first, size = await self.reader.readexactly(2)
        wide = {126: 2, 127: 8}.get(size, 0)
        if wide:
            size = int.from_bytes(await self.reader.readexactly(wide), "big")
        return first & 0x0F, await self.reader.readexactly(size)

    async def ended(self, seconds: float = 10.0) -> int | None:
        """Read until the server says goodbye; answers its close code, None when it went without one.

        AssertionError when it does neither.
        """
        try:
            async with asyncio.timeout(seconds):
                while True:
                    opcode, payload = await self.hear()
                    if opcode == CLOSE:
                        return int.from_bytes(payload[:2], "big")
        except (ConnectionError, asyncio.IncompleteReadError):
            return None
        except TimeoutError:
            raise AssertionError(f"the server kept the connection open for {seconds} s") from None

    async def close(self) -> None:
        self.writer.transport.abort()
        with suppress(ConnectionError, OSError):
            await self.writer.wait_closed()


async def connected(server: CounterpointServer, *, receive_buffer: int | None = None) -> Wire:
    """A TCP connection from the hostile address."""
    raw = socket.socket()
    raw.setblocking(False)
    if receive_buffer is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.bind((HOSTILE_ADDRESS, 0))
    await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", server.port))
    return Wire(*await asyncio.open_connection(sock=raw, limit=4096 if receive_buffer else 1 << 16))


def request(server: CounterpointServer, path: str, **more: str) -> bytes:
    """An upgrade request."""
    headers = {
        "Host": f"127.0.0.1:{server.port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


async def upgraded(wire: Wire, server: CounterpointServer, path: str, **headers: str) -> int:
    """Ask for the upgrade; answers the status."""
    await wire.send(request(server, path, **headers))
    head = await wire.reader.readuntil(b"\r\n\r\n")
    return int(head.split()[1])


@asynccontextmanager
async def opened(
    server: CounterpointServer, path: str, *, receive_buffer: int | None = None, **headers: str
) -> AsyncIterator[Wire]:
    """An established WebSocket, as far as the server can know."""
    wire = await connected(server, receive_buffer=receive_buffer)
    try:
        status = await upgraded(wire, server, path, **headers)
        assert status == 101, status
        yield wire
    finally:
        await wire.close()
