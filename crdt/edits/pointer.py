"""JSON pointers (RFC 6901), and RFC 6902's operations on plain JSON."""

import re
from copy import deepcopy
from typing import Any

from crdt.edits.operations import Add, Copy, Expect, Move, Operation, Remove, Replace
from crdt.errors import InvalidContent, UnmetTest

__all__ = ["apply", "expect", "find", "index_in", "is_equal", "tokens_of"]

BAD_ESCAPE = re.compile(r"~(?![01])")
ARRAY_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


def tokens_of(path: str, name: str = "path") -> list[str]:
    """The reference tokens of a pointer. Raises InvalidContent for the field `name`."""
    if path and not path.startswith("/"):
        raise InvalidContent(name, "must be empty or begin with /")
    if BAD_ESCAPE.search(path):
        raise InvalidContent(name, "has a ~ that is neither ~0 nor ~1")
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


def index_in(length: int, place: str, *, may_append: bool = False, name: str = "path") -> int:
    """The index that a token names. Raises InvalidContent."""
    if may_append and place == "-":
        return length
    if not ARRAY_INDEX.fullmatch(place):
        raise InvalidContent(name, f'has "{place[:40]}" where the index of a list is needed')
    index = int(place)
    if index > length - (not may_append):
        raise InvalidContent(name, f"leads to index {index} of a list that has {length}")
    return index


def find(tree: Any, tokens: list[str], name: str = "path") -> Any:
    """What stands there. Raises InvalidContent."""
    for token in tokens:
        match tree:
            case dict() if token in tree:
                tree = tree[token]
            case list():
                tree = tree[index_in(len(tree), token, name=name)]
            case _:
                raise InvalidContent(name, f'leads to nothing at "{token[:40]}"')
    return tree


def apply(tree: Any, operation: Operation) -> Any:
    """Do it to `tree`, in place where that is possible; the answer is the tree. Raises InvalidContent, UnmetTest."""
    match operation:
        case Add(path, value):
            return _add(tree, tokens_of(path), deepcopy(value))
        case Replace(path, value):
            return _replace(tree, tokens_of(path), deepcopy(value))
        case Remove(path):
            _take_out(tree, tokens_of(path), "path")
        case Move(path, source):
            return _move(tree, path, source)
        case Copy(path, source):
            return _add(tree, tokens_of(path), deepcopy(find(tree, tokens_of(source, "from"), "from")))
        case Expect(path, value):
            expect(find(tree, tokens_of(path)), value)
        case _:
            raise InvalidContent("path", "must lead to a text")
    return tree


def expect(there: Any, value: Any) -> None:
    """Raises UnmetTest when these are not the same JSON value."""
    if not is_equal(there, value):
        raise UnmetTest("value", "is not what stands there")


def is_equal(one: Any, other: Any) -> bool:
    """As JSON values: true is not 1, and 1 is 1.0."""
    match one, other:
        case (dict(), dict()):
            return one.keys() == other.keys() and all(is_equal(one[key], other[key]) for key in one)
        case (list(), list()):
            return len(one) == len(other) and all(map(is_equal, one, other))
        case (bool(), _) | (_, bool()):
            return one is other
        case _:
            return bool(one == other)


def _move(tree: Any, path: str, source: str) -> Any:
    start, end = tokens_of(source, "from"), tokens_of(path)
    if end[: len(start)] == start:
        if end == start:
            find(tree, start, "from")
            return tree
        raise InvalidContent("path", "lies within what is to be moved")
    return _add(tree, end, _take_out(tree, start, "from"))


def _add(tree: Any, tokens: list[str], value: Any) -> Any:
    if not tokens:
        return value
    parent, last = find(tree, tokens[:-1]), tokens[-1]
    match parent:
        case dict():
            parent[last] = value
        case list():
            parent.insert(index_in(len(parent), last, may_append=True), value)
        case _:
            raise InvalidContent("path", f'leads to nothing at "{last[:40]}"')
    return tree


def _replace(tree: Any, tokens: list[str], value: Any) -> Any:
    if not tokens:
        return value
    parent, last = find(tree, tokens[:-1]), tokens[-1]
    find(parent, [last])
    parent[index_in(len(parent), last) if isinstance(parent, list) else last] = value
    return tree


def _take_out(tree: Any, tokens: list[str], name: str) -> Any:
    if not tokens:
        raise InvalidContent(name, "must not be empty: the whole document cannot be taken away")
    parent, last = find(tree, tokens[:-1], name), tokens[-1]
    find(parent, [last], name)
    return parent.pop(index_in(len(parent), last, name=name) if isinstance(parent, list) else last)
