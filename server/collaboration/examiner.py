"""What ends the workers that read a document is found, kept in quarantine and told; the rest can then be read."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from functools import partial

from crdt.reading import NOTHING, Hidden, unreadable
from crdt.updates import DeleteRanges
from persistence.log import DocumentLog, Opened
from persistence.quarantine import QuarantinedRow, QuarantineStore
from server.clock import Clock
from server.collaboration.bisection import STEP_SECONDS, Bisection, Found, OutOfBudget, Part, Unreadable, hidden_with
from server.realtime.materialiser import Materialiser

__all__ = ["Examiner", "hidden_by", "notice_of", "parts_of"]

log = logging.getLogger("counterpoint.quarantine")

NAMED = 20
"""Positions that a notice names; of more it says how many there are."""

Told = Callable[[str, str | None, Hidden], None]
"""Called with a document, what its people are told of its content (None: nothing is wrong with it any more), and what
is hidden of it from workers."""


class Examiner:
    """Examines one document at a time; all its reading is done in the suspects' lane."""

    def __init__(
        self,
        store: QuarantineStore,
        document_log: DocumentLog,
        materialiser: Materialiser,
        clock: Clock,
        told: Told = lambda _document, _notice, _hidden: None,
        *,
        step_seconds: float = STEP_SECONDS,
    ) -> None:
        self._step_seconds = step_seconds
        self._store = store
        self._log = document_log
        self._materialiser = materialiser
        self._clock = clock
        self._told = told
        self._turn = asyncio.Lock()
        self._good: dict[str, int] = {}
        self._known: dict[str, tuple[int, ...]] = {}

    async def start(self) -> None:
        """Take up what earlier runs and other nodes have found."""
        for document, rows in (await self._store.all()).items():
            self._note(document, rows)

    @property
    def count(self) -> int:
        """How many rows are in quarantine, of all documents."""
        return sum(map(len, self._known.values()))

    async def quarantine_of(self, document: str) -> list[QuarantinedRow]:
        rows = (await self._store.of([document])).get(document, [])
        self._note(document, rows)
        return rows

    async def examine(self, opened: Opened) -> str | None:
        """Find what cannot be read in a document that a worker has failed at; None: the rest can be read now.

        Else the reason why it cannot. What was found holds in any case, and the next examination goes on after it.
        Raises MaterialiserFailed (lost, busy, closed), StoreUnavailable.
        """
        async with self._turn:
            known = await self.quarantine_of(opened.document)
            try:
                parts = await self._readable_parts(opened, known)
                await self._search(opened, parts, known)
            except Unreadable as error:
                log.warning("a document cannot be read", extra={"document": opened.document, "reason": str(error)})
                return str(error)
            except OutOfBudget:
                return "searching"
            finally:
                await self.quarantine_of(opened.document)
        return None

    # Private.

    def _note(self, document: str, rows: Sequence[QuarantinedRow]) -> None:
        """Tell people when this is news."""
        positions = tuple(row.position for row in rows)
        if positions == self._known.get(document, ()):
            return
        self._known[document] = positions
        if not rows:
            del self._known[document]
        self._told(document, notice_of(rows), hidden_by(rows))

    async def _search(self, opened: Opened, parts: list[Part], known: Sequence[QuarantinedRow]) -> None:
        document, hidden = opened.document, hidden_by(known)
        ask = partial(self._materialiser.call, document, background=True, suspect=True)
        good = self._good.pop(document, 0)
        search = partial(Bisection, ask, step_seconds=self._step_seconds, memory_bytes=self._materialiser.memory_bytes)
        if opened.snapshot is not None and not await search(parts[:1], hidden).is_readable():
            # The rows that it was made of tell more than it does, as long as they are all there.
            parts = (await self._rows_before(opened, opened.snapshot.position, known) or parts[:1]) + parts[1:]
        bisection = search(parts, hidden, good=sum(part.position <= good for part in parts))
        try:
            while (found := await bisection.next()) is not None:
                await self._keep(opened, found, [row for row in known if row.position == found.position])
        except OutOfBudget:
            if bisection.good:
                self._good[document] = parts[bisection.good - 1].position
            raise

    async def _readable_parts(self, opened: Opened, known: Sequence[QuarantinedRow]) -> list[Part]:
        """The snapshot and the rows after it, without those that are no updates at all: these are kept at once."""
        parts = parts_of(opened, known)
        ask = partial(self._materialiser.call, opened.document, background=True)
        faults = await ask(unreadable, [part.update for part in parts])
        for number in faults:
            if parts[number].is_snapshot:
                raise Unreadable("malformed")
            await self._keep(opened, Found(parts[number].position, NOTHING, keep_place=True, reason="malformed"), [])
        return [part for number, part in enumerate(parts) if number not in faults]

    async def _rows_before(self, opened: Opened, position: int, known: Sequence[QuarantinedRow]) -> list[Part]:
        """The rows that a snapshot was made of; none when they are not all there any more."""
        rows = await self._log.read(opened.document, 0, position)
        missing = {row.position for row in known if row.hidden == NOTHING}
        if len(rows) != position:
            return []
        return [Part(row.position, row.update) for row in rows if row.position not in missing]

    async def _keep(self, opened: Opened, found: Found, before: Sequence[QuarantinedRow]) -> None:
        clocks = DeleteRanges.decode(found.clocks)
        for row in before:  # of one snapshot more than one place may be found
            clocks.add(DeleteRanges.decode(row.hidden))
        keep_place = found.keep_place and not any(row.without_place for row in before)
        writer = await self._writer(opened, found)
        row = QuarantinedRow(
            opened.document, found.position, found.reason, clocks.encode(), not keep_place, writer, self._clock.now()
        )
        await self._store.put(row)
        log.warning(
            "a row is in quarantine: workers read the document without it, clients have it",
            extra={"document": row.document_id, "position": row.position, "reason": row.reason, "writer": writer},
        )

    async def _writer(self, opened: Opened, found: Found) -> str | None:
        """Whose row it is; of a snapshot, whose clocks."""
        if opened.snapshot is None or found.position != opened.snapshot.position:
            rows = await self._log.read(opened.document, found.position - 1, found.position)
            return rows[0].writer if rows else None
        return next((opened.owners.get(client) for client, _ in DeleteRanges.decode(found.clocks)), None)


def parts_of(opened: Opened, quarantined: Sequence[QuarantinedRow]) -> list[Part]:
    """The snapshot and the rows after it, without those that are no updates at all."""
    missing = {row.position for row in quarantined if row.hidden == NOTHING}
    snapshot = opened.snapshot
    parts = [Part(snapshot.position, snapshot.update, is_snapshot=True)] if snapshot else []
    return parts + [Part(position, update) for position, update in opened.rows if position not in missing]


def notice_of(quarantined: Sequence[QuarantinedRow]) -> str | None:
    """What our app is told of a document of which workers do not read these rows."""
    if not quarantined:
        return None
    shown = quarantined[:NAMED]
    return json.dumps(
        {
            "content": "partial",
            "reason": shown[0].reason,
            "positions": [row.position for row in shown],
            "rows": len(quarantined),
        }
    )


def hidden_by(quarantined: Sequence[QuarantinedRow]) -> Hidden:
    """What workers are not shown."""
    hidden = Hidden()
    for row in quarantined:
        hidden = hidden_with(hidden, row.hidden, keep_place=not row.without_place)
    return hidden
