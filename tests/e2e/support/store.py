"""What stands in the store, read without the server and without its code for reading."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from pycrdt import Doc, Text

from crdt.updates import merge
from tests.e2e.support.server import CounterpointServer

__all__ = ["text_in_postgres", "text_in_store", "update_in_store"]

SNAPSHOT = "SELECT position, data FROM document_snapshots WHERE document_id = "
ROWS = """
    SELECT position, data FROM document_rows WHERE document_id = {0}
    UNION ALL SELECT position, data FROM fresh_rows WHERE document_id = {0} ORDER BY position
"""


async def update_in_store(server: CounterpointServer, document: str) -> bytes:
    """Snapshot and rows, merged. AssertionError when the positions have a gap, or snapshot and rows differ."""
    if server.database_url:
        return _merged(*await _read_postgres(server.database_url, document))
    return _merged(*await _read_sqlite(server, document))


async def text_in_postgres(url: str, document: str) -> str:
    """As `text_in_store`, of a database. AssertionError as of `update_in_store`."""
    return text_of(_merged(*await _read_postgres(url, document)))


def _merged(snapshots: list[Any], rows: list[Any]) -> bytes:
    assert [position for position, _ in rows] == list(range(1, len(rows) + 1)), "positions have no gap"
    position, snapshot = snapshots[0] if snapshots else (0, b"\x00\x00")
    update = merge([snapshot, *(data for at, data in rows if at > position)])
    # The raw rows are kept for weeks beside the snapshot that folds them: both must say the same.
    assert text_of(update) == text_of(merge([data for _, data in rows])), "the snapshot is not what its rows say"
    return update


async def text_in_store(server: CounterpointServer, document: str) -> str:
    """The root text `text` of the document, as it would be after the loss of everything but the store."""
    return text_of(await update_in_store(server, document))


def text_of(update: bytes) -> str:
    doc: Doc[Any] = Doc()
    text = doc.get("text", type=Text)
    doc.apply_update(update)
    return str(text)


async def _read_sqlite(server: CounterpointServer, document: str) -> tuple[list[Any], list[Any]]:
    """Of a dead server a copy is read: opening the file itself would repair it, which is the next start's to do."""
    if server.is_running:
        return _select(server.store_file, document)
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal"):
            part = server.store_file.with_name(server.store_file.name + suffix)
            if part.exists():
                shutil.copy(part, folder)
        return _select(Path(folder) / server.store_file.name, document)


def _select(file: Path, document: str) -> tuple[list[Any], list[Any]]:
    with closing(sqlite3.connect(file, timeout=10)) as store, store:
        store.execute("BEGIN")
        snapshots = store.execute(f"{SNAPSHOT}?", [document]).fetchall()
        return snapshots, store.execute(ROWS.format("?1"), [document]).fetchall()


async def _read_postgres(url: str, document: str) -> tuple[list[Any], list[Any]]:
    store = await asyncpg.connect(url)
    try:
        async with store.transaction(isolation="repeatable_read"):
            return await store.fetch(f"{SNAPSHOT}$1", document), await store.fetch(ROWS.format("$1"), document)
    finally:
        await store.close()
