"""Which rows of a document's log a room holds, whoever has written them, and in whatever order it heard of them."""

from enum import Enum, auto

__all__ = ["Positions", "Standing"]


class Standing(Enum):
    """How rows that were committed stand to those that are held."""

    NEXT = auto()
    HELD = auto()
    BEYOND = auto()
    """Something is missing in between: it stands in the log."""


class Positions:
    """All rows up to `held`, and those of this node beyond a gap that others have written."""

    def __init__(self, held: int) -> None:
        self.held = held
        self.latest = held
        """The last row that is known to stand in the log, held or not."""
        self.written = 0
        """The last row of this node; others' may be missing before it."""
        self._own: list[tuple[int, int]] = []

    def own(self, first: int, last: int) -> bool:
        """This node's rows were committed, which the room holds already. False: others' are missing before them."""
        self.written = last
        self.latest = max(self.latest, last)
        if first == self.held + 1:
            self.held = last
            if self._own:
                self._close_up()
            return True
        if last > self.held:
            self._own.append((first, last))
            self._own.sort()
        return False

    @property
    def version(self) -> int:
        """A version of the document that has all that was written here; what others wrote meanwhile may be missing."""
        return max(self.held, self.written)

    def standing(self, first: int, last: int) -> Standing:
        """Of rows that another node has committed, or that a message says so of."""
        if last <= self.held:
            return Standing.HELD
        if any(start <= first and last <= end for start, end in self._own):
            return Standing.HELD
        return Standing.NEXT if first == self.held + 1 and not self._overlaps(last) else Standing.BEYOND

    def heard(self, last: int) -> None:
        """A row at `last` stands in the log."""
        self.latest = max(self.latest, last)

    def learnt(self, last: int) -> None:
        """The room holds all rows up to `last` now."""
        self.held = max(self.held, last)
        self.latest = max(self.latest, self.held)
        self._close_up()

    def is_own(self, position: int) -> bool:
        """Is it a row of this node beyond the gap? The room holds it."""
        return any(start <= position <= end for start, end in self._own)

    def _overlaps(self, last: int) -> bool:
        return bool(self._own) and self._own[0][0] <= last

    def _close_up(self) -> None:
        while self._own and self._own[0][0] <= self.held + 1:
            _, end = self._own.pop(0)
            self.held = max(self.held, end)
