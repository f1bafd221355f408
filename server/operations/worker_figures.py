"""The worker processes' figures for Prometheus, read at the moment of the scrape."""

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.realtime.materialiser import Materialiser

__all__ = ["WorkerFiguresCollector"]


class WorkerFiguresCollector(Collector):
    """Registered on the node's own registry. `quarantined` answers how many rows are in quarantine."""

    def __init__(self, materialiser: Materialiser, quarantined: Callable[[], int]) -> None:
        self._materialiser = materialiser
        self._quarantined = quarantined

    def collect(self) -> Iterator[Metric]:
        figures = self._materialiser.figures
        yield CounterMetricFamily("counterpoint_worker_calls", "Calls that workers have answered.", figures.calls)
        failures = CounterMetricFamily(
            "counterpoint_worker_failures", "Calls that no worker could answer.", labels=["reason"]
        )
        for reason, count in figures.failures.items():
            failures.add_metric([reason], count)
        yield failures
        yield CounterMetricFamily("counterpoint_worker_starts", "Worker processes started.", figures.starts)
        yield CounterMetricFamily(
            "counterpoint_worker_calls_set_aside",
            "Calls that gave their place up, for they took long.",
            figures.set_aside,
        )
        yield CounterMetricFamily("counterpoint_worker_seconds", "How long calls took, all together.", figures.seconds)
        yield CounterMetricFamily(
            "counterpoint_worker_waiting_seconds", "How long calls waited for a worker.", figures.waiting_seconds
        )
        yield GaugeMetricFamily("counterpoint_workers", "Worker processes now.", len(self._materialiser.pids))
        yield GaugeMetricFamily("counterpoint_quarantined_rows", "Rows that no worker can read.", self._quarantined())
