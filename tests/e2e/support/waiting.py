"""Waiting for a condition with a deadline: the only way in which an end-to-end test may wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

__all__ = ["until"]

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T]], what: str, *, seconds: float = 15.0, every: float = 0.02) -> T:
    """Answer the first truthy value of `look`; AssertionError naming `what` and the last value after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = await look()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}; last seen: {value!r}")
        await asyncio.sleep(every)
