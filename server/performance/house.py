"""Monitoring, put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from persistence.data_sources import DataSourceRow
from persistence.database import Database
from persistence.monitors import MonitorStore
from persistence.samples import SampleStore
from persistence.series import SeriesStore
from persistence.thresholds import ThresholdStore
from server.clock import Clock
from server.events.outbox import Outbox
from server.identity.principal import Principal
from server.performance.judging import StateKeeper
from server.performance.metrics.figures import Figures
from server.performance.monitoring import Monitoring
from server.performance.sampler import Sampler
from server.performance.telling import Tell, Teller
from server.performance.writer import SampleWriter
from server.sources.house import SourceWing

__all__ = ["PerformanceWing", "performance_wing"]

KEPT = (timedelta(hours=48), timedelta(days=30), timedelta(days=366))
"""Samples, rollups of 5 minutes, rollups of an hour."""


@dataclass(frozen=True, slots=True)
class PerformanceWing:
    """`sampler` is started after the migrations, and stopped before the store.

    node_names    names of the nodes by their ids, as this node sees them
    """

    monitoring: Monitoring
    sampler: Sampler
    monitors: MonitorStore
    samples: SampleStore
    series: SeriesStore
    figures: Figures
    sources: SourceWing
    clock: Clock
    node_names: Callable[[], Mapping[str, str]]

    async def source(self, caller: Principal, source: int) -> DataSourceRow:
        """Raises NotFound."""
        return await self.sources.service.get(caller, source)

    async def roll_up(self) -> None:
        """On one node: what is over goes into rollups, a source at a time."""
        for source in await self.monitors.to_roll_up():
            await self.samples.roll_up(source, self.clock.now())

    async def purge(self) -> None:
        now = self.clock.now()
        await self.samples.purge(*(now - kept for kept in KEPT))


def performance_wing(
    database: Database,
    outbox: Outbox,
    clock: Clock,
    *,
    node: str,
    sources: SourceWing,
    tell: Tell,
    node_names: Callable[[], Mapping[str, str]],
) -> PerformanceWing:
    """Nothing is sampled before `sampler.start`. `tell`: to whoever listens now, on all nodes."""
    monitors, samples = MonitorStore(database), SampleStore(database)
    writer = SampleWriter(samples, (StateKeeper(),), outbox, Teller(tell))
    sampler = Sampler(node, monitors, writer, reach=sources.reach, open_probe=sources.open_probe, clock=clock)
    monitoring = Monitoring(monitors, sources.store, outbox=outbox, clock=clock, changed=sampler.wake)
    series = SeriesStore(database)
    return PerformanceWing(
        monitoring=monitoring,
        sampler=sampler,
        monitors=monitors,
        samples=samples,
        series=series,
        figures=Figures(monitors, samples, series, ThresholdStore(database), clock),
        sources=sources,
        clock=clock,
        node_names=node_names,
    )
