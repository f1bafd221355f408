"""Who works on this store now.

A node counts up its row. Others see by their own clock whether it still does: clocks of two machines are never
compared, so one that is an hour off changes nothing. What a node holds (leases, the presence of its people) ends with
it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from persistence.nodes import LeaseRow, NodeRow, NodeStore
from server.clock import Clock

__all__ = ["BEAT_SECONDS", "DEAD_SECONDS", "TRUSTED_SECONDS", "Roster"]

log = logging.getLogger("counterpoint.nodes")

BEAT_SECONDS = 3.0
DEAD_SECONDS = 9.0
"""A row that stood still for so long, while we looked, is of a dead node: with the beat before it and the look after it
a dead node is known in 15 s."""
TRUSTED_SECONDS = 6.0
"""For so long after its last beat a node is sure that nobody has buried it."""

Gone = Callable[[str], None]
Seen = Callable[[Sequence[LeaseRow]], None]


class Roster:
    """`beat` is called every BEAT_SECONDS. A `solitary` node's store can have no other: it buries whom it finds."""

    def __init__(
        self,
        store: NodeStore,
        clock: Clock,
        me: NodeRow,
        *,
        figures: Callable[[], Mapping[str, int]] = dict,
        solitary: bool = False,
    ) -> None:
        self.figures = figures
        self._store = store
        self._clock = clock
        self._me = me
        self._solitary = solitary
        self._others: dict[str, NodeRow] = {}
        self._moved_at: dict[str, float] = {}
        self._looked_at = float("-inf")
        self._trusted_until = float("-inf")
        self._gone: list[Gone] = []
        self._lost: list[Callable[[], None]] = []

    @property
    def me(self) -> NodeRow:
        return self._me

    @property
    def others(self) -> tuple[NodeRow, ...]:
        """As this node saw them at its last beat."""
        return tuple(self._others.values())

    @property
    def is_sure(self) -> bool:
        """Nobody can hold this node for dead."""
        return self._clock.monotonic() < self._trusted_until

    @property
    def silent_seconds(self) -> dict[str, float]:
        """For how long each other node's row has stood still, as far as this node has seen."""
        now = self._clock.monotonic()
        return {node: now - at for node, at in self._moved_at.items()}

    def on_gone(self, listener: Gone) -> None:
        """Call `listener` with the id of a node that has left or died: quick, never raising."""
        self._gone.append(listener)

    def on_lost(self, listener: Callable[[], None]) -> None:
        """Call `listener` when others have held this node for dead: what it held is theirs now."""
        self._lost.append(listener)

    async def join(self) -> None:
        """Be seen by the others. Raises StoreUnavailable."""
        await self.beat()

    async def leave(self) -> None:
        """On purpose: what it held is free at once. Raises StoreUnavailable."""
        self._trusted_until = float("-inf")
        await self._store.bury(self._me.id)

    async def beat(self) -> list[LeaseRow]:
        """Live on, see who else does, bury the dead; the answer is all leases as they are then.

        Raises StoreUnavailable: then nobody is held for dead, for we do not see.
        """
        began = self._clock.monotonic()
        is_new = self._me.beat == 0
        self._me = replace(self._me, beat=self._me.beat + 1, figures=dict(self.figures()))
        if not await self._store.beat(self._me) and not is_new:
            log.warning("this node was held for dead: it was slow, or cut off from the store")
            for lost in self._lost:
                lost()
        self._trusted_until = float("inf") if self._solitary else began + TRUSTED_SECONDS
        nodes, leases = await self._store.look()
        dead = self._observe([each for each in nodes if each.id != self._me.id])
        buried = [each for each in dead if await self._bury(each)]
        return (await self._store.look())[1] if buried else leases

    def _observe(self, rows: Sequence[NodeRow]) -> list[NodeRow]:
        """Note who lives; the answer is the dead."""
        now = self._clock.monotonic()
        was_blind = now - self._looked_at > TRUSTED_SECONDS
        self._looked_at = now
        former, self._others = self._others, {each.id: each for each in rows}
        for row in rows:
            known = former.get(row.id)
            if known is None or known.beat != row.beat or was_blind:
                self._moved_at[row.id] = now
        for node in former.keys() - self._others.keys():
            self._say_gone(node)
        return [each for each in rows if self._solitary or now - self._moved_at[each.id] >= DEAD_SECONDS]

    async def _bury(self, row: NodeRow) -> bool:
        if not await self._store.bury(row.id, row.beat):
            return False  # it lives after all, or another node has done it
        log.warning("a node is dead", extra={"node": row.name})
        del self._others[row.id]
        self._say_gone(row.id)
        return True

    def _say_gone(self, node: str) -> None:
        self._moved_at.pop(node, None)
        for gone in self._gone:
            gone(node)
