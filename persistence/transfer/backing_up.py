"""A store into a file, while servers work on it: one picture of it, as it was when the backup began."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from persistence.dialect import is_sqlite
from persistence.migrations import NEWEST
from persistence.transfer.archive import Manifest, draft_of, member, write_manifest
from persistence.transfer.ends import Moved, check_source
from persistence.transfer.holding import holding
from persistence.transfer.rows import Tally
from persistence.transfer.shapes import shapes
from persistence.transfer.tables import batches, count

__all__ = ["back_up"]


async def back_up(
    url: str, file: Path, *, version: str, now: datetime, told: Callable[[Mapping[str, int]], None], moved: Moved
) -> Manifest:
    """Write the file, whole or not at all. `told` and `moved` as for a copy.

    Raises TransferRefused (the file is there already, the tables are of another version), StoreUnavailable.
    """
    with draft_of(file) as archive:
        async with holding(url) as source:
            await check_source(source)
            carried = tuple(shapes())
            told({shape.name: await count(source, shape) for shape in carried})
            tallies = {shape.name: Tally() for shape in carried}
            for shape in carried:
                with archive.open(member(shape), "w", force_zip64=True) as rows:
                    async for batch in batches(source, shape):
                        for line in batch.lines:
                            rows.write(line + b"\n")
                        tallies[shape.name].add(batch.lines)
                        moved("copy", shape.name, len(batch.rows))
        store = "sqlite" if is_sqlite(url) else "postgresql"
        manifest = Manifest(version, NEWEST, now.isoformat(), store, carried, tallies)
        write_manifest(archive, manifest)
    return manifest
