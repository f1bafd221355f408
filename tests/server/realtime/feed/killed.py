"""A process that commits a change with its event and is killed before it can tell anybody: URL, organisation."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from persistence.database import Database
from persistence.events import StoredEvent
from server.clock import SystemClock
from server.events.documents import DocumentDeleted
from server.events.model import Actor
from server.events.outbox import Outbox


def killed(_: Sequence[StoredEvent]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, organisation: str) -> None:
    database = await Database.open(url)
    outbox = Outbox(killed, SystemClock())
    event = DocumentDeleted(workspace_id="w", document_id="d", title="Plan")
    record = outbox.record(Actor(organisation, "person", "u", "Ada"), event)
    await database.write(record)
    outbox.published(record)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
