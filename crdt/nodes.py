"""ProseMirror nodes written into a shared XML fragment as y-prosemirror writes them."""

from pycrdt import XmlElement, XmlFragment, XmlText

from crdt.editor import Node

__all__ = ["append_nodes", "formats_of", "insert_node", "insert_runs"]


def append_nodes(parent: XmlFragment | XmlElement, nodes: list[Node]) -> None:
    """An element per node, one XmlText per run of text nodes, marks as formats."""
    run: list[Node] = []
    for node in nodes:
        if node["type"] == "text":
            run.append(node)
            continue
        if run:
            insert_runs(parent, len(parent.children), run)
        run = []
        insert_node(parent, len(parent.children), node)
    if run:
        insert_runs(parent, len(parent.children), run)


def insert_node(parent: XmlFragment | XmlElement, index: int, node: Node) -> None:
    """A new element with all that is in it."""
    element = parent.children.insert(index, XmlElement(node["type"]))
    for name, value in node.get("attrs", {}).items():
        if value is not None:
            element.attributes[name] = value
    append_nodes(element, node.get("content", []))


def insert_runs(parent: XmlFragment | XmlElement, index: int, run: list[Node]) -> XmlText:
    """A new XmlText with these text nodes."""
    text = parent.children.insert(index, XmlText("".join(node["text"] for node in run)))
    end = 0
    for node in run:
        start, end = end, end + len(node["text"].encode())  # pycrdt counts in UTF-8 bytes
        if formats := formats_of(node):
            text.format(start, end, formats)
    return text


def formats_of(node: Node) -> dict[str, Node]:
    """The marks of a text node as formats of an XmlText."""
    return {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks", ())}
