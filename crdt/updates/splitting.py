"""One struct cut in two, as Yjs cuts it."""

from crdt.codec import Cursor, var_bytes, var_uint
from crdt.updates.contents import Kind, read_any
from crdt.updates.structs import HAS_ORIGIN, HAS_RIGHT_ORIGIN, Struct

__all__ = ["head", "tail"]


def head(data: bytes, struct: Struct, length: int) -> bytes:
    """The first `length` clocks (at least 1, and fewer than it has) of a struct that lies in `data`."""
    return data[struct.start : struct.content] + _content_head(data, struct, length)


def tail(data: bytes, client: int, struct: Struct, offset: int) -> bytes:
    """What is left of a struct of `client` without its first `offset` clocks (at least 1, and fewer than it has)."""
    content = _content_tail(data, struct, offset)
    if struct.kind in (Kind.GC, Kind.SKIP):
        return bytes((struct.info,)) + content
    out = bytearray((struct.kind | HAS_ORIGIN | struct.info & HAS_RIGHT_ORIGIN,))
    out += var_uint(client) + var_uint(struct.clock + offset - 1)
    if struct.right_origin is not None:
        out += var_uint(struct.right_origin[0]) + var_uint(struct.right_origin[1])
    return bytes(out + content)


def _content_head(data: bytes, struct: Struct, length: int) -> bytes:
    match struct.kind:
        case Kind.GC | Kind.SKIP | Kind.DELETED:
            return var_uint(length)
        case Kind.STRING:
            return var_bytes(_recoded(_utf16(data, struct)[: 2 * length]))
        case Kind.JSON | Kind.ANY:
            start, cut = _values(data, struct, length)
            return var_uint(length) + data[start:cut]
        case _:
            raise AssertionError("content of one clock is never cut")


def _content_tail(data: bytes, struct: Struct, offset: int) -> bytes:
    rest = struct.length - offset
    match struct.kind:
        case Kind.GC | Kind.SKIP | Kind.DELETED:
            return var_uint(rest)
        case Kind.STRING:
            return var_bytes(_recoded(_utf16(data, struct)[2 * offset :]))
        case Kind.JSON | Kind.ANY:
            _, cut = _values(data, struct, offset)
            return var_uint(rest) + data[cut : struct.end]
        case _:
            raise AssertionError("content of one clock is never cut")


def _utf16(data: bytes, struct: Struct) -> bytes:
    return Cursor(data, struct.content).string().encode("utf-16-le")


def _recoded(utf16: bytes) -> bytes:
    """As UTF-8; of a surrogate pair that was cut U+FFFD remains on either side, as in Yjs."""
    return utf16.decode("utf-16-le", "replace").encode()


def _values(data: bytes, struct: Struct, length: int) -> tuple[int, int]:
    """Where the values of a struct begin, and where they end after `length` of them."""
    cursor = Cursor(data, struct.content)
    cursor.var_uint()
    start = cursor.position
    for _ in range(length):
        if struct.kind == Kind.ANY:
            read_any(cursor)
        else:
            cursor.string()
    return start, cursor.position
