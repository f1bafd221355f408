"""A store that was copied there and back is the same to the last bit, and a copy that fails leaves nothing."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, inspect, text, update

from persistence.database import Database
from persistence.tables import metadata
from persistence.tables.access import access_changes
from persistence.tables.documents import document_rows, documents, fresh_rows
from persistence.tables.nodes import nodes
from persistence.transfer import copying, holding_postgres, tables
from persistence.transfer.errors import TransferRefused
from persistence.transfer.holding import holding
from persistence.transfer.shapes import shape_of
from tests.persistence.transfer.stores import copied, file_in, filled
from tests.stores import migrate


async def test_there_and_back_every_row_is_the_same(tmp_path: Path, postgres_database_url: str) -> None:
    source = file_in(tmp_path, "source", tables=True)
    await filled(source, 7, rows=15)
    there = await copied(source, postgres_database_url)
    back = await copied(postgres_database_url, file_in(tmp_path, "back"))
    assert there == back
    assert all(tally.rows for tally in there.values())


@settings(max_examples=2)
@given(seed=st.integers(0, 1 << 32))
def test_any_store_is_the_same_at_its_new_place(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("stores")

    async def work() -> None:
        source = file_in(folder, "source", tables=True)
        await filled(source, seed)
        first = await copied(source, file_in(folder, "first"))
        assert first == await copied(file_in(folder, "first"), file_in(folder, "second"))

    asyncio.run(work())


async def test_rows_that_are_not_sorted_yet_are_rows_of_the_log(tmp_path: Path) -> None:
    source, target = file_in(tmp_path, "source", tables=True), file_in(tmp_path, "target")
    await filled(source, 3)
    tallies = await copied(source, target)
    unsorted = "SELECT count(*) FROM fresh_rows WHERE document_id IN (SELECT id FROM documents)"
    async with holding(source) as hold:
        fresh = await hold.run(lambda connection: connection.execute(text(unsorted)).scalar_one())
        own = await hold.run(
            lambda connection: connection.execute(text("SELECT count(*) FROM document_rows")).scalar_one()
        )
    assert fresh > 0
    assert tallies["document_rows"].rows == own + fresh


async def test_only_rows_that_are_not_carried_have_numbers_that_a_store_gives() -> None:
    """Else a copy would have to set the store's counter, too."""
    counted = {
        table.name
        for table in metadata.tables.values()
        if table.autoincrement_column is not None and table.autoincrement_column.autoincrement is not False
    }
    assert counted == {access_changes.name, fresh_rows.name}


async def test_a_target_with_rows_is_refused_and_left_alone(tmp_path: Path) -> None:
    source, target = file_in(tmp_path, "source", tables=True), file_in(tmp_path, "target", tables=True)
    await filled(source, 1)
    await filled(target, 2)
    before = (tmp_path / "target").read_bytes()
    with pytest.raises(TransferRefused, match="not empty"):
        await copied(source, target)
    assert (tmp_path / "target").read_bytes() == before


async def test_a_copy_that_fails_leaves_an_empty_store(tmp_path: Path, postgres_database_url: str) -> None:
    """A text with a NUL, which SQLite holds and PostgreSQL does not; the message does not tell the text."""
    source = file_in(tmp_path, "source", tables=True)
    await filled(source, 1)
    async with holding(source, writes=True) as hold:
        await hold.run(lambda connection: connection.execute(update(documents).values(title="secret\0")))
    with pytest.raises(TransferRefused, match="documents cannot be held") as refused:
        await copied(source, postgres_database_url)
    assert "secret" not in str(refused.value)
    async with holding(postgres_database_url) as hold:
        assert await hold.run(lambda connection: inspect(connection).get_table_names()) == []


async def test_a_row_that_the_target_holds_otherwise_ends_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = file_in(tmp_path, "source", tables=True), file_in(tmp_path, "target")
    await filled(source, 1)
    write = copying.write

    async def lossy(hold: object, shape: object, rows: list[tuple[object, ...]]) -> None:
        kept = rows[1:] if shape.name == "document_rows" else rows  # type: ignore[attr-defined]
        if kept:
            await write(hold, shape, kept)  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "write", lossy)
    with pytest.raises(TransferRefused, match="document_rows differs"):
        await copied(source, target)
    async with holding(target) as hold:
        assert await hold.run(lambda connection: inspect(connection).get_table_names()) == []


async def test_a_source_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(TransferRefused, match="there is no store at"):
        await copied(file_in(tmp_path, "nothing"), file_in(tmp_path, "target"))
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(("revision", "why"), [("0001", "start the server once"), ("9999", "of a later version")])
async def test_tables_of_another_version_are_refused(tmp_path: Path, revision: str, why: str) -> None:
    source = file_in(tmp_path, "source", tables=True)
    async with holding(source, writes=True) as hold:
        change = text("UPDATE alembic_version SET version_num = :revision")
        await hold.run(lambda connection: connection.execute(change, {"revision": revision}))
    with pytest.raises(TransferRefused, match=why):
        await copied(source, file_in(tmp_path, "target"))


async def test_a_store_is_not_copied_to_itself(tmp_path: Path) -> None:
    source = file_in(tmp_path, "source", tables=True)
    with pytest.raises(TransferRefused, match="the same store"):
        await copied(source, source)


async def test_while_a_server_has_the_sqlite_file_open_it_is_not_copied(tmp_path: Path) -> None:
    source = file_in(tmp_path, "source", tables=True)
    server = await Database.open(source)
    await server.migrate()
    with pytest.raises(TransferRefused, match="a server"):
        await copied(source, file_in(tmp_path, "target"))
    await server.close()
    await copied(source, file_in(tmp_path, "target"))


async def test_while_the_sqlite_file_is_copied_no_server_can_write(tmp_path: Path) -> None:
    source = file_in(tmp_path, "source", tables=True)
    async with holding(source, alone=True):
        server = await Database.open(source, busy_seconds=0.05)
        with pytest.raises(Exception, match="locked"):
            await server.migrate()
        await server.close()
    server = await Database.open(source)
    await server.migrate()
    await server.close()


async def test_while_a_node_of_postgresql_lives_it_is_not_copied(
    tmp_path: Path, postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(postgres_database_url)
    await filled(postgres_database_url, 1)

    async def beat(_: float) -> None:
        async with holding(postgres_database_url, writes=True) as hold:
            await hold.run(lambda connection: connection.execute(update(nodes).values(beat=nodes.c.beat - 1)))

    monkeypatch.setattr(holding_postgres, "asyncio", SimpleNamespace(sleep=beat))
    with pytest.raises(TransferRefused, match="a server runs"):
        await copied(postgres_database_url, file_in(tmp_path, "target"))


async def test_rows_are_read_in_batches_by_their_size(tmp_path: Path) -> None:
    """Of rows of a megabyte there are few at once, and each is read once."""
    source = file_in(tmp_path, "source", tables=True)
    await filled(source, 1)

    def add(connection: Connection) -> None:
        row = dict(connection.execute(document_rows.select()).mappings().first() or {})
        for number in range(24):
            connection.execute(
                insert(document_rows).values(
                    {**row, "position": 10_000 + number, "batch": (1 << 40) + number, "data": b"x" * (1 << 19)}
                )
            )

    async with holding(source, writes=True) as hold:
        await hold.run(add)
    async with holding(source) as hold:
        shape = shape_of(document_rows)
        sizes = [len(batch.rows) async for batch in tables.batches(hold, shape)]
        assert sum(sizes) == await tables.count(hold, shape)
        assert len(sizes) > 3
