"""A backup holds the store of one moment; what is restored from it is that, and is not taken for what it was."""

import asyncio
import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import func, inspect, select

from persistence.database import Database
from persistence.log import Batch, Row, SqlDocumentLog
from persistence.migrations import NEWEST, revision_of
from persistence.tables.documents import document_heads
from persistence.tables.events import streams
from persistence.tables.identity import organisations, personal_tokens, sessions, setup_links, tickets
from persistence.transfer.archive import Manifest, draft_of, lines_of, member, opened, write_manifest
from persistence.transfer.backing_up import back_up
from persistence.transfer.errors import TransferRefused
from persistence.transfer.holding import holding
from persistence.transfer.restoring import restore
from persistence.transfer.rows import Tally, encoded
from persistence.transfer.shapes import shapes
from tests.persistence.conftest import Place
from tests.persistence.transfer.stores import Told, copied, file_in, filled

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANEW = {"document_heads", "streams", "sessions", "tickets", "setup_links"}


async def backed_up(url: str, file: Path) -> Manifest:
    told = Told()
    return await back_up(url, file, version="1.2.3", now=NOW, told=told.told, moved=told.moved)


async def restored(file: Path, url: str) -> Manifest:
    told = Told()
    return await restore(file, url, told=told.told, moved=told.moved)


async def test_all_rows_come_back_into_the_other_kind_of_store(tmp_path: Path, postgres_database_url: str) -> None:
    source, file = file_in(tmp_path, "source", tables=True), tmp_path / "b.zip"
    await filled(source, 5)
    made = await backed_up(source, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob(".*")] == []
    found = await restored(file, postgres_database_url)
    assert found == made
    assert (found.revision, found.version, found.store) == (NEWEST, "1.2.3", "sqlite")
    there = await copied(postgres_database_url, file_in(tmp_path, "again"))
    assert {name for name, tally in there.items() if tally != made.tallies[name]} == ANEW


async def test_documents_and_streams_are_not_those_of_before(tmp_path: Path) -> None:
    """So neither a client's state nor an offset of before is taken for one of now; nobody is signed in."""
    source, target = file_in(tmp_path, "source", tables=True), file_in(tmp_path, "target")
    await filled(source, 5)
    await backed_up(source, tmp_path / "b.zip")
    await restored(tmp_path / "b.zip", target)
    s, h = streams.c, document_heads.c
    heads_of = select(h.document_id, h.head, h.incarnation).order_by(h.document_id)
    epochs_of = select(s.name, s.head, s.epoch).order_by(s.organisation_id, s.name)
    seen = []
    for url in (source, target):
        async with holding(url) as hold:
            heads = await hold.run(lambda c: c.execute(heads_of).all())
            epochs = await hold.run(lambda c: c.execute(epochs_of).all())
            seen.append((heads, epochs))
    for before, after in zip(*seen, strict=True):
        assert [row[:2] for row in before] == [row[:2] for row in after]
        assert not {row[2] for row in before} & {row[2] for row in after}
        assert len({row[2] for row in after}) == len(after) > 0
    async with holding(target) as hold:
        for table, is_kept in ((sessions, False), (tickets, False), (setup_links, False), (personal_tokens, True)):
            rows = await hold.run(
                lambda c, table=table: c.execute(select(func.count()).select_from(table)).scalar_one()
            )
            assert (rows > 0) is is_kept, table.name


async def test_what_is_written_while_it_is_backed_up_is_in_it_up_to_one_moment(
    database: Database, store_url: str, log: SqlDocumentLog, place: Place, document: str, tmp_path: Path
) -> None:
    """Every head in the file is as high as the rows of its document, on both kinds of store."""
    written = 0

    async def keep_writing() -> None:
        nonlocal written
        while True:
            written += 1
            await log.append([Batch(document, "node", written, (Row(None, b"update"),))])

    writing = asyncio.create_task(keep_writing())
    manifests = [await backed_up(store_url, tmp_path / f"{number}.zip") for number in range(3)]
    writing.cancel()
    heads = []
    for number, manifest in enumerate(manifests):
        with opened(tmp_path / f"{number}.zip") as archive:
            shape = next(each for each in manifest.shapes if each.name == "document_heads")
            at = [name for name, _ in shape.columns].index("head")
            heads.append(json.loads(next(iter(lines_of(archive, shape))))[at])
    assert heads == [manifest.tallies["document_rows"].rows for manifest in manifests]
    assert heads[0] < heads[-1] <= written


async def test_a_backup_never_replaces_a_file(tmp_path: Path) -> None:
    source, file = file_in(tmp_path, "source", tables=True), tmp_path / "b.zip"
    file.write_text("precious")
    with pytest.raises(TransferRefused, match="is there already"):
        await backed_up(source, file)
    assert file.read_text() == "precious"


async def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(TransferRefused, match="there is no store"):
        await backed_up(file_in(tmp_path, "nothing"), tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TransferRefused, match="cannot be written"):
        await backed_up(file_in(tmp_path, "source", tables=True), tmp_path / "no folder" / "b.zip")


async def test_a_backup_of_an_older_version_is_brought_up_to_this_one(tmp_path: Path) -> None:
    """Its rows go into the tables of that version, and those are changed then, as at a start."""
    row = ("1" * 32, "acme", "Acme", NOW)
    shape = next(each for each in shapes() if each.name == "organisations")
    tally = Tally()
    tally.add([encoded(shape, row)])
    with draft_of(tmp_path / "b.zip") as archive:
        archive.writestr(member(shape), encoded(shape, row) + b"\n")
        write_manifest(archive, Manifest("0.0.1", "0003", NOW.isoformat(), "sqlite", (shape,), {shape.name: tally}))
    await restored(tmp_path / "b.zip", file_in(tmp_path, "target"))
    async with holding(file_in(tmp_path, "target")) as hold:
        assert await hold.run(revision_of) == NEWEST
        assert await hold.run(lambda connection: connection.execute(organisations.select()).all()) == [row]


async def test_a_store_with_rows_is_not_restored_into(tmp_path: Path) -> None:
    source = file_in(tmp_path, "source", tables=True)
    await filled(source, 1)
    await backed_up(source, tmp_path / "b.zip")
    with pytest.raises(TransferRefused, match="not empty"):
        await restored(tmp_path / "b.zip", source)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _flip(file: Path) -> None:
    """A byte of rows: of a header there are some that nobody reads."""
    with ZipFile(file) as archive:
        info = max(archive.infolist(), key=lambda each: each.compress_size)
    content = bytearray(file.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0xFF
    file.write_bytes(content)


def _lose_a_row(file: Path) -> None:
    _rewrite(file, "tables/users.jsonl", lambda rows: rows.split(b"\n", 1)[1])


def _change_a_row(file: Path) -> None:
    _rewrite(file, "tables/documents.jsonl", lambda rows: rows.replace(b"2026", b"2027", 1))


def _of_the_future(file: Path) -> None:
    _rewrite(file, "manifest.json", lambda said: said.replace(f'"{NEWEST}"'.encode(), b'"9999"'))


def _another_format(file: Path) -> None:
    _rewrite(file, "manifest.json", lambda said: said.replace(b"backup/1", b"backup/2"))


def _no_manifest(file: Path) -> None:
    _rewrite(file, "manifest.json", lambda _: b"[]")


def _rewrite(file: Path, name: str, change: object) -> None:
    with ZipFile(file) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    with ZipFile(file, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, change(content) if each == name else content)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (_cut, "not a backup"),
        (_flip, "damaged|cannot be read"),
        (_lose_a_row, "damaged: the rows of users|cannot be held"),
        (_change_a_row, "damaged: the rows of documents"),
        (_of_the_future, "made by a later version"),
        (_another_format, "this version reads"),
        (_no_manifest, "no manifest"),
    ],
)
async def test_a_damaged_file_is_refused_and_the_store_stays_empty(tmp_path: Path, damage: object, why: str) -> None:
    source, target, file = file_in(tmp_path, "source", tables=True), file_in(tmp_path, "target"), tmp_path / "b.zip"
    await filled(source, 5)
    await backed_up(source, file)
    damage(file)  # type: ignore[operator]
    with pytest.raises(TransferRefused, match=why):
        await restored(file, target)
    if (tmp_path / "target").exists():
        async with holding(target) as hold:
            assert await hold.run(lambda connection: inspect(connection).get_table_names()) == []
