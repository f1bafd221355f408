"""The hot path of the store: many documents' batches in one transaction, by raw `executemany`."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from persistence.records import Batch, Committed, Gone, Outcome
from persistence.tables.documents import document_clients, document_heads, document_rows

__all__ = ["append"]

H, R = document_heads.c, document_rows.c
# Numbered parameters are written differently on the two stores: ?1 and $1.
INSERT_ROWS = """
    INSERT INTO document_rows (document_id, position, writer, data, node, batch, part, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
"""
MOVE_HEADS = "UPDATE document_heads SET head = ?2, edited_by = ?3, edited_at = ?4 WHERE document_id = ?1"


def append(
    connection: Connection, batches: Sequence[Batch], now: datetime, *, look_for_known: bool = False
) -> list[Outcome]:
    """Write all batches; positions follow on the heads, which are locked in the order of their ids.

    Raises IntegrityError when one of them is in the log already, unless it is to `look_for_known` ones.
    """
    heads = _lock_heads(connection, {batch.document for batch in batches})
    rows: list[tuple[Any, ...]] = []
    outcomes: list[Outcome] = []
    moment = _moment(connection, now)
    for batch in batches:
        head = heads.get(batch.document)
        if head is None:
            outcomes.append(Gone())
            continue
        known = _known(connection, batch) if look_for_known else None
        if known is not None:
            outcomes.append(known)
            continue
        outcomes.append(Committed(head + 1, head + len(batch.rows)))
        rows.extend(_rows_of(batch, head, moment))
        heads[batch.document] = head + len(batch.rows)
    if rows:
        _execute_many(connection, INSERT_ROWS, rows)
        _execute_many(connection, MOVE_HEADS, _moved(rows, moment))
        _learn_owners(connection, batches, outcomes)
    return outcomes


def _execute_many(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "postgresql":
        statement = statement.replace("?", "$")
    connection.exec_driver_sql(statement, list(rows))


def _moment(connection: Connection, now: datetime) -> datetime | str:
    """As `UtcTime` writes it: these rows go past it."""
    if connection.dialect.name == "postgresql":
        return now
    return now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", timespec="microseconds")


def _lock_heads(connection: Connection, documents: Iterable[str]) -> dict[str, int]:
    query = select(H.document_id, H.head).where(H.document_id.in_(sorted(documents)), H.is_open)
    rows = connection.execute(query.order_by(H.document_id).with_for_update()).all()
    return {row.document_id: row.head for row in rows}


def _rows_of(batch: Batch, head: int, moment: datetime | str) -> Iterable[tuple[Any, ...]]:
    for part, row in enumerate(batch.rows):
        yield batch.document, head + 1 + part, row.writer, row.update, batch.node, batch.number, part, moment


def _moved(rows: Sequence[tuple[Any, ...]], moment: datetime | str) -> list[tuple[Any, ...]]:
    """The new head of each document and who wrote its row."""
    last = {row[0]: (row[0], row[1], row[2], moment) for row in rows}
    return [last[document] for document in sorted(last)]


def _known(connection: Connection, batch: Batch) -> Committed | None:
    found = connection.execute(
        select(func.min(R.position), func.max(R.position)).where(
            R.document_id == batch.document, R.node == batch.node, R.batch == batch.number
        )
    ).one()
    return None if found[0] is None else Committed(found[0], found[1])


def _learn_owners(connection: Connection, batches: Sequence[Batch], outcomes: Sequence[Outcome]) -> None:
    learned = [
        {"document_id": batch.document, "client_id": client, "user_id": row.writer, "first_position": outcome.first}
        for batch, outcome in zip(batches, outcomes, strict=True)
        if isinstance(outcome, Committed)
        for row in batch.rows
        for client in row.client_ids
        if row.writer is not None
    ]
    if learned:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(document_clients).on_conflict_do_nothing(), learned)
