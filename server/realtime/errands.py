"""A room's errands: what is too much for the loop is worked out in a worker."""

import asyncio
from typing import Any

from crdt.errors import RefusedUpdate, Unexamined
from crdt.room import Elsewhere
from server.realtime.materialiser import FailureReason, Materialiser, MaterialiserFailed

__all__ = ["ERRAND_SECONDS", "work_out"]

ERRAND_SECONDS = 10.0
"""A worker checks 200,000 structs in about a second."""
BUSY_SECONDS = 0.2
PROOFS: dict[FailureReason, int] = {"refused": 2, "timeout": 1, "memory": 1, "died": 1}
"""What a failure proves against an errand: a panic is its own; a limit or a crash must come twice."""
ENOUGH = 2
MOST_LOSSES = 3
"""Workers that an errand may lose for reasons that are not its own; then its peer comes back later."""
TOO_MUCH = "it takes more time or memory than may be spent on it"


async def work_out(materialiser: Materialiser, document: str, errand: Elsewhere) -> Any:
    """What the errand's function answers.

    Raises its CrdtError; RefusedUpdate (limit) when the errand is proven to end workers; Unexamined when they are lost
    for reasons that are not its own (SPEC.md, R22); MaterialiserFailed (closed) when all ends.
    """
    proofs = losses = 0
    while True:
        try:
            return await materialiser.call(
                document, errand.function, *errand.args, seconds=ERRAND_SECONDS, user=errand.user
            )
        except MaterialiserFailed as failure:
            if failure.reason == "closed":
                raise
            losses += failure.reason == "lost"
            proofs += PROOFS.get(failure.reason, 0)
            if losses >= MOST_LOSSES:
                raise Unexamined("no worker could look at it") from failure
            if proofs >= ENOUGH:
                raise RefusedUpdate("limit", TOO_MUCH) from failure
        await asyncio.sleep(BUSY_SECONDS)
