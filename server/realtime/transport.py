"""A connection's socket over plain ASGI messages, for any ASGI server."""

import asyncio
from collections import deque
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

__all__ = ["HIGH_WATER", "AsgiTransport"]

HIGH_WATER = 256 << 10
"""Bytes that wait for a socket before its peer is passed over; what it missed it gets as one update later."""


class AsgiTransport:
    """Frames wait in a bounded-by-use outbox; a task exists only while there is something to send."""

    def __init__(self, websocket: WebSocket, drained: Callable[[], None]) -> None:
        self._websocket = websocket
        self._drained = drained
        self._outbox: deque[bytes] = deque()
        self._bytes = 0
        self._was_stalled = False
        self._closing: tuple[int, str] | None = None
        self._writer: asyncio.Task[None] | None = None

    @property
    def stalled(self) -> bool:
        return self._bytes > HIGH_WATER

    def write(self, frame: bytes) -> None:
        if self._closing is not None:
            return
        self._outbox.append(frame)
        self._bytes += len(frame)
        self._was_stalled = self._was_stalled or self.stalled
        self._work()

    def close(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = (code, reason)
            self._work()

    def abandon(self) -> None:
        """The socket is gone: drop what waits."""
        self._closing = self._closing or (1006, "")
        if self._writer is not None:
            self._writer.cancel()
        self._outbox.clear()

    async def finished(self) -> None:
        """Wait until everything is sent, and the close if there was one."""
        while self._writer is not None:
            await asyncio.wait((self._writer,))

    # Private.

    def _work(self) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._send())

    async def _send(self) -> None:
        try:
            while True:
                while self._outbox:
                    frame = self._outbox.popleft()
                    await self._websocket.send_bytes(frame)
                    self._bytes -= len(frame)
                if not self._was_stalled or self._closing is not None:
                    break
                self._was_stalled = False
                self._drained()
            if self._closing is not None and self._websocket.application_state is WebSocketState.CONNECTED:
                await self._websocket.close(*self._closing)
        except (WebSocketDisconnect, RuntimeError, OSError):
            # The socket went while we wrote; the reader hears it too, and ends the connection.
            self._outbox.clear()
        finally:
            self._writer = None
