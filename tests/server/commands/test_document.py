"""`counterpoint document` says what the store holds, and lets rows out of quarantine."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from crdt.reading import NOTHING
from persistence.database import Database
from persistence.documents import DocumentStore, NewDocument
from persistence.log import Batch, Row, SqlDocumentLog
from persistence.quarantine import QuarantinedRow, QuarantineStore
from server.cli import main
from tests.persistence.appender import NAME, make_place


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three updates, of which the second is in quarantine."""
    monkeypatch.setenv("COUNTERPOINT_DATA_DIR", str(tmp_path))

    async def prepare() -> str:
        database = await Database.open(f"sqlite:///{tmp_path / 'counterpoint.sqlite3'}")
        await database.migrate()
        await database.write(make_place)
        now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        made = (await DocumentStore(database).create(NewDocument(NAME, NAME, "Plan", "report", NAME), now)).id
        rows = tuple(Row("ada", b"\0\0") for _ in range(3))
        await SqlDocumentLog(database).append([Batch(made, "a node", 1, rows)])
        await QuarantineStore(database).put(QuarantinedRow(made, 2, "timeout", NOTHING, False, "mallory", now))
        await database.close()
        return made

    return asyncio.run(prepare())


def test_it_shows_the_log_the_reading_and_the_quarantine(document: str) -> None:
    result = CliRunner().invoke(main, ["document", "show", document])
    assert result.output.splitlines() == [
        "log: 3 updates; no snapshot, 3 rows (6 bytes)",
        "text: not read yet",
        "quarantine: row 2: timeout; written by mallory; since 2026-11-23 09:00 UTC",
    ]


def test_a_row_is_released_once(document: str) -> None:
    wrong = CliRunner().invoke(main, ["document", "release", document, "--position", "1"])
    assert (wrong.exit_code, "nothing of that is in quarantine" in wrong.output) == (1, True)
    released = CliRunner().invoke(main, ["document", "release", document, "--position", "2"])
    assert released.output.startswith("1 row is out of quarantine.")
    assert CliRunner().invoke(main, ["document", "release", document]).exit_code == 1


@pytest.mark.parametrize("command", ["show", "release"])
def test_a_document_that_is_not_there_is_said_so(document: str, command: str) -> None:
    result = CliRunner().invoke(main, ["document", command, document + "0"])
    assert result.exit_code == 1
    assert "there is no document" in result.output
