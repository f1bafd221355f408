"""Rows that SQLite has committed and not yet sorted: when that is done, and how."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Settler", "transaction"]

MANY = 20_000
"""So many are worth sorting: about a hundred rows a page instead of a page a row."""
SWIFT = 5_000
"""Above so many rows a second the writer has better things to do..."""
TOO_MANY = 300_000
"""...up to here: about 64 MB, which a start after a crash sorts in two seconds."""
PIECE_SECONDS = 0.005
"""A piece is as large as this allows: a commit may have to wait for it."""
LEAST, MOST = 100, 4_000
QUIET_SECONDS = 0.5
"""After so long without a commit all that there is are sorted."""

LAST_OF_PIECE = "SELECT max(id) FROM (SELECT id FROM fresh_rows ORDER BY id LIMIT ?)"
# In the order of the table's keys, so that a page is written once. What was deleted for good meanwhile stays away.
SORT = """
    INSERT INTO document_rows (document_id, position, writer, data, node, batch, part, created_at)
    SELECT document_id, position, writer, data, node, batch, part, created_at FROM fresh_rows
    WHERE id <= ? AND document_id IN (SELECT id FROM documents)
    ORDER BY document_id, position
"""
DROP = "DELETE FROM fresh_rows WHERE id <= ?"


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Whoever leaves it by an error has the rollback done by the writer thread."""
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("COMMIT")


class Settler:
    """The writer thread's chore: it moves rows from `fresh_rows` to `document_rows`.

    Used in that thread only. A row is in exactly one of the two tables in every transaction's eyes.
    """

    def __init__(self) -> None:
        self._rows = 0
        self._first_at = 0.0
        self._last_at = 0.0
        self._is_settling = False
        self._piece = LEAST

    def added(self, rows: int) -> None:
        """So many were committed just now."""
        self._last_at = time.monotonic()
        if not self._rows:
            self._first_at = self._last_at
        self._rows += rows

    def pause(self) -> float | None:
        if not self._rows:
            return None
        now = time.monotonic()
        if self._is_settling or (self._rows >= MANY and self._rows < (now - self._first_at) * SWIFT):
            return 0.0
        return max(self._last_at + QUIET_SECONDS - now, 0.0)

    @property
    def is_urgent(self) -> bool:
        return self._rows >= TOO_MANY

    @property
    def is_settled(self) -> bool:
        return not self._rows

    def run(self, connection: sqlite3.Connection) -> None:
        """Sort a piece; the next ones follow whenever the writer is idle. After the last SQLite's own log is folded."""
        self._is_settling = False
        began, piece = time.monotonic(), self._piece
        self._first_at = self._last_at = began  # a store that fails is tried again after a pause, however many wait
        moved = self._settle(connection, piece)
        seconds = time.monotonic() - began
        self._piece = int(min(max(piece * PIECE_SECONDS / seconds, piece / 2, LEAST), piece * 2, MOST))
        self._rows = max(self._rows - moved, 1) if moved == piece else 0
        self._is_settling = self._rows > 0
        if not self._is_settling:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()

    def settle_all(self, connection: sqlite3.Connection) -> None:
        """Sort all that there is, also what another process has left."""
        while self._settle(connection, MOST) == MOST:
            pass
        self._rows, self._is_settling = 0, False

    def _settle(self, connection: sqlite3.Connection, rows: int) -> int:
        with transaction(connection):
            last = connection.execute(LAST_OF_PIECE, (rows,)).fetchone()[0]
            if last is None:
                return 0
            connection.execute(SORT, (last,))
            return connection.execute(DROP, (last,)).rowcount
