"""The values that a struct holds, one for each clock, in a form that can be compared."""

import json
import struct as binary
from typing import Final

from crdt.codec import Cursor
from crdt.updates.contents import Kind
from crdt.updates.structs import Struct

__all__ = ["UNDEFINED", "same_value", "values_of"]


class Undefined:
    """JavaScript's undefined, which is not null."""


UNDEFINED: Final = Undefined()


def values_of(data: bytes, struct: Struct) -> list[object]:
    """One value per clock of a struct that is neither text nor deleted, GC or Skip. Numbers come as float."""
    cursor = Cursor(data, struct.content)
    match struct.kind:
        case Kind.ANY:
            return [_any(cursor) for _ in range(cursor.var_uint())]
        case Kind.JSON:
            return [_json(cursor.string()) for _ in range(cursor.var_uint())]
        case Kind.EMBED:
            return [_json(cursor.string())]
        case Kind.FORMAT:
            return [[cursor.string(), _json(cursor.string())]]
        case Kind.DOC:
            return [cursor.string()]
        case _:
            return [data[struct.content : struct.end]]


def same_value(one: object, other: object) -> bool:
    """Are two values the same to JavaScript? The order of keys does not matter, and NaN is NaN."""
    if type(one) is not type(other):
        return False
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same_value(each, other[key]) for key, each in one.items())
        case list(), list():
            return len(one) == len(other) and all(map(same_value, one, other))
        case _:
            return one == other or (one != one and other != other)  # noqa: PLR0124  that is how NaN is known


def _json(text: str) -> object:
    return UNDEFINED if text == "undefined" else json.loads(text, parse_int=float)


def _any(cursor: Cursor) -> object:  # noqa: PLR0911  one line per tag of lib0
    match cursor.byte():
        case 127:
            return UNDEFINED
        case 126:
            return None
        case 125:
            return _integer(cursor)
        case 124:
            return float(binary.unpack(">f", cursor.take(4))[0])
        case 123:
            return float(binary.unpack(">d", cursor.take(8))[0])
        case 122:
            return int.from_bytes(cursor.take(8), "big", signed=True)
        case 121:
            return False
        case 120:
            return True
        case 119:
            return cursor.string()
        case 118:
            return {cursor.string(): _any(cursor) for _ in range(cursor.var_uint())}
        case 117:
            return [_any(cursor) for _ in range(cursor.var_uint())]
        case _:
            return cursor.var_bytes()


def _integer(cursor: Cursor) -> float:
    byte = cursor.byte()
    sign = -1 if byte & 64 else 1
    value, shift = byte & 63, 6
    while byte & 128:
        byte = cursor.byte()
        value |= (byte & 127) << shift
        shift += 7
    return float(sign * value)
