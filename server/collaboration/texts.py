"""The stored texts of documents, as many of them as one answer may carry."""

from collections.abc import Sequence
from dataclasses import dataclass

from persistence.documents import DocumentRow
from persistence.projections import ProjectionRow, ProjectionStore
from server.collaboration.projector import Projector

__all__ = ["Text", "TextShelf"]


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text at a position of its log, or null with the reason.

    not_read_yet     no worker has read it so far; ask again in a moment
    left_out         it is too long for a list: ask for the document itself
    too_large        it is longer than any answer carries
    timeout, died, memory, refused, unreadable      a worker could not read it
    """

    content: str | None
    position: int | None
    reason: str | None = None


class TextShelf:
    """Answers from what is stored; a text that is behind is answered as it is, and the projector is woken."""

    def __init__(self, store: ProjectionStore, projector: Projector) -> None:
        self._store = store
        self._projector = projector

    async def one(self, row: DocumentRow) -> Text:
        """Whatever its length."""
        if row.version == 0:
            return Text("", 0)
        known = (await self._store.texts([row.id])).get(row.id)
        self._wake_for(row, known.position if known else -1)
        return _text(known)

    async def many(self, rows: Sequence[DocumentRow], *, longest: int, budget: int) -> dict[str, Text]:
        """Texts of at most `longest` characters, the first ones first, until `budget` characters are used up."""
        measures = await self._store.measures([row.id for row in rows])
        wanted: list[str] = []
        answers: dict[str, Text] = {}
        for row in rows:
            measure = measures.get(row.id)
            self._wake_for(row, measure.position if measure else -1)
            if row.version == 0:
                answers[row.id] = Text("", 0)
            elif measure is None or measure.characters is None:
                answers[row.id] = Text(None, None, measure.failure if measure else "not_read_yet")
            elif measure.characters > min(longest, budget):
                answers[row.id] = Text(None, None, "left_out")
            else:
                budget -= measure.characters
                wanted.append(row.id)
        texts = await self._store.texts(wanted)
        return answers | {document: _text(texts.get(document)) for document in wanted}

    def _wake_for(self, row: DocumentRow, position: int) -> None:
        if row.version > max(position, 0):
            self._projector.wake()


def _text(row: ProjectionRow | None) -> Text:
    if row is None:
        return Text(None, None, "not_read_yet")
    return Text(row.text, row.position if row.text is not None else None, row.failure)
