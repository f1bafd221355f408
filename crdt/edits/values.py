"""Maps, arrays and texts of any application: changed at a place, or brought to a JSON value with the least change."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeAlias

from pycrdt import Array, Map, Text, XmlElement, XmlFragment, XmlText

from crdt.edits import pointer
from crdt.edits.budget import Budget
from crdt.edits.diffing import gaps_of
from crdt.edits.lines import Line, span_of
from crdt.edits.operations import Add, Expect, Operation, Remove, Replace, Splice
from crdt.errors import InvalidContent
from crdt.projection import plain
from crdt.roots import RootKind

__all__ = ["KINDS", "Shared", "change", "check_value", "kind_of", "settle"]

Shared: TypeAlias = "Map[Any] | Array[Any] | Text"
KINDS: Mapping[RootKind, tuple[type, str]] = MappingProxyType(
    {"text": (str, "text"), "map": (dict, "an object"), "array": (list, "a list")}
)
"""What JSON value stands for a shared type of this kind, and what it is called."""
MAX_DEPTH = 32
"""The guard takes no deeper value."""
MAX_INTEGER = 2**53 - 1


def kind_of(value: Any) -> RootKind | None:
    """What a new root must be to hold this value; None: none can."""
    return next((kind for kind, (json_type, _) in KINDS.items() if isinstance(value, json_type)), None)


def check_value(value: Any, field: str = "value", depth: int = 0) -> Any:
    """The JSON value, whole numbers as such. Raises InvalidContent for what Yjs's clients cannot hold."""
    match value:
        case None | bool():
            return value
        case str():
            _check_text(value, field)
            return value
        case int() | float():
            if abs(value) > MAX_INTEGER if isinstance(value, int) else not math.isfinite(value):
                raise InvalidContent(field, "has a number beyond 2^53 - 1, which JavaScript cannot hold")
            return plain(value)
        case _:
            return _check_container(value, field, depth)


def _check_container(value: Any, field: str, depth: int) -> Any:
    if depth == MAX_DEPTH:
        raise InvalidContent(field, f"is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, list):
        return [check_value(each, field, depth + 1) for each in value]
    for key in value:
        _check_text(key, field)
    return {key: check_value(each, field, depth + 1) for key, each in value.items()}


def _check_text(text: str, field: str) -> None:
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidContent(field, "has half of a surrogate pair")


# A whole value.


def settle(shared: Shared, value: Any, field: str = "value") -> None:
    """Make `value` of it; what is equal stays as it is. Raises InvalidContent when it cannot become that."""
    match shared, value:
        case (Text(), str()):
            Line([shared]).say(value)
        case (Map(), dict()):
            for key in [key for key in shared.keys() if key not in value]:  # noqa: SIM118 - a pycrdt Map is no dict
                del shared[key]
            for key, each in value.items():
                _set(shared, key, each)
        case (Array(), list()):
            _settle_array(shared, value)
        case _:
            kind: RootKind = "text" if isinstance(shared, Text) else "map" if isinstance(shared, Map) else "array"
            raise InvalidContent(field, f"must be {KINDS[kind][1]}, for that is what stands there")


def _settle_array(array: "Array[Any]", values: list[Any]) -> None:
    there = list(array)
    for gap in reversed(gaps_of([_key(plain(each)) for each in there], [_key(each) for each in values])):
        wanted = values[gap.new_start : gap.new_end]
        both = min(gap.end - gap.start, len(wanted))
        if gap.start + both < gap.end:
            del array[gap.start + both : gap.end]
        for number, value in enumerate(wanted[both:]):
            array.insert(gap.start + both + number, value)
        for number, value in enumerate(wanted[:both]):
            _set(array, gap.start + number, value)


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _set(parent: "Map[Any] | Array[Any]", key: Any, value: Any) -> None:
    """Put the value there; a shared type that can become it does, so that edits of others within it live on."""
    is_there = isinstance(parent, Array) or key in parent
    there = parent[key] if is_there else None
    if there is not None and _fits(there, value):
        settle(there, value)
    elif not is_there or not pointer.is_equal(plain(there), value):
        _put(parent, key, _with_bytes(there, value))


def _with_bytes(there: Any, value: Any) -> Any:
    """The value, but with the bytes that stand there now where it shows them: JSON says only how many they are."""
    match there, value:
        case (bytearray(), dict()) if value == plain(there):
            return bytes(there)
        case (bytearray(), bytearray()):
            return bytes(value)  # as pycrdt takes them
        case (dict(), dict()):
            return {key: _with_bytes(there.get(key), each) for key, each in value.items()}
        case (list(), list()):
            rest = [None] * max(len(value) - len(there), 0)
            return [_with_bytes(old, each) for old, each in zip([*there, *rest], value, strict=False)]
        case _:
            return value


def _put(parent: "Map[Any] | Array[Any]", key: Any, value: Any) -> None:
    if isinstance(parent, Array):
        del parent[key]
        parent.insert(key, value)
    else:
        parent[key] = value


def _fits(there: Any, value: Any) -> bool:
    pairs = ((Text, str), (Map, dict), (Array, list))
    return any(isinstance(there, shared) and isinstance(value, kind) for shared, kind in pairs)


# A place within.


def change(root: Shared, operation: Operation, budget: Budget) -> None:
    """Do it to a root; the operation's path begins there. Raises InvalidContent, UnmetTest.

    What stands in the way of an operation's own value, and is made anew with it, is spent of the budget.
    """
    tokens = pointer.tokens_of(operation.path)
    if isinstance(operation, Splice):
        _splice(root, tokens, operation, budget)
    elif tokens:
        parent, rest = _holder(root, tokens)
        if len(rest) > 1:
            _change_plain(parent, rest, operation, budget)
        else:
            _change_child(parent, rest[0], operation)
    else:
        _change_whole(root, operation)


def _change_whole(shared: Shared, operation: Operation) -> None:
    match operation:
        case Add(_, value) | Replace(_, value):
            settle(shared, value)
        case Remove():
            settle(shared, "" if isinstance(shared, Text) else {} if isinstance(shared, Map) else [])
        case Expect(_, value):
            pointer.expect(plain(shared), value)
        case _:
            raise InvalidContent("path", "must lead to a text")


def _holder(root: Any, tokens: list[str]) -> tuple["Map[Any] | Array[Any]", list[str]]:
    """The innermost map or array on the way, and the tokens that lead on from there: one, if not into plain JSON."""
    parent = root
    for number, token in enumerate(tokens):
        if not isinstance(parent, Map | Array):
            raise InvalidContent("path", "leads into a text or XML; a text is changed by a splice")
        child = None if number == len(tokens) - 1 else _child(parent, token)
        if not isinstance(child, Map | Array | Text | XmlFragment | XmlElement | XmlText):
            return parent, tokens[number:]
        parent = child
    return parent, []


def _child(parent: "Map[Any] | Array[Any]", token: str) -> Any:
    if isinstance(parent, Array):
        return parent[pointer.index_in(len(parent), token)]
    if token not in parent:
        raise InvalidContent("path", f'leads to nothing at "{token[:40]}"')
    return parent[token]


def _change_child(parent: "Map[Any] | Array[Any]", token: str, operation: Operation) -> None:
    match operation:
        case Add(_, value) if isinstance(parent, Array):
            parent.insert(pointer.index_in(len(parent), token, may_append=True), value)
        case Add(_, value):
            _set(parent, token, value)
        case Replace(_, value):
            _child(parent, token)
            _set(parent, _place(parent, token), value)
        case Remove():
            _child(parent, token)
            del parent[_place(parent, token)]
        case Expect(_, value):
            pointer.expect(plain(_child(parent, token)), value)
        case _:
            raise InvalidContent("path", "must lead to a text")


def _place(parent: "Map[Any] | Array[Any]", token: str) -> Any:
    return pointer.index_in(len(parent), token) if isinstance(parent, Array) else token


def _change_plain(parent: "Map[Any] | Array[Any]", tokens: list[str], operation: Operation, budget: Budget) -> None:
    """Within a plain JSON value, which Yjs replaces as a whole."""
    there = _child(parent, tokens[0])
    path = "".join(f"/{token.replace('~', '~0').replace('/', '~1')}" for token in tokens[1:])
    shown = plain(there)
    if not isinstance(operation, Expect):
        budget.spend(shown, "path")
    value = pointer.apply(shown, replace(operation, path=path))
    if not isinstance(operation, Expect):
        _put(parent, _place(parent, tokens[0]), _with_bytes(there, value))


def _splice(root: Shared, tokens: list[str], operation: Splice, budget: Budget) -> None:
    if not tokens:
        target: Any = root
    else:
        parent, rest = _holder(root, tokens)
        target = pointer.find(_child(parent, rest[0]), rest[1:])
    if isinstance(target, Text):
        line = Line([target])
        formats = line.formats_after(operation.index) if operation.delete else None
        line.splice(operation.index, operation.delete, operation.insert, formats)
    elif isinstance(target, str):
        budget.spend(target, "path")
        change(root, Replace(operation.path, _spliced(target, operation)), budget)
    else:
        raise InvalidContent("path", "must lead to a text")


def _spliced(text: str, operation: Splice) -> str:
    start, end = span_of(text, operation.index, operation.delete)
    return text[:start] + operation.insert + text[end:]
