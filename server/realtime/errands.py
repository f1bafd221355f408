"""A room's errands: what is too much for the loop is worked out in a worker."""

import asyncio
from typing import Any

from crdt.errors import RefusedUpdate
from crdt.room import Elsewhere
from server.realtime.materialiser import PASSING, Materialiser, MaterialiserFailed

__all__ = ["ERRAND_SECONDS", "work_out"]

ERRAND_SECONDS = 10.0
"""A worker checks 200,000 structs in about a second."""
BUSY_SECONDS = 0.2
TOO_MUCH = "it takes more time or memory than may be spent on it"


async def work_out(materialiser: Materialiser, document: str, errand: Elsewhere) -> Any:
    """What the errand's function answers.

    Raises its CrdtError, RefusedUpdate (limit) when the worker cannot do it, MaterialiserFailed when all ends. A worker
    that dies is asked once more: it may have been ended by something else.
    """
    deaths = 0
    while True:
        try:
            return await materialiser.call(document, errand.function, *errand.args, seconds=ERRAND_SECONDS)
        except MaterialiserFailed as failure:
            deaths += failure.reason == "died"
            if failure.reason == "closed":
                raise
            if failure.reason not in PASSING and (failure.reason != "died" or deaths > 1):
                raise RefusedUpdate("limit", TOO_MUCH) from failure
        await asyncio.sleep(BUSY_SECONDS)
