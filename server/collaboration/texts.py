"""What is stored of documents' texts, as much of it as one answer may carry, and how true it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from persistence.documents import DocumentRow
from persistence.projections import ProjectionMeasure, ProjectionRow, ProjectionStore
from persistence.quarantine import QuarantinedRow, QuarantineStore
from server.collaboration.projector import Projector

__all__ = ["ContentState", "Text", "TextShelf", "state_of"]

ContentState = Literal["current", "stale", "partial", "unreadable"]
"""current: as the log has it now. stale: as it was some edits ago. partial: without rows that no worker can read.
unreadable: no worker can read it. Clients have all of it in any case."""

NOT_READ_YET = "not_read_yet"


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text at a position of its log, or null with the reason.

    not_read_yet     no worker has read it so far; ask again in a moment
    left_out         it is too long for a list: ask for the document itself
    too_large        it is longer than any answer carries
    searching        a worker failed at it, and what it failed at is being looked for
    timeout, died, memory, refused, unreadable, malformed      a worker could not read it
    """

    content: str | None
    position: int | None
    reason: str | None = None
    state: ContentState = "current"
    quarantined: Sequence[QuarantinedRow] = ()


class TextShelf:
    """Answers from what is stored; a text that is behind is answered as it is, and asked for."""

    def __init__(self, store: ProjectionStore, quarantine: QuarantineStore, projector: Projector) -> None:
        self._store = store
        self._quarantine = quarantine
        self._projector = projector

    async def one(self, row: DocumentRow) -> Text:
        """Whatever its length."""
        if row.version == 0:
            return Text("", 0)
        known = (await self._store.texts([row.id])).get(row.id)
        quarantined = await self._quarantined({row.id: known} if known is not None else {})
        return self._text(row, known, quarantined)

    async def many(self, rows: Sequence[DocumentRow], *, longest: int, budget: int) -> dict[str, Text]:
        """Texts of at most `longest` characters, the first ones first, until `budget` characters are used up."""
        measures = await self._store.measures([row.id for row in rows])
        quarantined = await self._quarantined(measures)
        wanted: list[DocumentRow] = []
        answers: dict[str, Text] = {}
        for row in rows:
            measure = measures.get(row.id)
            if row.version == 0:
                answers[row.id] = Text("", 0)
            elif measure is None or measure.characters is None:
                answers[row.id] = self._without(row, measure, measure.failure if measure else NOT_READ_YET, quarantined)
            elif measure.characters > min(longest, budget):
                answers[row.id] = self._without(row, measure, "left_out", quarantined)
            else:
                budget -= measure.characters
                wanted.append(row)
        texts = await self._store.texts([row.id for row in wanted])
        return answers | {row.id: self._text(row, texts.get(row.id), quarantined) for row in wanted}

    # Private.

    async def _quarantined(
        self, known: Mapping[str, ProjectionRow | ProjectionMeasure]
    ) -> dict[str, list[QuarantinedRow]]:
        """Of those documents that may have something in quarantine: few have."""
        concerned = [document for document, each in known.items() if each.is_partial or each.failure is not None]
        return await self._quarantine.of(concerned) if concerned else {}

    def _text(
        self, row: DocumentRow, known: ProjectionRow | None, quarantined: dict[str, list[QuarantinedRow]]
    ) -> Text:
        if known is None or known.text is None:
            return self._without(row, known, known.failure if known else NOT_READ_YET, quarantined)
        self._ask_for(row, known.position)
        state = state_of(row.version, known)
        return Text(known.text, known.position, known.failure, state, quarantined.get(row.id, ()))

    def _without(
        self,
        row: DocumentRow,
        known: ProjectionRow | ProjectionMeasure | None,
        reason: str | None,
        quarantined: dict[str, list[QuarantinedRow]],
    ) -> Text:
        self._ask_for(row, known.position if known is not None else -1)
        return Text(None, None, reason, state_of(row.version, known), quarantined.get(row.id, ()))

    def _ask_for(self, row: DocumentRow, position: int) -> None:
        if row.version > max(position, 0):
            self._projector.ask(row.id)


def state_of(version: int, known: ProjectionRow | ProjectionMeasure | None) -> ContentState:
    """How true a stored projection is of a document whose log has `version` rows."""
    if known is None:
        return "stale" if version else "current"
    if known.failure not in (None, "too_large"):
        return "unreadable"
    if known.is_partial:
        return "partial"
    return "current" if known.position >= version else "stale"
