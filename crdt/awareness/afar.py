"""Who is present at other nodes: as those say it, for they alone know their peers (SPEC.md, A13 to A15)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crdt.awareness.entries import Entry

__all__ = ["AFAR_SECONDS", "Afar", "Seen"]

AFAR_SECONDS = 45.0
"""Stock clients renew their state every 15 s: whose renewals have not come for three of these is not there any more."""


class Seen(NamedTuple):
    """An entry as its node shows it, and whose it is."""

    entry: Entry
    user: str | None


@dataclass(slots=True)
class _Far:
    node: str
    user: str | None
    heard: int
    """The last clock as the node said it; what is told here can have a higher one."""
    shown: Entry
    heard_at: float


class Afar:
    """States of other nodes' peers, by client id."""

    def __init__(self) -> None:
        self._far: dict[int, _Far] = {}

    def __bool__(self) -> bool:
        return bool(self._far)

    def __iter__(self) -> Iterator[Entry]:
        return (far.shown for far in self._far.values())

    def find(self, client_id: int) -> Seen | None:
        far = self._far.get(client_id)
        return None if far is None else Seen(far.shown, far.user)

    def forget(self, client_id: int) -> None:
        """It is at this node now."""
        self._far.pop(client_id, None)

    def hear(self, node: str, seen: Seen, last: int, now: float) -> Seen | None:
        """What is to be told here, if it is news; `last` is the last clock that was told here of this id."""
        entry, known = seen.entry, self._far.get(seen.entry.client_id)
        if entry.state is None:
            if known is None or known.node != node or entry.clock < known.heard:
                return None
            del self._far[entry.client_id]
            return Seen(Entry(entry.client_id, known.shown.clock, None), known.user)
        if known is not None and known.node == node:
            known.heard_at = now
            if entry.clock <= known.heard:
                return None
            clock = max(entry.clock, known.shown.clock + 1)
        else:
            clock = max(entry.clock, last + 1)
        shown = Entry(entry.client_id, clock, entry.state)
        self._far[entry.client_id] = _Far(node, seen.user, entry.clock, shown, now)
        return Seen(shown, seen.user)

    def only(self, node: str, ids: set[int]) -> list[Seen]:
        """All that this node shows are these: the removals of the others."""
        return self._drop([id_ for id_, far in self._far.items() if far.node == node and id_ not in ids])

    def expire(self, now: float) -> list[Seen]:
        return self._drop([id_ for id_, far in self._far.items() if now - far.heard_at > AFAR_SECONDS])

    def _drop(self, ids: Sequence[int]) -> list[Seen]:
        gone = [self._far.pop(id_) for id_ in ids]
        return [Seen(Entry(far.shown.client_id, far.shown.clock, None), far.user) for far in gone]
