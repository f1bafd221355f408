"""One node, from its start to its end: what `counterpoint serve` and each of its workers run."""

import socket
from collections.abc import Callable, Sequence

import click
from fastapi import FastAPI

from server.app import House, build
from server.serving import DrainingServer, server_config
from server.settings import Settings

__all__ = ["run_node"]

OPEN_MODE_WARNING = """
  OPEN MODE: there is no sign-in. Everybody who can reach this address may read and change every document,
  and unknown documents are created on first use. For development on this machine only.
"""


def run_node(
    settings: Settings,
    *,
    open_mode: bool = False,
    greets: bool = True,
    listeners: Sequence[socket.socket] | None = None,
    on_start: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or Ctrl-C. `listeners`: bound already; otherwise the host and port of the settings."""
    app = build(settings, open_mode=open_mode)

    async def drain() -> None:
        await _house(app).drain()

    async def started(port: int) -> None:
        if greets:
            await _greet(app, settings, port, open_mode)
        on_start()

    DrainingServer(
        server_config(app, settings), drain=drain, drain_seconds=settings.drain_seconds, on_start=started
    ).run(None if listeners is None else list(listeners))


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
