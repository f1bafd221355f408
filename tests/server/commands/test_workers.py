"""Several processes need a store and a broker that they can share, and a port that nobody else has."""

import socket
from pathlib import Path

import pytest
from click import UsageError
from click.testing import CliRunner

from server.cli import main
from server.commands.workers import check_workers, run_workers
from server.settings import Settings

POSTGRES = "postgresql://pad@127.0.0.1/pad"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["PostgreSQL", "COUNTERPOINT_DATABASE_URL", "Valkey", "COUNTERPOINT_REDIS_URL"]),
        ({"database_url": POSTGRES}, ["COUNTERPOINT_REDIS_URL"]),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, given: dict[str, str], missing: list[str]) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "server_processes": 2, **given})
    with pytest.raises(UsageError) as refused:
        check_workers(settings)
    for word in missing:
        assert word in str(refused.value)
    if given:
        assert "COUNTERPOINT_DATABASE_URL" not in str(refused.value)


def test_one_process_needs_neither_and_several_with_both_may_run(tmp_path: Path) -> None:
    check_workers(Settings(data_dir=tmp_path))
    both = {"database_url": POSTGRES, "redis_url": "redis://127.0.0.1", "server_processes": 2}
    check_workers(Settings.model_validate({"data_dir": tmp_path, **both}))


def test_the_command_refuses_before_it_makes_anything(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    result = CliRunner().invoke(main, ["serve", "--workers", "2"], env={"COUNTERPOINT_DATA_DIR": str(folder)})
    assert result.exit_code == 2
    assert "2 workers are as many nodes" in result.output
    assert not folder.exists()


def test_a_port_that_another_server_listens_on_is_not_shared_by_mistake(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = Settings(data_dir=tmp_path, port=other.getsockname()[1], server_processes=2)
        with pytest.raises(OSError, match="in use"):
            run_workers(settings)
