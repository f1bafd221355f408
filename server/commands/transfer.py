"""`counterpoint copy`, `backup` and `restore`: all that a store holds, carried elsewhere and checked there."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from persistence.dialect import driver_url
from persistence.errors import StoreUnavailable
from persistence.transfer.backing_up import back_up
from persistence.transfer.copying import copy_store
from persistence.transfer.errors import TransferRefused
from persistence.transfer.restoring import restore as restore_file
from server.commands.context import settings_or_exit
from server.commands.progress import progress
from server.settings import Settings

__all__ = ["backup", "copy", "restore"]

T = TypeVar("T")

STORE = "sqlite:///path or postgresql://user@host/name"


@click.command(
    epilog="""\b
Examples:
  counterpoint copy --to postgresql://counterpoint@db.example.org/counterpoint
  counterpoint copy --from postgresql://counterpoint@db.example.org/counterpoint --to sqlite:///data/counterpoint.sqlite3
The server on the source must be stopped. Every row is read again at the target and compared before it counts.
"""
)
@click.option("--to", "target", required=True, metavar="URL", help=f"An empty store: {STORE}.")
@click.option("--from", "source", metavar="URL", help="The store to read (COUNTERPOINT_DATABASE_URL).")
def copy(target: str, source: str | None) -> None:
    """Copy the whole store to an empty one, from SQLite to PostgreSQL or back, and check it there."""
    settings = settings_or_exit()
    source = _store(source, "--from") if source is not None else settings.store_url
    with progress(phases=2) as shown:
        tallies = _run(copy_store(source, _store(target, "--to"), told=shown.told, moved=shown.moved))
    width = max(map(len, tallies))
    for name, tally in ((name, tally) for name, tally in tallies.items() if tally.rows):
        click.echo(f"{name:{width}}  {tally.rows:>9}  {tally.digest[:16]}")
    click.echo(f"The same {sum(each.rows for each in tallies.values())} rows are in {_shown(target)}.")
    click.echo(f"Set COUNTERPOINT_DATABASE_URL to it. {_about_the_key(settings)}")


@click.command(
    epilog="""\b
Example:
  counterpoint backup /backups/counterpoint-$(date +%F).zip
Servers may run: the file holds the store as it was at one moment. All documents and the hashes of passwords are in
it: keep it safe.
"""
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "source", metavar="URL", help="The store to read (COUNTERPOINT_DATABASE_URL).")
def backup(file: Path, source: str | None) -> None:
    """Write all that the store holds into FILE, while servers run."""
    settings = settings_or_exit()
    source = _store(source, "--from") if source is not None else settings.store_url
    with progress(phases=1) as shown:
        now, ours = datetime.now(UTC), version("counterpoint")
        work = back_up(source, file, version=ours, now=now, told=shown.told, moved=shown.moved)
        manifest = _run(work)
    rows = sum(each.rows for each in manifest.tallies.values())
    click.echo(f"{file}: {rows} rows, {file.stat().st_size} bytes. {_about_the_key(settings)}")


@click.command(
    epilog="""\b
Examples:
  counterpoint restore /backups/counterpoint-2026-11-23.zip
  counterpoint restore /backups/counterpoint-2026-11-23.zip --to postgresql://counterpoint@db.example.org/restored
The store must be empty: move the old one away first.
"""
)
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--to", "target", metavar="URL", help="The empty store to fill (COUNTERPOINT_DATABASE_URL).")
def restore(file: Path, target: str | None) -> None:
    """Fill an empty store from FILE, as `counterpoint backup` wrote it, of this version or an older one."""
    settings = settings_or_exit()
    target = _store(target, "--to") if target is not None else settings.store_url
    with progress(phases=2) as shown:
        manifest = _run(restore_file(file, target, told=shown.told, moved=shown.moved))
    rows = sum(each.rows for each in manifest.tallies.values())
    click.echo(f"{rows} rows of {manifest.made_at} (version {manifest.version}) are in {_shown(target)}.")
    click.echo("Every document has a new incarnation and every stream of events a new epoch; everybody signs in again.")
    click.echo("Personal tokens are those of the backup: revoke what was revoked since.")
    click.echo(_about_the_key(settings))


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except TransferRefused as error:
        raise click.ClickException(str(error)) from None
    except StoreUnavailable as error:
        raise click.ClickException(f"the store does not answer, or a server has it open: {error}") from None


def _store(url: str, option: str) -> str:
    try:
        driver_url(url)
    except (ValueError, ArgumentError):
        raise click.UsageError(f"{option} must be {STORE}") from None
    return url


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _about_the_key(settings: Settings) -> str:
    key = settings.secret_key_file or settings.data_dir / "secret.key"
    return f"Webhook and push secrets stay sealed with the key file {key}: take it along, apart from the rows."
