"""The shapes of comments, as requests and answers carry them (REST contract, C6 and C7).

A thread is its first comment with the replies in it, and has that comment's id:

    Comment {id, document_id, author_id, author_name, content, position?, thread_id?, replies[], created_at, updated_at,
             edited_at?, deleted_at?, mentions[Mention], reactions[Reaction], anchor?, resolved_at?, resolved_by?}
    Mention {kind: user|group, id, name}            Reaction {emoji, count, mine, users[{user_id, username}]}
    Anchor  {state: attached|orphaned|unknown, reason?, line?, column?, end_line?, end_column?, quote?, clamped,
             version, start?, end?}                 Position {line, column}, both from 1 on

thread_id   null for the comment that begins a thread, else the id of that comment
position    of the first comment, the anchor's line and column, when these are known
anchor, resolved_at, resolved_by    of the first comment only
A deleted comment stays as a tombstone: `deleted_at` is set, `content` empty. Who is mentioned stands in the text:
`@[Ada](user:ID)` or `@[Strings](group:ID)`. Columns count UTF-16 code units, as browsers do.
"""

import re
from base64 import b64decode
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from crdt.errors import CrdtError, InvalidContent
from crdt.relative_positions import RelativePosition
from server.collaboration.threads.emoji import checked_emoji
from server.http.text import checked_text

__all__ = [
    "Anchor",
    "Comment",
    "CommentChanges",
    "Mention",
    "NewComment",
    "NewReaction",
    "Position",
    "Reaction",
    "TextRange",
]

MAX_CONTENT_BYTES = 16_000
MAX_ENCODED = 4_000
LAST = 2**31 - 1
HEX = re.compile(r"[0-9a-f]{32}")


class _Input(BaseModel):
    """What a client sends; a field that has no meaning is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _content(value: str) -> str:
    """As it was written, but for the ends of its lines and for what surrounds it."""
    value = checked_text(value.replace("\r\n", "\n").replace("\r", "\n"), "\n\t").strip()
    if not value:
        raise ValueError("must not be empty")
    if len(value.encode()) > MAX_CONTENT_BYTES:
        raise ValueError(f"must have at most {MAX_CONTENT_BYTES} bytes")
    return value


def _id(value: str) -> str:
    """32 hex digits; a UUID in its usual form is one, too."""
    try:
        plain = UUID(value).hex if len(value) == 36 else value
    except ValueError:
        plain = ""
    if not HEX.fullmatch(plain):
        raise ValueError("must be a UUID or 32 lower-case hex digits")
    return plain


def _relative(value: JsonValue) -> bytes:
    """A relative position in Yjs's own bytes, from its base64 or its JSON."""
    try:
        if isinstance(value, str):
            if len(value) > MAX_ENCODED:
                raise ValueError("is too long for a relative position")
            position = RelativePosition.decode(b64decode(value, validate=True))
        else:
            position = RelativePosition.from_json(value, "anchor")
    except InvalidContent as error:
        raise ValueError(f"{error.path}: {error.issue}") from None
    except CrdtError as error:
        raise ValueError(str(error)) from None
    return position.encode()


Content = Annotated[
    str,
    AfterValidator(_content),
    Field(description="Plain text or Markdown, at most 16,000 bytes. `@[Ada](user:ID)` mentions somebody."),
]
OwnId = Annotated[
    str, AfterValidator(_id), Field(description="Your own id of the comment: sent again, it is not made again.")
]


class TextRange(_Input):
    """Where a thread stands: what the editor made of its selection, as Yjs's encodeRelativePosition (base64) or
    relativePositionToJSON have it. Without an `end` it is a point.
    """

    start: JsonValue = Field(description="Where it begins.")
    end: JsonValue = Field(default=None, description="Where it ends.")

    @model_validator(mode="after")
    def _readable(self) -> "TextRange":
        self.encoded()
        return self

    def encoded(self) -> tuple[bytes, bytes | None]:
        """Both ends as Yjs's encodeRelativePosition."""
        return _relative(self.start), None if self.end is None else _relative(self.end)


class Place(_Input):
    """A place in the text as the server shows it (`format=text`). One beyond the text is moved into it, and flagged."""

    line: int = Field(ge=0, le=LAST, description="From 1 on.")
    column: int = Field(ge=0, le=LAST, description="From 1 on, in UTF-16 code units.")


class NewComment(_Input):
    content: Content
    position: Place | None = Field(default=None, description="Where the new thread stands, if you have no anchor.")
    thread_id: str | None = Field(default=None, max_length=64, description="The thread to reply to: its first comment.")
    anchor: TextRange | None = None
    id: OwnId | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "NewComment":
        if self.position is not None and self.anchor is not None:
            raise ValueError("give a position or an anchor, not both")
        return self


class CommentChanges(_Input):
    content: Content


class NewReaction(_Input):
    emoji: Annotated[str, AfterValidator(checked_emoji), Field(description="One emoji.")]


class Position(BaseModel):
    line: int
    column: int


class Mention(BaseModel):
    """Somebody whom the text mentions, under the name that stands there."""

    kind: Literal["user", "group"]
    id: str
    name: str


class Reactor(BaseModel):
    user_id: str
    username: str


class Reaction(BaseModel):
    emoji: str
    count: int
    mine: bool = Field(description="You are among them.")
    users: list[Reactor] = Field(description="The first hundred, in the order in which they came.")


class Anchor(BaseModel):
    """Where a thread stands now. It is looked up when the document is read after edits, not when you ask."""

    state: Literal["attached", "orphaned", "unknown"] = Field(
        description="orphaned: the text was deleted. unknown: no worker has looked yet, or none can."
    )
    reason: str | None = Field(
        default=None,
        description="not_looked_up_yet; no_line (the text does not show its place); deleted; gone; unreadable; ...",
    )
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    quote: str | None = Field(default=None, description="The text that it stood at when it was made.")
    clamped: bool = Field(default=False, description="The position was beyond the text, and was moved into it.")
    version: int | None = Field(default=None, description="The document's version at which it was looked up.")
    start: str | None = Field(
        default=None, description="Yjs's encodeRelativePosition, base64: who has the document finds it now."
    )
    end: str | None = None


class Comment(BaseModel):
    """A comment; the one that begins a thread has the replies in it."""

    id: str
    document_id: str
    author_id: str
    author_name: str
    content: str = Field(description="As it was written; empty once it is deleted.")
    position: Position | None = None
    thread_id: str | None = Field(default=None, description="The first comment of its thread; null for that one.")
    replies: list["Comment"] = []
    created_at: datetime
    updated_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    mentions: list[Mention] = []
    reactions: list[Reaction] = []
    anchor: Anchor | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
