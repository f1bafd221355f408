"""What happens to documents as a whole; their content is told by their own sockets."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from server.events.model import WorkspaceEvent

__all__ = [
    "BranchState",
    "DocumentBranchDiscarded",
    "DocumentBranchEvent",
    "DocumentBranchKept",
    "DocumentBranchMerged",
    "DocumentCreated",
    "DocumentDeleted",
    "DocumentEvent",
    "DocumentRenamed",
    "DocumentRestored",
    "DocumentState",
    "DocumentTypeChanged",
]


class DocumentState(BaseModel):
    """A document without its content, as it is from now on."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    workspace_id: str
    title: str
    type: str
    author_id: str
    external_name: str | None
    created_at: datetime
    updated_at: datetime


class DocumentEvent(WorkspaceEvent):
    """It is about one document of the workspace."""

    document_id: str

    @property
    def subject(self) -> str:
        return f"document/{self.document_id}"


class DocumentCreated(DocumentEvent):
    """A document was made: by a person, or because a client has opened a name for the first time."""

    document: DocumentState


class DocumentRenamed(DocumentEvent):
    """A document has another title."""

    title: str
    former_title: str
    updated_at: datetime


class DocumentTypeChanged(DocumentEvent):
    """A document is of another type: a report, an analysis, ..."""

    title: str
    type: str
    updated_at: datetime


class DocumentDeleted(DocumentEvent):
    """A document was deleted; it can be restored."""

    title: str


class DocumentRestored(DocumentEvent):
    """A deleted document is back."""

    document: DocumentState


class BranchState(BaseModel):
    """A copy that is kept apart from its document, without its content. `size` in bytes."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    document_id: str
    user_id: str
    user_name: str
    size: int
    created_at: datetime


class DocumentBranchEvent(DocumentEvent):
    """It is about a copy of a document of before a restore."""

    title: str
    branch: BranchState


class DocumentBranchKept(DocumentBranchEvent):
    """A client has brought a copy of a document as it was before a restore; it is kept apart."""


class DocumentBranchMerged(DocumentBranchEvent):
    """What a copy had was brought into its document."""


class DocumentBranchDiscarded(DocumentBranchEvent):
    """A copy that was kept apart is dropped."""
