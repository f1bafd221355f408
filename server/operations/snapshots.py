"""Folding a document's log into a snapshot because somebody asks for it."""

import asyncio

from server.errors import Busy, StoreRefuses
from server.operations.admin_model import AdminSnapshot
from server.realtime.rooms import RoomKeeper

__all__ = ["fold_now"]

COMMIT_SECONDS = 5.0
PATIENCE_SECONDS = 1.0
"""Whoever asks hears after this long that it goes on; `GET /admin/rooms` tells how far it is."""


async def fold_now(rooms: RoomKeeper, document: str) -> AdminSnapshot:
    """Make a snapshot of what is in the log now. Raises NotFound, Busy, StoreUnavailable.

    Which node folds makes no difference: it is the room of this one, opened if need be.
    """
    host = await rooms.enter(document)
    host.flush()
    try:
        async with asyncio.timeout(COMMIT_SECONDS):
            await host.all_logged()
    except TimeoutError:
        raise StoreRefuses("The store does not take what was written in the document.") from None
    wanted, ends = host.position, asyncio.get_running_loop().time() + PATIENCE_SECONDS
    for _ in range(2):  # the first may be one that was under way already
        task = host.compaction.now(wanted)
        if task is None:
            break
        await asyncio.wait((task,), timeout=max(0.0, ends - asyncio.get_running_loop().time()))
        if not task.done():
            break
    folded = host.compaction
    if folded.task is None and folded.position < wanted:
        raise Busy(f"No snapshot was made: {folded.trouble}.")
    return AdminSnapshot(
        document_id=document, position=folded.position, wanted_position=wanted, is_done=folded.position >= wanted
    )
