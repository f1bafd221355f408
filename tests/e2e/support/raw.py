"""A Yjs client of the tests' own: it counts acknowledgements, and can say anything, however wrong."""

import asyncio
import random
from collections import deque
from contextlib import suppress
from typing import Any, Literal, Self

import websockets
from pycrdt import Doc, Text

from tests.e2e.support import lib0
from tests.e2e.support.waiting import until

__all__ = ["PROTOCOLS", "Protocol", "RawPeer"]

Protocol = Literal["hocuspocus", "y-websocket"]
PROTOCOLS: tuple[Protocol, ...] = ("hocuspocus", "y-websocket")

TOKEN_END = "⟧".encode()


class RawPeer:
    """One document on one socket. The replica outlives the socket, so `connect` again is a reconnect.

    `sent` and `acknowledged` hold the tokens that were inserted, and those of them that the server has acknowledged.
    Acknowledgements answer a peer's Step2 and Update messages in order; y-websocket has none.
    """

    def __init__(
        self,
        sockets: str,
        document: str,
        token: str,
        *,
        protocol: Protocol = "hocuspocus",
        seed: int = 0,
    ) -> None:
        self.document, self.token, self.protocol = document, token, protocol
        self.url = f"{sockets}/hocuspocus" if protocol == "hocuspocus" else f"{sockets}/sync/{document}"
        self.doc: Doc[Any] = Doc()
        self.text = self.doc.get("text", type=Text)
        self.random = random.Random(seed)
        self.sent: list[str] = []
        self.acknowledged: set[str] = set()
        self.statuses: list[int] = []
        self.scope: str | None = None
        self.denied: str | None = None
        self.stateless: list[str] = []
        self.close: tuple[int, str] | None = None
        self._socket: websockets.ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._in_flight: deque[list[str]] = deque()
        self._answered_step1 = False
        self.synced = False

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.disconnect()

    # The connection.

    async def connect(self, **headers: str) -> None:
        """Open the socket, sign in and say Step1. Raises websockets.InvalidStatus when the upgrade is refused."""
        await self.disconnect()
        if self.protocol == "y-websocket" and self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        self.close, self.denied, self.synced, self._answered_step1 = None, None, False, False
        self._in_flight.clear()
        self._socket = await websockets.connect(
            self.url,
            additional_headers=headers,
            compression=None,
            max_size=None,
            proxy=None,
            ping_interval=None,
            close_timeout=2,
        )
        self._reading = asyncio.create_task(self._read(self._socket))
        with suppress(websockets.ConnectionClosed):  # turned away already: the code is what `_read` has heard
            if self.protocol == "hocuspocus":
                await self.say(lib0.var(lib0.AUTH) + lib0.var(0) + lib0.string(self.token) + lib0.string("4.8.0"))
            await self.say(lib0.sync_frame(0, self.doc.get_state()))

    async def disconnect(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        await self._stop_reading()

    async def cut(self) -> None:
        """Go without a word, as a lost network does."""
        if self._socket is not None:
            self._socket.transport.abort()
        await self._stop_reading()

    async def _stop_reading(self) -> None:
        if self._reading is not None:
            await self._reading
        self._socket = self._reading = None

    async def say(self, message: bytes) -> None:
        """Send one message of the protocol, in the document's address where there is one."""
        await self.send(lib0.hocuspocus_frame(self.document, message) if self.protocol == "hocuspocus" else message)

    async def send(self, frame: bytes | str) -> None:
        """Send one frame exactly as it is."""
        assert self._socket is not None, "not connected"
        await self._socket.send(frame)

    # Edits.

    async def write(self, token: str) -> None:
        """Insert `token` at a random place between tokens; tell the server once the connection has synced."""
        content = str(self.text).encode()
        found = content.find(TOKEN_END, self.random.randrange(len(content) + 1))
        before = self.doc.get_state()
        self.text.insert(found + len(TOKEN_END) if found >= 0 else len(content), token)
        self.sent.append(token)
        if self._answered_step1 and self._socket is not None:
            await self.tell([token], self.doc.get_update(before))

    async def tell(self, tokens: list[str], update: bytes) -> None:
        """Send an update that has these tokens; its acknowledgement is theirs."""
        self._in_flight.append(tokens)
        await self.say(lib0.sync_frame(2, update))

    @property
    def unacknowledged(self) -> list[str]:
        return [token for token in self.sent if token not in self.acknowledged]

    # What the server says.

    async def _read(self, socket: websockets.ClientConnection) -> None:
        try:
            async for frame in socket:
                assert isinstance(frame, bytes)
                await self._hear(frame)
        except websockets.ConnectionClosed:
            pass
        self.close = (socket.close_code or 1006, socket.close_reason or "")

    async def _hear(self, frame: bytes) -> None:
        cursor = lib0.Cursor(frame)
        if self.protocol == "hocuspocus":
            if len(frame) == 1:
                return
            assert cursor.string() == self.document
        kind = cursor.var()
        if kind == lib0.SYNC:
            await self._hear_sync(cursor.var(), cursor.bytes())
        elif kind == lib0.AUTH and self.protocol == "hocuspocus":
            self._hear_auth(cursor)
        elif kind == lib0.STATELESS:
            self.stateless.append(cursor.string())
        elif kind == lib0.SYNC_STATUS:
            self._hear_status(cursor.var())

    async def _hear_sync(self, step: int, payload: bytes) -> None:
        if step != 0:
            self.doc.apply_update(payload)
            self.synced = self.synced or step == 1
            return
        if not self._answered_step1:
            # Only the first Step2 of a connection is acknowledged.
            self._in_flight.append(self.unacknowledged)
        self._answered_step1 = True
        await self.say(lib0.sync_frame(1, self.doc.get_update(payload)))

    def _hear_auth(self, cursor: lib0.Cursor) -> None:
        kind = cursor.var()
        if kind == 1:
            self.denied = cursor.string()
        elif kind == 2:
            self.scope = cursor.string()

    def _hear_status(self, status: int) -> None:
        self.statuses.append(status)
        # A test that has said something beside `write` gets answers to that, too.
        tokens = self._in_flight.popleft() if self._in_flight else []
        if status == 1:
            self.acknowledged.update(tokens)

    # Waiting.

    async def until_synced(self, seconds: float = 15.0) -> None:
        async def look() -> bool:
            return self.synced and self._answered_step1

        await until(
            look, f"the first sync of {self.document} (closed: {self.close}, denied: {self.denied})", seconds=seconds
        )

    async def until_acknowledged(self, seconds: float = 15.0) -> None:
        async def look() -> bool:
            return not self._in_flight and not self.unacknowledged

        await until(look, f"{len(self._in_flight)} messages to be acknowledged (closed: {self.close})", seconds=seconds)

    async def until_closed(self, seconds: float = 5.0) -> tuple[int, str]:
        async def look() -> tuple[int, str] | None:
            return self.close

        closed = await until(look, "the server to close the socket", seconds=seconds)
        assert closed is not None
        return closed

    async def until_turned_away(self, seconds: float = 5.0) -> int | None:
        """Wait until the socket is closed or the document denied; answer the close code, None for a denial."""

        async def look() -> bool:
            return self.close is not None or self.denied is not None

        await until(look, "the server to turn the peer away", seconds=seconds)
        return self.close[0] if self.close else None
