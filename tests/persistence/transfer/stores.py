"""Stores that tests carry rows between, and what a transfer says of how far it is."""

from collections.abc import Mapping
from pathlib import Path

from persistence.database import Database
from persistence.transfer.copying import copy_store
from persistence.transfer.rows import Tally
from tests.persistence.transfer.anything import fill
from tests.stores import migrated_sqlite


class Told:
    def __init__(self) -> None:
        self.expected: Mapping[str, int] = {}
        self.rows = 0

    def told(self, rows: Mapping[str, int]) -> None:
        self.expected = rows

    def moved(self, phase: str, table: str, rows: int) -> None:
        self.rows += rows


async def copied(source: str, target: str) -> dict[str, Tally]:
    told = Told()
    tallies = await copy_store(source, target, told=told.told, moved=told.moved)
    assert told.rows == 2 * sum(told.expected.values())
    assert {name: tally.rows for name, tally in tallies.items()} == told.expected
    return tallies


async def filled(url: str, seed: int, rows: int = 6) -> None:
    database = await Database.open(url)
    await fill(database, seed, rows)
    await database.close()


def file_in(folder: Path, name: str, *, tables: bool = False) -> str:
    if tables:
        (folder / name).write_bytes(migrated_sqlite())
    return f"sqlite:///{folder / name}"
