"""The document as a room holds it: bytes of a snapshot, the turns since, and what these contain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crdt.updates import DeleteRanges, StateVector, diff, encode_state_vector, merge

__all__ = ["Content", "Opening", "Turn"]

EMPTY = b"\x00\x00"
WHOLE_BELOW = 1 << 20
"""A first sync is one merged update below this size; above, merging costs too much for every change, so the
joiner gets the snapshot as SyncStep2 and the turns since as one Update."""


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
    """The merged update of one turn. Rows of the log that were there at the opening are turn 0."""

    number: int
    update: bytes


class Content:
    """Bytes, state vector and delete ranges of one document; knows nothing of peers.

    `state` and `deleted` hold all that was accepted; the bytes follow at the end of the turn.
    """

    def __init__(self, opening: Opening) -> None:
        self.state: StateVector = dict(opening.state)
        self.deleted = opening.deleted.copy()
        self._base = opening.snapshot
        self._tail = [Turn(0, row) for row in opening.rows]
        self._folded = 0
        self._whole: bytes | None = None
        self.size = len(self._base) + sum(len(turn.update) for turn in self._tail)

    # What is there.

    def whole(self) -> bytes:
        """The document as one update, merged once per change."""
        if self._whole is None:
            self._whole = merge([self._base, *(turn.update for turn in self._tail)])
        return self._whole

    def knows(self, clocks: Mapping[int, int]) -> bool:
        return all(self.state.get(client, 0) >= clock for client, clock in clocks.items())

    def first_sync(self) -> tuple[bytes, bytes | None]:
        """What a peer with nothing is sent: (SyncStep2, Update with the rest or None)."""
        if self._whole is not None or self.size < WHOLE_BELOW or len(self._base) * 2 < self.size:
            return self.whole(), None
        return self._base, (merge([turn.update for turn in self._tail]) if self._tail else None)

    def lacking(self, state_vector: bytes) -> bytes:
        """What a peer with this state vector lacks, with all delete ranges, as Yjs does it."""
        return diff(self.whole(), state_vector)

    def since(self, turn: int, state: Mapping[int, int]) -> bytes | None:
        """What was added after `turn` to a peer that then had `state`; None when nothing was."""
        missed = [each.update for each in self._tail if each.number > turn]
        if self._folded > turn:
            return self.lacking(encode_state_vector(state))
        return merge(missed) if missed else None

    # What changes.

    def add(self, turn: Turn) -> None:
        """Take a turn's update whose structs and delete ranges `state` and `deleted` hold already."""
        self._tail.append(turn)
        self.size += len(turn.update)
        self._whole = None

    @property
    def rows_since_snapshot(self) -> int:
        return len(self._tail)

    @property
    def wants_compaction(self) -> bool:
        """The tail exceeds 500 turns and a quarter of the snapshot (decision 10)."""
        return len(self._tail) > 500 and (self.size - len(self._base)) * 4 > len(self._base)

    def until(self, turn: int) -> list[bytes]:
        """The snapshot and the turns up to `turn`: what a compaction folds."""
        return [self._base, *self._bytes_until(turn)]

    def compacted(self, turn: int, snapshot: bytes) -> None:
        """Put `snapshot`, which holds all that `until(turn)` gave, in the place of it."""
        self._base = snapshot
        self._tail = [each for each in self._tail if each.number > turn]
        self._folded = max(self._folded, turn)
        self.size = len(snapshot) + sum(len(each.update) for each in self._tail)
        self._whole = None

    def _bytes_until(self, turn: int) -> Iterable[bytes]:
        return (each.update for each in self._tail if each.number <= turn)
