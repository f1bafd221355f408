"""The shapes of a document's content and of edits to it, as requests and answers carry them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from crdt.edits import Add, Copy, Expect, Move, Operation, Remove, Replace, Splice
from server.collaboration.model import ContentFormat
from server.collaboration.texts import ContentState

__all__ = [
    "MAX_OPERATIONS",
    "ContentEdited",
    "ContentForm",
    "ContentPatch",
    "ContentReplacement",
    "DocumentContent",
    "operations_of",
]

MAX_OPERATIONS = 1_000

ContentForm = Literal["text", "markdown", "json"]
Base = Annotated[
    int | None,
    Field(
        ge=0,
        description="The version that you edited: the edit is made there, and merged with what others did since. "
        "Without it the edit is made on the document as it is when it arrives.",
    ),
]
Path = Annotated[
    str, Field(max_length=10_000, description="A JSON pointer (RFC 6901) into the content as GET shows it.")
]
From = Annotated[str, Field(alias="from", max_length=10_000, description="A JSON pointer to what is taken.")]


class _Operation(BaseModel):
    """Members that an operation does not have are passed over (RFC 6902, section 4)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    path: Path


class SpliceOperation(_Operation):
    """Changes a part of a text; offsets count UTF-16 units, as JavaScript and Yjs do."""

    op: Literal["splice"]
    index: int = Field(ge=0, le=2**31, description="Where in the text.")
    delete: int = Field(default=0, ge=0, le=2**31, description="How many units are deleted there.")
    insert: str = Field(default="", description="What is inserted in their place.")


class AddOperation(_Operation):
    op: Literal["add"]
    value: JsonValue


class RemoveOperation(_Operation):
    op: Literal["remove"]


class ReplaceOperation(_Operation):
    op: Literal["replace"]
    value: JsonValue


class MoveOperation(_Operation):
    op: Literal["move"]
    source: From


class CopyOperation(_Operation):
    op: Literal["copy"]
    source: From


class TestOperation(_Operation):
    """Nothing at all is done unless this value stands there."""

    op: Literal["test"]
    value: JsonValue


AnyOperation = Annotated[
    SpliceOperation | AddOperation | RemoveOperation | ReplaceOperation | MoveOperation | CopyOperation | TestOperation,
    Field(discriminator="op"),
]


class ContentPatch(BaseModel):
    """Operations that are done in order, all or none. The list alone is a body, too (RFC 6902)."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "example": {"operations": [{"op": "splice", "path": "/content/0", "index": 6, "delete": 5, "insert": "x"}]}
        },
    )

    operations: Annotated[list[AnyOperation], Field(min_length=1, max_length=MAX_OPERATIONS)]
    base: Base = None


class ContentReplacement(BaseModel):
    """What the document is to say. The content alone is a body, too, when it is an object as GET shows it."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"example": {"content": {"markdown": "# Plan\n\n- one"}}}
    )

    content: JsonValue = Field(
        description='Text, Markdown as {"markdown": "..."}, the JSON of our editor, or {"roots": {...}} of other '
        "applications' documents."
    )
    content_format: ContentFormat | None = Field(
        default=None, description="What the content is, where its shape does not say it: text or markdown for a string."
    )
    base: Base = None


class DocumentContent(BaseModel):
    """What a document says at a version."""

    document_id: str
    version: int = Field(description="The version that this is: the number of committed updates that it has.")
    latest_version: int = Field(description="The document's version now.")
    state: ContentState = Field(description="Is it the latest version, and all of it?")
    format: ContentForm
    content: Any = Field(
        description='{"type": "doc", "content": [...]} of our editor, {"roots": {name: value}} of other applications.'
    )


class ContentEdited(BaseModel):
    """An edit is committed."""

    document_id: str
    version: int = Field(description="The document's version with this edit.")
    changed: bool = Field(description="False: the document said so already.")
    merged: bool = Field(description="Others have edited since the version that this edit was made on: read it again.")


def operations_of(patch: ContentPatch) -> tuple[Operation, ...]:
    """As a worker takes them."""
    return tuple(map(_operation, patch.operations))


def _operation(given: AnyOperation) -> Operation:
    match given:
        case SpliceOperation():
            return Splice(given.path, given.index, given.delete, given.insert)
        case AddOperation():
            return Add(given.path, given.value)
        case RemoveOperation():
            return Remove(given.path)
        case ReplaceOperation():
            return Replace(given.path, given.value)
        case MoveOperation():
            return Move(given.path, given.source)
        case CopyOperation():
            return Copy(given.path, given.source)
        case TestOperation():
            return Expect(given.path, given.value)
