"""Documents that come into being because a client has opened them by a name: made in its user's name, and told."""

from datetime import datetime

from sqlalchemy import Connection

from persistence.documents import DocumentRow
from persistence.named_documents import MadeWorkspace, NamedDocuments
from server.events.outbox import Outbox
from server.events.states import document_created, workspace_created
from server.identity.principal import Principal

__all__ = ["DocumentNaming"]


class DocumentNaming:
    def __init__(self, store: NamedDocuments, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    async def create_named(self, caller: Principal, name: str, now: datetime) -> str:
        """The id of the document of this external name, made now if nobody was faster.

        In --open mode the caller owns the workspace of such documents, when there is no administrator.
        """
        workspace, document = self._outbox.record(caller.actor), self._outbox.record(caller.actor)

        def also_workspace(connection: Connection, made: MadeWorkspace) -> None:
            workspace(connection, *workspace_created(made.row, made.owner))

        def also_document(connection: Connection, row: DocumentRow) -> None:
            document(connection, document_created(row))

        found = await self._store.create_named(
            caller.organisation_id,
            name,
            caller.user_id,
            now,
            author_owns=caller.kind == "open",
            also_workspace=also_workspace,
            also_document=also_document,
        )
        self._outbox.published(workspace)
        self._outbox.published(document)
        return found
