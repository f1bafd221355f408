"""The hot path of the store: many documents' batches in one transaction, by raw `executemany`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from persistence.records import Batch, Committed, Gone, Outcome
from persistence.tables.documents import document_clients, document_heads, document_rows

__all__ = ["append"]

H, R = document_heads.c, document_rows.c
COLUMNS = "(document_id, position, writer, data, node, batch, part, created_at)"
INSERT_SQLITE = f"INSERT INTO document_rows {COLUMNS} VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants only
INSERT_POSTGRESQL = f"INSERT INTO document_rows {COLUMNS} VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"  # noqa: S608


def append(
    connection: Connection, batches: Sequence[Batch], now: datetime, *, look_for_known: bool = False
) -> list[Outcome]:
    """Write all batches; positions follow on the heads, which are locked in the order of their ids.

    Raises IntegrityError when one of them is in the log already, unless it is to `look_for_known` ones.
    """
    heads = _lock_heads(connection, {batch.document for batch in batches})
    rows: list[tuple[Any, ...]] = []
    outcomes: list[Outcome] = []
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
        rows.extend(_rows_of(batch, head, connection, now))
        heads[batch.document] = head + len(batch.rows)
    if rows:
        is_sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql(INSERT_SQLITE if is_sqlite else INSERT_POSTGRESQL, rows)
        _move_heads(connection, batches, outcomes, now)
        _learn_owners(connection, batches, outcomes)
    return outcomes


def _lock_heads(connection: Connection, documents: Iterable[str]) -> dict[str, int]:
    query = select(H.document_id, H.head).where(H.document_id.in_(sorted(documents)), H.is_open)
    rows = connection.execute(query.order_by(H.document_id).with_for_update()).all()
    return {row.document_id: row.head for row in rows}


def _rows_of(batch: Batch, head: int, connection: Connection, now: datetime) -> Iterable[tuple[Any, ...]]:
    moment = now.replace(tzinfo=None).isoformat(" ") if connection.dialect.name == "sqlite" else now
    for part, row in enumerate(batch.rows):
        yield batch.document, head + 1 + part, row.writer, row.update, batch.node, batch.number, part, moment


def _known(connection: Connection, batch: Batch) -> Committed | None:
    found = connection.execute(
        select(func.min(R.position), func.max(R.position)).where(
            R.document_id == batch.document, R.node == batch.node, R.batch == batch.number
        )
    ).one()
    return None if found[0] is None else Committed(found[0], found[1])


def _move_heads(connection: Connection, batches: Sequence[Batch], outcomes: Sequence[Outcome], now: datetime) -> None:
    last: dict[str, tuple[int, str | None]] = {}
    for batch, outcome in zip(batches, outcomes, strict=True):
        if isinstance(outcome, Committed) and outcome.last >= last.get(batch.document, (0, None))[0]:
            last[batch.document] = (outcome.last, batch.rows[-1].writer)
    for document in sorted(last):
        head, writer = last[document]
        connection.execute(
            update(document_heads)
            .where(H.document_id == document, H.head < head)
            .values(head=head, edited_by=writer, edited_at=now)
        )


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
