"""What becomes of copies that are kept apart: they are listed, read, merged into their document, or discarded."""

from crdt.branching import bring
from crdt.errors import CrdtError, RefusedUpdate
from crdt.guard import Limits
from crdt.reading import project
from persistence.branches import BranchRow, BranchStore, Decision
from persistence.documents import DocumentRow, DocumentStore
from server.clock import Clock
from server.collaboration.branches_model import BranchForm
from server.collaboration.documents import RightOf
from server.errors import Busy, Conflict, Forbidden, NotFound, TooLarge
from server.events.documents import BranchState, DocumentBranchDiscarded, DocumentBranchMerged
from server.events.outbox import Outbox
from server.identity.principal import Principal, Right
from server.realtime.desk import DocumentDesk, Edited, Writer
from server.realtime.materialiser import Materialiser, MaterialiserFailed

__all__ = ["BranchService"]

EVENTS = {"merged": DocumentBranchMerged, "discarded": DocumentBranchDiscarded}


class BranchService:
    """Every call is made in somebody's name. Who may edit the document sees all of its branches; others see their own.

    To who has no right to the document neither it nor a branch of it is there (NotFound).
    """

    def __init__(
        self,
        *,
        store: BranchStore,
        documents: DocumentStore,
        materialiser: Materialiser,
        desk: DocumentDesk,
        outbox: Outbox,
        clock: Clock,
        right_of: RightOf,
        limits: Limits,
    ) -> None:
        self._store = store
        self._documents = documents
        self._materialiser = materialiser
        self._desk = desk
        self._outbox = outbox
        self._clock = clock
        self._right_of = right_of
        self._limits = limits

    async def all(self, caller: Principal, document: str) -> list[BranchRow]:
        """The branches that the caller may see, oldest first."""
        _, right = await self._document(caller, document)
        return await self._store.of(document, user=None if right >= Right.WRITE else caller.user_id)

    async def get(self, caller: Principal, document: str, branch: str) -> BranchRow:
        return (await self._branch(caller, document, branch, Right.READ))[1]

    async def content(self, caller: Principal, document: str, branch: str, form: BranchForm) -> bytes:
        """The copy as a Yjs update, or what it says as text or Markdown in UTF-8. Raises Conflict, TooLarge, Busy."""
        await self.get(caller, document, branch)
        data = await self._data(document, branch)
        if form == "update":
            return data
        try:
            read = await self._materialiser.call(document, project, [data], user=caller.user_id)
        except MaterialiserFailed as error:
            if error.reason in {"lost", "busy", "closed"}:
                raise Busy(retry_after=1) from None
            raise Conflict(f"No worker can read this branch ({error.reason}); its update can be had.") from None
        except CrdtError:
            raise Conflict("No worker can read this branch; its update can be had.") from None
        said = read.text if form == "text" else read.markdown
        if said is None:
            raise TooLarge("The text is longer than an answer carries; its update can be had.")
        return said.encode()

    async def merge(self, caller: Principal, document: str, branch: str) -> tuple[BranchRow, int, bool]:
        """Bring what the document lacks into it, as an edit by the caller: the branch, a version with it, and whether
        anything was changed. A branch that was merged before stays so.

        Raises Conflict (discarded, or it contradicts the document), Forbidden, and what the edit may raise.
        """
        row, found = await self._branch(caller, document, branch, Right.WRITE)
        if found.state == "discarded":
            raise Conflict("This branch was discarded.")
        if found.state == "merged":
            return found, row.version, False
        edited = await self._brought(caller, document, await self._data(document, branch))
        return await self._decide(caller, row, found, "merged"), edited.position, edited.changed

    async def discard(self, caller: Principal, document: str, branch: str) -> None:
        """Drop its data; that it was there stays known for a while. Raises Conflict when it was merged."""
        row, found = await self._branch(caller, document, branch, Right.WRITE)
        if (await self._decide(caller, row, found, "discarded")).state == "merged":
            raise Conflict("This branch was merged before.")

    # Private.

    async def _document(self, caller: Principal, document: str) -> tuple[DocumentRow, Right]:
        row = await self._documents.get(caller.organisation_id, document)
        right = await self._right_of(caller, document) if row is not None else None
        if row is None or right is None:
            raise NotFound
        return row, right

    async def _branch(
        self, caller: Principal, document: str, branch: str, least: Right
    ) -> tuple[DocumentRow, BranchRow]:
        row, right = await self._document(caller, document)
        found = await self._store.get(document, branch)
        if found is None or (right < Right.WRITE and found.user_id != caller.user_id):
            raise NotFound
        if right < least:
            raise Forbidden("You may read this document, and not change it.")
        return row, found

    async def _data(self, document: str, branch: str) -> bytes:
        data = await self._store.data(document, branch)
        if data is None:
            raise Conflict("This branch was discarded.")
        return data

    async def _brought(self, caller: Principal, document: str, data: bytes) -> Edited:
        writer = Writer(caller.user_id, caller.name, caller.organisation_id)
        try:
            return await self._desk.edit(document, writer, bring, data, self._limits)
        except RefusedUpdate as error:
            raise Conflict(f"This branch cannot be merged: {error}. Read or download it instead.") from None

    async def _decide(self, caller: Principal, row: DocumentRow, found: BranchRow, decision: Decision) -> BranchRow:
        """The branch afterwards: somebody else may have decided first."""
        event = EVENTS[decision](
            workspace_id=row.workspace_id,
            document_id=row.id,
            title=row.title,
            branch=BranchState.model_validate(found),
        )
        record = self._outbox.record(caller.actor, event)
        await self._store.decide(row.id, found.id, decision, by=caller.user_id, now=self._clock.now(), also=record)
        self._outbox.published(record)
        after = await self._store.get(row.id, found.id)
        if after is None:
            raise NotFound
        return after
