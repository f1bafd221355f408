"""A real uvicorn on a real port, whose sockets end in a connection that remembers what it heard."""

import asyncio
import struct
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from server.collaboration.sockets import SocketHall, Visit
from server.house import House, open_house
from server.realtime.connections.base import Connection
from server.realtime.door import Guest
from server.realtime.feed.data_sources import SUBPROTOCOL
from server.realtime.frames import Frame
from server.serving import DrainingServer, server_config
from server.settings import Settings

Way = Literal["fast", "asgi"]
TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
MASK = b"\x21\x43\x65\x87"
SECONDS = 20
PATH, SPEAKING_PATH = "/sync/probe", "/ws/data-sources"


class Probe(Connection):
    """Remembers what its transport told it. `pauses` are its answers to the next messages."""

    def __init__(self, visit: Visit) -> None:
        hall = visit.hall
        super().__init__(visit.transport, hall.clock, hall.figures, "here", hall.meter())
        self.heard: list[bytes | str] = []
        self.heard_at: list[float] = []
        self.pauses: list[float] = []
        self.fault: Exception | None = None
        self.drains = 0
        self.ended: bool | None = None
        """How it was lost: cleanly?"""
        self._news = asyncio.Event()

    def receive(self, data: bytes | str) -> float:
        if self.fault is not None:
            raise self.fault
        self.heard.append(data)
        self.heard_at.append(asyncio.get_running_loop().time())
        self._news.set()
        return self.pauses.pop(0) if self.pauses else 0.0

    def drained(self) -> None:
        self.drains += 1
        self._news.set()

    def lost(self, *, clean: bool) -> None:
        assert self.ended is None, "told twice that the socket is gone"
        self.ended = clean
        self._news.set()

    async def until(self, seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not seen():
                self._news.clear()
                await self._news.wait()

    async def until_heard(self, count: int) -> list[bytes | str]:
        await self.until(lambda: len(self.heard) >= count)
        return self.heard

    async def until_lost(self) -> bool:
        await self.until(lambda: self.ended is not None)
        return bool(self.ended)

    def say(self, payload: bytes) -> None:
        self.transport.write(Frame(payload))

    def look_after(self, now: float, at: datetime) -> None:
        """Its silence is the test's."""

    def access_changed(self, change: dict[str, Any]) -> None:
        """It has no rights."""

    @property
    def guest(self) -> Guest | None:
        return None

    def _receive(self, data: bytes | str, now: float) -> float:
        raise AssertionError("receive is overridden")


def frame(first: int, payload: bytes = b"", *, mask: bytes = MASK) -> bytes:
    """A client's frame, made here so that nothing is checked by what it was made with."""
    size = len(payload)
    head = bytes((first, 0x80 | size)) if size < 126 else b""
    if 126 <= size < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    elif size >= 65536:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


class Client:
    """A raw client: it sends what the test says, and reads only when the test does."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def next(self) -> tuple[int, bytes]:
        """The first byte and the payload of the next frame; the server does not mask."""
        async with asyncio.timeout(SECONDS):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8), "big")
            return first, await self.reader.readexactly(size)

    async def until_closed(self) -> tuple[int, str]:
        """The code and reason of the server's close frame, behind whatever else it said; and then the end."""
        first, payload = 0, b""
        while first != CLOSE:
            first, payload = await self.next()
        async with asyncio.timeout(SECONDS):
            self.send(frame(CLOSE, payload[:2]))
            assert await self.reader.read() == b"", "something was written after the close"
        return (int.from_bytes(payload[:2], "big"), payload[2:].decode()) if payload else (1005, "")

    def vanish(self) -> None:
        self.writer.transport.abort()


class Hall:
    """The server; `gate` holds a connection back between the handshake and its first word."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.port = 0
        self.server: DrainingServer | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived: asyncio.Queue[Probe] = asyncio.Queue()
        self.knocked: asyncio.Queue[Visit] = asyncio.Queue()
        self._clients: list[Client] = []

    @property
    def sockets(self) -> SocketHall:
        return self.house.realtime.hall

    async def knock(self) -> Client:
        """A client that has seen the end of the handshake."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 12)
        key = b64encode(bytes(16)).decode()
        lines = (f"GET {PATH} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Upgrade: websocket", "Connection: Upgrade")
        writer.write("\r\n".join((*lines, f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", "")).encode())
        async with asyncio.timeout(SECONDS):
            answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        client = Client(reader, writer)
        self._clients.append(client)
        return client

    async def connect(self) -> tuple[Client, Probe]:
        client = await self.knock()
        return client, await self.probe()

    async def probe(self) -> Probe:
        async with asyncio.timeout(SECONDS):
            return await self.arrived.get()

    async def begin(self, visit: Visit) -> Connection:
        self.knocked.put_nowait(visit)
        await self.gate.wait()
        probe = Probe(visit)
        self.arrived.put_nowait(probe)
        return probe

    def hang_up(self) -> None:
        for client in self._clients:
            client.vanish()


@asynccontextmanager
async def opened(folder: Path, way: Way, **settings: Any) -> AsyncIterator[Hall]:
    given = Settings.model_validate({"data_dir": folder, "port": 0, "host": "127.0.0.1", **settings})
    async with open_house(given, open_mode=True) as house:
        hall = Hall(house)

        async def probe(websocket: WebSocket) -> None:
            await Visit(house.realtime.hall, websocket).serve(hall.begin)

        async def speaking(websocket: WebSocket) -> None:
            await Visit(house.realtime.hall, websocket, SUBPROTOCOL).serve(hall.begin)

        routes = [WebSocketRoute(PATH, probe), WebSocketRoute(SPEAKING_PATH, speaking)]
        config = server_config(Starlette(routes=routes), given)
        config.lifespan = "off"
        if way == "asgi":
            config.http = "httptools"
        serving = await _serve(hall, config)
        try:
            yield hall
        finally:
            hall.hang_up()
            assert hall.server is not None
            hall.server.should_exit = True
            await serving


async def _serve(hall: Hall, config: Any) -> "asyncio.Task[None]":
    listening = asyncio.Event()

    async def on_start(port: int) -> None:
        hall.port = port
        listening.set()

    hall.server = DrainingServer(config, drain=_nothing, drain_seconds=1, on_start=on_start)
    serving = asyncio.create_task(_awaited(hall.server.serve()))
    async with asyncio.timeout(SECONDS):
        await listening.wait()
    return serving


async def _awaited(serving: Coroutine[Any, Any, None]) -> None:
    await serving


async def _nothing() -> None:
    """There is nothing to drain that a test does not drain itself."""
