"""The hot path under faults in the middle of a commit: what is said to be committed is, and a retry doubles nothing."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from persistence.database import Database
from persistence.documents import DocumentStore
from persistence.errors import StoreUnavailable
from persistence.log import Batch, Committed, Gone, Row, SqlDocumentLog
from tests.persistence.conftest import NOW, place_in
from tests.persistence.cutting_proxy import CuttingProxy


async def test_DL3_an_answer_that_is_lost_after_the_commit_is_given_again_and_nothing_is_doubled(
    postgres_database_url: str,
) -> None:
    direct = await Database.open(postgres_database_url)
    await direct.migrate()
    place = await place_in(direct)
    ids = [(await DocumentStore(direct).create(place.document(), NOW)).id for _ in range(2)]

    def turn(number: int) -> list[Batch]:
        rows = (Row("ada", b"%d" % number, (number,)), Row("ben", b"and", ()))
        return [Batch(document, "n.1", number, rows) for document in ids]

    proxy = CuttingProxy(postgres_database_url)
    async with proxy.listening() as url:
        through = await Database.open(url)
        log = SqlDocumentLog(through)
        assert await log.append(turn(1)) == [Committed(1, 2)] * 2
        proxy.cut_next = True
        with pytest.raises(StoreUnavailable):
            await log.append(turn(2))
        assert proxy.cuts == 1
        assert (await SqlDocumentLog(direct).heads(ids)) == dict.fromkeys(ids, 4), "it was committed all the same"
        # The retry takes along what has come meanwhile.
        assert await log.append(turn(2) + turn(3)) == [Committed(3, 4)] * 2 + [Committed(5, 6)] * 2
        await through.close()
    for document in ids:
        rows = await SqlDocumentLog(direct).read(document, 0)
        assert [row.position for row in rows] == [1, 2, 3, 4, 5, 6]
        assert [row.update for row in rows] == [b"1", b"and", b"2", b"and", b"3", b"and"]
    await direct.close()


async def test_DL4_a_disk_that_is_full_for_a_while_loses_and_doubles_nothing(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.persistence.full_disk", str(tmp_path / "full.db"), stdout=subprocess.PIPE
    )
    told = json.loads((await process.communicate())[0])
    assert told["said"] == [
        "[Committed(first=1, last=1)]",
        "unavailable",
        "unavailable",
        "[Committed(first=2, last=2)]",
        "[Committed(first=3, last=3)]",
    ]
    assert told["rows"] == [[1, 100_000], [2, 100_000], [3, 100_000]]


async def test_DL1_DL8_what_another_process_has_done_meanwhile_is_seen_on_sqlite(tmp_path: Path) -> None:
    ours, theirs = [await Database.open(f"sqlite:///{tmp_path / 'log.db'}") for _ in range(2)]
    await ours.migrate()
    place, documents = await place_in(ours), DocumentStore(theirs)
    mine, other = [(await documents.create(place.document(), NOW)).id for _ in range(2)]
    log, elsewhere = SqlDocumentLog(ours), SqlDocumentLog(theirs)

    def turn(number: int, node: str = "n.1") -> list[Batch]:
        return [Batch(document, node, number, (Row("ada", b"%d" % number, ()),)) for document in (mine, other)]

    assert await log.append(turn(1)) == [Committed(1, 1)] * 2
    assert await elsewhere.append(turn(1, "n.2")) == [Committed(2, 2)] * 2
    assert await log.append(turn(2)) == [Committed(3, 3)] * 2
    assert await documents.delete(place.organisation, mine, NOW)
    assert await log.append(turn(3)) == [Gone(), Committed(4, 4)]
    assert await documents.restore(place.organisation, mine, NOW)
    assert await log.append(turn(4)) == [Committed(4, 4), Committed(5, 5)]
    assert [row.update for row in await log.read(mine, 0)] == [b"1", b"1", b"2", b"4"]
    await ours.close()
    await theirs.close()
