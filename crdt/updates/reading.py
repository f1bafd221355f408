"""A bounded cursor over the bytes of an update, and the one place where its low-level errors are translated."""

from crdt.codec import var_uint_at
from crdt.errors import MalformedUpdate

__all__ = ["UNREADABLE", "Cursor", "malformed"]

UNREADABLE = (IndexError, ValueError)
"""What a Cursor raises; UnicodeDecodeError and JSONDecodeError are ValueErrors."""


class Cursor:
    """A position in an update's bytes.

    Its methods raise IndexError (the bytes end too early) and ValueError (they say something impossible); public
    functions catch UNREADABLE and raise `malformed(problem)`, so that a caller only ever sees MalformedUpdate.
    """

    __slots__ = ("data", "position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data = data
        self.position = position

    def byte(self) -> int:
        value = self.data[self.position]
        self.position += 1
        return value

    def var_uint(self) -> int:
        value = self.data[self.position]
        if value < 128:
            self.position += 1
        else:
            value, self.position = var_uint_at(self.data, self.position)
        return value

    def count(self, bytes_each: int) -> int:
        """A number of things that follow; each takes `bytes_each` at least, so a false header allocates nothing."""
        number = self.var_uint()
        if number * bytes_each > len(self.data) - self.position:
            raise ValueError(f"{number} things are announced, and {len(self.data) - self.position} bytes remain")
        return number

    def skip(self, length: int) -> bytes:
        """The next `length` bytes."""
        start = self.position
        end = start + length
        if end > len(self.data):
            raise IndexError
        self.position = end
        return self.data[start:end]

    def var_bytes(self) -> bytes:
        return self.skip(self.var_uint())

    def string(self) -> str:
        return self.var_bytes().decode()

    def finish(self) -> None:
        left = len(self.data) - self.position
        if left:
            raise ValueError(f"{left} bytes follow the end")


def malformed(problem: Exception) -> MalformedUpdate:
    """The error to raise for what a Cursor raised."""
    match problem:
        case IndexError():
            return MalformedUpdate("the bytes end too early")
        case UnicodeDecodeError():
            return MalformedUpdate("a string is not valid UTF-8")
        case _:
            return MalformedUpdate(str(problem))
