"""A connection's socket over plain ASGI messages, for any ASGI server."""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from server.realtime.connections.base import Connection
from server.realtime.frames import CLEAN_CODES, Frame, close_reason
from server.realtime.sockets.floor import Floor
from server.realtime.transport import HIGH_WATER
from server.realtime.writer import LogWriter

__all__ = ["AsgiTransport"]

NO_CODE = 1005


class AsgiTransport:
    """Frames wait in a bounded-by-use outbox; a task exists only while there is something to send."""

    def __init__(self, websocket: WebSocket) -> None:
        self.stalled = False
        self.spoke = False
        self.sent = self.sent_bytes = 0
        self._websocket = websocket
        self._connection: Connection | None = None
        self._outbox: deque[Frame] = deque()
        self._bytes = 0
        self._was_stalled = False
        self._closing: tuple[int, str] | None = None
        self._writer: asyncio.Task[None] | None = None

    async def attend(self, connection: Connection, floor: Floor) -> None:
        """Let the connection hear the client until the socket ends."""
        self._connection = connection
        floor.registry.add(connection)
        clean = False
        try:
            clean = await self._read(connection, floor.writer)
        finally:
            floor.registry.lost(connection, clean=clean)
            self._abandon()

    def write(self, frame: Frame) -> None:
        if self._closing is not None:
            return
        self.spoke = True
        self._outbox.append(frame)
        self._bytes += len(frame.payload)
        self.sent += 1
        self.sent_bytes += len(frame.payload)
        if self._bytes > HIGH_WATER:
            self.stalled = self._was_stalled = True
        self._work()

    @property
    def waiting_bytes(self) -> int:
        return self._bytes

    def limit(self, max_size: int | None) -> None:
        """The server that reads for us has one limit for all; what is said too early is bounded by its number."""

    def close(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = (code, close_reason(reason))
            self._work()

    async def finished(self) -> None:
        """Wait until everything is sent, and the close if there was one."""
        while self._writer is not None:
            await asyncio.wait((self._writer,))

    # Private.

    async def _read(self, connection: Connection, writer: LogWriter) -> bool:
        """Hand every message to the connection; the answer: was the socket closed on purpose?"""
        while True:
            event = await self._websocket.receive()
            if event["type"] == "websocket.disconnect":
                return _was_on_purpose(event)
            data: bytes | str | None = event.get("bytes")
            if data is None:
                data = event.get("text") or ""
            if (pause := max(connection.receive(data), connection.settle())) > 0:
                await asyncio.sleep(pause)
            if writer.is_full:
                await writer.has_room()

    def _abandon(self) -> None:
        """The socket is gone: drop what waits."""
        self._closing = self._closing or (1006, "")
        if self._writer is not None:
            self._writer.cancel()
        self._outbox.clear()

    def _work(self) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._send())

    async def _send(self) -> None:
        try:
            while True:
                while self._outbox:
                    frame = self._outbox.popleft()
                    if frame.is_text:
                        await self._websocket.send_text(frame.payload.decode())
                    else:
                        await self._websocket.send_bytes(frame.payload)
                    self._bytes -= len(frame.payload)
                    self.stalled = self._bytes > HIGH_WATER
                if not self._was_stalled or self._closing is not None:
                    break
                self._was_stalled = False
                if self._connection is not None:
                    self._connection.drained()
            if self._closing is not None and self._websocket.application_state is WebSocketState.CONNECTED:
                await self._websocket.close(*self._closing)
        except (WebSocketDisconnect, RuntimeError, OSError):
            # The socket went while we wrote; the reader hears it too, and ends the connection.
            self._outbox.clear()
        finally:
            self._writer = None


def _was_on_purpose(disconnect: Mapping[str, Any]) -> bool:
    """uvicorn says 1005 of a link that broke, too; but it names a reason only where the client sent a close frame."""
    code = disconnect.get("code")
    return code in CLEAN_CODES and (code != NO_CODE or disconnect.get("reason") is not None)
