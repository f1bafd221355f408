"""A connection's way out that is the body of an HTTP answer: one direction only, on any ASGI server."""

import asyncio
from collections import deque
from collections.abc import Callable

from starlette.types import Receive, Send

from server.realtime.frames import Frame
from server.realtime.transport import HIGH_WATER

__all__ = ["ResponseTransport"]

CLOSE_SECONDS = 10.0
"""How long what waits may take to leave once the answer is to end."""


class ResponseTransport:
    """What is written waits in an outbox, which the connection bounds by what it writes while this is `stalled`."""

    def __init__(self) -> None:
        self.stalled = False
        self.spoke = False
        self.sent = self.sent_bytes = 0
        self._outbox: deque[bytes] = deque()
        self._bytes = 0
        self._was_stalled = False
        self._is_closing = False
        self._wake = asyncio.Event()
        self._sender: asyncio.Task[None] | None = None

    def write(self, frame: Frame) -> None:
        if self._is_closing:
            return
        self.spoke = True
        piece = self._wrapped(frame.payload)
        self._outbox.append(piece)
        self._bytes += len(piece)
        self.sent += 1
        self.sent_bytes += len(piece)
        if self._bytes > HIGH_WATER:
            self.stalled = self._was_stalled = True
        self._wake.set()

    @property
    def waiting_bytes(self) -> int:
        return self._bytes

    def limit(self, max_size: int | None) -> None:
        """Nothing is read here."""

    def close(self, code: int, reason: str) -> None:
        """End the answer behind what waits. It has no place for a code: the connection says it in its own way."""
        if not self._is_closing:
            self._is_closing = True
            self._wake.set()
            if self._sender is not None:
                asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._sender.cancel)

    async def attend(self, drained: Callable[[], None], receive: Receive, send: Send) -> bool:
        """Send until `close`, or until the client is gone. True: the server has ended the answer."""
        self._sender = asyncio.create_task(self._send(drained, send))
        leaving = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait((self._sender, leaving), return_when=asyncio.FIRST_COMPLETED)
            return self._sender.done() and not self._sender.cancelled() and self._sender.exception() is None
        finally:
            self._is_closing = True
            for task in (self._sender, leaving):
                task.cancel()
            await asyncio.gather(self._sender, leaving, return_exceptions=True)
            self._outbox.clear()

    def _wrapped(self, payload: bytes) -> bytes:
        """One message as it stands in the body."""
        return payload

    async def _send(self, drained: Callable[[], None], send: Send) -> None:
        while True:
            while self._outbox:
                piece = b"".join(self._outbox)
                self._outbox.clear()
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                self._bytes -= len(piece)
                self.stalled = self._bytes > HIGH_WATER
            if self._was_stalled and not self.stalled:
                self._was_stalled = False
                drained()
            elif self._is_closing:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            elif not self._outbox:
                self._wake.clear()
                await self._wake.wait()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
