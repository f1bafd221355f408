"""A connection's socket over plain ASGI messages, for any ASGI server."""

import asyncio
from collections import deque
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from server.realtime.frames import Frame, close_reason
from server.realtime.transport import HIGH_WATER

__all__ = ["AsgiTransport"]


class AsgiTransport:
    """Frames wait in a bounded-by-use outbox; a task exists only while there is something to send."""

    def __init__(self, websocket: WebSocket, drained: Callable[[], None]) -> None:
        self._websocket = websocket
        self._drained = drained
        self.stalled = False
        self.spoke = False
        self._outbox: deque[bytes] = deque()
        self._bytes = 0
        self._was_stalled = False
        self._closing: tuple[int, str] | None = None
        self._writer: asyncio.Task[None] | None = None

    def write(self, frame: Frame) -> None:
        if self._closing is not None:
            return
        self.spoke = True
        self._outbox.append(frame.payload)
        self._bytes += len(frame.payload)
        if self._bytes > HIGH_WATER:
            self.stalled = self._was_stalled = True
        self._work()

    def close(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = (code, close_reason(reason))
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
                    payload = self._outbox.popleft()
                    await self._websocket.send_bytes(payload)
                    self._bytes -= len(payload)
                    self.stalled = self._bytes > HIGH_WATER
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
