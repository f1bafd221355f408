"""What is in quarantine of all documents, for whoever runs the server."""

from persistence.quarantine import QuarantineStore
from persistence.whereabouts import Whereabouts
from server.errors import NotFound
from server.operations.admin_model import AdminQuarantine, AdminQuarantined

__all__ = ["QuarantineList"]


class QuarantineList:
    def __init__(self, store: QuarantineStore, documents: Whereabouts) -> None:
        self._store = store
        self._documents = documents

    async def all(self, limit: int, organisation: str) -> AdminQuarantine:
        """The latest finds first. organisation: whose documents are told by name. Raises StoreUnavailable."""
        rows = [row for found in (await self._store.all()).values() for row in found]
        rows.sort(key=lambda row: row.found_at, reverse=True)
        shown = rows[:limit]
        titles = await self._documents.titles_in(organisation, sorted({row.document_id for row in shown}))
        told = [
            AdminQuarantined(
                document_id=row.document_id,
                title=titles.get(row.document_id),
                position=row.position,
                reason=row.reason,
                writer=row.writer,
                found_at=row.found_at,
                size_bytes=await self._store.size(row.document_id, row.position),
            )
            for row in shown
        ]
        return AdminQuarantine(total=len(rows), rows=told)

    async def bytes_of(self, document: str, position: int, organisation: str) -> bytes:
        """Of a row in quarantine of a document of this organisation. Raises NotFound, StoreUnavailable."""
        found = None
        if await self._documents.titles_in(organisation, [document]) and await self._has(document, position):
            found = await self._store.data(document, position)
        if found is None:
            raise NotFound("There is no such row in quarantine, or it is of another organisation's document.")
        return found

    async def release(self, document: str, position: int) -> None:
        """Workers read it again; what still ends them is found again. Raises NotFound, StoreUnavailable."""
        if not await self._store.release(document, position):
            raise NotFound("There is no such row in quarantine.")

    async def _has(self, document: str, position: int) -> bool:
        return any(row.position == position for row in (await self._store.of([document])).get(document, ()))
