"""An answer that is read while it is written, as no in-process HTTP client can."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.types import Message

from tests.server.support import ADDRESS, Place

__all__ = ["SECONDS", "Answer"]

SECONDS = 10


class Answer:
    """One request and its answer. `leave`: its client goes."""

    def __init__(
        self,
        place: Place,
        path: str,
        query: dict[str, str],
        headers: dict[str, str],
        *,
        method: str = "GET",
        body: bytes = b"",
    ) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.is_over = False
        self.body = b""
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self._request: Message | None = {"type": "http.request", "body": body, "more_body": False}
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": urlencode(query).encode(),
            "headers": [
                (name.lower().encode(), value.encode())
                for name, value in {"host": ADDRESS.partition("//")[2], **headers}.items()
            ],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
        }
        self.served = asyncio.create_task(place.app(scope, self._receive, self._send))

    async def seen(self, what: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not what():
                self._news.clear()
                await self._news.wait()

    async def ended(self) -> None:
        async with asyncio.timeout(SECONDS):
            await self.served
        assert self.is_over

    async def leave(self) -> None:
        self._gone.set()
        async with asyncio.timeout(SECONDS):
            await self.served

    async def _receive(self) -> Message:
        request, self._request = self._request, None
        if request is not None:
            return request
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")
            self.is_over = not message.get("more_body", False)
        self._news.set()
