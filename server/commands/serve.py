"""`counterpoint serve`: run the server until it is told to stop."""

import logging

import click
from fastapi import FastAPI

from server.app import House, build
from server.commands.context import settings_or_exit
from server.operations.logs import configure_logging
from server.operations.stack_signal import tell_stacks_on_signal
from server.serving import DrainingServer, server_config
from server.settings import Settings
from server.vault import KeyFileError, Vault

__all__ = ["serve"]

log = logging.getLogger("counterpoint.serving")

OPEN_MODE_WARNING = """
  OPEN MODE: there is no sign-in. Everybody who can reach this address may read and change every document,
  and unknown documents are created on first use. For development on this machine only.
"""


@click.command(
    epilog="""\b
Examples:
  counterpoint serve
  COUNTERPOINT_ADMIN_EMAIL=ada@example.org COUNTERPOINT_ADMIN_PASSWORD=... counterpoint serve
  counterpoint serve --host 0.0.0.0 --port 9000
  counterpoint serve --open          # development: no sign-in, loopback only
"""
)
@click.option("--host", help="The address to listen on (COUNTERPOINT_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on, 0 for any (COUNTERPOINT_PORT).")
@click.option("--open", "open_mode", is_flag=True, help="No sign-in; documents are made on first use. Loopback only.")
def serve(host: str | None, port: int | None, open_mode: bool) -> None:
    """Run the server until SIGTERM or Ctrl-C; then save what is under way, tell every client, and end with 0."""
    settings = settings_or_exit(host=host, port=port)
    if open_mode and not settings.loopback:
        raise click.UsageError(f"--open is for this machine only; it cannot listen on {settings.host}.")
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"the data folder {settings.data_dir} cannot be made: {error.strerror}") from None
    try:
        Vault.open(settings)
    except KeyFileError as error:
        raise click.ClickException(f"the key file {error}") from None
    configure_logging(settings.log_level)
    tell_stacks_on_signal()
    app = build(settings, open_mode=open_mode)

    async def drain() -> None:
        await _house(app).drain()

    async def greet(port: int) -> None:
        await _greet(app, settings, port, open_mode)

    DrainingServer(
        server_config(app, settings), drain=drain, drain_seconds=settings.drain_seconds, on_start=greet
    ).run()


def _house(app: FastAPI) -> House:
    house: House = app.state.house
    return house


async def _greet(app: FastAPI, settings: Settings, port: int, open_mode: bool) -> None:
    address = settings.public_url or f"http://{_shown_host(settings.host)}:{port}"
    click.echo(f"\n  Counterpoint is at {address}")
    if open_mode:
        click.secho(OPEN_MODE_WARNING, fg="red", bold=True)
        return
    link = await _house(app).setup_token()
    if link is not None:
        click.echo(f"  Make the first account at {address}/setup#{link}")
        click.echo(f"  The link works once, for {settings.setup_hours:g} hours; a restart prints a new one.\n")
    else:
        click.echo("  Sign in with your e-mail address and password.\n")


def _shown_host(host: str) -> str:
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
