"""The log, in memory, with the promises of `persistence.log` and the faults of a real store."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from persistence.errors import StoreUnavailable
from persistence.log import Batch, Committed, LoggedRow, Opened, Outcome, Snapshot, Standing

__all__ = ["SimulatedLog", "Store"]


@dataclass
class Document:
    incarnation: str = "first"
    rows: list[LoggedRow] = field(default_factory=list)
    owners: dict[int, tuple[str, int]] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    batches: dict[tuple[str, int], Committed] = field(default_factory=dict)


class Store:
    """What all nodes share."""

    def __init__(self, documents: Sequence[str]) -> None:
        self.documents = {document: Document() for document in documents}

    def commit(self, batch: Batch) -> Committed:
        document = self.documents[batch.document]
        key = (batch.node, batch.number)
        if (known := document.batches.get(key)) is not None:
            return known
        first = len(document.rows) + 1
        for row in batch.rows:
            document.rows.append(LoggedRow(len(document.rows) + 1, row.writer, row.update))
            for client in row.client_ids:
                document.owners.setdefault(client, (row.writer or "", first))
        document.batches[key] = Committed(first, len(document.rows))
        return document.batches[key]


class SimulatedLog:
    """One node's way to the store. `works` is False while the way is cut."""

    def __init__(self, store: Store, random: Random) -> None:
        self.works = True
        self._store = store
        self._random = random

    async def open(self, document: str) -> Opened | None:
        await self._way()
        kept = self._store.documents[document]
        after = kept.snapshot.position if kept.snapshot else 0
        return Opened(
            document=document,
            organisation="org",
            incarnation=kept.incarnation,
            head=len(kept.rows),
            snapshot=kept.snapshot,
            rows=[(row.position, row.update) for row in kept.rows[after:]],
            owners={client: owner for client, (owner, _) in kept.owners.items()},
        )

    async def append(self, batches: Sequence[Batch]) -> list[Outcome]:
        await self._way()
        outcomes: list[Outcome] = [self._store.commit(batch) for batch in batches]
        await self._way()  # the answer can be lost, and the node die before it comes
        return outcomes

    async def read(self, document: str, after: int, until: int | None = None) -> list[LoggedRow]:
        await self._way()
        return self._store.documents[document].rows[after:until]

    async def compact(
        self, document: str, snapshot: Snapshot, replaces: int, *, incarnation: str | None = None
    ) -> bool:
        await self._way()
        kept = self._store.documents[document]
        at = kept.snapshot.position if kept.snapshot else 0
        if at != replaces or incarnation != kept.incarnation or snapshot.position <= at:
            return False
        assert snapshot.position <= len(kept.rows), "a snapshot of rows that the log does not have"
        kept.snapshot = snapshot
        return True

    async def heads(self, documents: Sequence[str]) -> dict[str, int]:
        return {document: standing.head for document, standing in (await self.standings(documents)).items()}

    async def standings(self, documents: Sequence[str]) -> dict[str, Standing]:
        await self._way()
        found = {document: self._store.documents[document] for document in documents}
        return {
            document: Standing(each.incarnation, len(each.rows), each.snapshot.position if each.snapshot else 0)
            for document, each in found.items()
        }

    async def owners(self, document: str, after: int) -> dict[int, str]:
        await self._way()
        owners = self._store.documents[document].owners
        return {client: owner for client, (owner, first) in owners.items() if first > after}

    async def thin(self, before: datetime) -> int:
        return 0  # raw rows are kept for longer than any run

    async def _way(self) -> None:
        await asyncio.sleep(self._random.uniform(0.0, 0.02) if self._random.random() < 0.95 else 0.4)
        if not self.works:
            raise StoreUnavailable("the way to the store is cut")
