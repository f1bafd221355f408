"""What an edit may make of a tree of ProseMirror nodes."""

from dataclasses import dataclass
from typing import Any

from crdt.editor import MAX_DEPTH, Node, check_document
from crdt.edits.values import check_value
from crdt.errors import InvalidContent

__all__ = ["Schema"]


@dataclass(frozen=True, slots=True)
class Schema:
    """Our editor's, or (a document of an application with nodes of its own) none but that nodes are nodes."""

    is_editor: bool

    @classmethod
    def of(cls, document: Node) -> "Schema":
        """The schema that this document of ProseMirror nodes keeps."""
        try:
            check_document(document)
        except InvalidContent:
            return cls(is_editor=False)
        return cls(is_editor=True)

    def checked(self, document: Any, field: str) -> list[Node]:
        """The very nodes of a document, {"type": "doc", "content": [...]} or a list of them. Raises InvalidContent."""
        nodes = document.get("content", []) if isinstance(document, dict) else document
        whole = document if isinstance(document, dict) else {"type": "doc", "content": nodes}
        try:
            if self.is_editor:
                check_document(whole)
            else:
                _check_nodes(nodes, "content", 0)
        except InvalidContent as error:
            issue = f"would not be a document of the editor: {error.path} {error.issue}"
            raise (InvalidContent(field, issue) if field else error) from None
        return list(nodes or [])


def _check_nodes(nodes: Any, path: str, depth: int) -> None:
    if not isinstance(nodes, list):
        raise InvalidContent(path, "must be a list of nodes")
    if depth > MAX_DEPTH:
        raise InvalidContent(path, f"is nested deeper than {MAX_DEPTH} levels")
    for number, node in enumerate(nodes):
        place = f"{path}[{number}]"
        if not isinstance(node, dict) or not isinstance(node.get("type"), str) or not node["type"]:
            raise InvalidContent(place, "must be a node: an object with a type")
        if node["type"] == "embed":
            continue
        check_value([node["type"], node.get("attrs"), node.get("marks")], place)
        _check_attributes(node, place)
        if node["type"] == "text":
            _check_text(node, place)
        else:
            _check_nodes(node.get("content") or [], f"{place}.content", depth + 1)


def _check_text(node: Node, place: str) -> None:
    if not isinstance(node.get("text"), str) or not node["text"]:
        raise InvalidContent(f"{place}.text", "must be text, and not empty")
    check_value(node["text"], f"{place}.text")
    marks = node.get("marks") or []
    if not isinstance(marks, list):
        raise InvalidContent(f"{place}.marks", "must be a list")
    for number, mark in enumerate(marks):
        if not isinstance(mark, dict) or not isinstance(mark.get("type"), str):
            raise InvalidContent(f"{place}.marks[{number}]", "must be a mark: an object with a type")
        _check_attributes(mark, f"{place}.marks[{number}]")


def _check_attributes(node: Node, place: str) -> None:
    if not isinstance(node.get("attrs"), dict | None):
        raise InvalidContent(f"{place}.attrs", "must be an object")
