"""The cap on request bodies, before anything is parsed."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import FieldIssue, TooLarge
from server.http.errors import request_id_of
from server.http.reply import error_response

__all__ = ["BodyCap"]


class BodyCap:
    """Refuses a longer body by its Content-Length at once, and one without a length at the byte that is too many."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and int(length) > self.limit:
            issue = FieldIssue("body", f"must have at most {self.limit} bytes", int(length))
            await error_response(TooLarge(details=[issue]), request_id_of(scope))(scope, receive, send)
            return
        await self.app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        taken = 0

        async def receive_some() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit:
                raise HTTPException(413)  # the one exception that FastAPI lets through while it reads a body
            return message

        return receive_some
