"""The log's hot path on SQLite: one commit for many documents, in as few statements as there can be.

Each step of a statement gives the interpreter lock away and has to get it back from a busy loop: so rows go many to
a statement, and a commit of 400 rows takes about twenty steps.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any

from persistence.dialect import raise_translated
from persistence.errors import StoreUnavailable
from persistence.fresh import Settler
from persistence.records import Batch, Committed, Gone, Outcome, Replaced
from persistence.writing import WriterThread

__all__ = ["SqliteAppender"]

STATEMENT_ROWS = 64
REMEMBERED = 50_000
"""Openings and writers that are remembered; all are forgotten when there are more, and looked up again."""

HEADS = """
    SELECT json_group_array(json_array(document_id, head, incarnation)) FROM document_heads
    WHERE document_id IN ({}) AND is_open
"""
INSERT_ROWS = """
    INSERT INTO fresh_rows (document_id, position, writer, data, node, batch, part, created_at) VALUES {}
"""
MOVE_HEADS = """
    UPDATE document_heads SET head = moved.column3, edited_by = moved.column4, edited_at = moved.column5
    FROM (VALUES {}) AS moved
    WHERE document_id = moved.column1 AND head = moved.column2 AND incarnation = moved.column6 AND is_open
"""
LEARN_WRITERS = "INSERT OR IGNORE INTO document_writers (document_id, user_id) VALUES {}"
LEARN_OWNERS = "INSERT OR IGNORE INTO document_clients (document_id, client_id, user_id, first_position) VALUES {}"
KEEP_ANSWER = """
    INSERT INTO idempotent_answers (user_id, key, request_hash, status, body, created_at)
    SELECT id, ?, ?, ?, ?, ? FROM users WHERE id = ?
    ON CONFLICT (user_id, key) DO UPDATE SET status = excluded.status, body = excluded.body
        WHERE request_hash = excluded.request_hash
"""
LAST_NUMBERS = """
    SELECT column1, column2, (SELECT max(batch) FROM document_rows WHERE document_id = column1 AND node = column2)
    FROM (VALUES {})
"""
POSITIONS = """
    SELECT min(position), max(position) FROM (
        SELECT position FROM document_rows WHERE document_id = ?1 AND node = ?2 AND batch = ?3
        UNION ALL SELECT position FROM fresh_rows WHERE document_id = ?1 AND node = ?2 AND batch = ?3
    )
"""


@dataclass(slots=True)
class _Placed:
    """What a commit writes: flat tuples, as the statements take them."""

    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    moved: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    owners: list[tuple[Any, ...]] = field(default_factory=list)
    writers: set[tuple[str, str]] = field(default_factory=set)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    answers: list[tuple[Any, ...]] = field(default_factory=list)


class SqliteAppender:
    """Appends on the writer's thread. What it remembers is touched there only, and after the commit.

    A head that it remembers is proven by the statement that moves it; another process may have closed the document.
    """

    def __init__(self, writer: WriterThread, settler: Settler) -> None:
        self._writer = writer
        self._settler = settler
        self._numbers: dict[tuple[str, str], int] = {}
        """The last batch by document and opening, at least of all whose rows are fresh: there is no index there."""
        self._is_in_doubt = False
        """Whether an append that failed was committed is not known, nor what it left in `fresh_rows`."""
        self._writers: set[tuple[str, str]] = set()
        self._heads: dict[str, int] = {}
        self._incarnations: dict[str, str] = {}
        """Of all whose heads are remembered; one that has changed is found when its head is to be moved."""

    async def append(self, batches: Sequence[Batch], now: datetime) -> list[Outcome]:
        """One transaction for all. Raises StoreUnavailable, and Unstorable for what no row can hold."""
        try:
            return await self._writer.run_raw(lambda connection: self._append(connection, batches, now))
        except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
            raise_translated(error)

    async def settle(self) -> None:
        try:
            await self._writer.run_raw(self._settler.settle_all)
        except Exception as error:  # noqa: BLE001 - translated at the border; what is not the store's fault passes unchanged
            raise_translated(error)

    async def close(self) -> None:
        if self._settler.pause() is not None:
            with suppress(StoreUnavailable):  # the next start settles it
                await self.settle()

    # In the writer's thread.

    def _append(self, connection: sqlite3.Connection, batches: Sequence[Batch], now: datetime) -> list[Outcome]:
        moment = now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", timespec="microseconds")
        if self._is_in_doubt:
            self._settler.settle_all(connection)
            self._is_in_doubt = False
        try:
            placed = self._commit(connection, batches, moment)
            if placed is None:
                self._forget_heads()
                placed = self._commit(connection, batches, moment)
            assert placed is not None, "heads that are looked up in a transaction are not moved by another"
        except BaseException:
            self._forget(batches)
            raise
        self._remember(placed)
        self._settler.added(len(placed.rows))
        return placed.outcomes

    def _commit(self, connection: sqlite3.Connection, batches: Sequence[Batch], moment: str) -> _Placed | None:
        """None: a head that is remembered is not the one in the store, and nothing was written.

        Whoever leaves it by an error has the rollback done by the writer thread.
        """
        connection.execute("BEGIN IMMEDIATE")
        placed = self._place(connection, batches, moment)
        if _execute(connection, MOVE_HEADS, placed.moved.values()) < len(placed.moved):
            connection.execute("ROLLBACK")
            return None
        _write(connection, placed)
        connection.execute("COMMIT")
        return placed

    def _place(self, connection: sqlite3.Connection, batches: Sequence[Batch], moment: str) -> _Placed:
        """Give each batch its positions."""
        last_numbers = self._last_numbers(connection, batches)
        heads = self._heads_of(connection, batches, last_numbers)
        placed = _Placed()
        for batch in batches:
            head = heads.get(batch.document)
            if head is None:
                placed.outcomes.append(Gone())
                continue
            incarnation = self._incarnations[batch.document]
            if batch.incarnation is not None and batch.incarnation != incarnation:
                placed.outcomes.append(Replaced())
                continue
            key = (batch.document, batch.node)
            known = _positions(connection, batch) if batch.number <= last_numbers.get(key, 0) else None
            if known is not None:
                placed.outcomes.append(known)
                continue
            heads[batch.document] = _place_rows(placed, batch, head, incarnation, moment)
            last_numbers[key] = placed.numbers[key] = batch.number
        placed.writers -= self._writers
        return placed

    def _last_numbers(self, connection: sqlite3.Connection, batches: Sequence[Batch]) -> dict[tuple[str, str], int]:
        """The last batch that is in the log, of each opening that appends now."""
        found: dict[tuple[str, str], int] = {}
        unknown: set[tuple[str, str]] = set()
        for batch in batches:
            key = (batch.document, batch.node)
            if (number := self._numbers.get(key)) is None:
                unknown.add(key)
            else:
                found[key] = number
        for some in _pieces(list(unknown)):
            cursor = connection.execute(_with_places(LAST_NUMBERS, 2, len(some)), tuple(chain.from_iterable(some)))
            found |= {(document, node): number or 0 for document, node, number in cursor.fetchall()}
        return found

    def _heads_of(
        self, connection: sqlite3.Connection, batches: Sequence[Batch], last_numbers: dict[tuple[str, str], int]
    ) -> dict[str, int]:
        """The heads of what is open. They are looked up where nothing may be written that would prove them."""
        heads: dict[str, int] = {}
        unknown: set[str] = set()
        for batch in batches:
            head = self._heads.get(batch.document)
            if batch.incarnation is not None and self._incarnations.get(batch.document) != batch.incarnation:
                head = None  # either of them is of before
            if head is None or batch.number <= last_numbers.get((batch.document, batch.node), 0):
                unknown.add(batch.document)
            else:
                heads[batch.document] = head
        for document, head, incarnation in _heads(connection, list(unknown)) if unknown else ():
            heads[document] = head
            self._incarnations[document] = incarnation
        return heads

    def _remember(self, placed: _Placed) -> None:
        if len(self._numbers) > REMEMBERED and self._settler.is_settled:
            self._numbers.clear()
        if len(self._writers) > REMEMBERED:
            self._writers.clear()
        if len(self._heads) > REMEMBERED:
            self._forget_heads()
        self._heads.update({document: moved[2] for document, moved in placed.moved.items()})
        self._incarnations.update({document: moved[5] for document, moved in placed.moved.items()})
        self._numbers.update(placed.numbers)
        self._writers |= placed.writers

    def _forget_heads(self) -> None:
        self._heads.clear()
        self._incarnations.clear()

    def _forget(self, batches: Sequence[Batch]) -> None:
        self._is_in_doubt = True
        self._forget_heads()
        for batch in batches:
            self._numbers.pop((batch.document, batch.node), None)


def _place_rows(placed: _Placed, batch: Batch, head: int, incarnation: str, moment: str) -> int:
    """The head after the batch's rows."""
    first, document = head + 1, batch.document
    for part, row in enumerate(batch.rows):
        head += 1
        placed.rows.append((document, head, row.writer, row.update, batch.node, batch.number, part, moment))
        if row.writer is not None:
            placed.writers.add((document, row.writer))
            for client in row.client_ids:
                placed.owners.append((document, client, row.writer, first))
    if batch.rows:
        before = placed.moved[document][1] if document in placed.moved else first - 1
        placed.moved[document] = (document, before, head, batch.rows[-1].writer, moment, incarnation)
    placed.outcomes.append(Committed(first, head))
    if (answer := batch.answer) is not None:
        said = answer.said(head)
        placed.answers.append((answer.key, answer.request_hash, answer.status, said, moment, answer.user))
    return head


def _write(connection: sqlite3.Connection, placed: _Placed) -> None:
    _execute(connection, INSERT_ROWS, placed.rows)
    _execute(connection, LEARN_WRITERS, placed.writers)
    _execute(connection, LEARN_OWNERS, placed.owners)
    if placed.answers:
        connection.executemany(KEEP_ANSWER, placed.answers)


def _execute(connection: sqlite3.Connection, statement: str, rows: Collection[tuple[Any, ...]]) -> int:
    """How many rows of the store it has changed."""
    changed = 0
    for some in _pieces(list(rows)) if rows else ():
        text = _with_places(statement, len(some[0]), len(some))
        changed += connection.execute(text, tuple(chain.from_iterable(some))).rowcount
    return changed


def _pieces(rows: Sequence[tuple[Any, ...]]) -> Iterable[Sequence[tuple[Any, ...]]]:
    return (rows[at : at + STATEMENT_ROWS] for at in range(0, len(rows), STATEMENT_ROWS))


@cache
def _with_places(statement: str, columns: int, rows: int) -> str:
    row = "(" + ",".join("?" * columns) + ")"
    return statement.format(",".join([row] * rows))


def _heads(connection: sqlite3.Connection, documents: Sequence[str]) -> list[tuple[str, int, str]]:
    """Document, head and incarnation of each, as one row: each row that is fetched is a step of its own."""
    heads: list[tuple[str, int, str]] = []
    for some in (documents[at : at + STATEMENT_ROWS] for at in range(0, len(documents), STATEMENT_ROWS)):
        places = ",".join("?" * len(some))
        heads += json.loads(connection.execute(HEADS.format(places), some).fetchone()[0])
    return heads


def _positions(connection: sqlite3.Connection, batch: Batch) -> Committed | None:
    first, last = connection.execute(POSITIONS, (batch.document, batch.node, batch.number)).fetchone()
    return None if first is None else Committed(first, last)
