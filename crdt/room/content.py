"""The document as a room holds it: bytes of a snapshot, the turns since, and what these contain."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crdt.updates import DeleteRanges, StateVector, diff, merge

__all__ = ["Content", "Opening", "Turn"]

EMPTY = b"\x00\x00"
FEW_RANGES = 5_000
"""Delete ranges that are encoded on the loop: some 5 ms."""
LONG_TAIL_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Opening:
    """What a room is opened with: the last snapshot with what it contains, and the log's rows after it."""

    snapshot: bytes
    state: StateVector
    deleted: DeleteRanges
    rows: tuple[bytes, ...]
    owners: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Turn:
    """The merged update of one turn. Rows of the log that were there at the opening end with turn 0."""

    number: int
    update: bytes


class Content:
    """Bytes, state vector and delete ranges of one document; knows nothing of peers.

    `state` and `deleted` hold all that was accepted; the bytes follow at the end of the turn.
    """

    def __init__(self, opening: Opening) -> None:
        self.state: StateVector = dict(opening.state)
        self.deleted = opening.deleted.copy()
        self.base = opening.snapshot
        self.number = 0
        """The last turn."""
        self.folded = -len(opening.rows)
        """The last turn that `base` holds. The opening's rows are turns, too; the last of them is turn 0."""
        self._tail = [Turn(number, row) for number, row in enumerate(opening.rows, self.folded + 1)]
        self._whole: bytes | None = None
        self._encoded_deletes: bytes | None = None
        self.size = len(self.base) + sum(len(turn.update) for turn in self._tail)

    # What is there.

    def whole(self) -> bytes:
        """The document as one update, merged once per change."""
        if self._whole is None:
            self._whole = merge(self.pieces())
        return self._whole

    @property
    def tells_deletes(self) -> bool:
        """Are the delete ranges few enough, or encoded already, to be said on the loop?"""
        return self._encoded_deletes is not None or self.deleted.count() < FEW_RANGES

    def encoded_deletes(self) -> bytes:
        """All delete ranges, encoded once per change."""
        if self._encoded_deletes is None:
            self._encoded_deletes = self.deleted.encode()
        return self._encoded_deletes

    def knows(self, clocks: Mapping[int, int]) -> bool:
        return all(self.state.get(client, 0) >= clock for client, clock in clocks.items())

    def lacking(self, state_vector: bytes) -> bytes:
        """What a peer with this state vector lacks, with all delete ranges, as Yjs does it."""
        return diff(self.whole(), state_vector)

    def turns_after(self, number: int) -> list[Turn]:
        """The turns after turn `number`, which `base` does not hold."""
        first = bisect_right(self._tail, number, key=_number)
        return self._tail[first:]

    # What changes.

    def add(self, turn: Turn) -> None:
        """Take a turn's update whose structs and delete ranges `state` and `deleted` hold already."""
        self._tail.append(turn)
        self.number = turn.number
        self.size += len(turn.update)
        self._whole = None

    def delete(self, ranges: DeleteRanges) -> None:
        """Take delete ranges of an update that is added at the end of the turn."""
        self.deleted.add(ranges)
        self._encoded_deletes = None

    @property
    def rows_since_snapshot(self) -> int:
        return len(self._tail)

    @property
    def wants_compaction(self) -> bool:
        """The tail exceeds 500 turns and a quarter of the snapshot (decision 10)."""
        return len(self._tail) > 500 and (self.size - len(self.base)) * 4 > len(self.base)

    @property
    def opens_slowly(self) -> bool:
        """The tail exceeds 64 KB and a quarter of the snapshot: turns of a busy second are few, and large."""
        tail = self.size - len(self.base)
        return tail > LONG_TAIL_BYTES and tail * 4 > len(self.base)

    def pieces(self) -> list[bytes]:
        """The document as updates."""
        return [self.base, *(turn.update for turn in self._tail)]

    def until(self, turn: int) -> list[bytes]:
        """The snapshot and the turns up to `turn`: what a compaction folds."""
        return [self.base, *self._bytes_until(turn)]

    def compacted(self, turn: int, snapshot: bytes) -> None:
        """Put `snapshot`, which holds all that `until(turn)` gave, in the place of it."""
        self.base = snapshot
        self._tail = self.turns_after(turn)
        self.folded = turn
        self.size = len(snapshot) + sum(len(each.update) for each in self._tail)
        self._whole = None

    def _bytes_until(self, turn: int) -> Iterable[bytes]:
        return (each.update for each in self._tail if each.number <= turn)


def _number(turn: Turn) -> int:
    return turn.number
