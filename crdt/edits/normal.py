"""ProseMirror nodes in one form, so that equal ones are equal: with defaults, and neighbours of equal marks joined."""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from crdt.editor import NODES, Node

__all__ = ["attributes_of", "key_of", "normal", "normal_marks"]


def key_of(nodes: list[Node]) -> str:
    """Equal for nodes that are equal."""
    return json.dumps(_joined(nodes), sort_keys=True)


def normal(node: Node) -> Node:
    """The node without what is empty, and with what our editor would fill in."""
    if node["type"] == "text":
        marks = normal_marks(node)
        return {"type": "text", "text": node["text"]} | ({"marks": marks} if marks else {})
    if node["type"] == "embed":
        return node
    attributes, content = attributes_of(node), _joined(node.get("content") or [])
    return {"type": node["type"], "attrs": attributes} | ({"content": content} if content else {})


def normal_marks(node: Node) -> list[Node]:
    marks = []
    for mark in sorted(node.get("marks") or (), key=lambda mark: str(mark["type"])):
        given = {name: value for name, value in (mark.get("attrs") or {}).items() if value is not None}
        marks.append({"type": mark["type"]} | ({"attrs": given} if given else {}))
    return marks


def attributes_of(node: Node) -> dict[str, Any]:
    """Its attributes, with the defaults of our editor's nodes."""
    given = {name: value for name, value in (node.get("attrs") or {}).items() if value is not None}
    return {**_defaults(node["type"]), **given}


@cache
def _defaults(kind: str) -> Mapping[str, Any]:
    rule = NODES.get(kind)
    attributes = rule.attributes if rule else {}
    return MappingProxyType({name: each.default for name, each in attributes.items() if each.default is not None})


def _joined(nodes: list[Node]) -> list[Node]:
    joined: list[Node] = []
    for node in map(normal, nodes):
        last = joined[-1] if joined else {}
        if node["type"] == last.get("type") == "text" and node.get("marks") == last.get("marks"):
            last["text"] += node["text"]
        else:
            joined.append(node)
    return joined
