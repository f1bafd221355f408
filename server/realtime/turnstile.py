"""Who comes in, a few at each round of the event loop: a thousand who come at once do not hold up those who type."""

import asyncio
from collections import deque

__all__ = ["AT_ONCE", "Turnstile"]

AT_ONCE = 4
"""Steps of arrivals in one round of the loop: each takes about a third of a millisecond."""


class Turnstile:
    """First come, first served. Whoever comes alone is let through at once.

    Who comes takes a step before his upgrade is answered, and another one before he sits down in a room. Nobody holds
    anything in between: what takes long, a slow store or a large document, keeps nobody else out.
    """

    def __init__(self) -> None:
        self._left = AT_ONCE
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def turn(self) -> None:
        """Return when it is the caller's turn: what he does before his next await is his step."""
        if self._waiting or not self._left:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting
        else:
            self._take()

    def _take(self) -> None:
        if self._left == AT_ONCE:  # the first one of this round
            asyncio.get_running_loop().call_soon(self._next_round)
        self._left -= 1

    def _next_round(self) -> None:
        self._left = AT_ONCE
        while self._waiting and self._left:
            waiting = self._waiting.popleft()
            if not waiting.done():  # whoever went away meanwhile takes no place
                self._take()
                waiting.set_result(None)
