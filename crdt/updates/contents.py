"""What an item of a Yjs update can hold, and how each kind is read, checked and measured (SPEC.md, section G).

Every reader takes the cursor to the end of the content and answers its length in clocks. What Yjs itself would throw
on in the browser (an unknown kind, bad JSON, bad UTF-8) is refused here, or it would be a poison pill at every load.
"""

import json
from collections.abc import Callable
from typing import NoReturn

from crdt.codec import MAX_SAFE_INTEGER, Cursor
from crdt.errors import RefusedUpdate

__all__ = ["MAX_DEPTH", "Kind", "read_any", "read_content"]

MAX_DEPTH = 32
"""How deep an Any or JSON value may nest: some 30,000 levels end pycrdt in SIGSEGV, Yjs throws from 1,000."""


class Kind:
    """The low five bits of a struct's info byte. Plain numbers: an enum costs a keystroke 2 us."""

    GC = 0
    DELETED = 1
    JSON = 2
    BINARY = 3
    STRING = 4
    EMBED = 5
    FORMAT = 6
    TYPE = 7
    ANY = 8
    DOC = 9
    SKIP = 10


NAMED_TYPES = (3, 5)
"""An XML element and an XML hook bring their name."""

LAST_TYPE = 6
"""0 array, 1 map, 2 text, 3 XML element, 4 XML fragment, 5 XML hook, 6 XML text; Yjs 13 throws on any other."""


def read_content(kind: int, cursor: Cursor) -> int:
    """Read the content of an item of `kind`; answers its length in clocks, which may be 0 (the caller refuses it)."""
    if kind == Kind.STRING:
        return read_text(cursor)
    if kind not in _READERS:
        raise ValueError(f"there is no content of kind {kind}")
    return _READERS[kind](cursor)


def read_text(cursor: Cursor) -> int:
    """Read a string and count its UTF-16 code units, which are Yjs's clocks."""
    text = cursor.take(cursor.var_uint())
    return len(text) if text.isascii() else len(text.decode().encode("utf-16-le")) // 2


def read_any(cursor: Cursor, depth_left: int = MAX_DEPTH) -> None:
    """Read one lib0 Any value."""
    tag = cursor.byte()
    reader = _ANY_SCALARS.get(tag)
    if reader is not None:
        reader(cursor)
    elif tag in (_ANY_OBJECT, _ANY_ARRAY):
        if depth_left < 1:
            raise RefusedUpdate("limit", "a value nests too deep")
        for _ in range(cursor.count(bytes_each=1)):
            if tag == _ANY_OBJECT:
                cursor.string()
            read_any(cursor, depth_left - 1)
    else:
        raise ValueError(f"there is no value with the tag {tag}")


def _read_deleted(cursor: Cursor) -> int:
    return cursor.var_uint()


def _read_json_values(cursor: Cursor) -> int:
    number = cursor.count(bytes_each=1)
    for _ in range(number):
        text = cursor.string()
        if text != "undefined":
            _check_json(text)
    return number


def _read_binary(cursor: Cursor) -> int:
    cursor.var_bytes()
    return 1


def _read_embed(cursor: Cursor) -> int:
    _check_json(cursor.string())
    return 1


def _read_format(cursor: Cursor) -> int:
    cursor.string()
    _check_json(cursor.string())
    return 1


def _read_type(cursor: Cursor) -> int:
    type_ref = cursor.var_uint()
    if type_ref > LAST_TYPE:
        raise ValueError(f"there is no shared type {type_ref}")
    if type_ref in NAMED_TYPES:
        cursor.string()
    return 1


def _read_any_values(cursor: Cursor) -> int:
    number = cursor.count(bytes_each=1)
    for _ in range(number):
        read_any(cursor)
    return number


def _read_doc(cursor: Cursor) -> int:
    cursor.string()
    if cursor.data[cursor.position] != _ANY_OBJECT:
        raise ValueError("the options of a subdocument are not an object")
    read_any(cursor)
    return 1


_READERS: dict[int, Callable[[Cursor], int]] = {
    Kind.DELETED: _read_deleted,
    Kind.JSON: _read_json_values,
    Kind.BINARY: _read_binary,
    Kind.EMBED: _read_embed,
    Kind.FORMAT: _read_format,
    Kind.TYPE: _read_type,
    Kind.ANY: _read_any_values,
    Kind.DOC: _read_doc,
}

_ANY_OBJECT = 118
_ANY_ARRAY = 117


def _read_integer(cursor: Cursor) -> None:
    """A varInt: the first byte holds a sign and six bits."""
    byte = cursor.byte()
    value, shift = byte & 63, 6
    while byte & 128:
        byte = cursor.byte()
        value |= (byte & 127) << shift
        shift += 7
        if value > MAX_SAFE_INTEGER or shift > 55:
            raise ValueError("a number is above 2^53 - 1")


_ANY_SCALARS: dict[int, Callable[[Cursor], object]] = {
    127: lambda _cursor: None,  # undefined
    126: lambda _cursor: None,  # null
    125: _read_integer,
    124: lambda cursor: cursor.take(4),  # float32
    123: lambda cursor: cursor.take(8),  # float64
    122: lambda cursor: cursor.take(8),  # bigint
    121: lambda _cursor: None,  # false
    120: lambda _cursor: None,  # true
    119: Cursor.string,
    116: Cursor.var_bytes,
}

_PLAIN_JSON = frozenset({"null", "true", "false", '"true"', "{}", "[]", '""'})


def _check_json(text: str) -> None:
    """Would JSON.parse take this, and is it no deeper than it may be?"""
    if text in _PLAIN_JSON:
        return
    if text.count("[") + text.count("{") > MAX_DEPTH and _json_depth(text) > MAX_DEPTH:
        raise RefusedUpdate("limit", "a JSON value nests too deep")
    json.loads(text, parse_constant=_no_constant)


def _json_depth(text: str) -> int:
    """How deep brackets outside of strings nest. Counted without recursion: the parser must not see a deep value."""
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _no_constant(name: str) -> NoReturn:
    """Python's parser knows NaN and Infinity, JSON does not."""
    raise ValueError(f"{name} is not JSON")
