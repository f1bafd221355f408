"""`counterpoint serve`: run the server until it is told to stop."""

import click

from server.commands.context import settings_or_exit
from server.commands.running import run_node
from server.commands.waiting import wait_for_the_store
from server.commands.workers import check_workers, run_workers
from server.operations.logs import configure_logging
from server.operations.stack_signal import tell_stacks_on_signal
from server.settings import Settings
from server.vault import KeyFileError, Vault

__all__ = ["serve"]


@click.command(
    epilog="""\b
Examples:
  counterpoint serve
  COUNTERPOINT_ADMIN_EMAIL=ada@example.org COUNTERPOINT_ADMIN_PASSWORD=... counterpoint serve
  counterpoint serve --host 0.0.0.0 --port 9000
  counterpoint serve --workers 4     # four nodes on one port: PostgreSQL and a Redis or Valkey
  counterpoint serve --open          # development: no sign-in, loopback only
"""
)
@click.option("--host", help="The address to listen on (COUNTERPOINT_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on, 0 for any (COUNTERPOINT_PORT).")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes that share the port (COUNTERPOINT_SERVER_PROCESSES)."
)
@click.option("--open", "open_mode", is_flag=True, help="No sign-in; documents are made on first use. Loopback only.")
def serve(host: str | None, port: int | None, workers: int | None, open_mode: bool) -> None:
    """Run the server until SIGTERM or Ctrl-C; then save what is under way, tell every client, and end with 0."""
    settings = settings_or_exit(host=host, port=port, server_processes=workers)
    if open_mode and not settings.loopback:
        raise click.UsageError(f"--open is for this machine only; it cannot listen on {settings.host}.")
    if open_mode and settings.server_processes > 1:
        raise click.UsageError("--open is for one process.")
    check_workers(settings)
    _prepare(settings)
    configure_logging(settings.log_level)
    tell_stacks_on_signal()
    wait_for_the_store(settings)
    if settings.server_processes == 1:
        run_node(settings, open_mode=open_mode)
        return
    try:
        code = run_workers(settings)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from None
    raise SystemExit(code)


def _prepare(settings: Settings) -> None:
    """The data folder and the key file, for all processes. Raises click.ClickException."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"the data folder {settings.data_dir} cannot be made: {error.strerror}") from None
    try:
        Vault.open(settings)
    except KeyFileError as error:
        raise click.ClickException(f"the key file {error}") from None
