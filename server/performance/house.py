"""Monitoring, put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from persistence.alerts import AlertStore
from persistence.data_sources import DataSourceRow
from persistence.database import Database
from persistence.monitors import MonitorStore
from persistence.recommendations import RecommendationStore
from persistence.samples import SampleStore
from persistence.series import SeriesStore
from persistence.silences import SilenceStore
from persistence.thresholds import ThresholdStore
from server.clock import Clock
from server.events.outbox import Outbox
from server.identity.principal import Principal
from server.performance.advice.service import AdviceService, recommendation_view
from server.performance.alerts.external import ExternalAlerts
from server.performance.alerts.judge import ThresholdJudge
from server.performance.alerts.service import AlertService
from server.performance.alerts.silences import SilenceService
from server.performance.alerts.silent import SilentSources
from server.performance.alerts.thresholds import ThresholdService
from server.performance.alerts.views import perf_alert
from server.performance.examining import Examiner
from server.performance.judging import StateKeeper
from server.performance.metrics.figures import Figures, ShownOf
from server.performance.monitoring import Monitoring
from server.performance.otlp.service import Otlp
from server.performance.pushing import Pushing
from server.performance.reports.service import Reports
from server.performance.sampler import Sampler
from server.performance.telling import Tell, Teller
from server.performance.trends.service import Trends
from server.performance.writer import SampleWriter
from server.sources.house import SourceWing

__all__ = ["PerformanceWing", "performance_wing"]

KEPT = (timedelta(hours=48), timedelta(days=30), timedelta(days=366))
"""Samples, rollups of 5 minutes, rollups of an hour."""
MOST_ALERTS = 50
"""Of one source, beside its figures."""
CLOSED_AFTER = timedelta(days=7)
"""What was resolved so long ago is history, and is not reopened."""


@dataclass(frozen=True, slots=True)
class PerformanceWing:
    """`sampler` is started after the migrations, and stopped before the store.

    node_names    names of the nodes by their ids, as this node sees them
    """

    monitoring: Monitoring
    pushing: Pushing
    otlp: Otlp
    sampler: Sampler
    monitors: MonitorStore
    samples: SampleStore
    series: SeriesStore
    figures: Figures
    trends: Trends
    advice: AdviceService
    reports: Reports
    thresholds: ThresholdService
    alerts: AlertService
    silences: SilenceService
    external: ExternalAlerts
    silent: SilentSources
    alert_store: AlertStore
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

    async def look_after_alerts(self) -> None:
        """On one node: sources without samples, silences that are over."""
        await self.silent.look()
        await self.silences.unmute()
        await self.external.forget()

    async def purge(self) -> None:
        now = self.clock.now()
        await self.alert_store.close_old(now - CLOSED_AFTER)
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
    judges, teller = (StateKeeper(), ThresholdJudge()), Teller(tell)
    writer = SampleWriter(samples, judges, outbox, teller)
    sampler = Sampler(
        node,
        monitors,
        writer,
        reach=sources.reach,
        open_probe=sources.open_probe,
        clock=clock,
        examiner=Examiner(database, outbox, clock),
    )
    monitoring = Monitoring(monitors, sources.store, outbox=outbox, clock=clock, changed=sampler.wake)
    series, thresholds, alert_store = SeriesStore(database), ThresholdStore(database), AlertStore(database)
    alerts, recommendations = AlertService(alert_store, outbox=outbox, clock=clock), RecommendationStore(database)
    pushing = Pushing(samples, monitors, judges, outbox=outbox, clock=clock, teller=teller)
    shown = {"alerts_of": _alerts_of(alert_store), "advice_of": _advice_of(recommendations)}
    return PerformanceWing(
        monitoring=monitoring,
        pushing=pushing,
        otlp=Otlp(sources.store, pushing),
        sampler=sampler,
        monitors=monitors,
        samples=samples,
        series=series,
        figures=Figures(monitors, samples, series, thresholds, clock, **shown),
        reports=Reports(monitors, sources.store, series, clock, alerts=alert_store, advice=recommendations),
        advice=AdviceService(recommendations, sources.store, outbox=outbox),
        trends=Trends(series, thresholds, clock),
        thresholds=ThresholdService(thresholds, sources.store, outbox=outbox, clock=clock),
        alerts=alerts,
        external=ExternalAlerts(alert_store, outbox=outbox, clock=clock),
        silences=SilenceService(SilenceStore(database), alerts, outbox=outbox, clock=clock),
        silent=SilentSources(monitors, outbox=outbox, clock=clock),
        alert_store=alert_store,
        sources=sources,
        clock=clock,
        node_names=node_names,
    )


def _advice_of(store: RecommendationStore) -> ShownOf:
    async def advice_of(source: DataSourceRow) -> list[dict[str, Any]]:
        rows = await store.page(source.organisation_id, source.id, "open", MOST_ALERTS)
        return [recommendation_view(row).model_dump(mode="json") for row in rows]

    return advice_of


def _alerts_of(store: AlertStore) -> ShownOf:
    async def alerts_of(source: DataSourceRow) -> list[dict[str, Any]]:
        live = await store.live_of_source(source.id, MOST_ALERTS)
        return [perf_alert(row).model_dump(mode="json") for row in live]

    return alerts_of
