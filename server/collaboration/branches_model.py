"""The shapes of a document's branches, as answers carry them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Branch", "BranchForm", "MergedBranch"]

BranchForm = Literal["update", "text", "markdown"]


class Branch(BaseModel):
    """A copy of a document as it was before a restore, with what was written in it; it is kept apart."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    document_id: str
    user_id: str = Field(description="Who has brought it.")
    user_name: str
    incarnation: str = Field(description="The document's, as the client that brought it knew it.")
    size: int = Field(description="In bytes.")
    state: Literal["kept", "merged", "discarded"]
    created_at: datetime
    decided_at: datetime | None = Field(description="When it was merged or discarded.")
    decided_by: str | None = Field(description="The id of the user who has done that.")


class MergedBranch(BaseModel):
    branch: Branch
    version: int = Field(description="A version of the document that has what the branch had.")
    changed: bool = Field(description="False: the document had all of it before.")
