"""A POST that is repeated under the same Idempotency-Key is done once, and answered the same again for a day."""

import json
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import TypeAlias

from fastapi import Request, Response
from pydantic import BaseModel

from persistence.answers import AnswerStore, Note, no_note
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid

__all__ = ["HEADER", "IdempotentAnswers"]

Make: TypeAlias = Callable[[Note], Awaitable[BaseModel]]

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
SAYING = ("content-type", "if-match")
"""Headers that say what a request asks for: with another one it is another request."""


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
        return await self._once(request, user, status, lambda _: make(), None)

    async def once_made(
        self,
        request: Request,
        user: str,
        status: int,
        make: Make,
        again: Callable[[str], Awaitable[BaseModel]],
    ) -> Response:
        """As `once`, for a request that makes a thing with an id: there will never be two of them.

        make: hands its argument to the store, which calls it in the transaction that makes the thing. again: the
        answer for a thing that was made, by its id, when the first answer was lost.
        """
        return await self._once(request, user, status, make, again)

    # Private.

    async def _once(
        self,
        request: Request,
        user: str,
        status: int,
        make: Make,
        again: Callable[[str], Awaitable[BaseModel]] | None,
    ) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return _response(status, (await make(no_note)).model_dump_json())
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            raise Invalid(details=[FieldIssue(HEADER, f"must have 1 to {LONGEST_KEY} printable characters")])
        known = await self._store.claim(user, key, await _hash_of(request), self._clock.now())
        if known is None:
            return await self._make(user, key, status, make)
        if known.request_hash != await _hash_of(request):
            raise Invalid(details=[FieldIssue(HEADER, "was used for another request", key)])
        if not known.is_ready and known.made is not None and again is not None:
            return await self._keep(user, key, status, await again(known.made))
        if not known.is_ready:
            raise Conflict("The first request with this Idempotency-Key is still under way.", retry_after=1)
        return _response(known.status, known.body)

    async def _make(self, user: str, key: str, status: int, make: Make) -> Response:
        try:
            answer = await make(self._store.note(user, key))
        except BaseException:  # the key is given back, if nothing was made, and the reason goes on
            await self._store.release(user, key)
            raise
        return await self._keep(user, key, status, answer)

    async def _keep(self, user: str, key: str, status: int, answer: BaseModel) -> Response:
        body = answer.model_dump_json()
        await self._store.keep(user, key, status, body)
        return _response(status, body)


async def _hash_of(request: Request) -> str:
    said = [request.method, request.url.path, request.url.query, *(request.headers.get(name) for name in SAYING)]
    return blake2b(json.dumps(said).encode() + await request.body(), digest_size=32).hexdigest()


def _response(status: int, body: str) -> Response:
    return Response(body, status, media_type="application/json")
