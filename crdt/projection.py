"""A document as text, as JSON and as Markdown. Runs in a worker process only (crdt/document.py opens documents)."""

from collections.abc import Iterable
from math import isfinite
from typing import Any, cast

from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from crdt.document import open_document
from crdt.editor import EDITOR_ROOT, MARKS, Node
from crdt.markdown import write_markdown
from crdt.roots import RootKind, root_kinds

__all__ = [
    "json_in",
    "json_of",
    "json_with",
    "lines_of",
    "markdown_in",
    "markdown_of",
    "marks_of",
    "nodes_in",
    "plain",
    "root_value",
    "text_in",
    "text_nodes",
    "text_of",
]

NODE_KEYS = frozenset({"type", "attrs", "content", "text", "marks", "value"})


def text_of(update: bytes) -> str:
    """The text that a reader sees, a line per block; of other applications' documents, that of all their roots."""
    return text_in(json_of(update))


def json_of(update: bytes) -> Node:
    """The editor's JSON, {"type": "doc", "content": [...]}, when the document is one of ProseMirror nodes.

    A document of another application is shown as {"roots": {name: value}}: text roots as strings, maps and arrays as
    such, XML as a list of nodes. The kind of a root does not stand in a document; it is concluded from its content.
    """
    return json_in(open_document(update), update)


def markdown_of(update: bytes) -> str:
    """The document as CommonMark (see crdt/markdown.py); other applications' documents as text."""
    return markdown_in(json_of(update))


def json_in(doc: "Doc[Any]", update: bytes) -> Node:
    """As `json_of`, of a Doc that was opened from this update."""
    return json_with(doc, root_kinds(update))


def json_with(doc: "Doc[Any]", kinds: dict[str, RootKind]) -> Node:
    """As `json_of`, of a Doc that has roots of these kinds."""
    if not kinds:
        return {"type": "doc", "content": []}
    if kinds.get(EDITOR_ROOT) == "xml":
        blocks = nodes_in(doc.get(EDITOR_ROOT, type=XmlFragment))
        if all(block["type"] not in ("text", "embed") for block in blocks):
            return {"type": "doc", "content": blocks}
    return {"roots": {name: root_value(doc, name, kind) for name, kind in kinds.items()}}


def text_in(document: Node) -> str:
    """As `text_of`, of what `json_of` answered."""
    if document.get("type") == "doc":
        return "\n".join(lines_of(document))
    roots = document["roots"]
    return "\n".join(filter(None, (_strings(roots[name]) for name in sorted(roots))))


def markdown_in(document: Node) -> str:
    """As `markdown_of`, of what `json_of` answered."""
    return write_markdown(document) if document.get("type") == "doc" else text_in(document)


def root_value(doc: "Doc[Any]", name: str, kind: RootKind) -> Any:
    """A root of this kind as JSON."""
    if kind == "text":
        return str(doc.get(name, type=Text))
    if kind == "map":
        return plain(doc.get(name, type=Map))
    if kind == "array":
        return plain(doc.get(name, type=Array))
    return nodes_in(doc.get(name, type=XmlFragment))


def nodes_in(parent: XmlFragment | XmlElement) -> list[Node]:
    """Its children as ProseMirror nodes."""
    nodes: list[Node] = []
    for child in parent.children:
        if isinstance(child, XmlText):
            nodes += text_nodes(child)
        elif isinstance(child, XmlElement):
            nodes.append(_element(child))
    return nodes


def _element(element: XmlElement) -> Node:
    node: Node = {"type": element.tag}
    pairs = cast("Iterable[tuple[str, Any]]", element.attributes)  # pycrdt types its __iter__ wrongly
    attributes = {name: plain(value) for name, value in pairs}
    content = nodes_in(element)
    return node | ({"attrs": attributes} if attributes else {}) | ({"content": content} if content else {})


def text_nodes(text: XmlText) -> list[Node]:
    """Text nodes with their marks; what is embedded in a text is a node of the type `embed`."""
    nodes: list[Node] = []
    for piece, formats in text.diff():
        marks = marks_of(formats or {})
        node: Node = (
            {"type": "text", "text": piece} if isinstance(piece, str) else {"type": "embed", "value": plain(piece)}
        )
        nodes.append(node | ({"marks": marks} if marks else {}))
    return nodes


def marks_of(formats: dict[str, Any]) -> list[Node]:
    """y-prosemirror writes a mark that may overlap itself as `name--hash`."""
    order = {name: number for number, name in enumerate(MARKS)}
    marks = []
    for key in sorted(formats, key=lambda each: (order.get(each, len(order)), each)):
        attributes = plain(formats[key])
        given = {name: attributes[name] for name in sorted(attributes)} if isinstance(attributes, dict) else {}
        given = {name: value for name, value in given.items() if value is not None}
        marks.append({"type": key.split("--")[0], **({"attrs": given} if given else {})})
    return marks


def plain(value: Any) -> Any:
    """JSON's own types: whole numbers as such, as JavaScript writes them; what JSON cannot say by its kind."""
    match value:
        case float() if not isfinite(value):
            return None  # as JSON.stringify does it
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
        case None | bool() | str() | int() | float():
            return value
        case dict() | Map():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | Array():
            return [plain(each) for each in value]
        case _:
            return _plain_type(value)


def _plain_type(value: Any) -> Any:
    match value:
        case Text():
            return str(value)
        case XmlText():
            return text_nodes(value)
        case XmlElement():
            return _element(value)
        case XmlFragment():
            return nodes_in(value)
        case bytes() | bytearray():
            return {"bytes": len(value)}
        case _:
            return {"unknown": type(value).__name__}


def lines_of(node: Node) -> list[str]:
    """A line per block that holds text; a hard break begins a new one."""
    children = node.get("content", [])
    if any(child["type"] in ("text", "hardBreak", "embed") for child in children) or _is_empty_line(node):
        return "".join(_inline_text(child) for child in children).split("\n")
    return [line for child in children for line in lines_of(child)]


def _is_empty_line(node: Node) -> bool:
    return node["type"] in ("paragraph", "heading", "codeBlock") and not node.get("content")


def _inline_text(node: Node) -> str:
    if node["type"] == "text":
        return str(node["text"])
    return "\n" if node["type"] == "hardBreak" else ""


def _strings(value: Any) -> str:
    """All text within a value, in order; of XML nodes only what a reader sees."""
    match value:
        case str():
            return value
        case dict() if "type" in value and value.keys() <= NODE_KEYS:
            return _inline_text(value) or "\n".join(lines_of(value))
        case dict():
            return "\n".join(filter(None, map(_strings, value.values())))
        case list():
            return "\n".join(filter(None, map(_strings, value)))
        case _:
            return ""
