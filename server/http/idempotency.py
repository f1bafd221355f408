"""A POST that is repeated under the same Idempotency-Key is done once, and answered the same again for a day."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any, TypeAlias

from fastapi import Request, Response
from pydantic import BaseModel

from persistence.answers import AnswerStore, ClaimLost, Note, no_note
from persistence.log import LoggedAnswer
from server.clock import Clock
from server.errors import Conflict, FieldIssue, Invalid

__all__ = ["DESCRIBED", "HEADER", "IdempotentAnswers", "Logged"]

Make: TypeAlias = Callable[[Note], Awaitable[BaseModel]]
Logged: TypeAlias = Callable[[Callable[[int], BaseModel]], LoggedAnswer | None]
"""From the answer by the position of the log's row to what is kept with that row; None for a request without a key."""

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
DESCRIBED: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "description": "Yours: what is sent again under it is done once, and answered the same.",
            "schema": {"type": "string", "maxLength": LONGEST_KEY},
        }
    ]
}
"""For a route's `openapi_extra`: that it takes a key."""
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

    async def once_logged(
        self, request: Request, user: str, status: int, make: Callable[[Logged], Awaitable[BaseModel]]
    ) -> Response:
        """As `once`, for a request that writes a row of the log: the answer is kept with the row, or neither is."""
        return await self._once(request, user, status, lambda claim: make(partial(_logged, claim)), None)

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

        def begin(claim: "_Claim | None") -> Awaitable[BaseModel]:
            return make(no_note if claim is None else self._store.note(claim.user, claim.key, claim.at))

        return await self._once(request, user, status, begin, again)

    # Private.

    async def _once(
        self,
        request: Request,
        user: str,
        status: int,
        begin: "Callable[[_Claim | None], Awaitable[BaseModel]]",
        again: Callable[[str], Awaitable[BaseModel]] | None,
    ) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return _response(status, (await begin(None)).model_dump_json())
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            raise Invalid(details=[FieldIssue(HEADER, f"must have 1 to {LONGEST_KEY} printable characters")])
        claim = _Claim(user, key, await _hash_of(request), status, self._clock.now())
        known = await self._store.claim(user, key, claim.request_hash, claim.at)
        if known is None:
            return await self._make(claim, begin)
        if known.request_hash != claim.request_hash:
            raise Invalid(details=[FieldIssue(HEADER, "was used for another request", key)])
        if not known.is_ready and known.made is not None and again is not None:
            return await self._keep(claim, await again(known.made), None)
        if not known.is_ready:
            raise _under_way()
        return _response(known.status, known.body)

    async def _make(self, claim: "_Claim", begin: "Callable[[_Claim], Awaitable[BaseModel]]") -> Response:
        try:
            answer = await begin(claim)
        except ClaimLost:
            raise _under_way() from None
        except BaseException:  # the key is given back, if nothing was made, and the reason goes on
            await self._store.release(claim.user, claim.key, claim.at)
            raise
        return await self._keep(claim, answer, claim.at)

    async def _keep(self, claim: "_Claim", answer: BaseModel, claimed_at: datetime | None) -> Response:
        body = answer.model_dump_json()
        await self._store.keep(claim.user, claim.key, claim.status, body, claimed_at)
        return _response(claim.status, body)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A key that stands for the request with this hash, which is answered with this status if all is well.

    at    when it was claimed: a later claim of the same key is another one
    """

    user: str
    key: str
    request_hash: str
    status: int
    at: datetime


def _under_way() -> Conflict:
    return Conflict("The first request with this Idempotency-Key is still under way.", retry_after=1)


def _logged(claim: _Claim | None, said: Callable[[int], BaseModel]) -> LoggedAnswer | None:
    if claim is None:
        return None
    return LoggedAnswer(
        claim.user, claim.key, claim.request_hash, claim.status, lambda position: said(position).model_dump_json()
    )


async def _hash_of(request: Request) -> str:
    said = [request.method, request.url.path, request.url.query, *(request.headers.get(name) for name in SAYING)]
    return blake2b(json.dumps(said).encode() + await request.body(), digest_size=32).hexdigest()


def _response(status: int, body: str) -> Response:
    return Response(body, status, media_type="application/json")
