"""Work that only one node does at a time: whoever is first, until it leaves or dies."""

import logging
from collections.abc import Sequence

from persistence.nodes import LeaseRow, NodeStore
from server.nodes.roster import Roster

__all__ = ["Leases"]

log = logging.getLogger("counterpoint.nodes")


class Leases:
    """A lease is held while its node lives: there is nothing to renew.

    `holds` is what this node may believe. Work that would do harm if two did it at once also asks the store, in its own
    transaction (`persistence.nodes.confirm_lease`): a process may be stopped between the question and the deed.
    """

    def __init__(self, store: NodeStore, roster: Roster) -> None:
        self._store = store
        self._roster = roster
        self._wanted: set[str] = set()
        self._held: dict[str, LeaseRow] = {}
        roster.on_lost(self._held.clear)

    def want(self, name: str) -> None:
        """Take it when it is free, from the next round on."""
        self._wanted.add(name)

    def holds(self, name: str) -> LeaseRow | None:
        """The lease, when this node may do its work now."""
        return self._held.get(name) if self._roster.is_sure else None

    @property
    def held(self) -> tuple[LeaseRow, ...]:
        return tuple(self._held.values()) if self._roster.is_sure else ()

    async def look(self, leases: Sequence[LeaseRow]) -> None:
        """After each beat, with what it has found: take what is free. Raises StoreUnavailable."""
        mine = self._roster.me.id
        self._held = {each.name: each for each in leases if each.node_id == mine}
        taken = {each.name for each in leases if each.node_id is not None}
        for name in sorted(self._wanted - taken):
            lease = await self._store.take(name, mine)
            if lease is not None:
                self._held[name] = lease
                log.info("this node does it from now on", extra={"lease": name, "fence": lease.fence})
