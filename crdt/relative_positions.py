"""Yjs's relative positions, in their binary and JSON forms: places that stay where they are while others type."""

from dataclasses import dataclass
from typing import Any, Self

from crdt.codec import MAX_SAFE_INTEGER, UNREADABLE, Cursor, explained, var_string, var_uint
from crdt.errors import InvalidContent, MalformedUpdate
from crdt.updates.structs import Id

__all__ = ["RelativePosition"]

ITEM, ROOT, TYPE = 0, 1, 2
NEGATIVE, MORE = 0x40, 0x80
LONGEST_NAME = 1_000


@dataclass(frozen=True, slots=True)
class RelativePosition:
    """Beside a character or child (`item`), or at the end of a type: a root (`root`) or an item (`type`).

    assoc: from 0 on it sticks to what follows it, below 0 to what stands before it. Of item, root and type one at
    least is given; an item is enough by itself.
    """

    item: Id | None = None
    root: str | None = None
    type: Id | None = None
    assoc: int = 0

    def encode(self) -> bytes:
        """As Yjs's encodeRelativePosition."""
        if self.item is not None:
            return var_uint(ITEM) + _id(self.item) + _var_int(self.assoc)
        if self.root is not None:
            return var_uint(ROOT) + var_string(self.root) + _var_int(self.assoc)
        if self.type is not None:
            return var_uint(TYPE) + _id(self.type) + _var_int(self.assoc)
        raise ValueError("a relative position names an item or a type")

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """As Yjs's decodeRelativePosition. Raises MalformedUpdate."""
        cursor = Cursor(data)
        try:
            match cursor.var_uint():
                case 0:
                    position = cls(item=(cursor.var_uint(), cursor.var_uint()))
                case 1:
                    position = cls(root=cursor.string())
                case 2:
                    position = cls(type=(cursor.var_uint(), cursor.var_uint()))
                case kind:
                    raise ValueError(f"there is no relative position of kind {kind}")
            assoc = _read_var_int(cursor) if cursor.position < len(data) else 0
            cursor.finish()
        except UNREADABLE as problem:
            raise MalformedUpdate(f"the relative position cannot be read: {explained(problem)}") from None
        return cls(position.item, position.root, position.type, assoc)

    def to_json(self) -> dict[str, Any]:
        """As Yjs's relativePositionToJSON."""
        said: dict[str, Any] = {}
        if self.type is not None:
            said["type"] = {"client": self.type[0], "clock": self.type[1]}
        if self.root is not None:
            said["tname"] = self.root
        if self.item is not None:
            said["item"] = {"client": self.item[0], "clock": self.item[1]}
        return said | {"assoc": self.assoc}

    @classmethod
    def from_json(cls, said: Any, path: str = "position") -> Self:
        """As Yjs's createRelativePositionFromJSON. Raises InvalidContent with the path of what is wrong."""
        if not isinstance(said, dict):
            raise InvalidContent(path, "must be an object with item, tname or type")
        item, type_ = (_id_in(said.get(name), f"{path}.{name}") for name in ("item", "type"))
        root, assoc = said.get("tname"), said.get("assoc")
        if root is not None and (not isinstance(root, str) or len(root) > LONGEST_NAME):
            raise InvalidContent(f"{path}.tname", f"must be the name of a root, of at most {LONGEST_NAME} characters")
        if assoc is not None and (type(assoc) is not int or abs(assoc) > MAX_SAFE_INTEGER):
            raise InvalidContent(f"{path}.assoc", "must be a whole number")
        if item is None and root is None and type_ is None:
            raise InvalidContent(path, "must name an item, a tname or a type")
        return cls(item, root, type_, assoc or 0)


def _id(id_: Id) -> bytes:
    return var_uint(id_[0]) + var_uint(id_[1])


def _id_in(said: Any, path: str) -> Id | None:
    if said is None:
        return None
    client, clock = (said.get("client"), said.get("clock")) if isinstance(said, dict) else (None, None)
    for number in (client, clock):
        if type(number) is not int or not 0 <= number <= MAX_SAFE_INTEGER:
            raise InvalidContent(path, "must be an id: {client, clock}")
    return (client, clock)  # type: ignore[return-value]


def _var_int(number: int) -> bytes:
    """lib0's varInt: the first byte holds a sign and six bits."""
    sign, rest = (NEGATIVE if number < 0 else 0), abs(number)
    first = sign | rest & 63
    return bytes((first | MORE,)) + var_uint(rest >> 6) if rest > 63 else bytes((first,))


def _read_var_int(cursor: Cursor) -> int:
    first = cursor.byte()
    number = first & 63
    if first & MORE:
        number |= cursor.var_uint() << 6
    if number > MAX_SAFE_INTEGER:
        raise ValueError("a number is above 2^53 - 1")
    return -number if first & NEGATIVE else number
