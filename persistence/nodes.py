"""Nodes and leases as rows: who works on this store, and which of them does what only one may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.monitors import free_monitors
from persistence.tables.nodes import leases, nodes

__all__ = ["LeaseLost", "LeaseRow", "NodeRow", "NodeStore", "confirm_lease"]

N, L = nodes.c, leases.c


class LeaseLost(Exception):
    """Another node does this work now: the transaction must not be committed."""


@dataclass(frozen=True, slots=True)
class NodeRow:
    """`beat` counts up while the node lives; `figures`: what it says of itself."""

    id: str
    name: str
    version: str
    started_at: datetime
    beat: int
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """`node_id` None: free. `fence` counts the holders."""

    name: str
    node_id: str | None
    fence: int


NODE = tuple(N[name] for name in NodeRow.__dataclass_fields__)
LEASE = tuple(L[name] for name in LeaseRow.__dataclass_fields__)


def confirm_lease(connection: Connection, lease: LeaseRow) -> None:
    """In the transaction of a write: nobody takes the lease before the commit. Raises LeaseLost."""
    mine = select(L.fence).where(L.name == lease.name, L.node_id == lease.node_id, L.fence == lease.fence)
    if connection.execute(mine.with_for_update(read=True)).first() is None:
        raise LeaseLost(lease.name)


class NodeStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self, node: NodeRow) -> bool:
        """Write the node's row. False: it was not there, so it is new, or others have held it for dead."""

        def work(connection: Connection) -> bool:
            changed = update(nodes).where(N.id == node.id).values(beat=node.beat, figures=dict(node.figures))
            if connection.execute(changed).rowcount == 1:
                return True
            values = {name: getattr(node, name) for name in NodeRow.__dataclass_fields__}
            connection.execute(insert(nodes).values(**{**values, "figures": dict(node.figures)}))
            return False

        return await self._database.write(work)

    async def look(self) -> tuple[list[NodeRow], list[LeaseRow]]:
        """All nodes and all leases, of one moment."""

        def work(connection: Connection) -> tuple[list[NodeRow], list[LeaseRow]]:
            found = [NodeRow(*row) for row in connection.execute(select(*NODE).order_by(N.started_at, N.id))]
            return found, [LeaseRow(*row) for row in connection.execute(select(*LEASE).order_by(L.name))]

        return await self._database.read(work)

    async def bury(self, node: str, beat: int | None = None) -> bool:
        """Take the node's row away, and free what it held. False: with `beat`, its row has another one, or is gone."""

        def work(connection: Connection) -> bool:
            is_it = N.id == node if beat is None else (N.id == node) & (N.beat == beat)
            if connection.execute(delete(nodes).where(is_it)).rowcount == 0:
                return False
            connection.execute(update(leases).where(L.node_id == node).values(node_id=None))
            free_monitors(connection, node)
            return True

        return await self._database.write(work)

    async def take(self, name: str, node: str) -> LeaseRow | None:
        """The lease, held by this node from now on; None when another was faster."""

        def work(connection: Connection) -> LeaseRow | None:
            if connection.execute(select(N.id).where(N.id == node).with_for_update(read=True)).first() is None:
                return None  # buried meanwhile: a lease of a node without a row would be held for ever
            free = (L.name == name) & L.node_id.is_(None)
            taken = connection.execute(update(leases).where(free).values(node_id=node, fence=L.fence + 1)).rowcount
            known = connection.execute(select(*LEASE).where(L.name == name)).one_or_none()
            if taken or known is not None:
                return LeaseRow(*known) if taken and known is not None else None
            connection.execute(insert(leases).values(name=name, node_id=node, fence=1))
            return LeaseRow(name, node, 1)

        try:
            return await self._database.write(work)
        except IntegrityError:  # two nodes made its row at once
            return None
