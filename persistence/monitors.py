"""Monitors as rows: which sources are sampled, and which node samples each of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from persistence.database import Database
from persistence.events import AlsoKnowing, nothing_else
from persistence.tables.nodes import nodes
from persistence.tables.sources import data_sources, monitors

__all__ = ["MonitorRow", "MonitorStore", "free_monitors"]

M, N, D = monitors.c, nodes.c, data_sources.c
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MonitorRow:
    """state         running, paused, stopped, or pushed (its samples are sent to us)
    node_id       None: nobody samples it; `fence` counts its holders
    metrics       names; None: all that the source can deliver
    carried       counters as they stood at the last sample (server.performance.rates)
    last_seconds  how long the last sample took
    rolled_300    everything before it stands in rollups of 300 seconds; None: nothing does; `rolled_3600` alike
    """

    source_id: int
    organisation_id: str
    state: str
    interval_seconds: float
    metrics: Sequence[str] | None
    started_at: datetime
    started_by: str
    stopped_at: datetime | None
    samples_taken: int
    failures_in_a_row: int
    last_at: datetime | None
    last_seconds: float | None
    last_error: str | None
    slow_until: datetime | None
    carried: Mapping[str, Any]
    rolled_300: datetime | None
    rolled_3600: datetime | None
    node_id: str | None
    fence: int


MONITOR = tuple(M[name] for name in MonitorRow.__dataclass_fields__)


def free_monitors(connection: Connection, node: str) -> None:
    """What the node samples is free for others: it has left, or is dead."""
    connection.execute(update(monitors).where(M.node_id == node).values(node_id=None))


class MonitorStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(
        self,
        rows: Sequence[MonitorRow],
        also: AlsoKnowing[Sequence[MonitorRow]] = nothing_else,
    ) -> list[MonitorRow]:
        """Sample these sources from now on, as the rows say. What a former run of one has counted goes on.

        The holder of a row reads it anew, for its fence is another one now.
        """
        changed = ("state", "interval_seconds", "metrics", "started_at", "started_by", "stopped_at")

        def work(connection: Connection) -> list[MonitorRow]:
            for row in rows:
                values = {name: getattr(row, name) for name in changed}
                values["metrics"] = list(row.metrics) if row.metrics is not None else None
                values |= {"failures_in_a_row": 0, "last_error": None, "slow_until": None}
                known = update(monitors).where(M.source_id == row.source_id).values(**values, fence=M.fence + 1)
                if connection.execute(known).rowcount == 0:
                    every = {name: getattr(row, name) for name in MonitorRow.__dataclass_fields__} | values
                    connection.execute(insert(monitors).values(**{**every, "carried": dict(row.carried)}))
            found = _in(connection, M.source_id.in_([row.source_id for row in rows]))
            also(connection, found)
            return found

        return await self._database.write(work)

    async def receive(self, row: MonitorRow) -> None:
        """The source is pushed to from now on, where nobody has ever sampled it."""

        def work(connection: Connection) -> None:
            if not _in(connection, M.source_id == row.source_id):
                every = {name: getattr(row, name) for name in MonitorRow.__dataclass_fields__}
                connection.execute(insert(monitors).values(**{**every, "carried": dict(row.carried)}))

        try:
            await self._database.write(work)
        except IntegrityError:
            return  # another request was faster, and has done the same

    async def stop(
        self,
        source: int,
        state: str,
        now: datetime,
        also: AlsoKnowing[MonitorRow] = nothing_else,
    ) -> MonitorRow | None:
        """`state`: paused or stopped. `also` is called only where it was running; None: it was never begun."""

        def work(connection: Connection) -> MonitorRow | None:
            running = (M.source_id == source) & (M.state == "running")
            values = {"state": state, "stopped_at": now, "node_id": None, "fence": M.fence + 1}
            was_running = connection.execute(update(monitors).where(running).values(values)).rowcount == 1
            found = _in(connection, M.source_id == source)
            if found and was_running:
                also(connection, found[0])
            return found[0] if found else None

        return await self._database.write(work)

    async def page(self, organisation: str, after: int, limit: int) -> list[MonitorRow]:
        """By the ids of their sources, from the one behind `after` on; without those of sources that are gone."""
        query = (
            select(*MONITOR)
            .join(data_sources, (D.id == M.source_id) & D.deleted_at.is_(None))
            .where(M.organisation_id == organisation, M.source_id > after)
            .order_by(M.source_id)
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_monitor(row) for row in rows]

    async def get(self, source: int) -> MonitorRow | None:
        rows = await self._database.read(lambda connection: _in(connection, M.source_id == source))
        return rows[0] if rows else None

    async def silent(
        self, now: datetime, least: timedelta, intervals: int, limit: int
    ) -> list[tuple[int, datetime | None]]:
        """Sources that ought to be sampled and have no sample of so many intervals, and none of this time; with the
        time of the last one."""
        long_ago = func.coalesce(M.last_at, M.started_at) < now - least
        query = (
            select(M.source_id, M.last_at, M.started_at, M.interval_seconds)
            .join(data_sources, (D.id == M.source_id) & D.deleted_at.is_(None))
            .where(M.state == "running", M.started_at < now - least, long_ago)
            .order_by(M.source_id)
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            (source, last)
            for source, last, started, interval in rows
            if max(last or started, started) < now - intervals * timedelta(seconds=interval)
        ]

    async def transact(self, work: Callable[[Connection], T]) -> T:
        return await self._database.write(work)

    async def to_roll_up(self) -> list[int]:
        """Sources that have samples behind what stands in rollups."""
        behind = M.rolled_300.is_(None) | (M.last_at >= M.rolled_300)
        query = select(M.source_id).where(M.last_at.is_not(None), behind).order_by(M.source_id)
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def hold(self, node: str) -> list[MonitorRow]:
        """What this node samples from now on: no more than its share of all, freed where it has more.

        A node without a row (others hold it for dead) gets nothing.
        """

        def work(connection: Connection) -> list[MonitorRow]:
            if connection.execute(select(N.id).where(N.id == node).with_for_update(read=True)).first() is None:
                return []
            living = connection.execute(select(func.count()).select_from(nodes)).scalar_one()
            running = connection.execute(select(func.count()).where(M.state == "running")).scalar_one()
            share = -(-running // max(1, living))
            mine = (M.node_id == node) & (M.state == "running")
            held = connection.execute(select(func.count()).where(mine)).scalar_one()
            if held < share:
                _take(connection, node, share - held)
            elif held > share:
                surplus = select(M.source_id).where(mine).order_by(M.source_id.desc()).limit(held - share)
                connection.execute(update(monitors).where(mine, M.source_id.in_(surplus)).values(node_id=None))
            return _in(connection, mine)

        return await self._database.write(work)


def _take(connection: Connection, node: str, most: int) -> None:
    """Rows that nobody holds. Asked twice whether they are free: another node may have been faster."""
    free = (M.state == "running") & M.node_id.is_(None)
    some = select(M.source_id).where(free).order_by(M.source_id).limit(most).with_for_update(skip_locked=True)
    chosen = [row[0] for row in connection.execute(some)]
    if chosen:
        taken = update(monitors).where(free, M.source_id.in_(chosen))
        connection.execute(taken.values(node_id=node, fence=M.fence + 1))


def _in(connection: Connection, where: Any) -> list[MonitorRow]:
    return [_monitor(row) for row in connection.execute(select(*MONITOR).where(where).order_by(M.source_id))]


def _monitor(row: Row[Any]) -> MonitorRow:
    return MonitorRow(**row._mapping)  # noqa: SLF001 - public in spite of its name
