"""Documents of a workspace: made from content, listed with their text, renamed, deleted and brought back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from crdt.document import seed
from crdt.errors import CrdtError, InvalidContent
from crdt.reading import Projection, project
from persistence.answers import Note, no_note
from persistence.documents import DocumentRow, DocumentStore
from persistence.documents import NewDocument as NewRow
from persistence.projections import ProjectionRow, ProjectionStore
from server.clock import Clock
from server.collaboration.content import Content, content_of
from server.collaboration.model import DocumentChanges, NewDocument, SharedDocument
from server.collaboration.service import WorkspaceService
from server.collaboration.texts import Text, TextShelf
from server.collaboration.views import document_view
from server.errors import AppError, Busy, Deleted, FieldIssue, Forbidden, Invalid, NotFound
from server.events.documents import DocumentDeleted, DocumentRenamed, DocumentRestored, DocumentTypeChanged
from server.events.model import Event
from server.events.outbox import Outbox
from server.events.states import document_created, document_state
from server.http.paging import Place
from server.identity.principal import Principal, Right
from server.identity.roles import WorkspaceRole
from server.realtime.materialiser import Materialiser, MaterialiserFailed

__all__ = ["DocumentService", "RightOf"]

RightOf = Callable[[Principal, str], Awaitable[Right | None]]
"""What a caller may do with a document now; None: to the caller it is not there."""
EndRoom = Callable[[str, AppError], None]
"""Send everybody out of a document's room, each told why."""

# An overview is polled by every open page; a list is asked for by one person who looks at it.
OVERVIEW_DOCUMENTS = 100
LONGEST_IN_A_LIST = 64 * 1024
OVERVIEW_CHARACTERS = 1024 * 1024
LIST_CHARACTERS = 4 * 1024 * 1024


class DocumentService:
    """Every call is made in somebody's name. To who has no right a document is not there (NotFound)."""

    def __init__(
        self,
        *,
        store: DocumentStore,
        projections: ProjectionStore,
        texts: TextShelf,
        workspaces: WorkspaceService,
        materialiser: Materialiser,
        outbox: Outbox,
        clock: Clock,
        right_of: RightOf,
        end_room: EndRoom,
        max_content_bytes: int,
    ) -> None:
        self._store = store
        self._projections = projections
        self._texts = texts
        self._workspaces = workspaces
        self._materialiser = materialiser
        self._outbox = outbox
        self._clock = clock
        self._right_of = right_of
        self._end_room = end_room
        self._max_content_bytes = max_content_bytes

    # Reading.

    async def page(
        self, caller: Principal, workspace: str, kind: str | None, after: Place | None, limit: int, *, deleted: bool
    ) -> tuple[list[SharedDocument], bool]:
        """The documents of a workspace, oldest first, and whether there are more."""
        await self._workspaces.get(caller, workspace, WorkspaceRole.EDITOR if deleted else WorkspaceRole.VIEWER)
        rows = await self._store.in_workspaces(
            caller.organisation_id, [workspace], type_=kind, after=after, limit=limit + 1, deleted=deleted
        )
        page = rows[:limit]
        return await self._views(page, LIST_CHARACTERS), len(rows) > limit

    async def overview(self, caller: Principal, workspaces: Sequence[str]) -> dict[str, list[SharedDocument]]:
        """The latest documents of workspaces that the caller may see (ask WorkspaceService first)."""
        rows = await self._store.in_workspaces(caller.organisation_id, workspaces)
        latest: dict[str, list[DocumentRow]] = {workspace: [] for workspace in workspaces}
        for row in sorted(rows, key=lambda row: row.edited_at or row.updated_at, reverse=True):
            if len(latest[row.workspace_id]) < OVERVIEW_DOCUMENTS:
                latest[row.workspace_id].append(row)
        views = await self._views([row for group in latest.values() for row in group], OVERVIEW_CHARACTERS)
        found: dict[str, list[SharedDocument]] = {workspace: [] for workspace in workspaces}
        for view in views:
            found[view.workspace_id].append(view)
        return found

    async def get(self, caller: Principal, document: str) -> SharedDocument:
        return await self._view(await self._row(caller, document, Right.READ))

    # Changing.

    async def create(self, caller: Principal, workspace: str, new: NewDocument, note: Note = no_note) -> SharedDocument:
        """Raises Invalid for content that cannot become a document, TooLarge, Busy."""
        await self._workspaces.get(caller, workspace, WorkspaceRole.EDITOR)
        content = content_of(new, self._max_content_bytes)
        update, read = await self._seed(content) if content is not None else (None, None)
        record = self._outbox.record(caller.actor)
        row = await self._store.create(
            NewRow(
                organisation_id=caller.organisation_id,
                workspace_id=workspace,
                title=new.title,
                type=new.type,
                author_id=caller.user_id,
                seed=update,
            ),
            self._clock.now(),
            note,
            lambda connection, row: record(connection, document_created(row)),
        )
        self._outbox.published(record)
        if read is not None:
            projection = ProjectionRow(row.id, row.version, read.text, None, read.json, read.markdown)
            await self._projections.put(projection, self._clock.now())
        return await self._view(row)

    async def update(self, caller: Principal, document: str, changes: DocumentChanges) -> SharedDocument:
        row = await self._row(caller, document, Right.WRITE)
        title = changes.title if changes.title != row.title else None
        kind = changes.type if changes.type != row.type else None
        if title is not None or kind is not None:
            now = self._clock.now()
            record = self._outbox.record(caller.actor, *_changed_events(row, title, kind, now))
            if not await self._store.update(
                caller.organisation_id, document, now, title=title, type_=kind, also=record
            ):
                raise NotFound
            self._outbox.published(record)
            row = await self._row(caller, document, Right.WRITE)
        return await self._view(row)

    async def delete(self, caller: Principal, document: str) -> None:
        """Leaves a tombstone, and tells everybody who has it open."""
        row = await self._row(caller, document, Right.WRITE)
        event = DocumentDeleted(workspace_id=row.workspace_id, document_id=document, title=row.title)
        record = self._outbox.record(caller.actor, event)
        await self._store.delete(caller.organisation_id, document, self._clock.now(), record)
        self._outbox.published(record)
        self._end_room(document, Deleted())

    async def restore(self, caller: Principal, document: str) -> SharedDocument:
        """Raises NotFound, also for a document that was not deleted."""
        row = await self._store.get(caller.organisation_id, document, deleted=True)
        if row is None or row.deleted_at is None:
            raise NotFound
        await self._workspaces.get(caller, row.workspace_id, WorkspaceRole.EDITOR)
        now = self._clock.now()
        state = document_state(replace(row, updated_at=now))
        event = DocumentRestored(workspace_id=row.workspace_id, document_id=document, document=state)
        record = self._outbox.record(caller.actor, event)
        await self._store.restore(caller.organisation_id, document, now, record)
        self._outbox.published(record)
        return await self._view(await self._row(caller, document, Right.READ))

    # Private.

    async def _row(self, caller: Principal, document: str, least: Right) -> DocumentRow:
        row = await self._store.get(caller.organisation_id, document)
        right = await self._right_of(caller, document) if row is not None else None
        if row is None or right is None:
            raise NotFound
        if right < least:
            raise Forbidden("You may read this document, and not change it.")
        return row

    async def _seed(self, content: Content) -> tuple[bytes, Projection]:
        """The update that holds the content, and what it says, both made in a worker."""
        key = uuid4().hex  # spreads the work over the workers; the document has no id yet
        try:
            update = await self._materialiser.call(key, seed, content.value, content.format)
            return update, await self._materialiser.call(key, project, [update])
        except InvalidContent as error:
            # The worker's paths begin in the editor's document, which is the value of the field `content`.
            path = f"content.{error.path}" if isinstance(content.value, dict) else error.path
            raise Invalid(details=[FieldIssue(path, error.issue)]) from None
        except CrdtError as error:
            raise Invalid(details=[FieldIssue("content", str(error))]) from None
        except MaterialiserFailed as error:
            if error.reason in {"busy", "closed"}:
                raise Busy(retry_after=1) from None
            issue = FieldIssue("content", f"cannot be made a document ({error.reason})")
            raise Invalid(details=[issue]) from None

    async def _view(self, row: DocumentRow) -> SharedDocument:
        writers = await self._store.writers([row.id])
        return document_view(row, writers.get(row.id, []), await self._texts.one(row))

    async def _views(self, rows: Sequence[DocumentRow], budget: int) -> list[SharedDocument]:
        if not rows:
            return []
        writers = await self._store.writers([row.id for row in rows])
        texts: dict[str, Text] = await self._texts.many(rows, longest=LONGEST_IN_A_LIST, budget=budget)
        return [document_view(row, writers.get(row.id, []), texts[row.id]) for row in rows]


def _changed_events(row: DocumentRow, title: str | None, kind: str | None, now: datetime) -> list[Event]:
    about = {"workspace_id": row.workspace_id, "document_id": row.id, "updated_at": now}
    told: list[Event] = []
    if title is not None:
        told.append(DocumentRenamed.model_validate(about | {"title": title, "former_title": row.title}))
    if kind is not None:
        told.append(DocumentTypeChanged.model_validate(about | {"title": title or row.title, "type": kind}))
    return told
