"""The lib0 primitives that every frame is made of: a bounded reader and three writers (SPEC.md, section C)."""

from collections.abc import Callable
from typing import TypeVar

from crdt.errors import MalformedFrame

__all__ = [
    "MAX_SAFE_INTEGER",
    "UNREADABLE",
    "Cursor",
    "Reader",
    "explained",
    "last_var_bytes",
    "var_bytes",
    "var_string",
    "var_uint",
]

T = TypeVar("T")

MAX_SAFE_INTEGER = 2**53 - 1
"""What a JavaScript number can hold exactly; lib0 throws above it."""

_MAX_SHIFT = 49
"""Eight bytes of seven bits: 2^53 needs no more, and a stranger's endless varint must not cost more (C2)."""


def var_uint(number: int) -> bytes:
    """Write a varUint: base 128, least significant group first, bit 7 = more follows."""
    if number < 128:
        return bytes((number,))
    if number < 16_384:  # most lengths and clocks: twice as fast as the loop
        return bytes((number & 127 | 128, number >> 7))
    groups = bytearray()
    while number > 127:
        groups.append(128 | number & 127)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def var_bytes(data: bytes) -> bytes:
    """Write a varUint8Array: the length in bytes, then the bytes."""
    return var_uint(len(data)) + data


def var_string(text: str) -> bytes:
    """Write a varString: the length of its UTF-8 in BYTES, then the UTF-8."""
    return var_bytes(text.encode())


def last_var_bytes(data: bytes, start: int) -> bytes | None:
    """The varUint8Array that begins at `start`, when it ends where the data ends and is shorter than 16 KiB; else None.

    A frame that is nothing but a known header and this needs no Reader (0.4 µs instead of 4).
    """
    size = len(data) - start
    if 1 <= size <= 128:
        return data[start + 1 :] if data[start] == size - 1 else None
    if 130 <= size < 16_386 and data[start : start + 2] == var_uint(size - 2):
        return data[start + 2 :]
    return None


UNREADABLE = (IndexError, ValueError)
"""What a Cursor raises. UnicodeDecodeError and JSONDecodeError are ValueErrors."""


class Cursor:
    """A position in a stranger's bytes: the raw reader below Reader and below updates.

    Its methods raise IndexError (the bytes end too early) and ValueError (they say something impossible). Whoever
    uses it catches UNREADABLE at his border and raises his own error.
    """

    __slots__ = ("data", "position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data = data
        self.position = position

    def byte(self) -> int:
        """The next byte."""
        value = self.data[self.position]
        self.position += 1
        return value

    def var_uint(self) -> int:
        """The next varUint (C2)."""
        data = self.data
        position = self.position
        value = data[position]
        if value > 127:
            value &= 127
            shift = 7
            while (byte := data[position := position + 1]) > 127:
                value |= (byte & 127) << shift
                shift += 7
                if shift > _MAX_SHIFT:
                    raise ValueError("a number takes more than 8 bytes")
            if byte == 0:
                raise ValueError("a number is written over-long")
            value |= byte << shift
            if value > MAX_SAFE_INTEGER:
                raise ValueError("a number is above 2^53 - 1")
        self.position = position + 1
        return value

    def count(self, bytes_each: int) -> int:
        """A number of things that follow; each takes `bytes_each` at least, so a false header allocates nothing."""
        number = self.var_uint()
        if number * bytes_each > len(self.data) - self.position:
            raise ValueError(f"{number} things are announced, and {len(self.data) - self.position} bytes remain")
        return number

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        start = self.position
        end = start + length
        if end > len(self.data):
            raise IndexError
        self.position = end
        return self.data[start:end]

    def var_bytes(self) -> bytes:
        """The next varUint8Array."""
        return self.take(self.var_uint())

    def string(self) -> str:
        """The next varString."""
        return self.var_bytes().decode()

    def finish(self) -> None:
        """Nothing may be left over."""
        left = len(self.data) - self.position
        if left:
            raise ValueError(f"{left} bytes follow the end")


class Reader:
    """Reads a frame from the front. Whatever is wrong with the bytes is a MalformedFrame, and nothing else (C1)."""

    __slots__ = ("_cursor",)

    def __init__(self, data: bytes) -> None:
        self._cursor = Cursor(data)

    def byte(self) -> int:
        """Read one byte."""
        return self._read(Cursor.byte)

    def var_uint(self) -> int:
        """Read a varUint of at most 8 bytes and 2^53 - 1."""
        return self._read(Cursor.var_uint)

    def var_bytes(self) -> bytes:
        """Read a varUint8Array; its length is checked before anything is copied."""
        return self._read(Cursor.var_bytes)

    def var_string(self) -> str:
        """Read a varString, which must be valid UTF-8."""
        return self._read(Cursor.string)

    def at_end(self) -> bool:
        """Is everything read?"""
        return self._cursor.position >= len(self._cursor.data)

    def finish(self) -> None:
        """Raise when bytes are left over."""
        self._read(Cursor.finish)

    def _read(self, what: Callable[[Cursor], T]) -> T:
        try:
            return what(self._cursor)
        except UNREADABLE as problem:
            raise MalformedFrame(f"the frame cannot be read: {explained(problem)}") from None


def explained(problem: Exception) -> str:
    """What to say of an UNREADABLE problem."""
    match problem:
        case IndexError():
            return "the bytes end too early"
        case UnicodeDecodeError():
            return "a string is not valid UTF-8"
        case _:
            return str(problem)
