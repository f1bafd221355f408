"""Numbers of rows: each is given once, whoever asks at the same time."""

import asyncio

from persistence.counters import next_number
from persistence.database import Database


async def test_numbers_begin_at_one_and_each_kind_has_its_own(database: Database) -> None:
    def three(connection: object) -> list[int]:
        return [next_number(connection, name) for name in ("alert", "alert", "threshold")]  # type: ignore[arg-type]

    assert await database.write(three) == [1, 2, 1]


async def test_a_number_is_given_once_whoever_asks_at_the_same_time(database: Database) -> None:
    asked = [database.write(lambda connection: next_number(connection, "alert")) for _ in range(20)]
    assert sorted(await asyncio.gather(*asked)) == list(range(1, 21))
