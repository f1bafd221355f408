"""The log's hot path on PostgreSQL: one statement, and so one round trip, for the whole transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.dialect import raise_translated
from persistence.own_connection import OwnConnection
from persistence.records import Batch, Committed, Gone, Outcome, Replaced

__all__ = ["PostgresAppender"]

REMEMBERED = 50_000
"""Writers that are remembered; all are forgotten when there are more, and learned again."""
UNIQUE_VIOLATION = "23505"

# $1 to $6: the rows, column by column; $7 to $9: client ids, the row that they came with (from 1 on), their owners;
# $10, $11: documents and their new writers; $12: the documents in the order of their ids; $13: the moment; $14: the
# incarnation that each row is for, or null.
# Heads are locked first and in order, for batches that lock them as they come run into each other's arms (decision 21).
APPEND = """
WITH given AS (
    SELECT *
    FROM unnest($1::varchar[], $2::varchar[], $3::bytea[], $4::varchar[], $5::bigint[], $6::int[], $14::varchar[])
        WITH ORDINALITY AS rows (document_id, writer, data, node, batch, part, meant, place)
), locked AS MATERIALIZED (
    SELECT document_id, head, incarnation FROM document_heads WHERE document_id = ANY ($12::varchar[]) AND is_open
    ORDER BY document_id FOR UPDATE
), placed AS (
    SELECT given.*, head + row_number() OVER (PARTITION BY document_id ORDER BY place) AS position
    FROM given JOIN locked USING (document_id) WHERE meant IS NULL OR meant = incarnation
), written AS (
    INSERT INTO document_rows (document_id, position, writer, data, node, batch, part, created_at)
    SELECT document_id, position, writer, data, node, batch, part, $13 FROM placed
), moved AS (
    UPDATE document_heads SET head = last.position, edited_by = last.writer, edited_at = $13
    FROM (
        SELECT DISTINCT ON (document_id) document_id, position, writer FROM placed ORDER BY document_id, position DESC
    ) AS last
    WHERE document_heads.document_id = last.document_id
), owned AS (
    INSERT INTO document_clients (document_id, client_id, user_id, first_position)
    SELECT document_id, client_id, user_id, position - part
    FROM unnest($7::bigint[], $8::int[], $9::varchar[]) AS ids (client_id, place, user_id) JOIN placed USING (place)
    ORDER BY document_id, client_id, position
    ON CONFLICT DO NOTHING
), known AS (
    INSERT INTO document_writers (document_id, user_id)
    SELECT document_id, user_id FROM unnest($10::varchar[], $11::varchar[]) AS new (document_id, user_id)
    WHERE document_id IN (SELECT document_id FROM placed) ORDER BY document_id, user_id
    ON CONFLICT DO NOTHING
)
SELECT document_id, head, incarnation FROM locked
"""
# What typing is: one row of one document, with nobody in it who is new. It costs two thirds of the CPU of the statement
# above, in the driver and in the server. No row comes back of a document that is gone, or another incarnation.
APPEND_ONE = """
WITH moved AS (
    UPDATE document_heads SET head = head + 1, edited_by = $2, edited_at = $6
    WHERE document_id = $1 AND is_open AND ($7::varchar IS NULL OR incarnation = $7)
    RETURNING head
)
INSERT INTO document_rows (document_id, position, writer, data, node, batch, part, created_at)
SELECT $1, head, $2, $3, $4, $5, 0, $6 FROM moved
RETURNING position
"""
LOCK = "SELECT 1 FROM document_heads WHERE document_id = ANY ($1::varchar[]) ORDER BY document_id FOR UPDATE"
KNOWN = """
    SELECT document_id, node, batch, min(position), max(position)
    FROM document_rows JOIN unnest($1::varchar[], $2::varchar[], $3::bigint[]) AS given (document_id, node, batch)
        USING (document_id, node, batch)
    GROUP BY document_id, node, batch
"""


KEEP_ANSWER = """
    INSERT INTO idempotent_answers AS known (user_id, key, request_hash, status, body, created_at)
    SELECT id, $2, $3, $4, $5, $6 FROM users WHERE id = $1
    ON CONFLICT (user_id, key) DO UPDATE SET status = excluded.status, body = excluded.body
        WHERE known.request_hash = excluded.request_hash
"""


class PostgresAppender:
    """Keeps one connection for itself: commits come one after the other anyway, for they wait for the same disk."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._own = OwnConnection(engine)
        self._lock = asyncio.Lock()
        self._writers: set[tuple[str, str]] = set()

    async def append(self, batches: Sequence[Batch], now: datetime) -> list[Outcome]:
        """One transaction for all. Raises StoreUnavailable, and Unstorable for what no row can hold."""
        async with self._lock:
            try:
                driver = await self._own.driver()
                try:
                    return await self._append(driver, batches, now)
                except Exception as error:  # raised again, but for the one that means: written before
                    if getattr(error, "sqlstate", None) != UNIQUE_VIOLATION:
                        raise
                # Some of it is in the log already: an answer to an earlier try was lost. Find out which.
                return await self._append_unknown(driver, batches, now)
            except BaseException as error:  # nothing is kept of a connection in an unknown state
                self._writers.clear()
                await self._own.give_up()
                if not isinstance(error, Exception):
                    raise
                raise_translated(error)

    async def settle(self) -> None:
        """Rows are where they belong."""

    async def close(self) -> None:
        async with self._lock:
            await self._own.give_up()

    # Private.

    async def _append(self, driver: Any, batches: Sequence[Batch], now: datetime) -> list[Outcome]:
        if not any(batch.answer for batch in batches):
            if len(batches) == 1 and (position := await self._append_one(driver, batches[0], now)) is not None:
                return [Committed(position, position)]
            return await self._append_rows(driver, batches, now)
        async with driver.transaction():
            outcomes = await self._append_rows(driver, batches, now)
            await driver.executemany(KEEP_ANSWER, _answers(batches, outcomes, now))
        return outcomes

    async def _append_one(self, driver: Any, batch: Batch, now: datetime) -> int | None:
        """Where a batch's only row stands now; None: nothing was written: there is more to it, or it is not taken."""
        if len(batch.rows) != 1:
            return None
        row = batch.rows[0]
        if row.writer is not None and (row.client_ids or (batch.document, row.writer) not in self._writers):
            return None
        at: int | None = await driver.fetchval(
            APPEND_ONE, batch.document, row.writer, row.update, batch.node, batch.number, now, batch.incarnation
        )
        return at

    async def _append_rows(self, driver: Any, batches: Sequence[Batch], now: datetime) -> list[Outcome]:
        rows = [(batch, part, row) for batch in batches for part, row in enumerate(batch.rows)]
        owners = [
            (client, place, row.writer)
            for place, (_, _, row) in enumerate(rows, start=1)
            if row.writer is not None
            for client in row.client_ids
        ]
        pairs = {(batch.document, row.writer) for batch, _, row in rows if row.writer is not None}
        writers = list(pairs - self._writers)
        found = await driver.fetch(
            APPEND,
            [batch.document for batch, _, _ in rows],
            [row.writer for _, _, row in rows],
            [row.update for _, _, row in rows],
            [batch.node for batch, _, _ in rows],
            [batch.number for batch, _, _ in rows],
            [part for _, part, _ in rows],
            [client for client, _, _ in owners],
            [place for _, place, _ in owners],
            [owner for _, _, owner in owners],
            [document for document, _ in writers],
            [writer for _, writer in writers],
            list({batch.document for batch in batches}),
            now,
            [batch.incarnation for batch, _, _ in rows],
        )
        heads: dict[str, tuple[int, str]] = {document: (head, incarnation) for document, head, incarnation in found}
        outcomes = _outcomes(batches, heads)
        self._remember(writers, heads)
        if Replaced() in outcomes:
            self._writers.clear()  # they were learned of a store that is gone
        return outcomes

    def _remember(self, writers: Sequence[tuple[str, str]], heads: Mapping[str, object]) -> None:
        if len(self._writers) > REMEMBERED:
            self._writers.clear()
        self._writers.update(pair for pair in writers if pair[0] in heads)

    async def _append_unknown(self, driver: Any, batches: Sequence[Batch], now: datetime) -> list[Outcome]:
        """As `append`, but batches that are in the log already are answered and not written."""
        columns = [[b.document for b in batches], [b.node for b in batches], [b.number for b in batches]]
        async with driver.transaction():
            await driver.execute(LOCK, columns[0])
            known = {tuple(row)[:3]: Committed(*tuple(row)[3:]) for row in await driver.fetch(KNOWN, *columns)}
            answered = [known.get((batch.document, batch.node, batch.number)) for batch in batches]
            rest = [batch for batch, outcome in zip(batches, answered, strict=True) if outcome is None]
            others = iter(await self._append(driver, rest, now) if rest else [])
        return [next(others) if outcome is None else outcome for outcome in answered]


def _answers(batches: Sequence[Batch], outcomes: Sequence[Outcome], now: datetime) -> list[tuple[Any, ...]]:
    return [
        (answer.user, answer.key, answer.request_hash, answer.status, answer.said(outcome.last), now)
        for batch, outcome in zip(batches, outcomes, strict=True)
        if (answer := batch.answer) is not None and isinstance(outcome, Committed)
    ]


def _outcomes(batches: Sequence[Batch], heads: dict[str, tuple[int, str]]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for batch in batches:
        if batch.document not in heads:
            outcomes.append(Gone())
            continue
        head, incarnation = heads[batch.document]
        if batch.incarnation not in {None, incarnation}:
            outcomes.append(Replaced())
            continue
        heads[batch.document] = (head + len(batch.rows), incarnation)
        outcomes.append(Committed(head + 1, head + len(batch.rows)))
    return outcomes
