"""Between places in a document and lines and columns of its text (as `text_of` has it). For workers only.

Lines and columns count from 1 on, columns in UTF-16 code units. Nothing here knows how a text comes out of a document:
a word that nobody else uses is written at each place, in a Doc that is thrown away, and looked for in the text.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from pycrdt import XmlElement, XmlFragment, XmlText

from crdt.document import open_document
from crdt.places import ROOT_MAKERS, TEXTS, Place, Unit, bytes_of, is_second_half, type_at, units_of
from crdt.projection import json_with, text_in
from crdt.roots import root_kinds

__all__ = ["Lines", "offsets_of", "place_at"]

TEXT_BLOCKS = frozenset({"paragraph", "heading", "codeBlock"})
"""Blocks that are a line also when they are empty."""


class Lines:
    """A text, in which an offset is a number of characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *accumulate((len(line) + 1 for line in text.split("\n")), initial=0)][1:-1]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column."""
        line = bisect_right(self._starts, offset)
        return line, _utf16(self.text[self._starts[line - 1] : offset]) + 1

    def offset(self, line: int, column: int) -> tuple[int, bool]:
        """The offset, and whether the position had to be moved into the text."""
        wanted = line - 1
        number = min(max(wanted, 0), len(self._starts) - 1)
        said = self.line(number + 1)
        units = max(column - 1, 0)
        characters = len(said.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))
        if number < wanted:
            characters = len(said)  # beyond the last line is the end of the text
        clamped = number != wanted or column < 1 or units > _utf16(said)
        return self._starts[number] + characters, clamped

    def line(self, line: int) -> str:
        start = self._starts[line - 1]
        return self.text[start:].partition("\n")[0]


def offsets_of(update: bytes, places: Sequence[Place]) -> tuple[str, list[int | None]]:
    """The text, and where in it each place is; None where the text does not show it."""
    page = _Page(update)
    return page.text, page.offsets(
        [
            _Mark(number, (place.root, place.path), type_at(page.doc, place, "place", page.kinds), place.index)
            for number, place in enumerate(places)
            if place.root in page.kinds
        ],
        [0 if place.root not in page.kinds else None for place in places],
    )


def place_at(update: bytes, line: int, column: int, root: str) -> tuple[Place, bool]:
    """The place of a line and a column, and whether that had to be moved into the text.

    root: where it is in a document without any text.
    """
    page = _Page(update)
    sites = list(page.sites())
    units = {number: units_of(site.container) for number, site in enumerate(sites)}
    offset, clamped = Lines(page.text).offset(line, column)
    marks = [_Mark(number, (site.root, site.path), site.container, 0) for number, site in enumerate(sites)]
    starts = page.offsets(marks, [None] * len(sites))
    known = [(start, number) for number, start in enumerate(starts) if start is not None]
    if not known:
        return Place(root, 0), clamped
    start, number = max((each for each in known if each[0] <= offset), default=known[0])
    site = sites[number]
    return Place(site.root, _index(units[number], offset - start), site.path), clamped


# Private.


@dataclass(frozen=True, slots=True)
class _Site:
    """A type that a text shows as such."""

    root: str
    path: tuple[int | str, ...]
    container: Any


@dataclass(frozen=True, slots=True)
class _Mark:
    """A word that is to be written at an index of a type; `key`: its root and path."""

    number: int
    key: tuple[str, tuple[int | str, ...]]
    container: Any
    index: int


class _Page:
    """A document in which words may be written at places: once, for what was written stays."""

    def __init__(self, update: bytes) -> None:
        self.kinds = root_kinds(update)
        self.doc = open_document(update)
        document = json_with(self.doc, self.kinds)
        self.text = text_in(document)
        # In other applications' documents an empty text is no line, and must not become one by a word in it.
        self._is_ours = document.get("type") == "doc"
        self._token = os.urandom(8).hex()

    def sites(self) -> Iterator[_Site]:
        """Texts, and in a document of our editor empty blocks, in their order."""
        waiting = [_Site(root, (), self.doc.get(root, type=ROOT_MAKERS[self.kinds[root]])) for root in self.kinds]
        waiting.sort(key=lambda site: site.root, reverse=True)
        while waiting:
            site = waiting.pop()
            if isinstance(site.container, TEXTS):
                if self._is_ours or str(site.container):
                    yield site
            elif isinstance(site.container, XmlElement | XmlFragment):
                children = list(site.container.children)
                if not children and self._is_empty_line(site.container):
                    yield site
                waiting += [_Site(site.root, (*site.path, at), child) for at, child in enumerate(children)][::-1]

    def offsets(self, marks: Sequence[_Mark], unknown: list[int | None]) -> list[int | None]:
        """The offsets of the marks by their numbers, in place of what is known without them."""
        borders = {mark.key: _borders(units_of(mark.container)) for mark in _one_of_each_text(marks)}
        with self.doc.transaction():
            for mark in sorted(marks, key=_order, reverse=True):
                word = f"\ue000{self._token}{mark.number}\ue001"
                if mark.key not in borders:
                    self._write_beside(mark.container, mark.index, word)
                elif self._is_ours or len(borders[mark.key]) > 1:
                    mark.container.insert(borders[mark.key][mark.index], word)
        offsets, passed = unknown, 0
        pieces = re.split(f"\ue000{self._token}([0-9]+)\ue001", text_in(json_with(self.doc, self.kinds)))
        for position, piece in enumerate(pieces):
            if position % 2:
                offsets[int(piece)] = passed
            else:
                passed += len(piece)
        return offsets

    def _write_beside(self, container: Any, index: int, word: str) -> None:
        if not isinstance(container, XmlElement | XmlFragment):
            return
        children = list(container.children)
        if not children and self._is_empty_line(container):
            container.children.append(XmlText(word))
        elif children and index < len(children):
            self._write_into(_text_in(children[index], 0), word, at_end=False)
        elif children:
            self._write_into(_text_in(children[-1], -1), word, at_end=True)

    def _write_into(self, text: Any, word: str, *, at_end: bool) -> None:
        if text is not None and (self._is_ours or str(text)):
            text.insert(sum(map(bytes_of, units_of(text))) if at_end else 0, word)

    def _is_empty_line(self, element: Any) -> bool:
        return self._is_ours and isinstance(element, XmlElement) and element.tag in TEXT_BLOCKS


def _one_of_each_text(marks: Sequence[_Mark]) -> Iterable[_Mark]:
    return {mark.key: mark for mark in marks if isinstance(mark.container, TEXTS)}.values()


def _borders(units: Sequence[Unit]) -> list[int]:
    """Where pycrdt counts each index of a text. There is no column within a character: its middle is before it."""
    counts = [0, *accumulate(map(bytes_of, units))]
    return [counts[at - (at < len(units) and is_second_half(units, at))] for at in range(len(units) + 1)]


def _order(mark: _Mark) -> tuple[bool, int, int]:
    """From the last one on, so that the indexes of the others hold; what is put beside a text's own comes later."""
    return isinstance(mark.container, TEXTS), mark.index, mark.number


def _text_in(node: Any, which: int) -> Any:
    """The first or the last text in a child."""
    while isinstance(node, XmlElement):
        children = list(node.children)
        if not children:
            return None
        node = children[which]
    return node if isinstance(node, XmlText) else None


def _index(units: Sequence[Unit], characters: int) -> int:
    """From a number of characters to an index: an embed is a unit without a character."""
    for index, unit in enumerate(units):
        if characters <= 0 and unit != "":
            return index
        characters -= isinstance(unit, str) and unit != ""
    return len(units)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
