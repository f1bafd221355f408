"""The lib0 primitives that every frame is made of: a bounded reader and three writers (SPEC.md, section C)."""

from crdt.errors import MalformedFrame

__all__ = ["MAX_SAFE_INTEGER", "Reader", "var_bytes", "var_string", "var_uint", "var_uint_at"]

MAX_SAFE_INTEGER = 2**53 - 1
"""What a JavaScript number can hold exactly; lib0 throws above it."""

_MAX_SHIFT = 49
"""Eight bytes of seven bits: 2^53 needs no more, and a stranger's endless varint must not cost more (C2)."""


def var_uint_at(data: bytes, position: int) -> tuple[int, int]:
    """Read one varUint: (value, position after it).

    Raises IndexError when the bytes end too early, and ValueError when the number is above 2^53 - 1 or over-long:
    callers translate both into their own error at their border.
    """
    byte = data[position]
    position += 1
    if byte < 128:
        return byte, position
    value = byte & 127
    shift = 7
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            break
        shift += 7
        if shift > _MAX_SHIFT:
            raise ValueError("a number takes more than 8 bytes")
    if byte == 0:
        raise ValueError("a number is written over-long")
    if value > MAX_SAFE_INTEGER:
        raise ValueError("a number is above 2^53 - 1")
    return value, position


def var_uint(number: int) -> bytes:
    """Write a varUint: base 128, least significant group first, bit 7 = more follows."""
    if number < 128:
        return bytes((number,))
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


class Reader:
    """Reads a frame from the front. Whatever is wrong with the bytes is a MalformedFrame, and nothing else (C1)."""

    __slots__ = ("_data", "_position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def byte(self) -> int:
        """Read one byte."""
        if self.at_end():
            raise MalformedFrame("the frame ends too early")
        self._position += 1
        return self._data[self._position - 1]

    def var_uint(self) -> int:
        """Read a varUint of at most 8 bytes and 2^53 - 1."""
        try:
            value, self._position = var_uint_at(self._data, self._position)
        except IndexError:
            raise MalformedFrame("the frame ends within a number") from None
        except ValueError as problem:
            raise MalformedFrame(str(problem)) from None
        return value

    def var_bytes(self) -> bytes:
        """Read a varUint8Array; its length is checked before anything is allocated."""
        length = self.var_uint()
        start = self._position
        if length > len(self._data) - start:
            raise MalformedFrame(f"the frame announces {length} bytes and has {len(self._data) - start}")
        self._position = start + length
        return self._data[start : self._position]

    def var_string(self) -> str:
        """Read a varString, which must be valid UTF-8."""
        try:
            return self.var_bytes().decode()
        except UnicodeDecodeError:
            raise MalformedFrame("a string is not valid UTF-8") from None

    def at_end(self) -> bool:
        """Is everything read?"""
        return self._position >= len(self._data)

    def finish(self) -> None:
        """Raise when bytes are left over."""
        if not self.at_end():
            raise MalformedFrame(f"{len(self._data) - self._position} bytes follow the end of the message")
