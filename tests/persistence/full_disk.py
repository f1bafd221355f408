"""A process whose disk is full for a while (no file may grow): what it was told, and what is in the log after it."""

import asyncio
import json
import resource
import sys
from pathlib import Path

from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.errors import StoreUnavailable
from persistence.log import Batch, Row, SqlDocumentLog
from tests.persistence.conftest import NOW, place_in

UPDATE = bytes(100_000)


def let_files_grow_to(size: int) -> None:
    """Beyond it a write fails with EFBIG: Python ignores the signal that would end the process."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


async def main(path: str) -> None:
    database = await Database.open(f"sqlite:///{path}")
    await database.migrate()
    place = await place_in(database)
    document = (await DocumentStore(database).create(place.document(), NOW)).id
    log = SqlDocumentLog(database)
    said: list[str] = []

    async def append(number: int) -> None:
        try:
            said.append(str(await log.append([Batch(document, "n.1", number, (Row("ada", UPDATE),))])))
        except StoreUnavailable:
            said.append("unavailable")

    await append(1)
    let_files_grow_to(max(Path(path + end).stat().st_size for end in ("", "-wal")) + 20_000)
    await append(2)
    await append(2)
    let_files_grow_to(resource.RLIM_INFINITY)
    await append(2)
    await append(3)
    rows = [(row.position, len(row.update)) for row in await log.read(document, 0)]
    print(json.dumps({"said": said, "rows": rows}))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
