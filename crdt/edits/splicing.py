"""A splice of the text of ProseMirror nodes: in one run of text, or in a block as if its runs were one text."""

from dataclasses import dataclass
from typing import Any

from pycrdt import XmlElement, XmlFragment, XmlText

from crdt.editor import Node
from crdt.edits import pointer
from crdt.edits.lines import Line, span_of
from crdt.edits.operations import Splice
from crdt.errors import InvalidContent
from crdt.nodes import insert_runs
from crdt.projection import text_nodes

__all__ = ["splice"]

LINE_BREAKS = frozenset("\r\n\u2028\u2029")
CODE = "codeBlock"
NO_TEXT = "must lead to a text, or to a block of text"


@dataclass(frozen=True, slots=True)
class _Spot:
    """A child of a block: an element, or the texts up to the next one. `at`: its place among the children."""

    at: int
    element: XmlElement | None
    texts: tuple[XmlText, ...]

    @property
    def nodes(self) -> list[Node]:
        return [node for text in self.texts for node in text_nodes(text)]


def splice(fragment: XmlFragment, operation: Splice, *, is_editor: bool) -> None:
    """Raises InvalidContent for `path`, `index`, `delete` or `insert`."""
    tokens = pointer.tokens_of(operation.path)
    if not is_editor:
        tokens = ["content", *tokens]
    parent: XmlFragment | XmlElement = fragment
    while len(tokens) > 1 and tokens[0] == "content":
        spot, number = _child(parent, tokens[1])
        tokens = tokens[2:]
        if spot.element is None:
            if tokens not in ([], ["text"]):
                raise InvalidContent("path", NO_TEXT)
            _check_line_breaks(parent, operation, is_editor)
            _splice_run(spot, number, operation)
            return
        parent = spot.element
    if tokens or not isinstance(parent, XmlElement):
        raise InvalidContent("path", NO_TEXT)
    _check_line_breaks(parent, operation, is_editor)
    _splice_block(parent, operation)


def _check_line_breaks(parent: XmlFragment | XmlElement, operation: Splice, is_editor: bool) -> None:
    is_code = isinstance(parent, XmlElement) and parent.tag == CODE
    if is_editor and not is_code and LINE_BREAKS.intersection(operation.insert):
        raise InvalidContent("insert", "must not have line breaks, except in a code block; add a block instead")


def _spots(parent: XmlFragment | XmlElement) -> list[_Spot]:
    spots: list[_Spot] = []
    for at, child in enumerate(parent.children):
        if isinstance(child, XmlElement):
            spots.append(_Spot(at, child, ()))
        elif isinstance(child, XmlText):
            if spots and spots[-1].element is None:
                spots[-1] = _Spot(spots[-1].at, None, (*spots[-1].texts, child))
            else:
                spots.append(_Spot(at, None, (child,)))
    return spots


def _child(parent: XmlFragment | XmlElement, token: str) -> tuple[_Spot, int]:
    """Where the child of this index (as JSON counts) stands, and which of the spot's nodes it is."""
    places = [(spot, number) for spot in _spots(parent) for number in range(1 if spot.element else len(spot.nodes))]
    return places[pointer.index_in(len(places), token)]


def _splice_run(spot: _Spot, number: int, operation: Splice) -> None:
    node = spot.nodes[number]
    if node["type"] != "text":
        raise InvalidContent("path", NO_TEXT)
    start, end = span_of(node["text"], operation.index, operation.delete)
    line = Line(spot.texts)
    first = sum(len(text) for text, _ in line.pieces[:number])
    formats = line.pieces[number][1]
    line.delete(first + start, first + end)
    line.insert(first + start, operation.insert, formats)


def _splice_block(block: XmlElement, operation: Splice) -> None:
    """An element within the text, such as a hard break, counts as one unit."""
    spots = _spots(block)
    if any(spot.element is not None and len(spot.element.children) for spot in spots):
        raise InvalidContent("path", NO_TEXT)
    start, end = operation.index, operation.index + operation.delete
    lines = [Line(spot.texts) for spot in spots]
    units = [1 if spot.element else line.units for spot, line in zip(spots, lines, strict=True)]
    length = sum(units)
    for field, place in (("index", start), ("delete", end)):
        if place > length:
            raise InvalidContent(field, f"lies beyond the end of the text, which has {length} UTF-16 units")
    last = length
    formats: dict[str, Any] | None = None
    for spot, line, size in reversed(list(zip(spots, lines, units, strict=True))):
        first = last - size
        here, there = max(start - first, 0), min(end - first, size)
        if spot.element is None and first <= start <= last:
            line.check_border(start - first, "index")
        if spot.element is None and here == start - first < there:
            formats = line.formats_after(here)
        if here < there and spot.element is not None:
            del block.children[spot.at]
        elif here < there:
            line.splice(here, there - here, "")
        last = first
    _insert(block, start, operation.insert, formats)


def _insert(block: XmlElement, index: int, text: str, formats: dict[str, Any] | None) -> None:
    """With these formats; None: with those of the text before it."""
    if not text:
        return
    first, at = 0, 0
    for spot in _spots(block):
        line = Line(spot.texts)
        size = 1 if spot.element is not None else line.units
        if spot.element is None and first <= index <= first + size:
            line.splice(index - first, 0, text, line.formats_at(index - first) if formats is None else formats)
            return
        if first >= index:
            break
        first, at = first + size, spot.at + max(len(spot.texts), 1)
    insert_runs(block, at, [{"type": "text", "text": text}])
