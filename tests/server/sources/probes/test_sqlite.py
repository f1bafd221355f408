"""SQLite files: their figures are those of SQLite itself, and no question changes them."""

import sqlite3
from pathlib import Path

import pytest

from server.errors import SourceUnreachable
from server.sources.metrics import metric_names
from tests.server.sources.probes.support import probe_of, target


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a file.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)")
        connection.executemany("INSERT INTO t (word) VALUES (?)", [("x" * 500,) for _ in range(2000)])
    connection.close()
    return path


async def test_every_metric_is_read_and_is_that_of_the_file(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM t WHERE id > 100")
        connection.commit()
        reading = await probe_of(target("sqlite", str(path))).read()
        pragma = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count")}
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        assert set(reading.values) == set(metric_names("sqlite"))
        assert reading.values["database_size"] == size * pragma["page_count"]
        assert reading.values["free_pages_bytes"] == size * pragma["freelist_count"] > 0
        assert reading.values["wal_bytes"] == path.with_name(path.name + "-wal").stat().st_size > 0
    connection.close()


async def test_facts_say_what_is_wrong_with_a_file_and_nothing_of_a_good_one(path: Path) -> None:
    probe = probe_of(target("sqlite", str(path)))
    facts = {fact.name: fact.rows for fact in await probe.examine()}
    assert facts["integrity"] == [{"quick_check": "ok"}]
    assert facts["journal"] == [{"journal_mode": "wal"}]
    assert facts["statistics"] == []
    assert facts["tables"] == [{"table": "t", "indexes": 0}]
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with path.open("r+b") as file:
        file.seek(4096 * 40)
        file.write(b"\xff" * 4096 * 3)
    facts = {fact.name: fact.rows for fact in await probe.examine()}
    assert facts["integrity"] != [{"quick_check": "ok"}]


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable):
        await probe_of(target("sqlite", str(tmp_path / "none.db"))).read()
    assert list(tmp_path.iterdir()) == []


async def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, though long enough to be looked at" * 50)
    with pytest.raises(SourceUnreachable, match="not a database"):
        await probe_of(target("sqlite", str(tmp_path / "text.db"))).read()
