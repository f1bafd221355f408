"""Documents as documents: the only file that builds a pycrdt Doc. Runs in a worker process only."""

import os
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pycrdt import Doc, XmlFragment

from crdt.editor import EDITOR_ROOT, Node, check_document
from crdt.errors import InvalidContent, MalformedUpdate
from crdt.markdown import read_markdown
from crdt.nodes import append_nodes
from crdt.readable import readable
from crdt.updates import EMPTY_UPDATE, contents_of, encode_state_vector, merge, squash, state_of

__all__ = ["CompactedSnapshot", "ContentFormat", "compact", "open_document", "seed"]

ContentFormat: TypeAlias = Literal["text", "markdown", "json"]


@dataclass(frozen=True, slots=True)
class CompactedSnapshot:
    """One update that holds everything, with its encoded state vector and delete ranges."""

    update: bytes
    state_vector: bytes
    deletes: bytes


def open_document(update: bytes, client_id: int | None = None) -> "Doc[Any]":
    """A Doc with this update in it, which agrees with Yjs; edits are made as `client_id`. Raises MalformedUpdate."""
    doc: Doc[Any] = Doc() if client_id is None else Doc(client_id=client_id)
    try:
        doc.apply_update(readable(update))
    except (ValueError, RuntimeError) as error:
        raise MalformedUpdate(f"the document cannot be opened: {error}") from None
    return doc


def seed(content: str | dict[str, Any] | list[Any] | None, format: ContentFormat) -> bytes:  # noqa: A002 - the REST field's name
    """The update that puts `content` into a new document of our editor.

    text       a paragraph per line
    markdown   CommonMark with ~~strike~~, <u>underline</u> and - [ ] task items
    json       the editor's own JSON: {"type": "doc", "content": [...]}, or the list of its blocks
    Raises InvalidContent with the path of the first fault.
    """
    if content is None or content == "":
        return EMPTY_UPDATE
    document = _as_document(content, format)
    if not document.get("content"):
        return EMPTY_UPDATE
    return _written(document)


def compact(snapshot: bytes | None, rows: list[bytes]) -> CompactedSnapshot:
    """Fold a snapshot and the rows after it into one, without loss. Raises MalformedUpdate.

    The result is checked against what it is made of: the same state vector and the same delete ranges.
    """
    merged = merge([snapshot, *rows] if snapshot else rows)
    squashed = squash(merged)
    ends, deletes = contents_of(squashed)
    if (ends, deletes) != contents_of(merged):
        raise MalformedUpdate("the squashed document is not the same document")
    # The state vector ends at the first hole: what comes after one is not known, and must be asked for.
    return CompactedSnapshot(squashed, encode_state_vector(state_of(squashed)), deletes.encode())


def _as_document(content: str | dict[str, Any] | list[Any], format: ContentFormat) -> Node:  # noqa: A002
    if format == "json":
        return check_document({"type": "doc", "content": content} if isinstance(content, list) else content)
    if not isinstance(content, str):
        raise InvalidContent("content", f"must be text when the format is {format}")
    if any("\ud800" <= character <= "\udfff" for character in content):
        raise InvalidContent("content", "has half of a surrogate pair")
    return read_markdown(content) if format == "markdown" else _paragraphs(content)


def _paragraphs(text: str) -> Node:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return {
        "type": "doc",
        "content": [
            {"type": "paragraph", **({"content": [{"type": "text", "text": line}]} if line else {})} for line in lines
        ],
    }


def _written(document: Node) -> bytes:
    # Yjs's own client ids have 32 bits.
    doc: Doc[Any] = Doc(client_id=int.from_bytes(os.urandom(4)))
    root = doc.get(EDITOR_ROOT, type=XmlFragment)
    with doc.transaction():
        append_nodes(root, document["content"])
    return doc.get_update()
