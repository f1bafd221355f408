"""`counterpoint copy`, `backup` and `restore` say what they did, and what stands in their way."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from tests.persistence.transfer.stores import file_in, filled


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = file_in(tmp_path, "counterpoint.sqlite3", tables=True)
    asyncio.run(filled(url, 11))
    monkeypatch.setenv("COUNTERPOINT_DATA_DIR", str(tmp_path))
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_copy_tells_each_table_its_progress_and_about_the_key(tmp_path: Path) -> None:
    result = run("copy", "--to", file_in(tmp_path, "new"))
    assert result.exit_code == 0, result.output
    assert "100 %" in result.stderr
    assert "checking" in result.stderr
    assert "\ndocuments" in result.stdout
    assert "secret.key: take it along" in result.stdout


def test_a_backup_is_restored(tmp_path: Path) -> None:
    file, target = str(tmp_path / "b.zip"), file_in(tmp_path, "new")
    made = run("backup", file)
    assert (made.exit_code, "rows" in made.stdout) == (0, True)
    restored = run("restore", file, "--to", target)
    assert restored.exit_code == 0, restored.output
    assert "everybody signs in again" in restored.stdout
    again = run("restore", file, "--to", target)
    assert (again.exit_code, "not empty" in again.stderr) == (1, True)


@pytest.mark.parametrize("url", ["mysql://localhost/x", "nonsense", ""])
def test_what_is_no_store_is_refused(url: str) -> None:
    result = run("copy", "--to", url)
    assert result.exit_code == 2
    assert "--to must be sqlite:///path or postgresql://" in result.stderr


def test_a_password_is_not_shown(tmp_path: Path) -> None:
    result = run("copy", "--to", "postgresql://ada:geheim@127.0.0.1:1/x")
    assert result.exit_code == 1
    assert "geheim" not in result.output
    assert "the store does not answer" in result.stderr
