"""A line of shared text: what stands between two elements, spread over one XmlText or more, edited by code points."""

from collections.abc import Iterable, Sequence
from typing import Any

from pycrdt import Text, XmlText

from crdt.editor import Node
from crdt.edits.diffing import changes_of
from crdt.edits.normal import normal_marks
from crdt.errors import InvalidContent
from crdt.nodes import formats_of
from crdt.projection import marks_of, plain

__all__ = ["Line", "span_of", "units_in"]

FIRST_STAND_IN = 0x10FFFD
"""The last private character; it and those before it stand for what is embedded in a text that has not got them."""
NOT_INCLUSIVE = frozenset({"link"})
"""Who types at the end of a link types behind it."""


def units_in(text: str) -> int:
    """Its length in UTF-16 units, as JavaScript and Yjs count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def code_points(text: str, units: int, field: str) -> int:
    """The place in `text` that lies after so many UTF-16 units. Raises InvalidContent within a character or beyond."""
    if units > units_in(text):
        raise InvalidContent(field, f"lies beyond the end of the text, which has {units_in(text)} UTF-16 units")
    if text.isascii():
        return units
    try:
        return len(text.encode("utf-16-le")[: units * 2].decode("utf-16-le"))
    except UnicodeDecodeError:
        raise InvalidContent(field, f"splits the surrogate pair at UTF-16 unit {units - 1}") from None


def span_of(text: str, index: int, delete: int) -> tuple[int, int]:
    """The code points that a splice by UTF-16 units takes out. Raises InvalidContent for `index` or `delete`."""
    return code_points(text, index, "index"), code_points(text, index + delete, "delete")


class Line:
    """Edits shared texts that stand side by side as if they were one. An embedded value counts as one character."""

    def __init__(self, texts: Sequence[XmlText | Text]) -> None:
        self._texts: list[XmlText | Text] = list(texts)
        parts = [[(value, formats or {}) for value, formats in text.diff()] for text in self._texts]
        self._stand_ins = _StandIns(value for part in parts for value, _ in part if isinstance(value, str))
        self._strings = ["".join(self._stand_ins.said(value) for value, _ in part) for part in parts]

    @property
    def text(self) -> str:
        return "".join(self._strings)

    def become(self, nodes: list[Node]) -> None:
        """Make these text nodes of it; what is equal stays. Raises InvalidContent for an embed that was not there."""
        runs = [(self._stand_ins.of_node(node), node) for node in nodes]
        wanted = "".join(text for text, _ in runs)
        for change in reversed(changes_of(self.text, wanted)):
            self.delete(change.start, change.end)
            at = change.start
            for text, node in _cut(runs, change.new_start, change.new_end):
                if self._stand_ins.hides_in(text):
                    raise InvalidContent("content", "has an embedded value that was not there; it can only be kept")
                self.insert(at, text, formats_of(node))
                at += len(text)
        self._format(runs)

    def say(self, text: str) -> None:
        """Make this plain text of it. What is embedded stays where it stands, unless the text around it goes."""
        shown = [place for place, each in enumerate(self.text) if not self._stand_ins.hides_in(each)]
        ends = [*shown, len(self.text)]
        for change in reversed(changes_of("".join(self.text[place] for place in shown), text)):
            start = ends[change.start]
            self.delete(start, shown[change.end - 1] + 1 if change.end > change.start else start)
            self.insert(start, text[change.new_start : change.new_end])

    def delete(self, start: int, end: int) -> None:
        """Delete code points."""
        for number in reversed(range(len(self._texts))):
            first = sum(map(len, self._strings[:number]))
            string = self._strings[number]
            here, there = max(start - first, 0), min(end - first, len(string))
            if here < there:
                del self._texts[number][self._offset(string, here) : self._offset(string, there)]
                self._strings[number] = string[:here] + string[there:]

    def insert(self, at: int, text: str, formats: dict[str, Any] | None = None) -> None:
        """Insert at a code point, with these formats and no other; of a plain text None: as its surroundings are."""
        if not text:
            return
        number, first = 0, 0
        while at > first + len(self._strings[number]):
            first += len(self._strings[number])
            number += 1
        string, place = self._strings[number], at - first
        self._texts[number].insert(self._offset(string, place), text, formats)
        self._strings[number] = string[:place] + text + string[place:]

    def splice(self, index: int, delete: int, insert: str, formats: dict[str, Any] | None = None) -> None:
        """By UTF-16 units. Raises InvalidContent for `index` or `delete`."""
        start, end = span_of(self._stand_ins.as_one_unit(self.text), index, delete)
        self.delete(start, end)
        self.insert(start, insert, formats)

    @property
    def pieces(self) -> list[tuple[str, dict[str, Any]]]:
        """Its runs, one for each text node, with their formats as Yjs has them."""
        parts = [(value, formats or {}) for text in self._texts for value, formats in text.diff()]
        return [(self._stand_ins.said(value), formats) for value, formats in parts]

    def check_border(self, units: int, field: str) -> None:
        """Raises InvalidContent when this UTF-16 unit lies within a character."""
        code_points(self._stand_ins.as_one_unit(self.text), units, field)

    @property
    def units(self) -> int:
        """Its length in UTF-16 units."""
        return units_in(self._stand_ins.as_one_unit(self.text))

    def formats_after(self, index: int) -> dict[str, Any]:
        """The formats of the character that begins at this UTF-16 unit: what takes its place gets them."""
        end = 0
        for text in self._texts:
            for value, formats in text.diff():
                end += units_in(value) if isinstance(value, str) else 1
                if end > index:
                    return dict(formats or {})
        return {}

    def formats_at(self, index: int) -> dict[str, Any]:
        """The formats of the character before this UTF-16 unit, or of the first one: what is typed there gets them."""
        end = 0
        for text in self._texts:
            for value, formats in text.diff():
                end += units_in(value) if isinstance(value, str) else 1
                if end >= index:
                    ends_here = end == index
                    return {k: v for k, v in (formats or {}).items() if not (ends_here and k in NOT_INCLUSIVE)}
        return {}

    # Private.

    def _offset(self, string: str, place: int) -> int:
        """pycrdt counts in UTF-8 bytes, and an embedded value as one."""
        if string.isascii():
            return place
        head = string[:place]
        return len(head.encode()) - 3 * self._stand_ins.hides_in(head)

    def _format(self, runs: list[tuple[str, Node]]) -> None:
        first = 0
        for number, text in enumerate(self._texts):
            string, at = self._strings[number], 0
            todo: list[tuple[int, int, dict[str, Any]]] = []
            for value, formats in text.diff():
                size = len(value) if isinstance(value, str) else 1
                for part, node in _cut(runs, first + at, first + at + size):
                    changes = _changed_formats(formats or {}, node)
                    if changes:
                        todo.append((at, at + len(part), changes))
                    at += len(part)
            for start, end, changes in todo:
                text.format(self._offset(string, start), self._offset(string, end), changes)
            first += len(string)


class _StandIns:
    """A private character for every embedded value of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._used = {character for text in texts if not text.isascii() for character in text}
        self._characters: dict[str, str] = {}
        self._next = FIRST_STAND_IN

    def said(self, value: Any) -> str:
        return value if isinstance(value, str) else self._of(_plain_key(value))

    def of_node(self, node: Node) -> str:
        return str(node["text"]) if node["type"] == "text" else self._of(repr(node.get("value")))

    def hides_in(self, text: str) -> int:
        """How many embedded values stand in this text."""
        characters = self._characters.values()
        return sum(text.count(each) for each in characters) if characters else 0

    def as_one_unit(self, text: str) -> str:
        for each in self._characters.values():
            text = text.replace(each, "\ufffc")
        return text

    def _of(self, key: str) -> str:
        if key not in self._characters:
            while chr(self._next) in self._used:
                self._next -= 1
            self._characters[key] = chr(self._next)
            self._next -= 1
        return self._characters[key]


def _plain_key(value: Any) -> str:
    return repr(plain(value))


def _cut(runs: list[tuple[str, Node]], start: int, end: int) -> Iterable[tuple[str, Node]]:
    """The parts of the runs that lie between two places."""
    first = 0
    for text, node in runs:
        part = text[max(start - first, 0) : max(end - first, 0)]
        if part:
            yield part, node
        first += len(text)


def _changed_formats(formats: dict[str, Any], node: Node) -> dict[str, Any]:
    """What to format so that a run has the node's marks; y-prosemirror's names of overlapping marks are kept."""
    there = {key: mark for key in formats for mark in marks_of({key: formats[key]})}
    changes: dict[str, Any] = {}
    kept = set()
    for mark in normal_marks(node):
        same = next((key for key, each in there.items() if each == mark), None)
        if same is None:
            changes[mark["type"]] = mark.get("attrs", {})
        else:
            kept.add(same)
    return {key: None for key in formats if key not in kept and key not in changes} | changes
