"""A POST that is repeated under the same Idempotency-Key is done once, and answered the same again for a day."""

from collections.abc import Awaitable, Callable
from hashlib import blake2b

from fastapi import Request, Response
from pydantic import BaseModel

from persistence.answers import AnswerStore
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid

__all__ = ["HEADER", "IdempotentAnswers"]

HEADER = "Idempotency-Key"
LONGEST_KEY = 200


class IdempotentAnswers:
    """Remembers what was answered; errors are not remembered, for nothing was done."""

    def __init__(self, store: AnswerStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def once(
        self, request: Request, user: str, status: int, make: Callable[[], Awaitable[BaseModel]]
    ) -> Response:
        """The answer that `make` gives, or gave before under this key.

        Raises Invalid for a key that was used for another request, Conflict while the first is still under way.
        """
        key = request.headers.get(HEADER)
        if key is None:
            return _response(status, (await make()).model_dump_json())
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            raise Invalid(details=[FieldIssue(HEADER, f"must have 1 to {LONGEST_KEY} printable characters")])
        known = await self._store.claim(user, key, await _hash_of(request), self._clock.now())
        if known is None:
            return await self._make(user, key, status, make)
        if known.request_hash != await _hash_of(request):
            raise Invalid(details=[FieldIssue(HEADER, "was used for another request", key)])
        if not known.is_ready:
            raise Conflict("The first request with this Idempotency-Key is still under way.", retry_after=1)
        return _response(known.status, known.body)

    async def _make(self, user: str, key: str, status: int, make: Callable[[], Awaitable[BaseModel]]) -> Response:
        try:
            body = (await make()).model_dump_json()
        except BaseException:  # the key is given back, and the reason goes on (what was committed before it stays)
            await self._store.release(user, key)
            raise
        await self._store.keep(user, key, status, body)
        return _response(status, body)


async def _hash_of(request: Request) -> str:
    body = await request.body()
    return blake2b(f"{request.method} {request.url.path}\n".encode() + body, digest_size=32).hexdigest()


def _response(status: int, body: str) -> Response:
    return Response(body, status, media_type="application/json")
