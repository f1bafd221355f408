"""Updates made by hand, struct by struct, also such as no client would make."""

from collections.abc import Mapping, Sequence

from crdt.codec import var_string, var_uint
from crdt.guard import check
from crdt.updates import DeleteRanges

__all__ = ["ROOT", "Id", "Known", "any_values", "deleted", "gc", "item", "skip", "string", "update"]

Id = tuple[int, int]
ROOT = "text"


def item(
    kind: int,
    content: bytes,
    *,
    origin: Id | None = None,
    right: Id | None = None,
    parent: Id | str = ROOT,
    key: str | None = None,
) -> bytes:
    """One item; the parent is written when there is neither origin nor right origin, as Yjs does it."""
    info = kind | (0x80 if origin else 0) | (0x40 if right else 0) | (0x20 if key is not None else 0)
    out = bytes((info,)) + b"".join(var_uint(each[0]) + var_uint(each[1]) for each in (origin, right) if each)
    if not origin and not right:
        out += (
            b"\1" + var_string(parent) if isinstance(parent, str) else b"\0" + var_uint(parent[0]) + var_uint(parent[1])
        )
        if key is not None:
            out += var_string(key)
    return out + content


def string(text: str, *, origin: Id | None = None, right: Id | None = None, parent: Id | str = ROOT) -> bytes:
    return item(4, var_string(text), origin=origin, right=right, parent=parent)


def deleted(length: int, *, origin: Id | None = None, right: Id | None = None) -> bytes:
    return item(1, var_uint(length), origin=origin, right=right)


def any_values(*values: bytes, origin: Id | None = None, parent: Id | str = ROOT, key: str | None = None) -> bytes:
    """Any values as lib0 encodes them."""
    return item(8, var_uint(len(values)) + b"".join(values), origin=origin, parent=parent, key=key)


def gc(length: int) -> bytes:
    return b"\0" + var_uint(length)


def skip(length: int) -> bytes:
    return b"\x0a" + var_uint(length)


def update(
    *blocks: tuple[int, int, Sequence[bytes]], deletes: Mapping[int, Sequence[tuple[int, int]]] | None = None
) -> bytes:
    """An update of (client id, first clock, structs) and of delete ranges (start, end), in the order given."""
    out = var_uint(len(blocks))
    for client, clock, structs in blocks:
        out += var_uint(len(structs)) + var_uint(client) + var_uint(clock) + b"".join(structs)
    out += var_uint(len(deletes or {}))
    for client, ranges in (deletes or {}).items():
        out += var_uint(client) + var_uint(len(ranges))
        out += b"".join(var_uint(start) + var_uint(end - start) for start, end in ranges)
    return out


class Known:
    """What a room knows of a document, kept as the guard says."""

    def __init__(self) -> None:
        self.state: dict[int, int] = {}
        self.deleted = DeleteRanges()

    def take(self, update: bytes) -> None:
        checked = check(update, self.state, self.deleted)
        assert not checked.missing
        self.state |= {client: end for client, (_, end) in checked.fresh.items()}
        self.deleted.add(checked.deletes)
