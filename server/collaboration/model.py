"""The shapes of workspaces, members and documents, as requests and answers carry them (REST contract, C1 to C4)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints

from server.http.reply import StreamPlace
from server.http.text import Line, Prose

__all__ = [
    "ContentFormat",
    "ContentTrouble",
    "DocumentChanges",
    "DocumentFilter",
    "DocumentType",
    "Email",
    "Member",
    "MemberRole",
    "Name",
    "NewDocument",
    "NewMember",
    "NewWorkspace",
    "RoleChange",
    "SharedDocument",
    "Workspace",
    "WorkspaceChanges",
    "WorkspaceFilter",
    "WorkspacePermissions",
    "WorkspaceSettings",
    "WorkspaceType",
]

WorkspaceType = Literal["data_analysis", "data_governance", "compliance", "security"]
DocumentType = Literal["report", "analysis", "dashboard", "workflow", "policy"]
# `all` means no filter, and an empty value too: the contract's client sends both.
NoFilter = Literal["all", ""]
WorkspaceFilter = Literal[WorkspaceType, NoFilter]
DocumentFilter = Literal[DocumentType, NoFilter]
MemberRole = Literal["owner", "admin", "editor", "viewer"]
ContentFormat = Literal["text", "markdown", "json"]

Name = Annotated[Line, StringConstraints(max_length=100)]
Title = Annotated[Line, StringConstraints(max_length=500)]
Description = Annotated[Prose, StringConstraints(max_length=10_000)]
# A client that has no description sends null as often as nothing.
OptionalDescription = Annotated[Description, BeforeValidator(lambda value: "" if value is None else value)]
Email = Annotated[Line, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]


class _Input(BaseModel):
    """What a client sends; a field that has no meaning is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkspaceSettings(_Input):
    """How a workspace treats its members."""

    default_role: Literal["admin", "editor", "viewer"] = Field(
        default="editor", description="The role of a new member when none is named."
    )
    retention_days: int | None = Field(
        default=None, ge=1, le=36_500, description="How long activity is kept; null keeps all of it."
    )
    notify: bool = Field(default=True, description="Members are notified of what happens here.")


class NewWorkspace(_Input):
    name: Name
    type: WorkspaceType
    description: OptionalDescription = ""
    settings: WorkspaceSettings = WorkspaceSettings()


class WorkspaceChanges(_Input):
    """Only the fields that are there change."""

    name: Name | None = None
    type: WorkspaceType | None = None
    description: Description | None = None
    settings: WorkspaceSettings | None = None


class NewMember(_Input):
    """An existing user of the same organisation, by e-mail address."""

    email: Email
    role: MemberRole | None = Field(default=None, description="The workspace's default role when not given.")


class RoleChange(_Input):
    role: MemberRole


class NewDocument(_Input):
    title: Title
    type: DocumentType
    content: JsonValue = Field(
        default=None, description='Text, Markdown as {"markdown": "..."}, or the JSON of our editor; null is empty.'
    )
    content_format: ContentFormat | None = Field(
        default=None, description="What the content is, where its shape does not say it: text or markdown for a string."
    )


class DocumentChanges(_Input):
    """Only the fields that are there change; the content has an address of its own."""

    title: Title | None = None
    type: DocumentType | None = None


class Member(BaseModel):
    user_id: str
    username: str
    email: str | None
    role: MemberRole
    joined_at: datetime
    last_active: datetime | None
    permissions: list[str]


class WorkspacePermissions(BaseModel):
    """What the caller may do here."""

    can_edit: bool
    can_comment: bool
    can_invite: bool
    can_manage: bool


class ContentTrouble(BaseModel):
    """What workers could not read of a document. Clients have all of it: only content over REST lacks something."""

    reason: str
    positions: list[int] = Field(description="The versions whose updates are left out of `content`.")
    writers: list[str] = Field(description="Whose updates these are, as far as it is known.")


class SharedDocument(BaseModel):
    """A document's head, with its text as it was at `content_position` of the log."""

    id: str
    workspace_id: str
    title: str
    type: DocumentType
    content: Any = Field(description="The text, or null: then `content_unavailable` says why.")
    content_unavailable: str | None = None
    content_position: int | None = Field(description="The version that `content` shows; null without content.")
    content_state: Literal["current", "stale", "partial", "unreadable"] = Field(
        description="Is `content` the document as it is now, or as it was, or not all of it, or unreadable?"
    )
    content_trouble: ContentTrouble | None = Field(description="When the state is partial or unreadable.")
    version: int = Field(description="The number of committed updates.")
    incarnation: str = Field(description="Another one once the document was brought back from a backup.")
    author_id: str | None
    collaborators: list[str] = Field(description="Everybody whose updates are in it.")
    comments: list[Any] = []
    created_at: datetime
    updated_at: datetime
    last_edited_by: str | None
    deleted_at: datetime | None = None


class Workspace(BaseModel):
    id: str
    name: str
    description: str
    type: WorkspaceType
    owner_id: str
    members: list[Member]
    documents: list[SharedDocument]
    created_at: datetime
    updated_at: datetime
    last_activity: datetime
    permissions: WorkspacePermissions
    settings: WorkspaceSettings
    stream: StreamPlace | None = Field(default=None, description="Its channel, where that was before this was read.")
