"""All rows of one store into another, in one transaction on each side: the target has all of them, or stays empty."""

from collections.abc import Callable, Mapping

from persistence.transfer.ends import Moved, check_source, checked, prepare_target
from persistence.transfer.errors import TransferRefused
from persistence.transfer.holding import holding
from persistence.transfer.rows import Tally
from persistence.transfer.shapes import shapes
from persistence.transfer.tables import batches, count, write

__all__ = ["copy_store"]


async def copy_store(
    source_url: str, target_url: str, *, told: Callable[[Mapping[str, int]], None], moved: Moved
) -> dict[str, Tally]:
    """Carry every row, and read them all again at the target; the answer has the tally of each table.

    No id, position, offset or epoch is changed. `told` is called with the rows of each table before the first is read.
    Raises TransferRefused (a server runs on the source, the target is not empty, a row differs), StoreUnavailable.
    """
    if source_url == target_url:
        raise TransferRefused("the source and the target are the same store")
    async with holding(source_url, alone=True) as source:
        await check_source(source)
        async with holding(target_url, writes=True) as target:
            await prepare_target(target)
            carried = shapes()
            told({shape.name: await count(source, shape) for shape in carried})
            tallies = {shape.name: Tally() for shape in carried}
            for shape in carried:
                async for batch in batches(source, shape):
                    await write(target, shape, batch.rows)
                    tallies[shape.name].add(batch.lines)
                    moved("copy", shape.name, len(batch.rows))
            for shape in carried:
                await checked(target, shape, tallies[shape.name], moved)
    return tallies
