"""A shared XML fragment brought to wanted ProseMirror nodes with the least change: what stays keeps its identity."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

from pycrdt import XmlElement, XmlFragment, XmlText

from crdt.editor import Node
from crdt.edits.diffing import Change, gaps_of, likeness, paired
from crdt.edits.lines import Line
from crdt.edits.normal import attributes_of, key_of
from crdt.errors import InvalidContent
from crdt.nodes import insert_node, insert_runs
from crdt.projection import lines_of, plain, text_nodes

__all__ = ["Parent", "Tree", "View", "groups_of"]

Parent: TypeAlias = XmlFragment | XmlElement
INLINE = frozenset({"text", "embed"})
SAME_KIND = 0.2
"""A block of the same kind without a word in common may still be what the old one became."""


@dataclass(slots=True, eq=False)
class View:
    """What stood in the document: an element with its node, or the texts between two elements with their nodes.

    The node is handed out, and may be changed by who has it; `key` says what it was.
    """

    nodes: list[Node]
    element: XmlElement | None
    texts: list[XmlText]
    children: list["View"]
    key: str
    text: str

    @property
    def width(self) -> int:
        """How many of its parent's children it is."""
        return len(self.texts) or 1

    @property
    def is_still_its_kind(self) -> bool:
        return self.element is not None and self.nodes[0]["type"] == self.element.tag


class Tree:
    """The nodes of a fragment as JSON that may be changed freely; `settle` writes what was changed."""

    def __init__(self, root: Parent) -> None:
        self._root = root
        self._views = _views(root)
        self.nodes: list[Node] = [node for view in self._views for node in view.nodes]

    def settle(self, nodes: list[Node]) -> None:
        """Make these nodes of the fragment: a node of `self.nodes` is known again, others by what is in them."""
        _settle(self._root, self._views, nodes)


def groups_of(nodes: list[Node]) -> list[list[Node]]:
    """Elements one by one, neighbouring text nodes together."""
    groups: list[list[Node]] = []
    for node in nodes:
        if node["type"] in INLINE and groups and groups[-1][0]["type"] in INLINE:
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


# Reading.


def _views(parent: Parent) -> list[View]:
    views: list[View] = []
    for child in parent.children:
        if isinstance(child, XmlText):
            if not views or views[-1].element is not None:
                views.append(View([], None, [], [], "", ""))
            views[-1].texts.append(child)
            views[-1].nodes += text_nodes(child)
        elif isinstance(child, XmlElement):
            views.append(_element_view(child))
        else:
            raise InvalidContent("path", "leads to a document that holds what cannot be edited here")
    for view in views:
        if view.element is None:
            view.key, view.text = key_of(view.nodes), _words(view.nodes)
    return views


def _element_view(element: XmlElement) -> View:
    children = _views(element)
    pairs = cast("Iterable[tuple[str, object]]", element.attributes)  # pycrdt types its __iter__ wrongly
    attributes = {name: plain(value) for name, value in pairs}
    content = [node for view in children for node in view.nodes]
    node: Node = {"type": element.tag} | ({"attrs": attributes} if attributes else {})
    node |= {"content": content} if content else {}
    return View([node], element, [], children, key_of([node]), _words([node]))


def _words(nodes: list[Node]) -> str:
    return "\n".join(lines_of({"type": "paragraph", "content": nodes}))


# Writing.


def _settle(parent: Parent, views: list[View], nodes: list[Node]) -> None:
    groups = groups_of(nodes)
    keeps_text = any(group[0]["type"] in INLINE for group in groups)
    at = 0
    for view, group in _aligned(views, groups):
        if view is None:
            at += _insert(parent, at, group)
        elif group:
            _update(view, group)
            at += view.width
        elif view.element is None and not keeps_text:
            Line(view.texts).become([])  # what somebody types there meanwhile is to live
            at += view.width
        else:
            del parent.children[at : at + view.width]


def _insert(parent: Parent, at: int, group: list[Node]) -> int:
    if group[0]["type"] not in INLINE:
        insert_node(parent, at, group[0])
    elif any(node["type"] == "embed" for node in group):
        raise InvalidContent("content", "has an embedded value that was not there; it can only be kept")
    else:
        insert_runs(parent, at, group)
    return 1


def _update(view: View, group: list[Node]) -> None:
    if view.key == key_of(group):
        return
    if view.element is None:
        Line(view.texts).become(group)
        return
    node, element = group[0], view.element
    there = {name: plain(value) for name, value in cast("Iterable[tuple[str, object]]", element.attributes)}
    old, new = attributes_of({"type": node["type"], "attrs": there}), attributes_of(node)
    for name in there.keys() - new.keys():
        del element.attributes[name]
    for name, value in new.items():
        if name not in old or old[name] != value or type(old[name]) is not type(value):
            element.attributes[name] = value
    _settle(element, view.children, node.get("content") or [])


# Who became whom.


def _aligned(views: list[View], groups: list[list[Node]]) -> Iterator[tuple[View | None, list[Node]]]:
    """Every view with what became of it, every new group with None, in order. An empty group: the view goes."""
    wanted = {id(group[0]) for group in groups}
    known = {id(view.nodes[0]) for view in views if view.is_still_its_kind and id(view.nodes[0]) in wanted}
    # A node that was handed out is itself, whatever it has become; any other is what is in it.
    old = [id(view.nodes[0]) if view.nodes and id(view.nodes[0]) in known else view.key for view in views]
    new = [id(group[0]) if id(group[0]) in known else key_of(group) for group in groups]
    at = new_at = 0
    for gap in [*gaps_of(old, new), Change(len(old), len(old), len(new), len(new))]:
        yield from zip(views[at : gap.start], groups[new_at : gap.new_start], strict=True)
        yield from _gap(views[gap.start : gap.end], groups[gap.new_start : gap.new_end])
        at, new_at = gap.end, gap.new_end


def _gap(views: list[View], groups: list[list[Node]]) -> Iterator[tuple[View | None, list[Node]]]:
    words = [_words(group) for group in groups]

    def score(old: int, new: int) -> float:
        view, group = views[old], groups[new]
        kind = "text" if group[0]["type"] in INLINE else group[0]["type"]
        if kind != ("text" if view.element is None else view.element.tag):
            return 0.0
        return SAME_KIND + (1 - SAME_KIND) * likeness(view.text, words[new])

    for old, new in paired(len(views), len(groups), score):
        yield (None if old is None else views[old]), ([] if new is None else groups[new])
