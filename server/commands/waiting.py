"""A start waits for its PostgreSQL: where both are begun together, as after a power cut, the server is often first."""

import asyncio
import logging

import click

from persistence.database import Database
from persistence.errors import StoreUnavailable
from server.settings import Settings, variable

__all__ = ["wait_for_the_store"]

log = logging.getLogger("counterpoint.start")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
"""Seconds between two looks; each pause is twice as long as the one before."""


def wait_for_the_store(settings: Settings) -> None:
    """Return when it answers. Raises click.ClickException when it has not in time, or when it refuses for good.

    A file of SQLite is not waited for: what is wrong with it does not pass.
    """
    if not settings.store_url.startswith("sqlite:"):
        asyncio.run(_wait(settings))


async def _wait(settings: Settings) -> None:
    database = await Database.open(settings.store_url)
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + settings.store_wait_seconds
    pause = FIRST_PAUSE
    try:
        while (reason := await _trouble(database)) is not None:
            left = give_up_at - loop.time()
            if left <= 0:
                raise click.ClickException(
                    f"{reason}, for {settings.store_wait_seconds:g} s ({variable('store_wait_seconds')}). "
                    f"Start it, or set {variable('database_url')}; `counterpoint doctor` looks at both."
                )
            log.warning("waiting for the store", extra={"reason": reason, "seconds_left": round(left, 1)})
            await asyncio.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)
    finally:
        await database.close()


async def _trouble(database: Database) -> str | None:
    """Why it does not answer now. Raises click.ClickException for what no waiting mends."""
    try:
        await database.ping()
    except StoreUnavailable as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - a wrong password or name of a database: its kind is told, not its text
        raise click.ClickException(f"the store refuses: {_kind(error)}. Look at {variable('database_url')}.") from None
    return None


def _kind(error: BaseException) -> str:
    """The name of what is at the bottom of it: the driver's own error."""
    while error.__cause__ is not None:
        error = error.__cause__
    return type(error).__name__
