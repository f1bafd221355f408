"""The first clocks of one struct, cut as Yjs cuts it."""

from crdt.codec import Cursor, var_bytes, var_uint
from crdt.updates.contents import Kind, read_any
from crdt.updates.structs import Struct

__all__ = ["head"]


def head(data: bytes, struct: Struct, length: int) -> bytes:
    """The first `length` clocks (at least 1, and fewer than it has) of a struct that lies in `data`."""
    return data[struct.start : struct.content] + _content_head(data, struct, length)


def _content_head(data: bytes, struct: Struct, length: int) -> bytes:
    match struct.kind:
        case Kind.GC | Kind.SKIP | Kind.DELETED:
            return var_uint(length)
        case Kind.STRING:
            return var_bytes(_text_head(Cursor(data, struct.content).string(), length))
        case Kind.JSON | Kind.ANY:
            return var_uint(length) + _values_head(data, struct, length)
        case _:
            raise AssertionError("content of one clock is never cut")


def _text_head(text: str, units: int) -> bytes:
    """The first UTF-16 code units; of a surrogate pair that is cut U+FFFD remains, as in Yjs."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "replace").encode()


def _values_head(data: bytes, struct: Struct, length: int) -> bytes:
    cursor = Cursor(data, struct.content)
    cursor.var_uint()
    start = cursor.position
    for _ in range(length):
        if struct.kind == Kind.ANY:
            read_any(cursor)
        else:
            cursor.string()
    return data[start : cursor.position]
