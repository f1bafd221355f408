"""How much the operations of one patch may make between them: a copy that is copied again doubles each time."""

from typing import Any

from crdt.errors import InvalidContent

__all__ = ["LARGEST", "Budget"]

LARGEST = 16 << 20
VALUE_BYTES = 16
"""What a value counts beside its characters: a list of a million nulls is not small."""


class Budget:
    """Spent before anything is copied. `size`: about the bytes of all that may be made."""

    def __init__(self, size: int) -> None:
        self._size = self._left = size

    def spend(self, value: Any, field: str) -> None:
        """Another such JSON value is made. Raises InvalidContent when that is too much."""
        rest = [value]
        while rest:
            each = rest.pop()
            self._left -= VALUE_BYTES
            match each:
                case str():
                    self._left -= len(each)
                case dict():
                    self._left -= sum(map(len, each))
                    rest += each.values()
                case list():
                    rest += each
                case _:
                    pass
            if self._left < 0:
                raise InvalidContent(field, f"would make more than {self._size} bytes with what is made before it")
