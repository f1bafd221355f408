"""The feed's figures for Prometheus, read at the moment of the scrape."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.realtime.feed.house import EventPlane

__all__ = ["FeedCollector"]


class FeedCollector(Collector):
    def __init__(self, plane: EventPlane) -> None:
        self._plane = plane

    def collect(self) -> Iterator[Metric]:
        hub, figures = self._plane.hub, self._plane.hub.figures
        yield GaugeMetricFamily(
            "counterpoint_feed_subscriptions",
            "Channels that connections listen to now.",
            self._plane.desk.subscriptions,
        )
        yield CounterMetricFamily(
            "counterpoint_feed_deliveries", "Events handed to connections, once for each.", figures.deliveries
        )
        recoveries = CounterMetricFamily(
            "counterpoint_feed_recoveries", "Clients that came back with a position.", labels=["outcome"]
        )
        recoveries.add_metric(["recovered"], figures.recovered)
        recoveries.add_metric(["reload"], figures.not_recovered)
        yield recoveries
        yield CounterMetricFamily("counterpoint_feed_mended", "Events read from the store for a gap.", hub.mended)
        yield CounterMetricFamily("counterpoint_feed_broken", "Streams that could not be mended.", hub.broken)
        yield GaugeMetricFamily(
            "counterpoint_feed_lag_events",
            "Committed events that the nodes had not been told of at the last sweep.",
            self._plane.dispatcher.lag,
        )
